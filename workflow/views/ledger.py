"""The rectification ledger."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from audit_log.errors import InvalidInput
from workflow import ledger as ledgers
from workflow.forms.ledger import STATUS_CHOICES, LedgerFilters
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
