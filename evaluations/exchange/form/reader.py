"""The official self-assessment form (项目支出绩效自评表, 财预〔2020〕10号 annex 1) as a dossier."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from evaluations.dossier import DossierFaults, parse_dossier
from evaluations.exchange.form.columns import heading_row, table_at
from evaluations.exchange.form.differences import Difference, apply, read_differences
from evaluations.exchange.form.facts import read_facts, read_year_from_elsewhere
from evaluations.exchange.form.funding import read_funding, unread
from evaluations.exchange.form.further import read_table, table_on
from evaluations.exchange.form.goal import read_goal
from evaluations.exchange.form.indicators import read_indicators
from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell, Sheet
from evaluations.exchange.form.shown import divisor_of, is_hidden
from evaluations.exchange.form.texts import looks_live
from evaluations.exchange.form.totals import is_foot, read_foot
from evaluations.exchange.form.words import INDICATORS_LABELS, core, fact_of, half, inline, is_dash
from evaluations.exchange.form.workbook import hidden_places, sheets_of
from evaluations.exchange.understanding import Remark, Understanding
from evaluations.strict_json import Fault, gettext_noop


def read_form(content: bytes) -> Understanding:
    """Read the form from an .xlsx file.

    The first sheet with an indicator table is read; every other cell that says something
    has a remark. Raises DossierFaults with a line for each fault, at its cell: a file that
    is no workbook or beyond the bounds, macros, links, formulas where texts belong, a form
    without project, unit or year.
    """
    sheets = sheets_of(content)
    form = next(
        (sheet for sheet in sorted(sheets, key=lambda sheet: sheet.is_hidden) if heading_row(sheet)), None
    )
    if form is None:
        words = gettext_noop("holds no form: no sheet has a heading with level 3 indicator, target and score")
        raise DossierFaults([Fault("", words)])
    notebook = read_sheet(form)
    others = read_further(notebook, [sheet for sheet in sheets if sheet is not form and sheet.cells])
    require_facts(notebook)
    remarks = [*_remarks_on_sheets(others, form), *notebook.remarks()]
    return Understanding(parsed(notebook), tuple(remarks))


def document_of(content: bytes) -> dict[str, Any]:
    """The dossier/1 document of an export as far as its sheets say it, incomplete as it may be."""
    form, *further = sheets_of(content)
    notebook = read_sheet(form)
    read_further(notebook, [sheet for sheet in further if sheet.cells])
    return notebook.document


def read_further(notebook: Notebook, sheets: list[Sheet]) -> list[Sheet]:
    """Read the further sheets of an export; returns those that are none."""
    others: list[Sheet] = []
    exact: list[Difference] = []
    for sheet in sheets:
        if table := table_on(sheet):
            read_table(notebook, sheet, table)
        elif (found := read_differences(sheet)) is not None:
            exact = found
        else:
            others.append(sheet)
    apply(notebook, exact)
    return others


def read_sheet(sheet: Sheet) -> Notebook:
    """Read one sheet that holds a form."""
    notebook = Notebook(sheet)
    _refuse_live_texts(notebook)
    first = heading_row(sheet)
    assert first is not None
    table = table_at(notebook, first)
    read_funding(notebook, first)
    read_goal(notebook, first)
    read_facts(notebook, 1, first - 1)
    last = read_indicators(notebook, table)
    _leave_second_form(notebook, last)
    read_foot(notebook, last)
    read_year_from_elsewhere(notebook)
    _read_unit_from_department(notebook)
    _tell_unusual(notebook)
    _tell_left(notebook)
    return notebook


def require_facts(notebook: Notebook) -> None:
    """Without project, unit and year there is no dossier."""
    project = notebook.document["project"]
    for key, words in (
        ("name", gettext_noop("the form names no project (项目名称)")),
        ("unit", gettext_noop("the form names no unit (实施单位)")),
        ("fiscal_year", gettext_noop("the form names no year (such as 2023年度)")),
    ):
        if project[key] is None and not any(key in fault.path for fault in notebook.faults):
            notebook.faults.append(Fault(notebook.sheet.name, words))
    if notebook.faults:
        raise DossierFaults(notebook.faults)


def parsed(notebook: Notebook) -> Any:
    """The document as a dossier; faults name the cell instead of the path, where it is known."""
    try:
        return parse_dossier(notebook.document)
    except DossierFaults as error:
        raise DossierFaults(
            replace(fault, path=notebook.sources.get(fault.path, f"{notebook.sheet.name}: {fault.path}"))
            for fault in error.faults
        ) from None


def _remarks_on_sheets(sheets: list[Sheet], form: Sheet) -> list[Remark]:
    """What was not read: every other sheet with something on it."""
    remarks = []
    if form.is_hidden:
        remarks.append(Remark(form.name, "doubtful", gettext_noop("the form stands on a hidden sheet")))
    for sheet in sheets:
        words = gettext_noop("this sheet was not read")
        if heading_row(sheet):
            words = gettext_noop(
                "this sheet holds another form, which was not read: only one is read from a file"
            )
        remarks.append(Remark(sheet.name, "left", words))
    return remarks


def _refuse_live_texts(notebook: Notebook) -> None:
    for cell in notebook.sheet.all():
        if looks_live(cell):
            notebook.fault(
                cell, gettext_noop("holds a text that begins like a formula: enter it without the sign")
            )


def _leave_second_form(notebook: Notebook, last: int) -> None:
    """A second form below the first is reported once, not cell by cell."""
    sheet = notebook.sheet
    below = [row for row in sheet.rows() if row > last]
    start = next(
        (row for row in below if any(fact_of(inline(cell.text)[0]) for cell in sheet.row(row))), None
    )
    start = start or heading_row(sheet, after=last)
    if start is None:
        return
    notebook.left(
        sheet.row(start)[0],
        gettext_noop("another form begins here, which was not read: only one is read from a file"),
    )
    for row in below:
        if row >= start:
            for cell in sheet.row(row):
                sheet.take(cell)


def _read_unit_from_department(notebook: Notebook) -> None:
    project = notebook.document["project"]
    if project["unit"] is None and project["department"] is not None:
        project["unit"] = project["department"]
        words = gettext_noop("the form names no unit: the department was read as its own unit")
        notebook.about_sheet("doubtful", words)
    if "currency_unit" not in notebook.sources:
        words = gettext_noop("the form names no unit of money: the amounts were read as 万元")
        notebook.about_sheet("doubtful", words)


def _tell_unusual(notebook: Notebook) -> None:
    """What is not seen on the printed form: hidden and struck cells, formulas."""
    for cell in hidden_places(notebook.sheet):
        notebook.doubtful(cell, gettext_noop("stands in a hidden row or column, and was read all the same"))
    for cell in notebook.sheet.all():
        if cell.place in notebook.sheet.taken:
            tell_format(notebook, cell)
            if cell.is_formula and not (cell.text or cell.is_error or cell.struck):
                unread(notebook, cell)
        if cell.struck:
            words = gettext_noop("has text struck through, which was left out: %(struck)s")
            notebook.doubtful(cell, words, struck=cell.struck[:40])
            if not cell.text:
                notebook.sheet.take(cell)
        elif cell.is_formula and cell.text and not cell.is_error and cell.place in notebook.sheet.taken:
            notebook.understood(cell, gettext_noop("is a formula: the result saved with it was read"))
        elif cell.is_quoted and cell.text.startswith(("=", "+", "-", "@")):
            notebook.understood(
                cell, gettext_noop("begins like a formula, but is marked as a text, and was read as one")
            )


def tell_format(notebook: Notebook, cell: Cell) -> None:
    """A number format that shows another figure than the stored one, or none at all."""
    if not isinstance(cell.value, Decimal) or cell.value == 0:
        return
    stored = format(cell.value, "f")[:20]
    if is_hidden(cell.value, cell.number_format):
        words = gettext_noop("is hidden by its format, and was read as it is stored: %(stored)s")
        notebook.doubtful(cell, words, stored=stored)
    elif divisor_of(cell.value, cell.number_format) != 1:
        words = gettext_noop("stores %(stored)s, and its format divides it: it was read as it is shown")
        notebook.doubtful(cell, words, stored=stored)


def _tell_left(notebook: Notebook) -> None:
    """Every cell that nobody took."""
    sheet = notebook.sheet
    for cell in list(sheet.all()):
        if cell.place in sheet.taken or (is_dash(cell.text) and not cell.is_formula):
            continue
        if cell.is_formula and not (cell.text or cell.struck):
            unread(notebook, cell)
            continue
        if core(cell.text) in INDICATORS_LABELS or (is_foot(cell) and not half(inline(cell.text)[1])):
            continue
        notebook.left(cell, gettext_noop("has no place in a dossier, and was left out"))
