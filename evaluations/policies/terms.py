"""The terms of rectification that an office sets in its review policy.

No national rule sets a term: what ships here is our default. Measures within 30 calendar days of
the receipt; the day of completion stands in the notice, item by item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from evaluations.scoring.bands import Grade
from evaluations.strict_json import Fault, gettext_noop

ItemSeverity = Literal["serious", "general", "minor"]
SEVERITIES: tuple[ItemSeverity, ...] = get_args(ItemSeverity)
MOST_DAYS = 365
MOST_EXTENSIONS = 10
MOST_RUNGS = 10


@dataclass(frozen=True)
class Rungs:
    """When whoever carries an item out is reminded, and when it goes up.

    ``before`` are working days before a deadline, ``overdue`` working days after it; on its day
    a reminder always goes out. ``head_after`` and ``chief_after`` are working days after it from
    which the department's head and the finance chief are told; None never.
    """

    before: tuple[int, ...]
    overdue: tuple[int, ...]
    head_after: int | None = None
    chief_after: int | None = None


@dataclass(frozen=True)
class Ladder:
    """The reminders by severity."""

    serious: Rungs
    general: Rungs
    minor: Rungs

    def of(self, severity: ItemSeverity) -> Rungs:
        """The rungs for items of this severity."""
        return {"serious": self.serious, "general": self.general, "minor": self.minor}[severity]


DEFAULT_LADDER = Ladder(
    serious=Rungs(before=(10, 5, 3, 1), overdue=(1, 3, 5, 10), head_after=1, chief_after=5),
    general=Rungs(before=(5, 1), overdue=(1, 5, 10), head_after=5, chief_after=15),
    minor=Rungs(before=(3,), overdue=(1, 10), head_after=10),
)


@dataclass(frozen=True)
class RectificationTerms:
    """Calendar days for measures and for an objection, from the receipt; how often a due date moves.

    ``holding`` are the grades that put next year's similar application on hold as long as an
    item is not closed; fair and poor unless the office says otherwise.
    """

    measures_days: int = 30
    objection_days: int = 15
    extensions: int = 2
    ladder: Ladder = DEFAULT_LADDER
    holding: tuple[Grade, ...] = ("中", "差")

    def faults(self) -> Iterator[Fault]:
        """What no shape can say."""
        for name in ("measures_days", "objection_days"):
            if not 1 <= getattr(self, name) <= MOST_DAYS:
                yield Fault(name, gettext_noop("must be from 1 to 365"))
        if not 0 <= self.extensions <= MOST_EXTENSIONS:
            yield Fault("extensions", gettext_noop("must be from 0 to 10"))
        if len(set(self.holding)) != len(self.holding):
            yield Fault("holding", gettext_noop("name each grade once"))
        for severity in SEVERITIES:
            yield from _faults_of(self.ladder.of(severity), f"ladder.{severity}")


def _faults_of(rungs: Rungs, path: str) -> Iterator[Fault]:
    for name in ("before", "overdue"):
        days = getattr(rungs, name)
        if len(days) > MOST_RUNGS or len(set(days)) != len(days):
            yield Fault(f"{path}.{name}", gettext_noop("name at most ten days, each once"))
        elif not all(1 <= day <= MOST_DAYS for day in days):
            yield Fault(f"{path}.{name}", gettext_noop("must be from 1 to 365"))
    for name in ("head_after", "chief_after"):
        day = getattr(rungs, name)
        if day is not None and not 1 <= day <= MOST_DAYS:
            yield Fault(f"{path}.{name}", gettext_noop("must be from 1 to 365"))


DEFAULT_TERMS = RectificationTerms()
