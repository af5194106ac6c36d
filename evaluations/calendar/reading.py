"""What an administrator hands in for a year: the notice's own text, rows, or a small file.

Nothing is stored here. Every fault is told with its row, and a reading with a fault is not
to be entered at all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.calendar.marked import MarkedDay
from evaluations.calendar.notice_text import facts_of, is_notice, periods_of
from evaluations.dossier import DossierFaults
from evaluations.exchange.archive import is_zip
from evaluations.exchange.form.workbook import sheets_of
from evaluations.strict_json import MOST_FAULTS, Fault, gettext_noop

MOST_BYTES = 1024 * 1024
MOST_CHARACTERS = 100_000
MOST_ROWS = 400
COLUMNS = 3
OFF = {"休", "休息", "放假", "假", "节假日", "off"}
WORKED = {"班", "上班", "补班", "调休上班", "工作日", "work"}
HEADINGS = {"日期", "date"}
FULL_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
SHORT_DATE = re.compile(r"([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
Row = Sequence[str]


@dataclass(frozen=True)
class Reading:
    """The days that were understood, and what was not; of a notice's text also what it says of itself."""

    days: tuple[MarkedDay, ...] = ()
    faults: tuple[Fault, ...] = ()
    year: int | None = None
    number: str = ""
    published_on: date | None = None


def read_file(content: bytes, year: int | None) -> Reading:
    """Read a file: a workbook (its first sheet), or a text in UTF-8 or GB 18030."""
    if len(content) > MOST_BYTES:
        return refused(gettext_noop("is larger than 1 MB"))
    if is_zip(content):
        try:
            rows = rows_of_workbook(content)
        except DossierFaults as error:
            return Reading(faults=error.faults)
        return read_rows(rows, year)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return read_text(content.decode(encoding), year)
        except UnicodeDecodeError:
            continue
    return refused(gettext_noop("is neither a workbook nor a text"))


def read_text(text: str, year: int | None) -> Reading:
    """Read the text of a notice, or rows of date, kind and name."""
    if len(text) > MOST_CHARACTERS:
        return refused(gettext_noop("is too long for the calendar of a year"))
    if is_notice(text):
        return read_notice(text, year)
    return read_rows(rows_of_text(text), year)


def read_notice(text: str, year: int | None) -> Reading:
    """Read the text of a notice as it was published."""
    facts = facts_of(text)
    year = year or facts.year
    if year is None:
        return refused(gettext_noop("does not say of which year it is"))
    faults: list[Fault] = []
    periods = periods_of(text, year, faults)
    days = sorted((day for period in periods for day in period.days()), key=lambda marked: marked.day)
    return Reading(tuple(days), tuple(faults), year, facts.number, facts.published_on)


def rows_of_text(text: str) -> list[list[str]]:
    """The cells of pasted or saved rows: parted by tabs, else by commas, else by blanks."""
    lines = [line for line in text.replace("，", ",").splitlines() if line.strip()]
    if not lines:
        return []
    delimiter = next((mark for mark in "\t," if mark in lines[0]), None)
    if delimiter is None:
        return [line.split(maxsplit=COLUMNS - 1) for line in lines]
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def rows_of_workbook(content: bytes) -> list[list[str]]:
    """The first three columns of the first sheet. Raises DossierFaults for what cannot be taken."""
    sheets = sheets_of(content)
    if not sheets:
        return []
    sheet, rows = sheets[0], []
    for number in sheet.rows():
        cells = {cell.column: cell.text for cell in sheet.row(number)}
        rows.append([cells.get(column, "") for column in range(1, COLUMNS + 1)])
    return rows


def read_rows(rows: Iterable[Row], year: int | None) -> Reading:
    """Read rows of date, kind (休 or 班) and name; a first row of headings is passed over."""
    days: list[MarkedDay] = []
    faults: list[Fault] = []
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > MOST_ROWS:
        return refused(gettext_noop("has more than %(most)s rows"), most=str(MOST_ROWS))
    for place, row in enumerate(filled, start=1):
        if place == 1 and row[0].strip().lower() in HEADINGS:
            continue
        if (marked := read_row(place, row, year, faults)) is not None:
            days.append(marked)
    if not days and not faults:
        faults.append(Fault("", gettext_noop("There are no days in it.")))
    years = {marked.day.year for marked in days}
    return Reading(tuple(days), tuple(faults[:MOST_FAULTS]), year or max(years, default=None))


def read_row(place: int, row: Row, year: int | None, faults: list[Fault]) -> MarkedDay | None:
    """One row's day; None with a fault added when something of it cannot be read."""
    day_text, kind, name = [*(cell.strip() for cell in row), "", "", ""][:COLUMNS]
    day = read_day(day_text, year)
    found = len(faults)
    if day is None:
        words = gettext_noop("“%(found)s” is no date such as 2027-01-01")
        faults.append(Fault(str(place), words, {"found": day_text[:40]}))
    if kind.lower() not in OFF | WORKED:
        words = gettext_noop("“%(found)s” is neither 休 (day off) nor 班 (worked)")
        faults.append(Fault(str(place), words, {"found": kind[:40]}))
    if day is None or len(faults) > found:
        return None
    return MarkedDay(day, works=kind.lower() in WORKED, name=name)


def read_day(text: str, year: int | None) -> date | None:
    """A date as offices write it; without a year it is of ``year``."""
    if full := FULL_DATE.fullmatch(text):
        numbers = [int(number) for number in full.groups()]
    elif year is not None and (short := SHORT_DATE.fullmatch(text)):
        numbers = [year, *(int(number) for number in short.groups())]
    else:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def written(days: Iterable[MarkedDay]) -> str:
    """The days as rows that ``read_text`` reads to the same days."""
    lines = ["日期\t类型\t名称"]
    for marked in days:
        lines.append(f"{marked.day.isoformat()}\t{'班' if marked.works else '休'}\t{marked.name}")
    return "\n".join(lines)


def refused(words: str, **values: str) -> Reading:
    """A reading of nothing, with why."""
    return Reading(faults=(Fault("", words, values),))
