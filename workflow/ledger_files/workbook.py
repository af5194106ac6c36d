"""The ledger as a workbook: an autofilter over the rows, and totals that follow it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from evaluations.exchange.form.styles import FONT, Pen, Styles
from workflow.presentation.ledger import LedgerFile, LedgerLine, Light

MOST_ROWS = 10_000
TOTALS, HEADINGS, FIRST = 3, 4, 5
"""Rows from 0: title, who made it, filters stand above; the first item's row is below the headings."""
AMOUNT, DAY, NUMBER = "#,##0.00####", "yyyy-mm-dd", "0"
A4 = 9
LONGEST_SHEET_NAME = 31
COUNT_ALL, SUM = 103, 109
"""SUBTOTAL's functions that leave out what a filter hides."""
# The same ledger gives the same file, whenever it is written.
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the file's format knows no time zone
FILLS: Mapping[str, str] = {"red": "#F8D7DA", "amber": "#FFE8B3", "green": "#D9F0DD"}


class Column(NamedTuple):
    """A heading, how wide it is in characters, and what stands below it."""

    heading: str
    width: int
    value: Callable[[LedgerLine], Any]


def columns() -> list[Column]:
    """The columns in the language that is active."""
    return [
        Column(_("Number"), 24, lambda line: line.number),
        Column(_("Requirement"), 48, lambda line: line.requirement),
        Column(_("Project"), 30, lambda line: line.project),
        Column(_("Fiscal year"), 10, lambda line: line.year),
        Column(_("Department"), 24, lambda line: line.department),
        Column(_("Responsible unit"), 24, lambda line: line.unit),
        Column(_("Raised by"), 12, lambda line: line.raised_by),
        Column(_("Kind of rectification"), 14, lambda line: line.kind),
        Column(_("Severity"), 10, lambda line: line.severity),
        Column(_("Issued on"), 12, lambda line: line.issued),
        Column(_("Original due date"), 12, lambda line: line.original_due),
        Column(_("Current due date"), 12, lambda line: line.due),
        Column(_("Deadline"), 18, lambda line: line.light),
        Column(_("Overdue (1: yes)"), 10, lambda line: int(line.light.is_overdue)),
        Column(_("Progress"), 18, lambda line: line.progress),
        Column(_("Ended on"), 12, lambda line: line.ended),
        Column(_("Amount involved (10,000 yuan)"), 16, lambda line: line.amount),
        Column(_("Amount settled (10,000 yuan)"), 16, lambda line: line.settled),
        Column(_("Amount outstanding (10,000 yuan)"), 16, lambda line: line.outstanding),
        Column(_("Remarks"), 20, lambda line: line.remarks),
    ]


NUMBER_AT, OVERDUE_AT, AMOUNT_AT, SETTLED_AT, OUTSTANDING_AT = 0, 13, 16, 17, 18


@dataclass(frozen=True)
class Inks:
    """What writes a sheet: plain cells, and those that show a light."""

    pen: Pen
    lights: Mapping[str, Any]


def ledger_xlsx(file: LedgerFile) -> bytes:
    """The workbook: texts stay texts, and the totals are of the rows that its own filter leaves."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED, "title": file.title})
        pen = Pen(book.add_worksheet(file.title[:LONGEST_SHEET_NAME]), Styles(book))
        inks = Inks(pen, {tone: _filled(book, colour) for tone, colour in FILLS.items()})
        shown = columns()
        _prepare(pen, file, shown)
        for row, line in enumerate(file.lines, start=FIRST):
            for place, column in enumerate(shown):
                _write(inks, row, place, column.value(line))
        _write_totals(pen, file)
    return content.getvalue()


def _filled(book: Workbook, colour: str) -> Any:
    return book.add_format(
        {
            "font_name": FONT,
            "font_size": 10.5,
            "bg_color": colour,
            "border": 1,
            "align": "center",
            "valign": "vcenter",
            "num_format": "@",
        }
    )


def _prepare(pen: Pen, file: LedgerFile, shown: list[Column]) -> None:
    last = len(shown) - 1
    pen.sheet.set_paper(A4)
    pen.sheet.set_landscape()
    pen.sheet.fit_to_pages(1, 0)
    pen.sheet.repeat_rows(HEADINGS)
    pen.sheet.freeze_panes(FIRST, NUMBER_AT + 1)
    pen.across(0, 0, last, file.title, "title")
    pen.across(1, 0, last, file.made_in_words, "plain")
    pen.across(2, 0, last, file.filters_in_words, "plain")
    for place, column in enumerate(shown):
        pen.sheet.set_column(place, place, column.width)
        pen.text(HEADINGS, place, column.heading, "label")
    pen.sheet.autofilter(HEADINGS, 0, max(_last_row(file), FIRST), last)


def _last_row(file: LedgerFile) -> int:
    return FIRST + len(file.lines) - 1


def _write(inks: Inks, row: int, column: int, value: Any) -> None:
    """A cell by the kind of its value."""
    pen = inks.pen
    if isinstance(value, Light):
        if value.tone:
            pen.sheet.write_string(row, column, value.words, inks.lights[value.tone])
        else:
            pen.text(row, column, value.words, "centre")
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day of the wall calendar
        pen.sheet.write_datetime(row, column, moment, pen.styles.of("centre", DAY))
    elif isinstance(value, Decimal):
        pen.sheet.write_number(row, column, float(value), pen.styles.of("centre", AMOUNT))
    elif isinstance(value, int):
        pen.sheet.write_number(row, column, value, pen.styles.of("centre", NUMBER))
    elif value is None:
        pen.figure(row, column, None)
    else:
        pen.text(row, column, value)


def _write_totals(pen: Pen, file: LedgerFile) -> None:
    """Above the headings, where no filter hides them."""
    totals = {
        NUMBER_AT: (COUNT_ALL, len(file.lines), NUMBER),
        OVERDUE_AT: (SUM, file.overdue, NUMBER),
        AMOUNT_AT: (SUM, float(file.amount), AMOUNT),
        SETTLED_AT: (SUM, float(file.settled), AMOUNT),
        OUTSTANDING_AT: (SUM, float(file.outstanding), AMOUNT),
    }
    for column, (function, result, number_format) in totals.items():
        cells = f"{xl_rowcol_to_cell(FIRST, column)}:{xl_rowcol_to_cell(max(_last_row(file), FIRST), column)}"
        pen.formula(TOTALS, column, f"=SUBTOTAL({function},{cells})", result, number_format)
    pen.text(TOTALS, NUMBER_AT + 1, _("Number and totals of the rows that the filter shows"), "label")
