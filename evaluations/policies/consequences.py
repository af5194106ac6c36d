"""What a conclusion means for the money: the use of the result, by grade and state of rectification.

财预〔2020〕10号 asks that results be used when the next budget is arranged and leaves the
scale to each office. The table that ships here is our default, no national rule; an office
writes its own into its review policy.

Percentages are of the annual budget, amounts in 万元.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal, get_args

from evaluations.scoring.bands import Grade
from evaluations.strict_json import DocumentFaults, Fault, gettext_noop, read, write

UseOfResult = Literal["support", "keep", "cut", "cancel", "hold"]
"""优先支持, 保持, 压减, 取消, 整改到位前暂缓."""
RectificationState = Literal["none", "open", "closed"]
"""No items, some not closed yet, all closed."""
GRADES: tuple[Grade, ...] = get_args(Grade)
STATES: tuple[RectificationState, ...] = get_args(RectificationState)

HUNDRED = Decimal(100)
PLACES = 2
"""Decimals of a suggested amount in 万元, as the list prints it."""


@dataclass(frozen=True)
class Consequence:
    """One use of a result; ``percent`` (above 0, at most 100) is by how much a cut cuts.

    In a document a use without a percentage is its word alone: "keep".
    """

    short_form = "use"

    use: UseOfResult
    percent: Decimal | None = field(default=None, metadata={"omit_empty": True})


@dataclass(frozen=True)
class GradeRow:
    """What follows from one grade, by the state of rectification."""

    grade: Grade
    none: Consequence
    open: Consequence
    closed: Consequence

    def at(self, state: RectificationState) -> Consequence:
        """What follows in this state."""
        return {"none": self.none, "open": self.open, "closed": self.closed}[state]


@dataclass(frozen=True)
class ConsequenceTable:
    """Every grade × state of rectification, with the use of the result that it names."""

    rows: tuple[GradeRow, ...]

    @classmethod
    def from_json(cls, document: object) -> ConsequenceTable:
        """Read and validate; raises DocumentFaults with every fault."""
        table: ConsequenceTable = read(cls, document)
        if faults := list(table.faults()):
            raise DocumentFaults(faults)
        return table

    def to_json(self) -> dict[str, object]:
        """The document, which ``from_json`` reads back to the same table."""
        document: dict[str, object] = write(self)
        return document

    def faults(self) -> Iterator[Fault]:
        """What no shape can say: each grade once, and a percentage exactly where something is cut."""
        seen: set[str] = set()
        for place, row in enumerate(self.rows):
            if row.grade in seen:
                words = gettext_noop("the grade “%(grade)s” has a row already")
                yield Fault(f"rows[{place}].grade", words, {"grade": row.grade})
            seen.add(row.grade)
            for state in STATES:
                yield from _faults_of(row.at(state), f"rows[{place}].{state}")
        for grade in GRADES:
            if grade not in seen:
                yield Fault("rows", gettext_noop("the grade “%(grade)s” has no row"), {"grade": grade})

    def named(self, grade: str, state: RectificationState) -> Consequence:
        """What the table names for a grade (优, 良, 中, 差). Raises KeyError for anything else."""
        return self._by_grade[grade].at(state)

    @cached_property
    def _by_grade(self) -> dict[str, GradeRow]:
        return {row.grade: row for row in self.rows}


def percent_fits(percent: Decimal) -> bool:
    """Whether a cut can be by this much: above 0, at most 100 %, two decimals."""
    return 0 < percent <= HUNDRED and percent == percent.quantize(Decimal("0.01"))


def _faults_of(found: Consequence, path: str) -> Iterator[Fault]:
    if found.use != "cut":
        if found.percent is not None:
            yield Fault(f"{path}.percent", gettext_noop("only a cut has a percentage"))
    elif found.percent is None:
        yield Fault(f"{path}.percent", gettext_noop("a cut needs its percentage"))
    elif not percent_fits(found.percent):
        words = gettext_noop("must be above 0 and at most 100, with at most two decimals")
        yield Fault(f"{path}.percent", words)


def state_of(items: int, open_items: int) -> RectificationState:
    """The state of rectification of an evaluation with so many items, so many of them not closed."""
    if open_items:
        return "open"
    return "closed" if items else "none"


def suggested_amount(annual: Decimal | None, use: UseOfResult, percent: Decimal | None) -> Decimal | None:
    """Next year's amount in 万元; None where the annual budget is unknown or it is held back.

    A cut is annual × (1 − percent), rounded half up to two decimals; support and keep
    suggest what this year had, a cancelled project gets nothing.
    """
    if use == "cancel":
        return Decimal(0)
    if annual is None or use == "hold":
        return None
    if use == "cut":
        assert percent is not None
        left = annual * (HUNDRED - percent) / HUNDRED
        return left.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    return annual


def _cut(percent: int) -> Consequence:
    return Consequence("cut", Decimal(percent))


SUPPORT, KEEP = Consequence("support"), Consequence("keep")
CANCEL, HOLD = Consequence("cancel"), Consequence("hold")
DEFAULT_TABLE = ConsequenceTable(
    (
        GradeRow("优", none=SUPPORT, open=KEEP, closed=SUPPORT),
        GradeRow("良", none=KEEP, open=KEEP, closed=KEEP),
        GradeRow("中", none=_cut(10), open=_cut(20), closed=_cut(10)),
        GradeRow("差", none=CANCEL, open=HOLD, closed=_cut(50)),
    )
)
