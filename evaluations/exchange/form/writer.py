"""The official form as a workbook: formulas live, A4, and everything else on further sheets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

from evaluations.dossier import Dossier, dossier_to_json
from evaluations.exchange.form.differences import HEADINGS, SHEET, Difference, differences, rows_of
from evaluations.exchange.form.form_sheet import write_form
from evaluations.exchange.form.further import TABLES, Table, rows_to_write
from evaluations.exchange.form.labels import label_of
from evaluations.exchange.form.reader import document_of
from evaluations.exchange.form.styles import Pen, Styles
from evaluations.scoring import SchemeParameters

A4 = 9
# The same dossier gives the same file, whenever it is written.
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the file's format knows no time zone
WIDTHS = {"支出内容": 40, "内容": 60, "准确内容": 60, "表内读数": 30, "键": 30, "支出分类": 24, "章节": 24}


def form_xlsx(dossier: Dossier, scheme: SchemeParameters | None = None) -> bytes:
    """The dossier as the official form in an .xlsx file; ``read_form`` reads the same dossier from it.

    The execution rate and its points, and the totals of weights and scores, are formulas;
    where one gives another figure than the unit stated, the stated one stands on the sheet
    其他信息. ``scheme`` says how execution is scored (default: weight × rate). Raises
    DossierFaults for a dossier that is too large for a workbook (``bounds``).
    """
    read = document_of(_written(dossier, scheme, ()))
    return _written(dossier, scheme, differences(read, dossier_to_json(dossier)))


def _written(dossier: Dossier, scheme: SchemeParameters | None, found: Sequence[Difference]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        styles = Styles(book)
        sheet = book.add_worksheet("自评表")
        write_form(Pen(sheet, styles), dossier, scheme)
        document = dossier_to_json(dossier)
        for table in TABLES:
            if rows := rows_to_write(table, document):
                _write_table(book, styles, table, rows)
        if found:
            _write_differences(book, styles, dossier, found)
    return file.getvalue()


def _write_table(book: Workbook, styles: Styles, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    pen = _further_sheet(book, styles, table.name, list(table.headings))
    for place, row in enumerate(rows, start=1):
        for column, key in enumerate(table.headings.values()):
            value = row.get(key)
            if value is not None and key in table.figures:
                pen.figure(place, column, Decimal(value))
            else:
                pen.text(place, column, value)


def _write_differences(book: Workbook, styles: Styles, dossier: Dossier, found: Sequence[Difference]) -> None:
    pen = _further_sheet(book, styles, SHEET, list(HEADINGS))
    names = [indicator.name for indicator in dossier.indicators]
    place = 0
    for difference in found:
        for row in rows_of(difference, label_of(difference.path, names)):
            place += 1
            for column, text in enumerate(row):
                pen.text(place, column, text)


def _further_sheet(book: Workbook, styles: Styles, name: str, headings: Sequence[str]) -> Pen:
    sheet = book.add_worksheet(name)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    pen = Pen(sheet, styles)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, WIDTHS.get(heading, 14))
        pen.text(0, column, heading, "label")
    return pen
