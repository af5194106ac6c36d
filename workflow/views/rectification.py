"""The rectification ledger, and the page of one item with what finance may do there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.access import item_for
from approvals.models import ItemStage, RectificationItem
from audit_log.errors import InvalidInput
from evaluations.access import visible_to
from workflow import ledger as ledgers
from workflow import services
from workflow.access import may_act, open_tasks_of, to_take_over
from workflow.forms.faults import place
from workflow.forms.rectification import STATUS_CHOICES, LedgerFilters, ReopenForm
from workflow.presentation import items as presented
from workflow.views.person_request import PersonRequest

ROWS_A_PAGE = 20


@require_safe
def ledger(request: PersonRequest) -> HttpResponse:
    """All rectification items that the reader may see, the most urgent first."""
    everything = ledgers.ledger_of(request.user)
    filters = LedgerFilters(request.GET, **ledgers.choices_of(everything))
    if not filters.is_valid():
        faults = {name: [str(fault) for fault in found] for name, found in filters.errors.items()}
        raise InvalidInput(_("The ledger cannot be filtered in this way."), fields=faults)
    asked = filters.cleaned_data
    items = everything
    if asked["year"]:
        items = items.filter(evaluation__fiscal_year=asked["year"])
    if asked["department"]:
        items = items.filter(evaluation__department=asked["department"])
    figures = ledgers.figures_of(items)
    rows = ledgers.matching(ledgers.with_status(items, asked["status"]), asked["q"])
    page = Paginator(rows.order_by(*ledgers.SORTS[asked["sort"]]), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "stats": stats_of(figures),
        "pills": pills_of(request, asked["status"], figures),
        "choices": choices_of(filters),
        "hidden": [{"name": "status", "value": asked["status"]}] if asked["status"] else [],
        "asked": asked,
        "page_obj": page,
        "rows": [presented.ledger_row(item) for item in page],
    }
    return render(request, "workflow/ledger.html", context)


def stats_of(figures: ledgers.LedgerFigures) -> list[dict[str, Any]]:
    """The figures on top, for stat_row.html."""
    late = _("overdue (%(number)s by the original due date)") % {"number": figures.overdue_by_original}
    rate = figures.closure_rate
    return [
        {"value": figures.overdue, "label": late, "tone": "red" if figures.overdue else ""},
        {"value": figures.open, "label": _("not closed")},
        {"value": "—" if rate is None else f"{rate:.0%}", "label": _("closure rate this year")},
        {"value": in_days(figures.median_days), "label": _("median time to closure")},
    ]


def in_days(days: float | None) -> str:
    """A length of time in whole days; a dash where there is none."""
    if days is None:
        return "—"
    number = round(days)
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def pills_of(request: PersonRequest, status: str, figures: ledgers.LedgerFigures) -> list[dict[str, Any]]:
    """The statuses as pills with their numbers; everything else that was asked stays."""
    numbers = {"": figures.total, "open": figures.open, "overdue": figures.overdue, "closed": figures.closed}
    return [
        {
            "label": label,
            "url": address(request, status=value),
            "count": numbers[value],
            "current": value == status,
        }
        for value, label in STATUS_CHOICES
    ]


def address(request: PersonRequest, **changes: str) -> str:
    """This page with another choice, from its first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


def choices_of(filters: LedgerFilters) -> list[dict[str, Any]]:
    """Year, department and order, for filter_bar.html."""
    return [
        {"name": name, "label": filters.fields[name].label, "options": filters.options_of(name)}
        for name in ("year", "department", "sort")
    ]


@require_safe
def item(request: PersonRequest, pk: int) -> HttpResponse:
    """One item: what is required, where it stands, what was done in each round."""
    return item_page(request, item_for(request.user, pk), ReopenForm())


def item_page(
    request: PersonRequest, found: RectificationItem, reopen_form: ReopenForm, status: int = 200
) -> HttpResponse:
    decisions = list(
        found.decisions.select_related("actor", "on_behalf_of", "organization", "evaluation__policy")
    )
    files = found.files.select_related("evidence__uploaded_by")
    task = (
        open_tasks_of(found.evaluation_id).filter(item=found).select_related("owner", "organization").first()
    )
    verifies = rights_for_reading(request.user).holds(Right.VERIFY_FINANCE, found.evaluation.bureau_id)
    sees_evaluation = visible_to(request.user).filter(pk=found.evaluation_id).exists()
    context = {
        "item": found,
        "deadline": presented.deadline_of(found),
        "steps": presented.stepper(found, decisions),
        "facts": presented.facts(found, links_evaluation=sees_evaluation),
        "rounds": presented.rounds(found, decisions, files, task),
        "task_url": task_url(request, task),
        "tasks_to_take_over": to_take_over(request.user, [task] if task else []),
        "may_sample": verifies and found.is_open and not found.needs_finance,
        "may_reopen": verifies and found.stage == ItemStage.CLOSED,
        "reopen_form": reopen_form,
    }
    return render(request, "workflow/item.html", context, status=status)


def task_url(request: PersonRequest, task: Any) -> str:
    """The open step, when it is the reader's to take."""
    if task is None or not may_act(request.user, task):
        return ""
    return reverse("task", args=[task.process_id, task.pk])


@require_POST
def sample(request: PersonRequest, pk: int) -> HttpResponse:
    """Finance wants to verify this item too."""
    services.sample(item=item_for(request.user, pk), actor=request.user)
    messages.success(request, _("The item is sampled: the finance bureau verifies it as well."))
    return redirect("item", pk=pk)


@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Finance reopens a closed item, with a reason and a new due date."""
    found = item_for(request.user, pk)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            services.reopen(item=found, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The item is open again: measures are planned anew."))
            return redirect("item", pk=pk)
    return item_page(request, found, form, status=422)
