"""The year's goal, expected and achieved: one beside the other, or each beside its label."""

from __future__ import annotations

from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.texts import text_of
from evaluations.exchange.form.words import (
    FUNDING_COLUMNS,
    GOAL_ACHIEVED,
    GOAL_EXPECTED,
    GOAL_LABELS,
    INDICATORS_LABELS,
    column_of,
    core,
    fact_of,
    inline,
)
from evaluations.strict_json import gettext_noop

LABELS = {"expected": GOAL_EXPECTED, "achieved": GOAL_ACHIEVED}


def read_goal(notebook: Notebook, before: int) -> None:
    """Read the goal that stands above a row."""
    sheet = notebook.sheet
    headings: dict[str, Cell] = {}
    for row in [row for row in sheet.rows() if row < before]:
        for cell in sheet.row(row):
            label = core(inline(cell.text)[0])
            if label in GOAL_LABELS:
                _read_single(notebook, cell, before)
            for key, labels in LABELS.items():
                if label in labels and key not in headings:
                    headings[key] = cell
    are_columns = len({cell.row for cell in headings.values()}) == 1 and len(headings) == 2
    for key, cell in headings.items():
        sheet.take(cell)
        if content := inline(cell.text)[1]:
            notebook.document["goal"][key] = content
        else:
            _read_below(notebook, key, cell, before) if are_columns else _read_beside(notebook, key, cell)


def _read_single(notebook: Notebook, cell: Cell, before: int) -> None:
    """The label of the whole block; where it stands alone, what follows it is the goal expected."""
    sheet = notebook.sheet
    sheet.take(cell)
    value = sheet.right_of(cell)
    if value is None or _is_label(value):
        return
    below = [other for row in range(cell.row, before) for other in sheet.row(row)]
    if any(core(inline(other.text)[0]) in GOAL_EXPECTED for other in below):
        return
    sheet.take(value)
    notebook.document["goal"]["expected"] = text_of(notebook, value)


def _read_beside(notebook: Notebook, key: str, heading: Cell) -> None:
    value = notebook.sheet.right_of(heading)
    if value is not None and not _is_label(value):
        notebook.sheet.take(value)
        notebook.document["goal"][key] = text_of(notebook, value)


def _read_below(notebook: Notebook, key: str, heading: Cell, before: int) -> None:
    """The cells under a heading, as far as the goal reaches."""
    sheet = notebook.sheet
    _top, left, bottom, right = sheet.span(heading)
    lines: list[str] = []
    for row in [row for row in sheet.rows() if bottom < row < before]:
        found = [cell for cell in sheet.shown_in(row, left, right) if cell.row == row]
        if any(_is_label(cell) for cell in sheet.row(row) if core(cell.text) not in GOAL_LABELS):
            break
        for cell in found:
            sheet.take(cell)
            if text := text_of(notebook, cell):
                lines.append(text)
                if len(lines) == 2:
                    notebook.understood(
                        cell, gettext_noop("the goal stands in several cells, and was put together")
                    )
    notebook.document["goal"][key] = "\n".join(lines) or None


def _is_label(cell: Cell) -> bool:
    label = core(inline(cell.text)[0])
    is_heading = any(label in labels for labels in (*LABELS.values(), GOAL_LABELS, INDICATORS_LABELS))
    return is_heading or fact_of(label) is not None or column_of(cell.text, FUNDING_COLUMNS) is not None
