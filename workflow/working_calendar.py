"""Services on the working-day calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from evaluations.actions import calendar as actions
from evaluations.calendar.planning import DayChange
from evaluations.models import CalendarDay
from workflow.door import refusals_noted


def set_calendar_day(*, day: date, actor: User, **details: Any) -> CalendarDay | None:
    """Change one day by hand. Raises NotAllowed, InvalidInput."""
    row = CalendarDay.objects.filter(day=day).values_list("pk", flat=True).first()
    with refusals_noted("set_calendar_day", actor, "calendarday", row):
        return actions.set_calendar_day(actor=actor, day=day, **details)


def enter_calendar_notice(*, actor: User, **details: Any) -> list[DayChange]:
    """Enter a year's notice, all of it or nothing. Raises NotAllowed, InvalidInput, Outdated."""
    with refusals_noted("enter_calendar_notice", actor, "calendarnotice", None):
        return actions.enter_calendar_notice(actor=actor, **details)
