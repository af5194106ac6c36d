"""What one reading of a form writes down: the document, the remarks and the faults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from evaluations.exchange.form import bounds
from evaluations.exchange.form.sheet import Cell, Sheet
from evaluations.exchange.understanding import Remark, Weight
from evaluations.strict_json import Fault, gettext_noop


class Notebook:
    """A sheet being read into a dossier/1 document.

    ``sources`` says which cell a path of the document came from.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.document: dict[str, Any] = blank_document()
        self.faults: list[Fault] = []
        self.sources: dict[str, str] = {}
        self._remarks: list[tuple[tuple[int, int], Remark]] = []
        self._told: set[tuple[tuple[int, int], str]] = set()

    def understood(self, cell: Cell, words: str, **values: str) -> None:
        self._remark("understood", cell, words, values)

    def doubtful(self, cell: Cell, words: str, **values: str) -> None:
        self._remark("doubtful", cell, words, values)

    def left(self, cell: Cell, words: str, **values: str) -> None:
        """A cell that has no place in a dossier: reported, and not looked at again."""
        self.sheet.take(cell)
        self._remark("left", cell, words, values)

    def fault(self, cell: Cell, words: str, **values: str) -> None:
        self.faults.append(Fault(cell.address, words, values))

    def about_sheet(self, weight: Weight, words: str, **values: str) -> None:
        """A remark on the sheet as a whole."""
        self._remarks.append(((0, 0), Remark(self.sheet.name, weight, words, values)))

    def remarks(self) -> tuple[Remark, ...]:
        """The remarks in the sheet's order, no more than a person would read."""
        ordered = together(remark for _place, remark in sorted(self._remarks, key=lambda pair: pair[0]))
        if len(ordered) <= bounds.MOST_REMARKS:
            return tuple(ordered)
        words = gettext_noop("%(count)s further remarks are not shown")
        count = str(len(ordered) - bounds.MOST_REMARKS)
        return (*ordered[: bounds.MOST_REMARKS], Remark(self.sheet.name, "doubtful", words, {"count": count}))

    def _remark(self, weight: Weight, cell: Cell, words: str, values: dict[str, str]) -> None:
        if (cell.place, words) in self._told:
            return
        self._told.add((cell.place, words))
        found = (cell.text or cell.struck)[: bounds.LONGEST_FOUND]
        self._remarks.append((cell.place, Remark(cell.address, weight, words, values, found)))


def together(remarks: Iterable[Remark]) -> list[Remark]:
    """What was understood in the same way in many cells is said once, with all the cells."""
    groups: dict[object, list[Remark]] = {}
    for place, remark in enumerate(remarks):
        same = (remark.words, *sorted(remark.values.items()))
        is_alike = remark.weight == "understood" and "!" in remark.place and remark.values
        groups.setdefault(same if is_alike else place, []).append(remark)
    return [_in_one(group) if len(group) > 1 else group[0] for group in groups.values()]


def _in_one(remarks: list[Remark]) -> Remark:
    first, *others = (remark.place for remark in remarks)
    cells = [first, *(place.rpartition("!")[2] for place in others[: bounds.MOST_CELLS_NAMED - 1])]
    place = "、".join(cells) + ("…" if len(others) >= bounds.MOST_CELLS_NAMED else "")
    return replace(remarks[0], place=place, found="")


def blank_document() -> dict[str, Any]:
    """A dossier/1 document that says nothing yet."""
    return {
        "format": "dossier/1",
        "currency_unit": "万元",
        "project": {"unit": None, "name": None, "fiscal_year": None, "department": None, "region": None},
        "evaluation": {"kind": "self", "scheme": None, "title": None, "report_date": None, "base_date": None},
        "budget": {
            "declared": None,
            "initial": None,
            "annual": None,
            "received": None,
            "paid": None,
            "stated_execution_rates": [],
            "weight": None,
            "stated_score": None,
            "rows": [],
            "lines": [],
            "stated_totals": [],
            "completed_within_budget": None,
            "reason": None,
        },
        "goal": {"expected": None, "achieved": None},
        "indicators": [],
        "stated": {"total": None, "grade": None, "by_level1": {}, "level1_weights": {}},
        "problems": [],
        "recommendations": [],
        "team": [],
        "report": [],
    }
