"""The rectification figures as a workbook: one sheet for each table of the page."""

from __future__ import annotations

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

from evaluations.exchange.form.styles import Pen, Styles
from workflow.ledger_files.workbook import CREATED, LONGEST_SHEET_NAME
from workflow.presentation.ledger_figures import Cell, FigureTable, Row

HEADINGS, FIRST = 4, 5
"""Rows from 0: title, who made it, filters, note stand above the headings."""
LABEL_WIDTH, FIGURE_WIDTH = 40, 18
NO_SHEET_NAME = str.maketrans(":：/", "   ")
"""Marks that a sheet's name cannot hold, or that read badly there."""


def figures_xlsx(title: str, made: str, asked: str, tables: Sequence[FigureTable]) -> bytes:
    """The workbook: figures as figures, words as words, whatever they begin with."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED, "title": title})
        styles = Styles(book)
        for table in tables:
            name = table.title.translate(NO_SHEET_NAME)[:LONGEST_SHEET_NAME].strip()
            _write_table(Pen(book.add_worksheet(name), styles), table, (made, asked, table.note))
    return content.getvalue()


def _write_table(pen: Pen, table: FigureTable, above: Sequence[str]) -> None:
    last = len(table.headings) - 1
    pen.sheet.set_landscape()
    pen.sheet.fit_to_pages(1, 0)
    pen.sheet.repeat_rows(HEADINGS)
    pen.sheet.freeze_panes(FIRST, 1)
    pen.across(0, 0, last, table.title, "title")
    for row, words in enumerate(above, start=1):
        pen.across(row, 0, last, words, "plain")
    for place, heading in enumerate(table.headings):
        pen.sheet.set_column(place, place, FIGURE_WIDTH if place else LABEL_WIDTH)
        pen.text(HEADINGS, place, heading, "label")
    lines = [*table.rows, *([table.total] if table.total else [])]
    for row, line in enumerate(lines, start=FIRST):
        _write_line(pen, row, line)


def _write_line(pen: Pen, row: int, line: Row) -> None:
    pen.text(row, 0, line.label)
    for place, cell in enumerate(line.cells, start=1):
        _write_cell(pen, row, place, cell)


def _write_cell(pen: Pen, row: int, place: int, cell: Cell) -> None:
    if cell.value is None:
        pen.text(row, place, cell.words, "centre")
    else:
        pen.sheet.write_number(row, place, float(cell.value), pen.styles.of("centre", cell.number_format))
