"""A notice as PDF and as Word, each read back by another library than the one that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from approvals.documents.blocks import Paragraph, Table
from approvals.documents.letter import counted, letter_of, title_of
from approvals.documents.notice import NoticeContents
from approvals.documents.notice_printing import notice_docx, notice_html, notice_pdf
from tests.approvals.documents.notice_sample import HOSTILE, ITEMS, LETTER, NOTICE, SIGNED, UNSIGNED
from tests.approvals.documents.reading import fonts_of, is_embedded, reader, squeezed, text_of
from tests.approvals.documents.test_printing import write_font

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def pdf(contents: NoticeContents, language: str = "zh-hans") -> str:
    return text_of(notice_pdf(contents, language))


@cache
def word_xml(contents: NoticeContents, language: str = "zh-hans") -> ElementTree.Element:
    """The document's main part, unzipped and parsed."""
    return part_of(notice_docx(contents, language), "word/document.xml")


def part_of(docx: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        assert package.testzip() is None
        return ElementTree.fromstring(package.read(name))


def word(contents: NoticeContents, language: str = "zh-hans") -> str:
    return squeezed("".join(node.text or "" for node in word_xml(contents, language).iter(f"{W}t")))


def words_of(contents: NoticeContents) -> list[str]:
    """Every paragraph and cell, in English."""
    with override("en"):
        blocks = [block for sheet in letter_of(contents).sheets for block in sheet.blocks]
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            found += [cell for row in (block.headings, *block.rows) for cell in row]
        else:
            found.append(block.text)
    return found


@pytest.mark.parametrize("read", [pdf, word])
@pytest.mark.parametrize(
    "said",
    [
        "示例市财政局〔2026〕3号",
        "业务系统升级",
        "示例市政务服务中心",
        "示例市政务服务管理局",
        "《示例市预算绩效管理办法》",
        "84.60",
        "良",
        "主要目标基本实现。",
        "部分资金闲置超过一年。",
        "退回闲置资金。",
        "示例市信息中心、示例市档案馆",
        "12.345678",
        "2026年4月30日",
        "2026年5月15日",
        "2026年3月2日",
        "联系的人",
        "0575-1234567",
        "业务系统升级项目财政绩效评价报告",
        "CZPJ-2025-0007",
        "ZG-2025-0007-02",
        "示例市大数据中心",
    ],
)
def test_both_documents_say_what_the_notice_says(read, said):
    assert squeezed(said) in read(NOTICE)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("contents", [NOTICE, LETTER], ids=["notice", "letter"])
def test_pdf_and_word_carry_the_same_words_in_the_same_order(contents, language):
    with override(language):
        blocks = [block for sheet in letter_of(contents).sheets for block in sheet.blocks]
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    expected = squeezed("".join(texts))
    paragraphs = [
        squeezed("".join(node.text or "" for node in paragraph.iter(f"{W}t")))
        for paragraph in word_xml(contents, language).findall(f"{W}body/{W}p")
    ]
    assert "".join(paragraphs) == expected
    printed = pdf(contents, language)
    places = [printed.index(squeezed(text)) for text in texts[:8]]
    assert places == sorted(places)
    assert all(squeezed(text) in printed for text in texts)


@pytest.mark.parametrize(
    "figure", ["12.345678", "84.60", "2026-04-30", "2026-05-15", "within30", "CZPJ-2025-0007", "〔2026〕3号"]
)
def test_a_figure_stands_as_often_in_the_one_as_in_the_other(figure):
    printed = re.sub(r"—\d+/\d+—", "", pdf(NOTICE, "en"))
    assert printed.count(figure) == word(NOTICE, "en").count(figure) > 0


def test_the_parts_stand_in_the_order_of_an_official_document():
    with override("en"):
        styles = [block.style for block in letter_of(NOTICE).sheets[0].blocks if isinstance(block, Paragraph)]
    wanted = ["issuer", "number", "title", "addressee", "body", "heading", "annexes", "signature", "seal"]
    wanted += ["note", "copies", "imprint"]
    assert list(dict.fromkeys(styles)) == wanted


def test_the_ledger_has_a_row_for_every_item_and_lies_on_its_side():
    pages = reader(notice_pdf(NOTICE)).pages
    sides = [page.mediabox.width > page.mediabox.height for page in pages]
    assert sides == [False] * (len(sides) - 2) + [True, False]
    with override("en"):
        ledger = next(block for block in letter_of(NOTICE).sheets[1].blocks if isinstance(block, Table))
    assert [row[0] for row in ledger.rows] == [item.number for item in ITEMS]
    assert ledger.rows[0][4:] == (
        "12.345678",
        "示例市政务服务中心",
        "示例市信息中心, 示例市档案馆",
        "2026-04-30",
    )
    assert ledger.rows[1][1] == ledger.rows[1][4] == ledger.rows[1][6] == "—"
    orientations = [node.get(f"{W}orient") for node in word_xml(NOTICE).iter(f"{W}pgSz")]
    assert [one == "landscape" for one in orientations] == [False, True, False]


def test_a_notice_of_an_unconcluded_evaluation_names_no_score():
    unconcluded = replace(NOTICE, total=None, grade="", conclusion="")
    assert not any("out of 100" in text for text in words_of(unconcluded))
    assert "84.60" not in pdf(unconcluded)
    assert any("self-assessment of “业务系统升级项目”" in text for text in words_of(unconcluded))


def test_a_letter_without_items_asks_for_nothing():
    texts = " ".join(words_of(LETTER))
    assert "Letter on the evaluation result" in texts
    for absent in ("rectification", "Requirements", "Terms", "calendar days", "Annex 3"):
        assert absent not in texts
    assert "84.60 out of 100, the grade “良”" in texts
    assert len(list(word_xml(LETTER).iter(f"{W}tbl"))) == 1


def test_the_terms_name_the_days_for_measures_and_the_day_of_the_report():
    texts = " ".join(words_of(NOTICE))
    assert "within 30 calendar days of signing the receipt" in texts
    assert "by May 15, 2026" in texts


def receipt_cells(contents: NoticeContents, table: int) -> dict[str, str]:
    rows = list(word_xml(contents, "en").iter(f"{W}tbl"))[table].iter(f"{W}tr")
    cells = [
        ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")] for row in rows
    ]
    return dict(cells)


def test_a_receipt_that_nobody_signed_leaves_room_for_name_and_day():
    receipt = receipt_cells(NOTICE, 1)
    assert receipt["Receiving unit (seal)"] == UNSIGNED.unit
    assert receipt["Signed by"] == receipt["Signed at"] == ""
    assert receipt["Document number"] == "示例市财政局〔2026〕3号"
    assert receipt_cells(NOTICE, 2)["Receiving unit (seal)"] == "示例市大数据中心"


def test_a_signed_receipt_says_who_and_when_in_both_documents():
    contents = replace(NOTICE, receipts=(SIGNED, *NOTICE.receipts[1:]))
    receipt = receipt_cells(contents, 1)
    assert receipt["Signed by"] == "签收的人"
    assert "March 5, 2026" in receipt["Signed at"]
    assert receipt_cells(contents, 2)["Signed by"] == ""
    assert "签收的人" in pdf(contents)
    assert "2026年3月5日" in pdf(contents)


def test_odd_characters_stay_text_in_both_documents():
    contents = replace(
        NOTICE,
        project_name=HOSTILE,
        addressee=HOSTILE,
        basis=HOSTILE,
        problems=(HOSTILE,),
        items=(replace(ITEMS[0], requirement=HOSTILE, problem=HOSTILE),),
    )
    html = notice_html(contents)
    assert "<script" not in html
    assert "<b>" not in html
    for read in (pdf, word):
        assert squeezed("<b>粗体</b>&\"引号\"'撇'{{变量}}<script>alert(1)</script>𠮷") in read(contents)
    assert not list(word_xml(contents).iter(f"{W}script"))
    assert "\x0b" not in word(contents)


def test_lines_of_a_requirement_stay_lines():
    contents = replace(NOTICE, items=(replace(ITEMS[0], requirement="第一行\n第二行"),))
    assert "第一行<br>第二行" in notice_html(contents)
    assert list(word_xml(contents).iter(f"{W}br"))


def test_a_demonstration_is_marked_on_every_page():
    marked = replace(NOTICE, is_demonstration=True, demonstration_note="为演示而设。")
    with override("zh-hans"):
        pages = reader(notice_pdf(marked)).pages
    assert all("演示" in page.extract_text() for page in pages)
    docx = notice_docx(marked)
    header = part_of(docx, "word/header1.xml")
    assert "演示" in "".join(node.text or "" for node in header.iter(f"{W}t"))
    assert "为演示而设。" in word(marked)
    assert "演示" not in pdf(NOTICE) + word(NOTICE)


@pytest.mark.parametrize(
    ("place", "numeral"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_sections_are_counted_as_the_language_counts(place, numeral):
    with override("zh-hans"):
        assert counted(place) == numeral
    with override("en"):
        assert counted(place) == str(place)


def test_a_project_that_is_called_one_is_not_called_so_twice():
    with override("zh-hans"):
        assert "项目项目" not in title_of(NOTICE)
        assert "项目" in title_of(replace(NOTICE, project_name="项目"))
    with override("en"):
        assert "“业务系统升级项目”" in title_of(NOTICE)


def test_the_word_document_names_the_offices_own_fonts(tmp_path: Path, settings):
    write_font(tmp_path / "body.ttf", "仿宋_GB2312", "正文")
    settings.DOCUMENT_FONT_FOLDER = str(tmp_path)
    fonts = {
        node.get(f"{W}eastAsia")
        for node in part_of(notice_docx(NOTICE), "word/document.xml").iter(f"{W}rFonts")
    }
    assert "仿宋_GB2312" in fonts
    assert "方正小标宋简体" in fonts
    assert "仿宋" not in fonts


def test_the_pdf_embeds_its_fonts_and_names_title_and_office():
    written = notice_pdf(NOTICE, "en")
    assert all(is_embedded(font) for font in fonts_of(written))
    metadata = reader(written).metadata
    assert metadata is not None
    assert metadata.author == "示例市财政局"
    assert "业务系统升级项目" in (metadata.title or "")


def test_amounts_are_never_rounded():
    item = replace(ITEMS[0], amount=Decimal("0.000001"))
    assert "0.000001" in word(replace(NOTICE, items=(item,)))
