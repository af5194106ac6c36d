"""Counting in working days: Monday to Friday, less public holidays, plus the weekend days worked for them.

A deadline that falls on a day off ends with the first working day after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from audit_log import clock

SATURDAY = 5
DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``: settings name the exceptions as ISO dates."""
    text = day.isoformat()
    if text in settings.EXTRA_WORKING_DAYS:
        return True
    return day.weekday() < SATURDAY and text not in settings.PUBLIC_HOLIDAYS


def working_days_after(day: date) -> Iterator[date]:
    """The working days after ``day``, the next one first, without end."""
    while True:
        day += DAY
        if is_working_day(day):
            yield day


def end_of_deadline(due: date) -> date:
    """The working day on which a deadline ends: ``due`` itself, or the next one after it."""
    return next(working_days_after(due - DAY))


def working_days_left(due: date | None, today: date | None = None) -> int | None:
    """Working days until the deadline ends: 0 on its last day, negative when late, None without one."""
    if due is None:
        return None
    today = today or clock.today()
    end = end_of_deadline(due)
    if today > end:
        # Late on the very next day, even when that is a day off.
        return -max(1, working_days_between(end, today))
    return working_days_between(today, end)


def working_days_between(earlier: date, later: date) -> int:
    """How many working days lie after ``earlier``, up to and including ``later``."""
    days = (later - earlier).days
    return sum(is_working_day(earlier + DAY * number) for number in range(1, days + 1))


def last_overdue(today: date | None = None) -> date:
    """The latest due date that is overdue today: for a query, ``due__lte``."""
    day = (today or clock.today()) - DAY
    while not is_working_day(day):
        day -= DAY
    return day


def due_within(number: int, today: date | None = None) -> date:
    """The latest due date whose deadline ends within ``number`` working days: for a query, ``due__lte``."""
    days = working_days_after(today or clock.today())
    for _ in range(number - 1):
        next(days)
    return next(days)
