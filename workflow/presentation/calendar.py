"""The working-day calendar as its pages show it: twelve months, the days that differ, what was changed."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log import clock
from audit_log.models import AuditEvent
from evaluations.actions.calendar import chain_of_year
from evaluations.calendar import calendar_in_force
from evaluations.calendar.counting import SATURDAY
from evaluations.calendar.marked import MarkedDay
from evaluations.calendar.planning import DayChange
from evaluations.models import CalendarDay, CalendarNotice
from workflow.models import OPEN, FlowTask

SHORT_WEEKDAYS = [
    pgettext_lazy("weekday", "Mo"),
    pgettext_lazy("weekday", "Tu"),
    pgettext_lazy("weekday", "We"),
    pgettext_lazy("weekday", "Th"),
    pgettext_lazy("weekday", "Fr"),
    pgettext_lazy("weekday", "Sa"),
    pgettext_lazy("weekday", "Su"),
]
VERBS = {
    "set_calendar_day": gettext_lazy("changed a day"),
    "enter_calendar_notice": gettext_lazy("entered the notice"),
}
LAST_CHANGES = 30


def weekdays() -> list[dict[str, Any]]:
    """The heads of a month's columns, short and in full."""
    return [{"short": short, "full": WEEKDAYS[place]} for place, short in enumerate(SHORT_WEEKDAYS)]


def months_of(year: int, rows: Mapping[date, CalendarDay]) -> list[dict[str, Any]]:
    """Twelve months of weeks; a day of another month is None."""
    today, weeks = clock.today(), Weeks()
    return [
        {
            "name": date_format(date(year, month, 1), "F"),
            "weeks": [
                [cell_of(day, rows.get(day), today) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def cell_of(day: date, row: CalendarDay | None, today: date) -> dict[str, Any]:
    """A day of a month: what it is, in a word, and not by its colour alone."""
    tone, mark = ("weekend" if day.weekday() >= SATURDAY else "", "")
    if row is not None:
        tone = "worked" if row.works else "off"
        mark = pgettext("calendar", "work") if row.works else pgettext("calendar", "off")
    return {
        "number": day.day,
        "tone": tone,
        "mark": mark,
        "name": row.name if row else "",
        "is_today": day == today,
    }


def day_words(day: date, marked: MarkedDay | None) -> str:
    """What a day is, with its holiday."""
    if marked is None:
        return _("rest day of the week") if day.weekday() >= SATURDAY else _("working day of the week")
    # Not within the f-string: what collects the texts to translate does not look into one.
    kind = _("working day") if marked.works else _("day off")
    return f"{kind} · {marked.name}"


def weekday_of(day: date) -> Any:
    return WEEKDAYS[day.weekday()]


def plan_rows(changes: Iterable[DayChange]) -> list[dict[str, Any]]:
    """What entering a notice would do to each day."""
    return [
        {
            "day": change.day,
            "weekday": weekday_of(change.day),
            "before": day_words(change.day, change.before),
            "after": day_words(change.day, change.after),
            "by_hand": change.by_hand,
            "differs": change.differs,
        }
        for change in changes
    ]


def history_of(year: int) -> list[dict[str, Any]]:
    """The last changes of a year's calendar, the latest first."""
    events = AuditEvent.objects.filter(chain=chain_of_year(year)).order_by("-sequence")[:LAST_CHANGES]
    return [
        {
            "at": event.occurred_at,
            "person": event.actor_label,
            "what": VERBS.get(event.verb, event.verb),
            "source": event.data.get("number") or event.data.get("source", ""),
            "changes": [change_words(change) for change in event.data["changes"]],
            "count": ngettext("%(count)s day", "%(count)s days", len(event.data["changes"]))
            % {"count": len(event.data["changes"])},
        }
        for event in events
    ]


def change_words(change: Mapping[str, Any]) -> dict[str, str]:
    """A day's change as the audit chain has kept it, for components/change_list.html."""
    day = date.fromisoformat(change["day"])

    def words(kept: Mapping[str, Any] | None) -> str:
        return day_words(day, MarkedDay(day, kept["works"], kept["name"]) if kept else None)

    return {
        "label": date_format(day, "DATE_FORMAT"),
        "before": words(change["before"]),
        "after": words(change["after"]),
    }


def complete_years(notices: Iterable[CalendarNotice]) -> str:
    """The years whose notice is entered: "2025, 2026"."""
    return _(", ").join(str(notice.year) for notice in notices)


def uncounted_words(days: Iterable[date | None]) -> str:
    """What to know of dates in years whose notice is not entered; empty where all of them are known."""
    years = calendar_in_force().years_without_notice(day for day in days if day is not None)
    if not years:
        return ""
    words = _(
        "The holiday notice of %(years)s is not entered yet: dates in it are counted Monday to Friday,"
        " as if there were no holidays."
    )
    return words % {"years": _(", ").join(map(str, years))}


def uncounted_deadlines(user: Any, years: Iterable[int]) -> list[dict[str, int]]:
    """Open steps of the reader's bureaus that end in a year without a notice, by year."""
    bureaus = sorted(rights_for_reading(user).at(Right.MANAGE_SCHEMES))
    tasks = FlowTask.objects.filter(
        flow_task_type="HUMAN", status__in=OPEN, due__gte=clock.today(), evaluation__bureau__in=bureaus
    )
    by_year = tasks.annotate(year=ExtractYear("due")).exclude(year__in=list(years))
    found = by_year.order_by("year").values_list("year").annotate(Count("pk"))
    return [{"year": year, "count": count} for year, count in found]
