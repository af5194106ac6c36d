"""The year as heads of forms name it, and formulas whose results nobody saved."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.dossier import DossierFaults
from evaluations.exchange.reading import read_any
from tests.evaluations.exchange.forms import read, remarks_at


def put(**cells: Any):
    """A change that fills cells."""

    def change(sheet) -> None:
        for address, value in cells.items():
            sheet[address] = value

    return change


@pytest.mark.parametrize(
    "line",
    [
        "（2023年度）      单位：万元",
        "2023年度      金额单位：万元",
        "（2023年度）（单位：万元）",
        "（二〇二三年度）",
        "二○二三年",
        "（二零二三年度）",
    ],
)
def test_a_year_line_is_read_with_whatever_else_it_says(line: str) -> None:
    understanding = read(put(A2=line))

    assert understanding.dossier.project.fiscal_year == 2023
    assert not [remark for remark in understanding.remarks if remark.place in ("自评表!A2", "自评表")]


def test_a_unit_beside_the_year_counts_for_the_amounts() -> None:
    assert read(put(A2="（2023年度）  单位：元"), money="项目资金").dossier.currency_unit == "元"


def test_a_unit_beside_the_year_that_the_table_contradicts_is_doubtful() -> None:
    understanding = read(put(A2="（2023年度）  单位：元"))

    assert understanding.dossier.currency_unit == "万元"
    assert [told.partition(":")[0] for told in remarks_at(understanding, "自评表!A2")] == ["doubtful"]


def test_chinese_digits_in_the_title_are_a_year() -> None:
    understanding = read(put(A1="项目支出绩效自评表（二〇二三年度）", A2=None))

    assert understanding.dossier.project.fiscal_year == 2023
    assert (
        understanding.dossier.evaluation.title is None or "二〇二三" in understanding.dossier.evaluation.title
    )


def test_the_year_line_wins_over_the_title_and_it_is_said() -> None:
    understanding = read(put(A1="2022年度项目支出绩效自评表"))

    assert understanding.dossier.project.fiscal_year == 2023
    assert remarks_at(understanding, "自评表!A2") == [
        "doubtful: names another year than the title at 自评表!A1, and was read"
    ]


@pytest.mark.parametrize("address", ["D6", "G6", "H6", "I6", "F13", "G13", "H13", "H20"])
def test_a_formula_without_a_saved_result_is_told_in_every_column(address: str) -> None:
    understanding = read(put(**{address: "=1+1"}))

    told = remarks_at(understanding, f"自评表!{address}")
    assert [text for text in told if "not saved" in text] == told != []


@pytest.mark.parametrize(
    "content", [b"<html><table><tr><td>1</td></tr></table></html>", "项目,年度\n甲,2023\n".encode("gbk")]
)
def test_a_web_page_or_a_list_with_a_workbooks_name_is_told_apart(content: bytes) -> None:
    with pytest.raises(DossierFaults) as error:
        read_any("自评表.xlsx", content)

    assert [fault.text() for fault in error.value.faults] == [
        "is no Excel workbook, whatever its name says: open it in a spreadsheet and save it as .xlsx"
    ]
