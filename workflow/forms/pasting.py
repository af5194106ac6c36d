"""Rows copied from a spreadsheet into the indicator table: read, placed, and what could not be told.

Nothing is stored here: what was pasted becomes what somebody might have typed, to be looked
at and saved. Targets and figures are read as in the official form.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from django.utils.translation import gettext as _

from evaluations.exchange.form.words import INDICATOR_COLUMNS, SUBTOTAL, TOTALS, column_of, core, is_dash
from workflow.forms.indicators import IndicatorForm
from workflow.forms.pasted_cells import PLACERS, PREFIX, Data, Pasted, line
from workflow.forms.rows import MOST_ROWS, add_row
from workflow.whole_numbers import whole_number

MOST_CHARACTERS = 200_000
# The official form's columns, from left to right: so rows without a heading are read.
ORDER = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
# Where reading begins when the cursor stands in a field.
COLUMN_OF_FIELD = {
    "level1": "level1",
    "level1_local": "level1",
    "level2": "level2",
    "name": "name",
    "comparator": "target",
    "target_value": "target",
    "target_text": "target",
    "actual_value": "actual",
    "actual_text": "actual",
    "weight": "weight",
    "score": "score",
    "deviation_reason": "reason",
    "unit_of_measure": "unit",
    "stated_completion_rate": "completion_rate",
    "stated_met": "met",
    "direction": "nature",
    "kind": "nature",
}
HEADINGS_AT_LEAST = 2


def paste(data: Data, text: str, field_name: str = "") -> Pasted:
    """Place copied rows into the posted form.

    With ``field_name`` ("indicators-2-weight") they fill rows and columns from there; without,
    a row goes to the indicator of its name, else below the others. A first row of headings
    says what each column is, wherever it is pasted.
    """
    pasted = Pasted(data.copy())
    rows = rows_of(text, pasted)
    place, column = start_of(field_name)
    columns = headed(rows[0]) if rows else None
    if columns is not None:
        rows = rows[1:]
    else:
        columns = columns_from(column)
    levels: dict[str, str] = {}
    names = pasted.names()
    for number, row in enumerate(rows):
        cells = cells_of(row, columns, number, pasted)
        if cells is None:
            continue
        for level in ("level1", "level2"):
            # Merged cells are copied as one cell with blanks below it.
            if level in columns.values():
                cells[level] = levels[level] = cells.get(level) or levels.get(level, "")
        target = place if place is not None else row_named(names, cells.get("name", ""), pasted.count)
        place = None if place is None else place + 1
        if not with_row(pasted, target):
            pasted.left.append(_("There is room for %(most)s indicators at most.") % {"most": MOST_ROWS})
            break
        fill_row(pasted, target, cells)
        names.setdefault(pasted.typed(target, "name").strip(), target)
    return pasted


def rows_of(text: str, pasted: Pasted) -> list[list[str]]:
    """The copied cells: columns by tabs, a cell with line breaks in quotation marks."""
    if len(text) > MOST_CHARACTERS:
        pasted.left.append(_("This is more than can be pasted at once: use a file."))
        return []
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t")
    try:
        rows = [[cell.strip() for cell in row] for row in reader]
    except csv.Error:
        rows = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    return [row for row in rows if any(row)]


def start_of(field_name: str) -> tuple[int | None, str]:
    """The row and the column at which the cursor stands."""
    parts = field_name.split("-")
    known = len(parts) == 3 and parts[0] == PREFIX and parts[2] in COLUMN_OF_FIELD
    place = whole_number(parts[1]) if known else None
    if place is None:
        return None, ORDER[0]
    return place, COLUMN_OF_FIELD[parts[2]]


def columns_from(column: str) -> dict[int, str]:
    """What the copied columns are, without headings."""
    order = ORDER[ORDER.index(column) :] if column in ORDER else (column,)
    return dict(enumerate(order))


def headed(row: list[str]) -> dict[int, str] | None:
    """What a row of headings says each column is; None for a row that is none."""
    found = {
        place: column
        for place, cell in enumerate(row)
        if cell and (column := column_of(cell, INDICATOR_COLUMNS))
    }
    return found if len(found) >= HEADINGS_AT_LEAST else None


def cells_of(
    row: list[str], columns: Mapping[int, str], number: int, pasted: Pasted
) -> dict[str, str] | None:
    """A row's cells by column; None for a sum, which the form adds up itself."""
    first = next((cell for cell in row if cell), "")
    if core(first) in TOTALS or SUBTOTAL.fullmatch(core(first)):
        pasted.left.append(
            _("Row %(row)s: “%(text)s” is a sum, which the form adds up.")
            % {"row": number + 1, "text": first[:40]}
        )
        return None
    cells: dict[str, str] = {}
    for place, cell in enumerate(row):
        if not cell:
            continue
        if place in columns:
            cells[columns[place]] = cell
        else:
            pasted.left.append(
                _("Row %(row)s, column %(column)s: “%(text)s” has no field here.")
                % {"row": number + 1, "column": place + 1, "text": cell[:40]}
            )
    return cells


def row_named(names: Mapping[str, int], name: str, below: int) -> int:
    """The row of this name, else the one below the last."""
    return names.get(line(name), below) if name else below


def with_row(pasted: Pasted, place: int) -> bool:
    """Add rows until there is one at this place; False when the table has no room for it."""
    if place >= MOST_ROWS:
        return False
    while pasted.count <= place:
        if not add_row(pasted.data, PREFIX, IndicatorForm):
            return False
        pasted.added += 1
    return True


def fill_row(pasted: Pasted, place: int, cells: Mapping[str, str]) -> None:
    """Write a row's cells into its fields."""
    order = [*PLACERS, *(column for column in cells if column not in PLACERS)]
    for column in order:
        cell = cells.get(column, "")
        if column == "number" or is_dash(cell):
            continue
        fault = PLACERS[column](pasted, place, cell) if column in PLACERS else _("has no field here")
        if fault:
            pasted.left.append(
                _("Indicator %(place)s: “%(text)s” %(fault)s.")
                % {"place": place + 1, "text": cell[:40], "fault": fault}
            )
        else:
            pasted.cells += 1
            pasted.rows.add(place)
