"""The official self-assessment form, read back from the PDF."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from django.utils.translation import override

from approvals.documents import tables
from approvals.documents.rendering import html_of, render_pdf
from approvals.documents.report import IndicatorRow, Money, ScoreSet, Totals
from tests.approvals.documents import sample
from tests.approvals.documents.reading import fonts_of, is_embedded, reader, squeezed, text_of

A4_POINTS = (595.28, 841.89)


@cache
def form(language: str = "zh-hans") -> bytes:
    return render_pdf(sample.SELF, language)


def test_the_form_is_on_a4_paper() -> None:
    for page in reader(form()).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4_POINTS, abs=0.1)


def test_every_font_is_embedded_and_one_of_them_is_chinese() -> None:
    fonts = list(fonts_of(form()))
    assert all(is_embedded(font) for font in fonts)
    assert any("CJK" in font["/BaseFont"] or "SC" in font["/BaseFont"] for font in fonts)


def test_the_form_carries_the_official_chinese_labels_in_their_order() -> None:
    text = text_of(form())
    labels = (
        "项目支出绩效自评表",
        "（2023年度）",
        "项目名称",
        "主管部门",
        "实施单位",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "年度资金总额",
        "年度总体目标",
        "预期目标",
        "绩效指标",
        "总分",
        "填报人：项目负责人",
        "联系电话",
        "单位负责人",
        "填报日期：2024年3月11日",
        "公章",
    )
    places = [text.index(label, text.index("项目支出绩效自评表")) for label in labels]
    assert places == sorted(places)


def test_every_indicator_stands_with_its_target_actual_and_stated_score() -> None:
    text = text_of(form())
    for row in sample.SELF.indicators:
        for cell in (row.name, row.target, row.actual, f"{row.scores.stated:.2f}", row.deviation_reason):
            assert squeezed(cell) in text


def test_the_total_and_its_grade_are_the_stated_ones() -> None:
    assert "总分10096.66评价等级：优" in text_of(form())


def test_only_the_total_of_funds_carries_weight_and_score() -> None:
    text = text_of(form())
    assert "年度资金总额152.96125.46121.250001" + "1096.64%9.66" in text
    assert "其中：当年财政拨款140.00112.50110.00—97.78%—" in text
    assert "其他资金未填报未填报未填报———" in text


def test_the_computation_of_the_execution_score_is_shown() -> None:
    assert "预算执行109.669.669.6610×121.25÷125.46=9.66" in text_of(form())


def test_a_score_that_the_unit_did_not_state_is_printed_as_computed() -> None:
    row = IndicatorRow(level1="产出", level2="", name="某指标", scores=ScoreSet(computed=Decimal("7.5")))
    unstated = replace(
        sample.SELF,
        indicators=(row,),
        totals=Totals(scores=ScoreSet(computed=Decimal("17.16"))),
        money=Money(),
    )
    with override("en"):
        html = squeezed(html_of(unstated))
    assert "7.50*</td>" in html
    assert "17.16*</td>" in html
    assert squeezed("* Computed by the scoring scheme") in html


def test_stated_computed_and_department_scores_stand_side_by_side_with_the_computation() -> None:
    text = text_of(form())
    assert "完成升级的业务模块数量2522.0023.2122.0025×26÷28=23.21" in text
    assert "总分10096.6697.8794.66" in text


def test_the_annex_shows_each_opinion_with_body_role_round_and_date() -> None:
    text = text_of(form())
    for opinion in sample.SELF.opinions:
        assert squeezed(opinion.opinion) in text
    assert "退回修改请补充验收材料。2024-03-20" in text
    assert "第2轮" in text
    assert "绩效科经办人" in text


def test_the_annex_shows_how_far_each_rectification_item_is() -> None:
    text = text_of(form())
    assert "2024-05-312024-06-15整改中已逾期" in text
    assert "已销号2024-05-20" in text


def test_what_is_demonstration_is_marked_on_every_page_and_at_the_opinion() -> None:
    pages = [squeezed(page.extract_text()) for page in reader(form()).pages]
    assert all("演示" in page for page in pages)
    assert "演示予以备案。" in "".join(pages)
    assert "演示财政部门的意见为演示而设。" in pages[0]


def test_a_form_without_demonstration_carries_no_mark() -> None:
    plain = replace(sample.SELF, demonstration_note="", opinions=sample.SELF.opinions[:2])
    assert "演示" not in text_of(render_pdf(plain))


def test_the_pages_are_counted() -> None:
    pages = reader(form()).pages
    for number, page in enumerate(pages, start=1):
        assert f"—{number}/{len(pages)}—" in squeezed(page.extract_text())


def test_the_form_speaks_english_too() -> None:
    text = text_of(form("en"))
    for words in (
        "Self-assessment form of project expenditure performance",
        "(fiscal year 2023)",
        "Total score",
    ):
        assert squeezed(words) in text
    assert "项目支出绩效自评表（" not in text


def test_two_hundred_indicators_fill_many_pages_each_with_the_table_header() -> None:
    report = sample.with_indicators(200)
    pages = [squeezed(page.extract_text()) for page in reader(render_pdf(report)).pages]
    text = "".join(pages)
    assert all(text.count(row.name) >= 2 for row in report.indicators)
    form_pages = [page for page in pages if "材料到货晚于计划" in page]
    assert len(form_pages) > 10
    assert all("一级指标二级指标三级指标" in page for page in form_pages)


def test_every_block_of_rows_keeps_its_merged_cells_whole() -> None:
    blocks = tables.indicator_blocks(sample.with_indicators(200))
    assert sum(map(len, blocks)) == 200
    for block in blocks:
        assert block[0].level1_span == len(block)
        assert sum(cell.level2_span for cell in block) == len(block)
        assert len({cell.row.level1 for cell in block}) == 1
