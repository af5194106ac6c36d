"""Exported as the official form and read again, a dossier is the same, whatever it holds."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from openpyxl.worksheet.worksheet import Worksheet

from evaluations.dossier import Dossier, DossierFaults, dossier_to_json, parse_dossier, read_dossier
from evaluations.exchange.form import bounds, form_xlsx, read_form
from evaluations.exchange.form.labels import label_of
from evaluations.exchange.understanding import Understanding
from evaluations.scoring.shipped import shipped_schemes
from tests.evaluations.exchange.forms import HEADINGS, content, workbook
from tests.evaluations.exchange.strategies import dossiers

CASES = sorted((Path(__file__).resolve().parents[3] / "workflow" / "demo" / "cases").glob("*-20*.json"))


@given(dossiers)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_every_dossier_comes_back_from_its_workbook(dossier: Dossier) -> None:
    assert parse_dossier(dossier_to_json(dossier)) == dossier

    read = read_form(form_xlsx(dossier)).dossier

    assert read == dossier
    assert json.dumps(dossier_to_json(read)) == json.dumps(dossier_to_json(dossier))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_four_cases_come_back_from_their_workbooks(path: Path) -> None:
    dossier = read_dossier(path.read_bytes())

    assert read_form(form_xlsx(dossier)).dossier == dossier


def test_the_same_dossier_gives_the_same_file() -> None:
    dossier = read_dossier(CASES[0].read_bytes())

    assert form_xlsx(dossier) == form_xlsx(dossier)


def sheets(file: bytes) -> dict[str, list[list[Any]]]:
    """What a second, independent reader sees in a workbook."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def edited(file: bytes, change: Callable[[Worksheet], object]) -> Dossier:
    """What is read after somebody changed the form in a spreadsheet that keeps the results."""
    results, formulas = (openpyxl.load_workbook(io.BytesIO(file), data_only=saved) for saved in (True, False))
    # openpyxl keeps either formulas or results; the results are what a spreadsheet would save.
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = results[sheet.title][cell.coordinate].value
    change(formulas.worksheets[0])
    saved = io.BytesIO()
    formulas.save(saved)
    return read_form(saved.getvalue()).dossier


def recomputed(file: bytes) -> dict[str, float]:
    """Every formula of the form, computed anew from the figures in the file.

    The form has four shapes of formula; each is computed here by its own arithmetic.
    """
    sheet = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0]
    found: dict[str, float] = {}

    def value(address: str) -> float:
        cell = sheet[address].value
        if isinstance(cell, str) and cell.startswith("="):
            return compute(cell)
        return float(cell) if isinstance(cell, (int, float)) else 0.0

    def compute(formula: str) -> float:
        if rate := re.fullmatch(r'=IF\((E\d+)=0,"",(F\d+)/\1\)', formula):
            return value(rate[2]) / value(rate[1])
        if points := re.fullmatch(r"=ROUND\((G\d+)\*MIN\((H\d+),1\),2\)", formula):
            return round(value(points[1]) * min(value(points[2]), 1) + 1e-12, 2)
        if share := re.fullmatch(r"=ROUND\((G\d+),2\)", formula):
            return value(share[1])
        if bands := re.findall(r"AND\((H\d+)>=([\d.]+),H\d+<([\d.]+)\),(G\d+)\*([\d.]+)", formula):
            return sum(
                value(weight) * float(part)
                for rate, low, high, weight, part in bands
                if float(low) <= value(rate) < float(high)
            )
        total = re.fullmatch(r"=SUM\(([A-Z]\d+),([A-Z])(\d+):\2(\d+)\)", formula)
        assert total, formula
        rows = range(int(total[3]), int(total[4]) + 1)
        return value(total[1]) + sum(value(f"{total[2]}{row}") for row in rows)

    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "f":
                found[cell.coordinate] = compute(cell.value)
    return found


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return read_form(content(workbook())).dossier


def test_a_second_reader_sees_the_form(dossier: Dossier) -> None:
    rows = sheets(form_xlsx(dossier))["自评表"]

    assert rows[0][0] == "项目支出绩效自评表"
    assert rows[1][0] == "（2023年度）"
    assert rows[4][:9] == [
        "项目资金（万元）",
        "",
        "",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ]
    assert rows[5][1:7] == ["年度资金总额", "", 280, 300, 290, 10]
    assert rows[5][7] == pytest.approx(290 / 300)
    assert rows[6][1] == "其中：当年财政拨款"
    assert rows[11][1:] == list(HEADINGS)
    assert rows[-3][6:8] == [100, pytest.approx(98.24)]


def test_what_the_form_has_no_place_for_stands_on_further_sheets() -> None:
    written = sheets(
        form_xlsx(read_dossier(next(path for path in CASES if "kashgar" in path.name).read_bytes()))
    )

    assert list(written) == ["自评表", "支出明细", "支出合计", "问题与建议", "其他信息"]
    assert written["支出明细"][0] == ["支出分类", "支出内容", "支付日期", "预算数", "执行数"]
    assert len(written["支出明细"]) == 13


def test_the_formulas_give_the_results_saved_with_them(dossier: Dossier) -> None:
    file = form_xlsx(dossier)
    saved = openpyxl.load_workbook(io.BytesIO(file), data_only=True).worksheets[0]
    computed = recomputed(file)

    assert set(computed) == {"H6", "H7", "H8", "I6", "G20", "H20"}
    for address, result in computed.items():
        assert saved[address].value == pytest.approx(result), address


@pytest.mark.parametrize(
    ("completed", "points"),
    [(None, Decimal("9.67")), (True, 10), (False, 7)],
    ids=["unasked", "completed", "not"],
)
def test_a_scheme_with_bands_scores_execution_by_its_bands(
    dossier: Dossier, completed: bool | None, points: Decimal
) -> None:
    scheme = shipped_schemes()["core-2021"]
    asked = replace(dossier, budget=replace(dossier.budget, completed_within_budget=completed))
    file = form_xlsx(asked, scheme)

    assert read_form(file).dossier == asked
    saved = openpyxl.load_workbook(io.BytesIO(file), data_only=True).worksheets[0]
    assert saved["I6"].value == pytest.approx(float(points))
    assert recomputed(file).get("I6", float(points)) == pytest.approx(float(points))


def test_a_stated_total_that_the_sum_does_not_give_is_kept(dossier: Dossier) -> None:
    stated = replace(dossier, stated=replace(dossier.stated, total=Decimal("99.5")))
    file = form_xlsx(stated)

    assert recomputed(file)["H20"] == pytest.approx(98.24)
    assert read_form(file).dossier.stated.total == Decimal("99.5")


def test_texts_never_become_formulas(dossier: Dossier) -> None:
    dangerous = '=HYPERLINK("http://example.org","看")'
    changed = replace(
        dossier,
        project=replace(dossier.project, name=dangerous),
        indicators=tuple(
            replace(row, name=f"+{row.name}", deviation_reason="@SUM(A1)") for row in dossier.indicators
        ),
        recommendations=("-2+3+cmd|' /C calc'!A0",),
    )
    book = openpyxl.load_workbook(io.BytesIO(form_xlsx(changed)))

    live = [
        cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and not re.match(r"=(IF|ROUND|SUM)\(", cell.value)
    ]
    assert live == []
    assert book.worksheets[0]["C3"].quotePrefix
    assert read_form(form_xlsx(changed)).dossier == changed


def test_the_page_is_a4_with_the_heading_on_every_page(dossier: Dossier) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(form_xlsx(dossier))).worksheets[0]

    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$12:$12"
    assert {"A1:I1", "B13:B16", "A12:A19"} <= {str(span) for span in sheet.merged_cells.ranges}


def test_a_changed_cell_of_an_export_counts(dossier: Dossier) -> None:
    stated = replace(dossier, stated=replace(dossier.stated, total=Decimal("99.5")))
    file = form_xlsx(stated)

    assert edited(file, lambda sheet: None) == stated
    changed = edited(file, lambda sheet: sheet.__setitem__("H20", 97))
    assert changed.stated.total == 97
    assert changed.indicators == stated.indicators


def test_what_belongs_to_an_indicator_follows_it_when_rows_move(dossier: Dossier) -> None:
    first, second, *others = dossier.indicators
    ruled = replace(second, rule={"type": "all_or_nothing"})
    file = form_xlsx(replace(dossier, indicators=(first, ruled, *others)))

    def swap(sheet: Worksheet) -> None:
        for column in "DEFGHI":
            one, other = sheet[f"{column}13"].value, sheet[f"{column}14"].value
            sheet[f"{column}13"].value, sheet[f"{column}14"].value = other, one

    rules = {row.name: row.rule for row in edited(file, swap).indicators}
    assert rules[second.name] == {"type": "all_or_nothing"}
    assert rules[first.name] is None


def test_a_dossier_too_large_for_a_workbook_is_refused(dossier: Dossier) -> None:
    many = replace(dossier, recommendations=("建议",) * (bounds.MOST_ROWS + 1))

    with pytest.raises(DossierFaults, match="more than 5000 rows"):
        form_xlsx(many)


def saved_again(file: bytes, change: Callable[[Worksheet], object] = lambda sheet: None) -> Understanding:
    """What is read after openpyxl saved an export, which drops the results of formulas."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    change(book.worksheets[0])
    saved = io.BytesIO()
    book.save(saved)
    return read_form(saved.getvalue())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_export_that_lost_the_results_of_its_formulas_counts_as_unchanged(path: Path) -> None:
    remarks = saved_again(form_xlsx(read_dossier(path.read_bytes()))).remarks

    assert any("result was not saved" in remark.words for remark in remarks)
    assert not [remark for remark in remarks if "changed since the export" in remark.words]


def test_the_same_difference_of_units_is_said_once_with_all_its_cells() -> None:
    kashgar = next(path for path in CASES if path.stem == "kashgar-2019")
    remarks = read_form(form_xlsx(read_dossier(kashgar.read_bytes()))).remarks

    (units,) = [remark for remark in remarks if remark.values.get("wanted") == "万元/年"]
    assert units.place == "自评表!F20、F21、F22、F23、F24、F25、F26、F27"


def test_a_changed_place_is_named_in_the_words_of_the_form() -> None:
    names = ["上线业务模块"]

    assert label_of("indicators[0].stated.met", names) == "绩效指标1「上线业务模块」 自评结果 是否完成"
    assert label_of("indicators[7].stated.met", names) == "绩效指标8 自评结果 是否完成"
    assert label_of("budget.rows", names) == "项目资金 资金明细"
