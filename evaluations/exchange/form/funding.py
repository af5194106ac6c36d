"""The funding table: rows with initial, annual and paid amounts; weight and score on the total alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evaluations.exchange.form.facts import CURRENCIES, is_head_label, set_currency
from evaluations.exchange.form.figures import (
    MONEY,
    amount_of,
    converted,
    is_figure,
    points_of,
    rounded_to_places,
    trimmed,
)
from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.shown import divisor_of
from evaluations.exchange.form.words import (
    FUNDING_COLUMNS,
    FUNDING_LABELS,
    INVISIBLE,
    column_of,
    core,
    half,
    is_no_figure,
    notes,
)
from evaluations.exchange.funding_names import NAMES, funding_code_of
from evaluations.strict_json import gettext_noop

FOREIGN_MONEY = re.compile(r"(?:金额)?(?:单位)?:?[^元:]{1,4}元")
AMOUNTS = ("initial", "annual", "received", "paid")
OF_WHICH = re.compile(r"^(其中)?[:：]?|[:：]$")
RATE = re.compile(r"-?\d+(\.\d+)?%")


@dataclass
class FundingTable:
    """Where the funding table stands: its heading row, and which columns hold what."""

    row: int
    columns: Mapping[str, Cell]
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_column(self) -> int:
        return min(cell.column for cell in self.columns.values())


def find_funding(notebook: Notebook, before: int) -> FundingTable | None:
    """The funding table above a row: the first row with at least two headings of amounts."""
    for row in notebook.sheet.rows():
        if row >= before:
            return None
        columns: dict[str, Cell] = {}
        for cell in notebook.sheet.row(row):
            if key := column_of(cell.text, FUNDING_COLUMNS):
                columns.setdefault(key, cell)
        if len([key for key in AMOUNTS if key in columns]) >= 2:
            return FundingTable(row, columns)
    return None


def read_funding(notebook: Notebook, before: int) -> None:
    """Read the funding table that stands above a row."""
    table = find_funding(notebook, before)
    if table is None:
        notebook.about_sheet("doubtful", gettext_noop("no funding table was found"))
        return
    table.units = dict(_units(notebook, table))
    for row, name in _rows(notebook, table, before):
        _read_row(notebook, table, row, name)


def _units(notebook: Notebook, table: FundingTable) -> Iterator[tuple[str, str]]:
    """Which unit of money the headings name: each of its own, and the table as a whole."""
    for key, cell in table.columns.items():
        notebook.sheet.take(cell)
        if unit := next((note for note in map(money_in, notes(cell.text)) if note), ""):
            yield key, unit
            if key in AMOUNTS and "currency_unit" not in notebook.sources:
                set_currency(notebook, cell, unit)
    for row in range(table.row - 1, table.row + 12):
        for cell in notebook.sheet.row(row):
            if core(cell.text) in FUNDING_LABELS and cell.column < table.first_column:
                notebook.sheet.take(cell)
                yield from _of_table(notebook, table, cell)


def _of_table(notebook: Notebook, table: FundingTable, label: Cell) -> Iterator[tuple[str, str]]:
    """The unit that stands with the table's label; what a dossier has no word for counts for each column."""
    for note in notes(label.text):
        if unit := money_in(note):
            set_currency(notebook, label, unit)
            if unit not in CURRENCIES:
                named = {key for key, cell in table.columns.items() if any(map(money_in, notes(cell.text)))}
                yield from ((key, unit) for key in AMOUNTS if key not in named)
        elif FOREIGN_MONEY.fullmatch(note):
            words = gettext_noop("names a unit of money that is not taken: enter the amounts in 元 or 万元")
            notebook.fault(label, words)


def money_in(note: str) -> str:
    """The unit of money that a heading's brackets name: "单位：万元" is 万元."""
    unit = note.rpartition(":")[2].removeprefix("人民币")
    return unit if unit in MONEY else ""


def _rows(notebook: Notebook, table: FundingTable, before: int) -> Iterator[tuple[int, Cell | None]]:
    """The table's rows with the cell that names each, until something else begins."""
    sheet = notebook.sheet
    for row in [row for row in sheet.rows() if table.row < row < before]:
        names = [
            cell
            for cell in sheet.shown_in(row, 1, table.first_column - 1)
            if core(cell.text) not in FUNDING_LABELS and cell.row == row
        ]
        name = names[-1] if names else None
        is_known = name is not None and funding_code_of(core(name.text)) is not None
        if not (is_known or _has_figures(notebook, table, row)) or (name and is_head_label(name)):
            return
        yield row, name


def _has_figures(notebook: Notebook, table: FundingTable, row: int) -> bool:
    """Whether at least one amount of the table begins in a row."""
    cells = [notebook.sheet.at(row, table.columns[key].column) for key in AMOUNTS if key in table.columns]
    return any(
        cell is not None
        and cell.row == row
        and (amount_of(cell.text) or is_no_figure(cell.text) or cell.is_formula)
        for cell in cells
    )


def _read_row(notebook: Notebook, table: FundingTable, row: int, name: Cell | None) -> None:
    cells = {
        key: notebook.sheet.take(found)
        for key, heading in table.columns.items()
        if (found := notebook.sheet.at(row, heading.column)) and found.row == row
    }
    if name is not None and _is_left_blank(cells, name):
        notebook.sheet.take(name)
        return
    values: dict[str, Any] = {
        key: amount(notebook, cells[key], table.units.get(key, "")) for key in AMOUNTS if key in cells
    }
    values["rate"] = (
        rate(notebook, cells["rate"], "%" in half(table.columns["rate"].text)) if "rate" in cells else None
    )
    values |= {key: points(notebook, cells[key]) for key in ("weight", "score") if key in cells}
    printed = _row_name(notebook, name, row)
    if printed == NAMES["total"]:
        _read_total(notebook, values, cells)
    elif values.get("weight") or values.get("score"):
        cell = cells["weight"] if values.get("weight") else cells["score"]
        notebook.doubtful(cell, gettext_noop("stands in a row that carries no points on the form"))
    received = values.pop("received", None)
    if received is not None and printed != NAMES["total"]:
        notebook.left(cells["received"], gettext_noop("received funds have a place in the total row only"))
    columns = ("initial", "annual", "paid", "weight", "rate", "score")
    notebook.document["budget"]["rows"].append({"name": printed, **{key: values.get(key) for key in columns}})


def _is_left_blank(cells: Mapping[str, Cell], name: Cell) -> bool:
    """Whether an official row below the total has a dash wherever a figure could stand: it is none."""
    code = funding_code_of(OF_WHICH.sub("", core(name.text)))
    keys = ("initial", "annual", "paid", "rate")
    return code in ("appropriation", "carried_over", "other") and all(
        key in cells and cells[key].text == "—" for key in keys
    )


def _row_name(notebook: Notebook, cell: Cell | None, row: int) -> str:
    """The row's name; the official ones in their official wording, without 其中."""
    if cell is None:
        words = gettext_noop(
            "row %(row)s of the funding table has no name: the first one was read as the total"
        )
        notebook.about_sheet("doubtful", words, row=str(row))
        return "" if notebook.document["budget"]["rows"] else NAMES["total"]
    notebook.sheet.take(cell)
    plain = OF_WHICH.sub("", core(cell.text)) or core(cell.text)
    code = funding_code_of(plain)
    if code == "total" or plain in NAMES.values():
        return NAMES[code or ""] if code else plain
    official = f"{plain}资金"
    if official in NAMES.values():
        return official
    notebook.understood(cell, gettext_noop("is no row of the official form; its name was kept"))
    return plain


def _read_total(notebook: Notebook, values: Mapping[str, Any], cells: Mapping[str, Cell]) -> None:
    budget = notebook.document["budget"]
    for key in (*AMOUNTS, "weight"):
        budget[key] = values.get(key)
        if key in cells:
            notebook.sources[f"budget.{key}"] = cells[key].address
    budget["stated_score"] = values.get("score")
    if values.get("rate"):
        budget["stated_execution_rates"] = [values["rate"]]


def amount(notebook: Notebook, cell: Cell, unit: str) -> str | None:
    """An amount in the form's unit of money; ``unit`` is what the column's heading names."""
    into = notebook.document["currency_unit"]
    if is_no_figure(cell.text) and not cell.is_formula:
        return None
    tell_invisible(notebook, cell)
    value: Decimal | None
    found = amount_of(cell.text)
    if isinstance(cell.value, Decimal):
        # A format may divide: "0!.0," prints yuan as 万元. All digits of the amount are kept.
        stored = cell.value / divisor_of(cell.value, cell.number_format)
        # The places that are shown say how the amount was printed, as long as it is the same amount.
        value = found[0] if found and found[0] == stored else stored
        unit = (found and found[1]) or unit
        if found is None and cell.text:
            notebook.doubtful(cell, gettext_noop("shows no amount, and was read as it is stored"))
        elif found and stored == cell.value != found[0]:
            words = gettext_noop("shows %(text)s, and was read as it is stored")
            notebook.understood(cell, words, text=cell.text)
    else:
        value, unit = (found[0], found[1] or unit) if found else (None, "")
    if value is None or not usable(notebook, cell):
        unread(notebook, cell)
        return None
    if unit and unit != into:
        value = converted(value, unit, into)
        notebook.understood(
            cell,
            gettext_noop("stands in %(unit)s, and was read as %(value)s %(into)s"),
            unit=unit,
            value=format(value, "f"),
            into=into,
        )
    return figure_text(notebook, cell, value)


def points(notebook: Notebook, cell: Cell) -> str | None:
    """Points or a weight, as shown: what is printed and signed is the rounded figure."""
    if is_no_figure(cell.text) and not cell.is_formula:
        return None
    tell_invisible(notebook, cell)
    value = points_of(cell.text)
    if value is None or not usable(notebook, cell):
        unread(notebook, cell)
        return None
    if isinstance(cell.value, Decimal) and not cell.text.endswith("%") and value != cell.value:
        notebook.understood(
            cell,
            gettext_noop("stores %(stored)s, and was read as it is shown"),
            stored=format(cell.value, "f")[:20],
        )
    if isinstance(cell.value, Decimal) and "%" in cell.number_format:
        notebook.understood(
            cell,
            gettext_noop("is formatted as a percentage, and was read as %(value)s points"),
            value=format(value, "f"),
        )
    return figure_text(notebook, cell, value)


def rate(notebook: Notebook, cell: Cell, in_percent: bool) -> str | None:
    """An execution or completion rate as printed, such as "96.64%"."""
    if is_no_figure(cell.text):
        return None
    plain = half(cell.text)
    if RATE.fullmatch(plain):
        return plain
    value = points_of(cell.text)
    if value is None or not usable(notebook, cell):
        unread(notebook, cell)
        return None
    is_share = not in_percent and abs(value) <= 1
    text = f"{format(trimmed(value * 100).normalize() if is_share else value, 'f')}%"
    notebook.doubtful(cell, gettext_noop("is no percentage, and was read as %(text)s"), text=text)
    return text


def tell_invisible(notebook: Notebook, cell: Cell) -> None:
    """Say that a figure was read without what nobody sees in its cell."""
    if INVISIBLE.search(cell.text):
        notebook.understood(
            cell, gettext_noop("holds invisible characters: the figure was read without them")
        )


def usable(notebook: Notebook, cell: Cell) -> bool:
    """Whether a formula's result may stand for it: an error or a missing result may not."""
    return not cell.is_error and bool(cell.text)


def unread(notebook: Notebook, cell: Cell) -> None:
    """Say why a cell gave no figure."""
    if cell.is_error:
        notebook.left(cell, gettext_noop("shows an error instead of a figure"))
    elif cell.is_formula and not cell.text:
        notebook.left(
            cell,
            gettext_noop(
                "has a formula whose result was not saved: open the file in a spreadsheet and save it"
            ),
        )
    else:
        notebook.left(cell, gettext_noop("is no figure"))


def figure_text(notebook: Notebook, cell: Cell, value: Decimal) -> str | None:
    """The figure as dossier/1 writes it; more places than it holds are rounded, and that is said."""
    if is_figure(value):
        return format(value, "f")
    rounded = rounded_to_places(value)
    if rounded is None:
        notebook.left(cell, gettext_noop("has more digits than a figure may have"))
        return None
    notebook.understood(cell, gettext_noop("has more than 12 places, and was rounded"))
    return format(rounded, "f")
