"""Verbs on the working-day calendar. There is one for the whole installation: a notice binds everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import User
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotAllowed, Outdated
from audit_log.record import record
from evaluations.calendar.counting import SATURDAY
from evaluations.calendar.in_force import forget
from evaluations.calendar.marked import LONGEST_NAME, MarkedDay, faults_of_days
from evaluations.calendar.planning import (
    DayChange,
    digest_of_plan,
    marked,
    planned,
    words_of_change,
)
from evaluations.calendar.shipped import Notice
from evaluations.models import CalendarDay, CalendarNotice

LONGEST_SOURCE = 200
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class NoticeFields:
    """A notice as somebody enters it."""

    year: int
    number: str
    published_on: date
    title: str = ""
    address: str = ""

    def values(self) -> dict[str, Any]:
        """The columns of its row; without a title it gets the one that all these notices have."""
        title = self.title.strip() or f"国务院办公厅关于{self.year}年部分节假日安排的通知"
        return {
            "title": title,
            "number": self.number.strip(),
            "published_on": self.published_on,
            "address": self.address.strip(),
        }


def require_calendar_keeper(actor: User) -> None:
    """Raises NotAllowed unless ``actor`` maintains the templates of a finance bureau."""
    if not rights_of(actor).anywhere(Right.MANAGE_SCHEMES):
        raise NotAllowed(_("You do not maintain the working-day calendar."), right=Right.MANAGE_SCHEMES)


def lock_calendar() -> None:
    """One change at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('working-day calendar'))")


def changed() -> None:
    """Let this process read the rows again, now and when the change is there for everybody."""
    forget()
    transaction.on_commit(forget)


@transaction.atomic
def set_calendar_day(
    *, actor: User, day: date, works: bool | None, name: str = "", source: str
) -> CalendarDay | None:
    """Say of one day whether it is worked, or with ``works=None`` let it be as the week has it.

    Raises NotAllowed, and InvalidInput without a name or a source, and for a weekday
    that is worked anyway.
    """
    require_calendar_keeper(actor)
    require_fields(day, works, name.strip(), source.strip())
    lock_calendar()
    row = CalendarDay.objects.select_related("notice").filter(day=day).first()
    after = None if works is None else MarkedDay(day, works, name.strip())
    change = DayChange(day, marked(row) if row else None, after)
    if not change.differs:
        return row
    kept = write(change, row, actor, source=source.strip())
    subject = kept or row
    assert subject is not None  # what differs has a row before or after
    record(
        chain=chain_of_year(day.year),
        verb="set_calendar_day",
        actor=actor,
        object=subject,
        data={"changes": [words_of_change(change)], "source": source.strip()},
    )
    changed()
    return kept


def require_fields(day: date, works: bool | None, name: str, source: str) -> None:
    """Raises InvalidInput with what is wrong at each field."""
    faults: dict[str, list[Any]] = {}
    if works and day.weekday() < SATURDAY:
        faults["works"] = [_("A Monday to Friday is worked anyway: choose “as the week has it”.")]
    if works is not None and not name:
        faults["name"] = [_("Say for which holiday.")]
    if len(name) > LONGEST_NAME:
        faults["name"] = [_("A name has at most %(most)s characters.") % {"most": LONGEST_NAME}]
    if not source:
        faults["source"] = [_("Say on what this rests: a notice, or a decision of the local government.")]
    if len(source) > LONGEST_SOURCE:
        faults["source"] = [_("This has at most %(most)s characters.") % {"most": LONGEST_SOURCE}]
    if faults:
        raise InvalidInput(_("Some fields cannot be taken: nothing was saved."), fields=faults)


@transaction.atomic
def enter_calendar_notice(
    *, actor: User, notice: NoticeFields, days: Sequence[MarkedDay], seen: str | None = None
) -> list[DayChange]:
    """Enter what a year's notice says, all of it or nothing, and return what changed.

    ``seen`` is the digest of the plan that the person looked at. Raises NotAllowed,
    InvalidInput with every fault, and Outdated when the calendar changed meanwhile.
    """
    require_calendar_keeper(actor)
    require_days(notice.year, days)
    lock_calendar()
    row = kept_notice(notice, actor)
    stored = {day.day: day for day in CalendarDay.objects.select_related("notice")}
    plan = planned(stored.values(), notice.year, days)
    if seen is not None and seen != digest_of_plan(plan):
        raise Outdated(_("The calendar was changed after you opened the page. Nothing was entered."))
    for change in plan:
        write(change, stored.get(change.day), actor, notice=row)
    found = [change for change in plan if change.differs]
    record(
        chain=chain_of_year(notice.year),
        verb="enter_calendar_notice",
        actor=actor,
        object=row,
        data={
            "number": row.number,
            "published_on": row.published_on,
            "changes": [words_of_change(change) for change in found],
        },
    )
    changed()
    return found


def require_days(year: int, days: Sequence[MarkedDay]) -> None:
    """Raises InvalidInput for a year out of reach, for no days, and for days that cannot be right."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput.at("year", _("This is no year of a holiday notice."))
    if not any(not marked.works for marked in days):
        raise InvalidInput.at("days", _("There are no days off in it."))
    if faults := faults_of_days(year, days):
        lines = [f"{fault.path} {fault.text(gettext)}" for fault in faults]
        raise InvalidInput(_("Some days cannot be taken: nothing was entered."), fields={"days": lines})


def kept_notice(notice: NoticeFields, actor: User) -> CalendarNotice:
    """The year's notice with these values. Raises InvalidInput at its fields."""
    row = CalendarNotice.objects.filter(year=notice.year).first() or CalendarNotice(year=notice.year)
    for name, value in notice.values().items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise InvalidInput(
            _("Some fields cannot be taken: nothing was saved."), fields=error.message_dict
        ) from error
    row.save_as(actor, "enter_calendar_notice")
    return row


def write(
    change: DayChange,
    row: CalendarDay | None,
    actor: User | None,
    *,
    notice: CalendarNotice | None = None,
    source: str = "",
) -> CalendarDay | None:
    """Write one day; with a notice it stands in that, with a source it is by hand."""
    if change.after is None:
        if row is not None:
            row._history_user = actor
            row._change_reason = source[:100]
            row.delete()
        return None
    row = row or CalendarDay(day=change.day)
    row.works, row.name, row.source = change.after.works, change.after.name, source
    row.notice = notice or row.notice
    row.save_as(actor, source[:100] or "notice")
    return row


@transaction.atomic
def load_shipped_notice(notice: Notice) -> bool:
    """Load a year that comes with the product, unless its notice is there; days that are there stay."""
    lock_calendar()
    if CalendarNotice.objects.filter(year=notice.year).exists():
        return False
    values: Mapping[str, Any] = {
        name: getattr(notice, name) for name in ("year", "title", "number", "published_on", "address")
    }
    row = CalendarNotice(**values)
    row.save_as(None, "shipped")
    there = set(CalendarDay.objects.values_list("day", flat=True))
    for marked_day in notice.days:
        if marked_day.day not in there:
            write(DayChange(marked_day.day, None, marked_day), None, None, notice=row)
    changed()
    return True


def chain_of_year(year: int) -> str:
    """The audit chain of a year's calendar."""
    return f"calendar:{year}"
