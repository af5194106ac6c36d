"""The calendar as its rows have it.

What pages show and lists filter by comes from a copy that each process keeps for a minute;
what decides a date is read afresh, in the transaction that writes the date.
"""

from __future__ import annotations

from datetime import date
from time import monotonic

from evaluations.calendar.counting import Calendar
from evaluations.models import CalendarDay

SECONDS = 60.0
"""How long a process goes by its copy: so long an administrator's change may take to show elsewhere."""


class Copy:
    """A process's copy, and when it was taken.

    Its age is counted by the machine, not by ``audit_log.clock``: whatever day a test or
    the demonstration plays at, the rows are the same.
    """

    calendar: Calendar | None = None
    taken = 0.0


def calendar_in_force() -> Calendar:
    """The calendar, at most a minute old: for showing and filtering. At most one statement."""
    if Copy.calendar is None or monotonic() - Copy.taken > SECONDS:
        Copy.taken = monotonic()
        Copy.calendar = calendar_as_stored()
    return Copy.calendar


def calendar_as_stored() -> Calendar:
    """The calendar as it is stored at this moment: for deciding a date. One statement."""
    rows = list(CalendarDay.objects.order_by().values_list("day", "works", "notice__year"))
    return Calendar(
        exceptions={day: works for day, works, _year in rows},
        years=frozenset(year for _day, _works, year in rows if year is not None),
    )


def forget() -> None:
    """Read the rows again next time."""
    Copy.calendar = None


def end_of_deadline(due: date) -> date:
    """The working day on which a deadline ends: ``due`` itself, or the next one after it."""
    return calendar_as_stored().end_of_deadline(due)


def term_from(start: date, days: int) -> date:
    """The last day of a term of so many calendar days from ``start``, moved to a working day."""
    return calendar_as_stored().term_from(start, days)


def working_day_after(start: date, number: int) -> date:
    """The last day of a term of so many working days from ``start`` (1 or more)."""
    return calendar_as_stored().working_day_after(start, number)


def working_days_before(due: date, number: int) -> date:
    """The working day on which ``number`` working days are left of a deadline."""
    return calendar_as_stored().working_days_before(due, number)
