"""Deadlines as pages show them and queries ask for them: in working days from today.

What decides a date (a term, an extension) asks ``evaluations.calendar``, which reads the
rows afresh; here the copy of the last minute will do.
"""

from __future__ import annotations

from datetime import date

from audit_log import clock
from evaluations.calendar import calendar_in_force


def working_days_left(due: date | None, today: date | None = None) -> int | None:
    """Working days until the deadline ends: 0 on its last day, negative when late, None without one."""
    return None if due is None else calendar_in_force().left(due, today or clock.today())


def last_overdue(today: date | None = None) -> date:
    """The latest due date that is overdue today: for a query, ``due__lte``."""
    return calendar_in_force().last_overdue(today or clock.today())


def due_within(number: int, today: date | None = None) -> date:
    """The latest due date whose deadline ends within ``number`` working days: for a query, ``due__lte``."""
    return calendar_in_force().working_day_after(today or clock.today(), number)
