"""The working-day calendar: a year at a glance, one day by hand, a year's notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit_log import clock
from audit_log.errors import InvalidInput, NotFound, Outdated
from evaluations.actions.calendar import FIRST_YEAR, LAST_YEAR
from evaluations.calendar.planning import digest_of_plan, planned
from evaluations.calendar.reading import read_day
from evaluations.models import CalendarDay, CalendarNotice
from evaluations.template_access import may_maintain, may_read
from workflow import working_calendar
from workflow.forms.calendar import DayForm, NoticeForm
from workflow.forms.faults import faults_of, place
from workflow.presentation.calendar import (
    complete_years,
    history_of,
    months_of,
    plan_rows,
    uncounted_deadlines,
    weekday_of,
    weekdays,
)
from workflow.views.person_request import PersonRequest

CHANGING = ["GET", "HEAD", "POST"]


@require_safe
def calendar(request: PersonRequest, year: int | None = None) -> HttpResponse:
    """Twelve months with days off and weekend days worked, and which years are complete."""
    year = clock.today().year if year is None else year
    if not may_read(request.user) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    days = CalendarDay.objects.select_related("notice").filter(day__year=year)
    rows = {row.day: row for row in days}
    notices = list(CalendarNotice.objects.all())
    keeps = may_maintain(request.user)
    known = {notice.year for notice in notices}
    context = {
        "year": year,
        "years": sorted(known | {year, clock.today().year, clock.today().year + 1}),
        "months": months_of(year, rows),
        "weekdays": weekdays(),
        "rows": [{"row": row, "weekday": weekday_of(row.day)} for row in rows.values()],
        "notice": next((notice for notice in notices if notice.year == year), None),
        "complete": complete_years(notices),
        "uncounted": uncounted_deadlines(request.user, known) if keeps else [],
        "history": history_of(year),
        "may_maintain": keeps,
    }
    return render(request, "calendar/year.html", context)


@require_http_methods(CHANGING)
def calendar_day(request: PersonRequest) -> HttpResponse:
    """Say of one day, named by ``?day=``, whether it is worked."""
    require_keeper(request)
    day = read_day(request.GET.get("day", "").strip(), None)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        messages.error(request, _("Choose a date such as 2027-01-01."))
        return redirect("calendar")
    row = CalendarDay.objects.select_related("notice").filter(day=day).first()
    form = DayForm(request.POST) if request.method == "POST" else DayForm.showing(row)
    if form.is_valid() and is_set(request, form, day):
        messages.success(request, _("The day was changed."))
        return redirect("calendar_year", day.year)
    faults = list(faults_of([("", form)]))
    context = {"day": day, "weekday": weekday_of(day), "row": row, "form": form, "faults": faults}
    return render(request, "calendar/day.html", context, status=422 if faults else 200)


def is_set(request: PersonRequest, form: DayForm, day: date) -> bool:
    """Change the day; False with the action's messages at the form's fields."""
    try:
        working_calendar.set_calendar_day(actor=request.user, day=day, **form.values())
    except InvalidInput as error:
        place(error, [form])
        return False
    return True


@require_http_methods(CHANGING)
def enter_notice(request: PersonRequest) -> HttpResponse:
    """Hand in a year's notice, look at what it would change, and enter it."""
    require_keeper(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NoticeForm(*posted)
    if not form.is_valid():
        return notice_page(request, form)
    if form.cleaned_data["seen"]:
        return entered(request, form)
    return preview(request, form)


def preview(request: PersonRequest, form: NoticeForm, changed: str = "") -> HttpResponse:
    """What entering the notice would do to each day, with everything to confirm it."""
    notice = form.notice()
    stored = CalendarDay.objects.select_related("notice")
    plan = planned(stored, notice.year, form.reading.days)
    context = {
        "notice": notice,
        "plan": plan_rows(plan),
        "differing": sum(change.differs for change in plan),
        "hidden": form.to_confirm(digest_of_plan(plan)),
        "changed": changed,
    }
    return render(request, "calendar/preview.html", context, status=409 if changed else 200)


def entered(request: PersonRequest, form: NoticeForm) -> HttpResponse:
    """Enter the notice as it was looked at; what changed meanwhile is looked at again."""
    notice = form.notice()
    try:
        changes = working_calendar.enter_calendar_notice(
            actor=request.user, notice=notice, days=form.reading.days, seen=form.cleaned_data["seen"]
        )
    except InvalidInput as error:
        place(error, [form])
        return notice_page(request, form)
    except Outdated as error:
        return preview(request, form, changed=str(error))
    words = ngettext(
        "The notice of %(year)s is entered: %(count)s day was changed.",
        "The notice of %(year)s is entered: %(count)s days were changed.",
        len(changes),
    )
    messages.success(request, words % {"year": notice.year, "count": len(changes)})
    return redirect("calendar_year", notice.year)


def notice_page(request: PersonRequest, form: NoticeForm) -> HttpResponse:
    """The form that takes a notice, with every fault on top."""
    faults: list[dict[str, Any]] = list(faults_of([("", form)]))
    context = {"form": form, "faults": faults}
    return render(request, "calendar/enter.html", context, status=422 if faults else 200)


def require_keeper(request: PersonRequest) -> None:
    """Raises NotFound for whoever does not maintain the calendar."""
    if not may_maintain(request.user):
        raise NotFound()
