"""A sheet as the form's readers see it: cells with their text, merged ranges, and what was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from evaluations.exchange.form.scan import Range, letters_of

Value = str | Decimal | date | bool
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank. ``text`` is what it shows, stripped; ``value`` what it stores.

    ``struck`` is what stands in it struck through, which is no part of ``text``.
    """

    sheet: str
    row: int
    column: int
    value: Value
    text: str
    number_format: str = "General"
    is_formula: bool = False
    is_error: bool = False
    is_quoted: bool = False
    struck: str = ""

    @property
    def place(self) -> Place:
        return self.row, self.column

    @property
    def address(self) -> str:
        """Such as "Sheet1!C7"."""
        return f"{self.sheet}!{letters_of(self.column)}{self.row}"


@dataclass
class Sheet:
    """A sheet's cells by place; a merged range answers everywhere with its first cell."""

    name: str
    cells: Mapping[Place, Cell]
    merged: Mapping[Place, Range] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False
    taken: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_row: dict[int, list[Cell]] = {}
        for place in sorted(self.cells):
            self.by_row.setdefault(place[0], []).append(self.cells[place])

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that shows at a place, which may be the first of a merged range."""
        span = self.merged.get((row, column))
        return self.cells.get(span[:2] if span else (row, column))

    def span(self, cell: Cell) -> Range:
        """First row, first column, last row and last column that a cell covers."""
        return self.merged.get(cell.place, (cell.row, cell.column, cell.row, cell.column))

    def row(self, row: int) -> list[Cell]:
        """The cells that begin in a row, from left to right."""
        return self.by_row.get(row, [])

    def rows(self) -> list[int]:
        """The rows in which a cell begins."""
        return list(self.by_row)

    def all(self) -> Iterator[Cell]:
        for row in self.by_row.values():
            yield from row

    def shown_in(self, row: int, first: int, last: int) -> list[Cell]:
        """The different cells that show in a row between two columns, merged ones once."""
        found: dict[Place, Cell] = {}
        for column in range(first, last + 1):
            if cell := self.at(row, column):
                found.setdefault(cell.place, cell)
        return list(found.values())

    def right_of(self, cell: Cell) -> Cell | None:
        """The next cell to the right in the same row, merged downwards or not."""
        last = self.span(cell)[3]
        for column in range(last + 1, self.width + 1):
            if found := self.at(cell.row, column):
                return found
        return None

    @property
    def width(self) -> int:
        """The last column with a cell."""
        return max((column for _row, column in self.cells), default=0)

    def take(self, cell: Cell) -> Cell:
        """Mark a cell as understood, so that it is not reported as left over."""
        self.taken.add(cell.place)
        return cell
