"""The head of the form: the title, the year, the project, its department and unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.texts import text_of
from evaluations.exchange.form.words import FORM_TITLE, core, fact_of, half, inline
from evaluations.strict_json import gettext_noop

YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|财年)?")
YEAR_LINE = re.compile(
    r"\(?((?:19|20)\d{2})(?:年度?)?\)?(?:\(?(?:金额)?(?:计量)?单位:?(?:人民币)?((?:百|千|万|百万|亿)?元)\)?)?"
)
CHINESE_YEAR = re.compile("[一二][〇○零Oo0一二三四五六七八九]{3}(?=年)")
CHINESE_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
DATE = re.compile(r"((?:19|20)\d{2})[年./-](\d{1,2})[月./-](\d{1,2})日?")
MONEY_UNIT = re.compile(r"(?:金额)?单位:?(?:人民币)?((?:百|千|万|百万|亿)?元)")
TITLE_YEAR = "title's year"
CURRENCIES = ("元", "万元", "亿元")
PLAIN_TITLE = re.compile(r"\(?((19|20)\d{2}(年度?)?)?\)?(项目支出|部门预算项目支出)?(绩效)?自评表\)?")


def read_facts(notebook: Notebook, first_row: int, last_row: int) -> None:
    """Read the cells above the indicators; what stands twice is read the first time."""
    for row in [row for row in notebook.sheet.rows() if first_row <= row <= last_row]:
        for cell in notebook.sheet.row(row):
            _read_cell(notebook, cell)


def _read_cell(notebook: Notebook, cell: Cell) -> None:
    if cell.place in notebook.sheet.taken:
        return
    if FORM_TITLE in half(cell.text):
        _read_title(notebook, cell)
    elif found := YEAR_LINE.fullmatch(with_digits(cell.text)):
        notebook.sheet.take(cell)
        _prefer_year_line(notebook, cell, found[1])
        set_year(notebook, cell, found[1])
        if found[2]:
            set_currency_of_line(notebook, cell, found[2])
    elif found := MONEY_UNIT.fullmatch(half(cell.text).strip("()")):
        notebook.sheet.take(cell)
        set_currency_of_line(notebook, cell, found[1])
    else:
        _read_labelled(notebook, cell)


def _read_labelled(notebook: Notebook, cell: Cell) -> None:
    label, content = inline(cell.text)
    fact = fact_of(label) if content else fact_of(cell.text)
    if fact is None:
        return
    notebook.sheet.take(cell)
    if content:
        SETTERS[fact](notebook, cell, content)
        return
    value = notebook.sheet.right_of(cell)
    if value is None or value.place in notebook.sheet.taken or fact_of(value.text):
        return
    notebook.sheet.take(value)
    SETTERS[fact](notebook, value, text_of(notebook, value))


def _read_title(notebook: Notebook, cell: Cell) -> None:
    """The title; what it says beyond the form's own name is kept."""
    notebook.sheet.take(cell)
    if found := YEAR.search(with_digits(cell.text)):
        set_year(notebook, cell, found[1])
        notebook.sources.setdefault(TITLE_YEAR, cell.address)
    if not PLAIN_TITLE.fullmatch(with_digits(cell.text)):
        set_fact(notebook, cell, ("evaluation", "title"), text_of(notebook, cell))


def with_digits(text: str) -> str:
    """A text in half width with its years in digits: "二〇二三年度" is "2023年度"."""
    return CHINESE_YEAR.sub(lambda found: found[0].translate(CHINESE_DIGITS), half(text))


def _prefer_year_line(notebook: Notebook, cell: Cell, text: str) -> None:
    """The line below the title is filled in for each form; a title is often last year's."""
    project = notebook.document["project"]
    title = notebook.sources.get(TITLE_YEAR)
    is_from_title = title is not None and notebook.sources.get("project.fiscal_year") == title
    if is_from_title and project["fiscal_year"] != int(text):
        words = gettext_noop("names another year than the title at %(place)s, and was read")
        notebook.doubtful(cell, words, place=title or "")
        project["fiscal_year"] = None


def set_fact(notebook: Notebook, cell: Cell, path: tuple[str, str], value: str | None) -> None:
    """Write a fact once; another value at another place is reported."""
    part, key = path
    known = notebook.document[part][key]
    if value is None or value == known:
        return
    if known is not None:
        notebook.left(
            cell, gettext_noop("says otherwise than %(place)s, which was read"), place=_source(notebook, path)
        )
        return
    notebook.document[part][key] = value
    notebook.sources[".".join(path)] = cell.address


def set_year(notebook: Notebook, cell: Cell, text: str | None) -> None:
    found = YEAR.search(with_digits(text or ""))
    if found is None:
        if text:
            notebook.left(cell, gettext_noop("is no year"))
        return
    known = notebook.document["project"]["fiscal_year"]
    if known is None:
        notebook.document["project"]["fiscal_year"] = int(found[1])
        notebook.sources["project.fiscal_year"] = cell.address
    elif known != int(found[1]):
        notebook.doubtful(
            cell,
            gettext_noop("names another year than %(place)s, which was read"),
            place=_source(notebook, ("project", "fiscal_year")),
        )


def set_currency(notebook: Notebook, cell: Cell, unit: str) -> None:
    """The unit of the amounts; the first one that the form names counts.

    A dossier has no word for 千元 and 百元: its amounts are then in 万元.
    """
    if unit not in CURRENCIES:
        words = gettext_noop("names the unit %(unit)s: the amounts were read in 万元")
        notebook.understood(cell, words, unit=unit)
        unit = "万元"
    known = notebook.sources.get("currency_unit")
    if known is None:
        notebook.document["currency_unit"] = unit
        notebook.sources["currency_unit"] = cell.address
    elif notebook.document["currency_unit"] != unit:
        notebook.doubtful(
            cell, gettext_noop("names another unit of money than %(place)s, which was read"), place=known
        )


def set_currency_of_line(notebook: Notebook, cell: Cell, unit: str) -> None:
    """The unit of a line such as "金额单位：元", which is read after the amounts."""
    if unit not in CURRENCIES and "currency_unit" not in notebook.sources:
        words = gettext_noop("names the unit of money %(unit)s, which is not taken here: use 元 or 万元")
        notebook.fault(cell, words, unit=unit)
        notebook.sources["currency_unit"] = cell.address
        return
    set_currency(notebook, cell, unit)


def date_of(text: str) -> str | None:
    """A date such as "2024年3月1日" as 2024-03-01; None when it is none."""
    found = DATE.search(half(text))
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def read_year_from_elsewhere(notebook: Notebook) -> None:
    """Without a year in the head: the sheet's name, then the project's, each said so."""
    project = notebook.document["project"]
    if project["fiscal_year"] is not None:
        return
    for text, words in (
        (
            notebook.sheet.name,
            gettext_noop("the form names no year: %(year)s was read from the sheet's name"),
        ),
        (
            project["name"] or "",
            gettext_noop("the form names no year: %(year)s was read from the project's name"),
        ),
    ):
        if found := YEAR.search(with_digits(text)):
            project["fiscal_year"] = int(found[1])
            notebook.about_sheet("doubtful", words, year=found[1])
            return


def _source(notebook: Notebook, path: tuple[str, str]) -> str:
    return notebook.sources.get(".".join(path), "")


def _setter(part: str, key: str) -> Callable[[Notebook, Cell, str | None], None]:
    return lambda notebook, cell, text: set_fact(notebook, cell, (part, key), text)


SETTERS: dict[str, Callable[[Notebook, Cell, str | None], None]] = {
    "name": _setter("project", "name"),
    "department": _setter("project", "department"),
    "unit": _setter("project", "unit"),
    "region": _setter("project", "region"),
    "year": set_year,
}


def is_head_label(cell: Cell) -> bool:
    """Whether a cell is a label of the head, not content."""
    return fact_of(cell.text) is not None or fact_of(core(inline(cell.text)[0])) is not None
