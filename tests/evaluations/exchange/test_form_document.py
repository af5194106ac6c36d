"""The form as a Word document, read back from its XML."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings

from evaluations.dossier import Dossier, read_dossier
from evaluations.exchange.form import form_docx, read_form
from tests.evaluations.exchange.forms import content, workbook
from tests.evaluations.exchange.strategies import dossiers

CASES = sorted((Path(__file__).resolve().parents[3] / "workflow" / "demo" / "cases").glob("*-20*.json"))
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A4 = ("11906", "16838")  # in twentieths of a point


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return read_form(content(workbook())).dossier


def body(document: bytes):
    """The document's XML."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return fromstring(package.read("word/document.xml"))


def rows(document: bytes) -> list[list[str]]:
    """The texts of the table's cells, row by row, as the file has them."""
    return [
        ["".join(text.text or "" for text in cell.iter(f"{WORD}t")) for cell in row.iter(f"{WORD}tc")]
        for row in body(document).iter(f"{WORD}tr")
    ]


def test_the_document_prints_what_the_form_says(dossier: Dossier) -> None:
    table = rows(form_docx(dossier))

    assert table[0] == ["项目名称", "政务平台升级"]
    assert table[1] == ["主管部门", "某市数据局", "实施单位", "某市信息中心"]
    assert table[2] == [
        "项目资金（万元）",
        "",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ]
    assert table[3] == ["", "年度资金总额", "280", "300", "290", "10", "96.67%", "9.67"]
    assert table[4] == ["", "其中：当年财政拨款", "260", "280", "270", "—", "96.43%", "—"]
    assert table[8] == ["", "建成统一平台", "二十六个模块上线"]
    assert table[10] == [
        "",
        "产出指标",
        "数量指标",
        "上线业务模块",
        "≥28个",
        "26个",
        "20",
        "18.57",
        "两个模块顺延至次年",
    ]
    assert table[-1] == ["总分", "100", "98.24", ""]


def test_levels_are_merged_down_and_the_heading_stands_on_every_page(dossier: Dossier) -> None:
    document = body(form_docx(dossier))

    restarts = [merge for merge in document.iter(f"{WORD}vMerge") if merge.get(f"{WORD}val") == "restart"]
    # The funds, the goal, the block of indicators, 产出 over four rows and 效益 over two.
    assert len(restarts) == 5
    assert len(list(document.iter(f"{WORD}tblHeader"))) == 1


def test_the_page_is_a4_and_the_fonts_are_chinese_by_name(dossier: Dossier) -> None:
    document = body(form_docx(dossier))

    page = next(document.iter(f"{WORD}pgSz"))
    assert (page.get(f"{WORD}w"), page.get(f"{WORD}h")) == A4
    fonts = {font.get(f"{WORD}eastAsia") for font in document.iter(f"{WORD}rFonts")}
    assert fonts == {"宋体", "黑体"}


def test_stated_figures_stand_as_they_were_stated(dossier: Dossier) -> None:
    stated = replace(dossier, stated=replace(dossier.stated, total=None, grade="优"))

    assert rows(form_docx(stated))[-1] == ["总分", "100", "", "评价等级：优"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_four_cases_are_written_with_every_indicator(path: Path) -> None:
    dossier = read_dossier(path.read_bytes())

    texts = [text for row in rows(form_docx(dossier)) for text in row]
    assert all(row.name in texts for row in dossier.indicators)


@given(dossiers)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_every_dossier_can_be_written(dossier: Dossier) -> None:
    assert len(rows(form_docx(dossier))) >= 7
