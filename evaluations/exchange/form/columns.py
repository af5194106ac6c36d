"""The indicator table's heading: where it stands, and which column holds what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell, Sheet
from evaluations.exchange.form.words import (
    INDICATOR_COLUMNS,
    INDICATORS_LABELS,
    TOTALS,
    column_of,
    core,
    fact_of,
    half,
    inline,
    is_dash,
)
from evaluations.strict_json import gettext_noop

LEVELS = ("level1", "level2", "name")
FIGURES = ("target", "actual", "weight", "score")


@dataclass(frozen=True)
class Column:
    """A column of the table, which a merged heading may make several columns wide."""

    key: str
    first: int
    last: int
    heading: Cell


@dataclass
class IndicatorTable:
    """The rows of the heading, and the columns by what they hold; ``others`` hold what is not known."""

    first_row: int
    last_row: int
    columns: dict[str, Column] = field(default_factory=dict)
    others: list[Column] = field(default_factory=list)

    @property
    def width(self) -> tuple[int, int]:
        """The first and the last column."""
        every = [*self.columns.values(), *self.others]
        return min(column.first for column in every), max(column.last for column in every)


def heading_row(sheet: Sheet, after: int = 0) -> int | None:
    """The first row below another that is the heading of an indicator table."""
    for row in sheet.rows():
        if row <= after:
            continue
        keys = {column_of(cell.text, INDICATOR_COLUMNS) for cell in sheet.row(row)}
        is_levelled = "name" in keys or {"level1", "level2"} <= keys or _flat_name(sheet, row) is not None
        if is_levelled and len(keys & {*LEVELS, *FIGURES}) >= 3:
            return row
    return None


def table_at(notebook: Notebook, row: int) -> IndicatorTable:
    """The table whose heading stands in a row; what a second heading row says goes first."""
    sheet = notebook.sheet
    last = _last_heading_row(sheet, row)
    table = IndicatorTable(row, last)
    flat = _flat_name(sheet, row)
    column = 1
    while column <= sheet.width:
        heading = _heading(sheet, row, last, column)
        if heading is None or (core(heading.text) in INDICATORS_LABELS and heading != flat):
            if heading is not None:
                sheet.take(heading)
            column += 1
            continue
        right = column if heading.row != sheet.span(heading)[0] else max(sheet.span(heading)[3], column)
        key = "name" if heading == flat else _key(heading)
        _place(notebook, table, Column(key, column, right, heading))
        column = right + 1
    if "name" not in table.columns and "level2" in table.columns:
        table.columns["name"] = table.columns.pop("level2")
        notebook.doubtful(
            table.columns["name"].heading,
            gettext_noop("is the lowest level of the form, and was read as level 3"),
        )
    _place_notes(notebook, table)
    return table


def _flat_name(sheet: Sheet, row: int) -> Cell | None:
    """The heading 绩效指标 beside 一级指标, where the form has no other level: it holds the names."""
    keys = {column_of(cell.text, INDICATOR_COLUMNS): cell for cell in sheet.row(row)}
    level1 = keys.get("level1")
    if level1 is None or "name" in keys or "level2" in keys:
        return None
    right = (cell for cell in sheet.row(row) if cell.column > level1.column)
    return next((cell for cell in right if core(cell.text) in ("绩效指标", "指标", "年度绩效指标")), None)


def _place_notes(notebook: Notebook, table: IndicatorTable) -> None:
    """The column 备注 gives the reasons where no column of its own does; else it has no place."""
    note = table.columns.pop("note", None)
    if note is None:
        return
    if "reason" in table.columns:
        table.others.append(note)
        notebook.left(note.heading, gettext_noop("is no column of the form"))
    else:
        table.columns["reason"] = note
        words = gettext_noop("was read as the reasons, for which the form has no other column")
        notebook.doubtful(note.heading, words)


def is_repeated(sheet: Sheet, row: int, table: IndicatorTable) -> bool:
    """Whether a row repeats the heading, as on the second page of a long form."""
    same = [
        cell
        for column in table.columns.values()
        if (cell := sheet.at(row, column.first)) and half(cell.text) == half(column.heading.text)
    ]
    return len(same) >= 3


def _last_heading_row(sheet: Sheet, row: int) -> int:
    """The heading's last row: as far as its level cells are merged downwards."""
    levels = [cell for cell in sheet.row(row) if column_of(cell.text, INDICATOR_COLUMNS) in LEVELS]
    return min(max((sheet.span(cell)[2] for cell in levels), default=row), row + 3)


def _heading(sheet: Sheet, first: int, last: int, column: int) -> Cell | None:
    """The lowest heading of a column that is known; else the lowest; above the row, if it has none."""
    found = [cell for row in range(last, first - 1, -1) if (cell := sheet.at(row, column))]
    known = [cell for cell in found if _key(cell)]
    if known or found:
        return (known or found)[0]
    above = sheet.at(first - 1, column)
    return above if above is not None and _key(above) else None


def _key(cell: Cell) -> str:
    key = column_of(cell.text, INDICATOR_COLUMNS)
    fact = fact_of(cell.text)
    # "单位名称" is a fact; "单位" alone a measure.
    return f"fact:{fact}" if key is None and fact in ("name", "department", "unit") else key or ""


def _told_apart(notebook: Notebook, table: IndicatorTable, column: Column) -> Column:
    """A second column of a kind that is another kind: measures beside reasons, rates beside actuals."""
    first = table.columns.get(column.key)
    if first is None:
        return column
    if column.key == "reason" and "measures" not in table.columns:
        words = gettext_noop("was joined with the reasons")
        notebook.understood(column.heading, words)
        return replace(column, key="measures")
    if column.key == "nature" and "way" not in table.columns:
        return replace(column, key="way")
    if column.key == "actual" and "completion_rate" not in table.columns:
        for rate, other in ((column, first), (first, column)):
            if _holds_percentages(notebook.sheet, rate, table.last_row) and "情况" in rate.heading.text:
                notebook.understood(rate.heading, gettext_noop("was read as the rate of completion"))
                if rate is first:
                    table.columns["completion_rate"] = replace(rate, key="completion_rate")
                    del table.columns["actual"]
                    return other
                return replace(rate, key="completion_rate")
    return column


def _holds_percentages(sheet: Sheet, column: Column, heading_row: int) -> bool:
    """Whether all that stands in a column below its heading are percentages."""
    below = [row for row in sheet.rows() if row > heading_row]
    end = next(
        (row for row in below if core(inline(sheet.row(row)[0].text)[0]) in TOTALS), sheet.rows()[-1] + 1
    )
    found = [sheet.at(row, column.first) for row in below if row < end]
    cells = [cell for cell in found if cell is not None and cell.column == column.first]
    texts = [half(cell.text) for cell in cells if not is_dash(cell.text) and not cell.is_formula]
    return bool(texts) and all(text.endswith("%") for text in texts)


def _place(notebook: Notebook, table: IndicatorTable, column: Column) -> None:
    notebook.sheet.take(column.heading)
    column = _told_apart(notebook, table, column)
    if column.key and column.key not in table.columns and column.key != "review":
        table.columns[column.key] = column
        return
    table.others.append(column)
    if column.key == "review":
        words = gettext_noop(
            "is a score of somebody else's: it stays apart from the unit's, and is not taken over"
        )
    elif column.key:
        words = gettext_noop("is a second column of the same kind: the first one was read")
    else:
        words = gettext_noop("is no column of the form")
    notebook.left(column.heading, words)
