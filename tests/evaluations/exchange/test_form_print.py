"""Exports print the official labels and rows, and what they print comes back as it was."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl

from evaluations.exchange.form import form_docx, form_xlsx, read_form
from tests.evaluations.exchange.forms import content, read, workbook
from tests.evaluations.exchange.test_form_document import rows


def cells(file: bytes) -> list[list[object]]:
    """The rows of the form's sheet."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].values]


def test_levels_are_printed_as_the_ministry_prints_them() -> None:
    dossier = read_form(content(workbook())).dossier
    printed = cells(form_xlsx(dossier))
    levels = [(row[1], row[2]) for row in printed[12:19]]

    assert levels[0] == ("产出指标", "数量指标")
    assert levels[4] == ("效益指标", "社会效益指标")
    assert levels[6] == ("满意度指标", "服务对象满意度指标")
    assert [row[1:3] for row in rows(form_docx(dossier))][10] == ["产出指标", "数量指标"]
    assert read_form(form_xlsx(dossier)).dossier == dossier


def test_levels_of_offices_own_are_printed_as_they_are() -> None:
    dossier = read(indicators=[("过程", "资金管理", "合规性", "合规", "合规", 90, 90, None)]).dossier

    assert cells(form_xlsx(dossier))[12][1:3] == ["过程", "资金管理"]


def test_the_rows_of_the_form_are_printed_for_a_dossier_without_them_and_come_back_as_none() -> None:
    dossier = read_form(content(workbook())).dossier
    bare = replace(dossier, budget=replace(dossier.budget, rows=dossier.budget.rows[:1]))
    file = form_xlsx(bare)

    names = ["其中：当年财政拨款", "上年结转资金", "其他资金"]
    assert [[row[1], *row[3:9]] for row in cells(file)[6:9]] == [[name, *"——————"] for name in names]
    assert [row[1:] for row in rows(form_docx(bare))[4:7]] == [[name, *"——————"] for name in names]
    understanding = read_form(file)
    assert understanding.dossier == bare
    assert "其他信息" not in openpyxl.load_workbook(io.BytesIO(file)).sheetnames


def test_rows_of_the_form_that_the_dossier_has_come_back() -> None:
    dossier = read_form(content(workbook())).dossier
    blank = replace(dossier.budget.rows[3], initial=None, annual=None, paid=None, rate=None)
    bare = replace(dossier, budget=replace(dossier.budget, rows=(dossier.budget.rows[0], blank)))

    assert read_form(form_xlsx(bare)).dossier == bare


def test_the_total_of_the_document_has_one_style_of_points() -> None:
    dossier = read_form(content(workbook())).dossier
    indicators = tuple(
        replace(row, weight=row.weight.quantize(Decimal("0.00"))) for row in dossier.indicators
    )
    dossier = replace(dossier, indicators=indicators, stated=replace(dossier.stated, total=Decimal("98.50")))

    assert rows(form_docx(dossier))[-1][:3] == ["总分", "100", "98.5"]
