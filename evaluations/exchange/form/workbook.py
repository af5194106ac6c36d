"""From a file to sheets: openpyxl in its lean mode, after the package was looked at."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.exceptions import InvalidFileException

from evaluations.dossier import DossierFaults
from evaluations.exchange.form import bounds
from evaluations.exchange.form.package import looked_at, refused
from evaluations.exchange.form.scan import Range, SheetScan
from evaluations.exchange.form.sheet import Cell, Place, Sheet, Value
from evaluations.exchange.form.shown import shown
from evaluations.strict_json import gettext_noop

# A spreadsheet computes with fifteen digits: what comes after is noise of the binary figure.
DIGITS = 15
BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    EOFError,
    OverflowError,
)


def sheets_of(content: bytes) -> list[Sheet]:
    """Every sheet of a workbook, in its order. Raises DossierFaults for what cannot be taken."""
    scans = looked_at(content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out (validation, extensions): a form needs none of it.
            warnings.simplefilter("ignore")
            workbook = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False, rich_text=True
            )
            sheets = [_sheet(sheet, scans) for sheet in workbook.worksheets]
    except DossierFaults:
        raise
    except BROKEN:
        raise refused(gettext_noop("cannot be read as a workbook: it is damaged")) from None
    if sum(len(cell.text) for sheet in sheets for cell in sheet.all()) > bounds.MOST_CHARACTERS:
        words = gettext_noop("holds more than %(most)s characters")
        raise refused(words, most=str(bounds.MOST_CHARACTERS))
    return sheets


def _sheet(sheet: Any, scans: Any) -> Sheet:
    scan: SheetScan = scans.get(sheet._worksheet_path.lstrip("/")) or SheetScan(0)
    # What a sheet declares as its size may be too small as well as too large.
    sheet.reset_dimensions()
    cells = {
        cell.place: cell
        for row in sheet.iter_rows()
        for raw in row
        if (cell := _cell(sheet.title, raw, scan))
    }
    return Sheet(
        name=sheet.title,
        cells=cells,
        merged=_covered(scan.merged),
        hidden_rows=frozenset(scan.hidden_rows),
        hidden_columns=frozenset(scan.hidden_columns),
        is_hidden=sheet.sheet_state != "visible",
    )


def _covered(ranges: list[Range]) -> dict[Place, Range]:
    """Every place of the merged ranges; beyond the bounds no more are kept."""
    covered: dict[Place, Range] = {}
    for span in ranges:
        top, left, bottom, right = span
        if (bottom - top + 1) * (right - left + 1) + len(covered) > bounds.MOST_CELLS:
            raise refused(gettext_noop("has too many merged cells"))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                covered[row, column] = span
    return covered


def _cell(sheet: str, raw: Any, scan: SheetScan) -> Cell | None:
    if raw.value is None:
        if not hasattr(raw, "row") or (raw.row, raw.column) not in scan.formulas:
            return None
        # A formula without a saved result: not blank, though it shows nothing.
        return Cell(sheet, raw.row, raw.column, "", "", is_formula=True)
    value, text, struck = _read(raw, scan.struck.get((raw.row, raw.column)))
    if not text and not struck:
        return None
    return Cell(
        sheet,
        raw.row,
        raw.column,
        value,
        text,
        number_format=raw.number_format,
        is_formula=(raw.row, raw.column) in scan.formulas,
        is_error=raw.data_type == "e",
        is_quoted=bool(raw.style_array.quotePrefix),
        struck=struck,
    )


def _read(raw: Any, inline: tuple[str, str] | None) -> tuple[Value, str, str]:
    """A cell's value, the text that it shows, and what stands in it struck through.

    ``inline`` is a text of the cell's own with a part struck through, which openpyxl's lean mode joins.
    """
    value = raw.value
    if inline is not None:
        return inline[0], inline[0].strip(), inline[1].strip()
    if isinstance(value, CellRichText):
        kept, struck = _runs(value)
        return (kept, kept.strip(), struck.strip())
    if isinstance(value, bool):
        return value, "是" if value else "否", ""
    read: Value
    if isinstance(value, (int, float)):
        read = Decimal(format(value, f".{DIGITS}g"))
        text = shown(read, raw.number_format) if read.is_finite() else ""
    elif isinstance(value, (datetime, date)):
        read = value.date() if isinstance(value, datetime) else value
        text = read.isoformat()
    elif isinstance(value, (time, timedelta)):
        read = text = str(value)
    else:
        read, text = str(value), str(value).strip()
    return ("", "", text) if raw.font.strike else (read, text, "")


def _runs(runs: CellRichText) -> tuple[str, str]:
    """The text of formatted runs, and the text of those struck through."""
    kept: list[str] = []
    struck: list[str] = []
    for run in runs:
        is_struck = isinstance(run, TextBlock) and bool(run.font.strike)
        (struck if is_struck else kept).append(str(run))
    return "".join(kept), "".join(struck)


def hidden_places(sheet: Sheet) -> Iterator[Cell]:
    """The cells of hidden rows and columns."""
    for cell in sheet.all():
        if cell.row in sheet.hidden_rows or cell.column in sheet.hidden_columns:
            yield cell
