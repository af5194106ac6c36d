"""The rectification ledger: its filters, its figures, the views that a reader keeps of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from approvals.models import RectificationItem
from audit_log.errors import InvalidInput
from workflow import ledger as ledgers
from workflow import ledger_views
from workflow.forms.faults import place
from workflow.forms.ledger import PILLS, LedgerFilters, LedgerViewForm
from workflow.models import LedgerView
from workflow.presentation.ledger import grouped, page_row
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number

ROWS_A_PAGE = 20
CHOICES = ("year", "year_to", "department", "unit", "status", "age", "severity", "kind", "money", "sort")
AMOUNTS = ("amount_from", "amount_to")
FURTHER = tuple(name for name in (*CHOICES, *AMOUNTS) if name != "status")
"""What the page folds away until it is used: the most usual statuses are pills as well."""


@dataclass(frozen=True)
class Asked:
    """What a query string asks of the reader's ledger."""

    filters: LedgerFilters
    rows: QuerySet[RectificationItem]
    """Exactly the rows asked for."""
    besides_status: QuerySet[RectificationItem]
    """What would be asked for with no status chosen, proposed items among them."""

    @property
    def status(self) -> str:
        return str(self.filters.cleaned_data["status"])

    @property
    def in_order(self) -> QuerySet[RectificationItem]:
        return ledgers.in_order(self.rows, self.filters.cleaned_data["sort"])


def asked_for(user: Any, query: QueryDict) -> Asked:
    """The rows that a query string asks for. Raises InvalidInput for what means nothing."""
    everything = ledgers.ledger_of(user)
    filters = LedgerFilters(query, **ledgers.choices_of(everything))
    require_meaning(filters)
    besides_status = ledgers.besides_status(everything, filters.cleaned_data)
    rows = ledgers.with_status(besides_status, filters.cleaned_data["status"])
    return Asked(filters, rows, besides_status)


def require_meaning(filters: LedgerFilters) -> None:
    """Raises InvalidInput, at its fields, for a question that means nothing."""
    if not filters.is_valid():
        faults = {name: [str(fault) for fault in found] for name, found in filters.errors.items()}
        raise InvalidInput(_("The ledger cannot be filtered in this way."), fields=faults)


@require_safe
def ledger(request: PersonRequest) -> HttpResponse:
    """All rectification items that the reader may see, the most urgent first."""
    return shown(request, request.GET)


def shown(request: PersonRequest, query: QueryDict, view_form: LedgerViewForm | None = None) -> HttpResponse:
    """The ledger's page; with a form that could not be taken it says what is wrong there."""
    asked = asked_for(request.user, query)
    figures = ledgers.figures_of(asked.rows)
    page = page_of(asked, figures, query)
    query_now = asked.filters.query()
    views = list(ledger_views.views_of(request.user))
    current = next((view for view in views if view.query == query_now), None)
    context = {
        "stats": stats_of(figures),
        "closure": closure_of(figures),
        "pills": pills_of(asked),
        "filters": asked.filters,
        "choices": choices_of(asked.filters),
        "amounts": [asked.filters[name] for name in AMOUNTS],
        "is_narrowed": any(asked.filters.cleaned_data[name] not in (None, "") for name in FURTHER),
        "page_obj": page,
        "rows": [page_row(item) for item in page],
        "query": query_now,
        "views": [view_link(view, view == current) for view in views],
        "current_view": current,
        "view_form": view_form or LedgerViewForm(initial={"name": current.name if current else ""}),
        "files": file_links(query_now),
        "all_label": all_label(figures.open),
    }
    return render(request, "workflow/ledger.html", context, status=422 if view_form else 200)


def page_of(asked: Asked, figures: ledgers.LedgerFigures, query: QueryDict) -> Page[Any]:
    """One page of the rows; the figures have counted them already."""
    paginator = Paginator(asked.in_order, ROWS_A_PAGE)
    paginator.__dict__["count"] = figures.total
    return paginator.get_page(query.get("page"))


def stats_of(figures: ledgers.LedgerFigures) -> list[dict[str, Any]]:
    """The figures of the rows, for stat_row.html."""
    late = _("overdue (%(number)s by the original due date)") % {"number": figures.overdue_by_original}
    open_of = _("items, %(number)s of them not closed") % {"number": figures.open}
    return [
        {"value": figures.overdue, "label": late, "tone": "red" if figures.overdue else ""},
        {"value": figures.total, "label": open_of},
        {"value": grouped(figures.amount), "label": _("amount involved (10,000 yuan)")},
        {"value": grouped(figures.settled), "label": _("amount settled (10,000 yuan)")},
        {"value": grouped(figures.outstanding), "label": _("amount outstanding (10,000 yuan)")},
    ]


def closure_of(figures: ledgers.LedgerFigures) -> str:
    """How far and how fast the rows were closed, as a sentence."""
    rate = figures.closure_rate
    words = _("Closure rate this year %(rate)s, median time to closure %(days)s.")
    return words % {"rate": "—" if rate is None else f"{rate:.0%}", "days": in_days(figures.median_days)}


def in_days(days: float | None) -> str:
    """A length of time in whole days; a dash where there is none."""
    if days is None:
        return "—"
    number = round(days)
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def pills_of(asked: Asked) -> list[dict[str, Any]]:
    """The statuses as pills with their numbers; everything else that was asked stays."""
    numbers = ledgers.numbers_of(asked.besides_status, *(value for value, _label in PILLS))
    return [
        {
            "label": label,
            "url": address(asked.filters.query(), status=value),
            "count": numbers[value],
            "current": value == asked.status,
        }
        for value, label in PILLS
    ]


def address(query: str, **changes: str) -> str:
    """The ledger with these filters, from its first page on."""
    changed = QueryDict(query, mutable=True)
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"{reverse('ledger')}?{changed.urlencode()}"


def choices_of(filters: LedgerFilters) -> list[dict[str, Any]]:
    """The selects of the filters."""
    return [
        {"name": name, "label": filters.fields[name].label, "options": filters.options_of(name)}
        for name in CHOICES
    ]


def file_links(query: str) -> list[dict[str, str]]:
    """The files of what is filtered."""
    labels = {"xlsx": _("Export (Excel)"), "pdf": _("Export (PDF)")}
    return [
        {"label": label, "url": f"{reverse('export_ledger', args=[form])}?{query}"}
        for form, label in labels.items()
    ]


def all_label(number: int) -> str:
    """The button that reminds at everything that is filtered and open; empty where nothing is."""
    if not number:
        return ""
    words = ngettext(
        "Remind at the %(number)s open item of this filter",
        "Remind at all %(number)s open items of this filter",
        number,
    )
    return words % {"number": number}


def view_link(view: LedgerView, is_current: bool) -> dict[str, Any]:
    return {"label": view.name, "url": address(view.query), "current": is_current}


@require_POST
def save_view(request: PersonRequest) -> HttpResponse:
    """Keep the filters under a name, or rename the view that is looked at. Raises InvalidInput, NotFound."""
    query = QueryDict(request.POST.get("query", ""))
    asked = asked_for(request.user, query)
    form = LedgerViewForm(request.POST)
    renamed = request.POST.get("view", "")
    if form.is_valid():
        view = ledger_views.view_for(request.user, whole_number(renamed) or 0) if renamed else None
        try:
            saved = ledger_views.save_view(
                actor=request.user, query=asked.filters.query(), renamed=view, **form.cleaned_data
            )
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": saved.name})
            return redirect(address(saved.query))
    return shown(request, query, form)


@require_POST
def delete_view(request: PersonRequest, pk: int) -> HttpResponse:
    """Drop a view of one's own. Raises NotFound."""
    view = ledger_views.view_for(request.user, pk)
    ledger_views.delete_view(actor=request.user, view=view)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(address(view.query))
