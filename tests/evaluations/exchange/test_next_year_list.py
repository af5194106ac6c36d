"""Next year's list as a workbook: formulas that live, results that a viewer shows, texts that stay texts."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from evaluations.exchange.next_year_list import SHEET, TOTALS, ListedProject, next_year_xlsx


def project(use="keep", percent=None, annual="100", **changes) -> ListedProject:
    given = {
        "department": "市人力资源和社会保障局",
        "unit": "市社会保险服务中心",
        "code": "XM-1",
        "name": "社会保险经办信息系统",
        "kind": "self",
        "total": Decimal("85.5"),
        "grade": "良",
        "rectification": "none",
    }
    figures = [None if text is None else Decimal(text) for text in (percent, annual)]
    return ListedProject(**{**given, "use": use, "percent": figures[0], "annual": figures[1], **changes})


PROJECTS = [
    project("support", annual="152.96"),
    project("cut", "20.00", "152.96", reason="=1+1"),
    project("cancel", annual="40"),
    project("hold", annual="30.5", rectification="open"),
    project("cut", "33.33", "0.05", department="市住房和城乡建设局*"),
    project("keep", annual=None, department="市住房和城乡建设局*"),
]


def results(sheet: str, projects=PROJECTS) -> list[list]:
    """What a viewer shows who does not compute, by a second library."""
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(next_year_xlsx(2026, projects)))
        .get_sheet_by_name(sheet)
        .to_python()
    )


def formulas(sheet: str):
    return load_workbook(io.BytesIO(next_year_xlsx(2026, PROJECTS)))[sheet]


def test_each_row_shows_what_follows_from_its_use():
    rows = results(SHEET)
    assert rows[0][0] == "2026年度预算安排建议清单"
    assert [row[12] for row in rows[2:8]] == [152.96, 122.37, 0, "—", 0.03, "—"]
    assert [row[9] for row in rows[2:6]] == ["优先支持", "压减", "取消", "整改到位前暂缓"]
    assert rows[3][10] == 20


def test_the_suggested_amount_is_a_formula_of_use_percentage_and_budget():
    sheet = formulas(SHEET)
    assert sheet["M4"].value == (
        '=IF(J4="取消",0,IF(J4="整改到位前暂缓","—",IF(L4="","—",IF(J4="压减",ROUND(L4*(100-K4)/100,2),L4))))'
    )
    (offered,) = sheet.data_validations.dataValidation
    assert offered.formula1 == '"优先支持,保持,压减,取消,整改到位前暂缓"'
    assert str(offered.sqref) == "J3:J8"


def test_the_totals_are_formulas_that_agree_with_the_rows():
    rows, sheet = results(SHEET), formulas(SHEET)
    assert sheet["L9"].value == "=SUM($L$3:$L$8)"
    assert sheet["M9"].value == "=SUM($M$3:$M$8)"
    assert rows[8][11] == pytest.approx(sum(row[11] or 0 for row in rows[2:8]))
    assert rows[8][12] == pytest.approx(sum(row[12] for row in rows[2:8] if row[12] != "—"))


def test_the_sheet_by_department_agrees_with_the_list():
    rows, sheet = results(TOTALS), formulas(TOTALS)
    assert rows[2] == ["市人力资源和社会保障局", 4, 376.42, 30.5, 275.33]
    assert rows[3] == ["市住房和城乡建设局*", 2, 0.05, 0, 0.03]
    assert rows[4] == ["合计", 6, 376.47, 30.5, 275.36]
    assert sheet["E3"].value == "=SUMPRODUCT(--(清单!$B$3:$B$8=A3),清单!$M$3:$M$8)"
    assert sheet["E5"].value == "=SUM(E3:E4)"


def test_a_text_that_looks_like_a_formula_stays_a_text():
    assert formulas(SHEET)["N4"].data_type == "s"


def test_the_same_list_gives_the_same_file():
    assert next_year_xlsx(2026, PROJECTS) == next_year_xlsx(2026, PROJECTS)


def test_a_list_without_projects_is_headings_only():
    assert len(results(SHEET, [])) == 2
    assert len(results(TOTALS, [])) == 2
