"""Which reminders of a rectification item are due: no rows, no clock.

The review policy's ladder says on which working days before and after a deadline somebody is told.
A deadline is armed for its date and the item's round: an extension, a return and a reopening change
one of the two, so the ladder begins anew by itself. Of several rungs that were reached since
somebody looked last, each group is told the latest alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from approvals.models import NOT_RUNNING, ItemStage, RectificationItem
from evaluations.calendar import Calendar
from evaluations.policies.terms import Rungs

RECEIPT_DAYS = 5
"""Working days in which a notice is signed for, and after which it is reminded of once more."""

RECEIPT, MEASURES, COMPLETION = "receipt", "measures", "completion"
ASKED, HEAD, CHIEF = "asked", "head", "chief"
PLANNING = (ItemStage.PLANNING, ItemStage.PLAN_REVIEW)


@dataclass(frozen=True)
class Standing:
    """What of an item its reminders depend on; ``issued_on`` is the day of its notice."""

    stage: str
    round: int
    due: date
    measures_due: date | None = None
    issued_on: date | None = None


@dataclass(frozen=True)
class Arming:
    """A deadline in a round. A receipt has no deadline: its ``day`` is that of the notice."""

    kind: str
    day: date
    round: int

    @property
    def key(self) -> str:
        """As it is stored: ``completion:2026-05-08:1``."""
        return f"{self.kind}:{self.day.isoformat()}:{self.round}"


@dataclass(frozen=True)
class Rung:
    """So many working days before or after a deadline: a group is told."""

    name: str
    days: int

    @property
    def key(self) -> str:
        """As it is stored: ``before:5``, ``day:0``, ``overdue:1``, ``head:5``, ``receipt:10``."""
        return f"{self.name}:{self.days}"

    @property
    def group(self) -> str:
        """Who is told: whoever the item asks, the department's head, or the finance chief."""
        return self.name if self.name in (HEAD, CHIEF) else ASKED

    @property
    def offset(self) -> int:
        """Working days after the deadline; negative before it."""
        return -self.days if self.name == "before" else self.days

    def day(self, start: date, calendar: Calendar) -> date:
        """The working day from which the rung counts as reached."""
        if self.name == RECEIPT:
            return calendar.working_day_after(start, self.days)
        if self.offset <= 0:
            return calendar.working_days_before(start, -self.offset)
        return calendar.working_day_after(calendar.end_of_deadline(start), self.offset)


@dataclass(frozen=True)
class Reached:
    """A rung that was reached and is not written down yet; told, or passed over for a later one."""

    arming: Arming
    rung: Rung
    is_told: bool


def armings_of(item: Standing) -> list[Arming]:
    """The deadlines that count at the item's stage.

    While measures are planned and looked at it is the day by which they are due, at any other
    running stage the day of completion; whichever comes first where measures would be due after
    the item itself. A notice that nobody has signed is reminded of besides: not to sign stops no
    deadline.
    """
    if item.stage in NOT_RUNNING:
        return []
    armings = [deadline_of(item)]
    if item.stage == ItemStage.ISSUED and item.issued_on is not None:
        armings.append(Arming(RECEIPT, item.issued_on, item.round))
    return armings


def deadline_of(item: Standing) -> Arming:
    """The one deadline that a running item has at its stage."""
    if item.stage in PLANNING and item.measures_due is not None and item.measures_due < item.due:
        return Arming(MEASURES, item.measures_due, item.round)
    return Arming(COMPLETION, item.due, item.round)


def due_at(item: RectificationItem, stage: str) -> date:
    """When the step that a stage asks for is due: the measures, or the item itself."""
    return deadline_of(Standing(stage, item.round, item.due, item.measures_due)).day


def rungs_of(rungs: Rungs) -> list[Rung]:
    """A policy's ladder from the first rung to the last."""
    found = [Rung("before", days) for days in rungs.before]
    found.append(Rung("day", 0))
    found += [Rung("overdue", days) for days in rungs.overdue]
    found += [Rung(HEAD, rungs.head_after)] if rungs.head_after else []
    found += [Rung(CHIEF, rungs.chief_after)] if rungs.chief_after else []
    return sorted(found, key=lambda rung: rung.offset)


def reached(arming: Arming, rungs: Rungs, calendar: Calendar, today: date) -> list[Rung]:
    """The rungs of a deadline up to ``today``, the earliest first."""
    if arming.kind == RECEIPT:
        return list(receipt_rungs(arming.day, calendar, today))
    return [rung for rung in rungs_of(rungs) if rung.day(arming.day, calendar) <= today]


def receipt_rungs(issued_on: date, calendar: Calendar, today: date) -> Iterator[Rung]:
    """One rung for every five working days that have gone by since the notice."""
    for number in range(1, calendar.between(issued_on, today) // RECEIPT_DAYS + 1):
        yield Rung(RECEIPT, number * RECEIPT_DAYS)


def newly_reached(
    item: Standing,
    rungs: Rungs,
    calendar: Calendar,
    today: date,
    written: Collection[tuple[str, str]],
) -> list[Reached]:
    """The rungs that are to be written down today, with those of each group that are told.

    ``written`` are the keys of armings and rungs that are on record. However many rungs were
    passed while nobody looked, a group is told of the latest alone.
    """
    found = []
    for arming in armings_of(item):
        latest: dict[str, Rung] = {}
        ladder = reached(arming, rungs, calendar, today)
        for rung in ladder:
            latest[rung.group] = rung
        found += [
            Reached(arming, rung, is_told=latest[rung.group] == rung)
            for rung in ladder
            if (arming.key, rung.key) not in written
        ]
    return found


def horizon(longest: int, calendar: Calendar, today: date) -> date:
    """The latest due date of which a rung ``longest`` working days before it can be reached today."""
    return calendar.working_day_after(today, longest) if longest else today
