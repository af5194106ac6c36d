"""The list of evaluations, and the dossier of one with its tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import NotFound
from evaluations.models import Evaluation, Grade, Kind, Stage
from workflow import evaluation_list as lists
from workflow.dossier_reading import DossierReading
from workflow.presentation.evaluation_list import list_row
from workflow.presentation.handing_over import withdrawal_url
from workflow.presentation.links import choice, known
from workflow.views import dossier_tabs as pages

ROWS_A_PAGE = 20
SORTS = {
    "newest": gettext_lazy("Newest first"),
    "deadline": gettext_lazy("By deadline"),
    "number": gettext_lazy("By number"),
    "amount": gettext_lazy("By amount"),
    "score": gettext_lazy("By score"),
}


# --- the list ---------------------------------------------------------------------


@require_safe
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """What the reader may see, with search, filters and order."""
    departments = lists.departments(request.user)
    years = lists.years(request.user)
    asked = asked_for(request, departments, years)
    sort = known(request, "sort", lists.SORTS) or "newest"
    rows = lists.listed(request.user).filter(asked).order_by(*lists.SORTS[sort])
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    parameters: dict[int, Any] = {}
    rights = rights_for_reading(request.user)
    context = {
        "choices": choices_of(request, departments, years),
        "search": request.GET.get("q", ""),
        "is_filtered": bool(asked),
        "page_obj": page,
        "rows": [list_row(evaluation, parameters) for evaluation in page],
        "may_open": rights.anywhere(Right.RUN_EVALUATION),
        "may_see_draws": rights.anywhere(Right.REVIEW_FINANCE) or rights.anywhere(Right.VIEW_AUDIT),
    }
    return render(request, "workflow/evaluation_list.html", context)


def asked_for(request: HttpRequest, departments: list[tuple[int, str]], years: list[int]) -> Q:
    """The search and the filters; values that the selects do not offer are left out."""
    offered: dict[str, set[str]] = {
        "fiscal_year": {str(year) for year in years},
        "kind": set(Kind.values),
        "stage": set(Stage.values),
        "department": {str(pk) for pk, _name in departments},
        "grade": set(Grade.values),
    }
    condition = lists.searched(request.GET.get("q", "").strip())
    for name, values in offered.items():
        if request.GET.get(name) in values:
            condition &= Q(**{name: request.GET[name]})
    return condition


def choices_of(
    request: HttpRequest, departments: list[tuple[int, str]], years: list[int]
) -> list[dict[str, Any]]:
    """The selects of the filter bar."""
    return [
        choice(request, "fiscal_year", _("Fiscal year"), [(year, year) for year in years], _("All years")),
        choice(request, "kind", _("Kind"), Kind.choices, _("All kinds")),
        choice(request, "stage", _("Stage"), Stage.choices, _("All stages")),
        choice(request, "department", _("Department"), departments, _("All departments")),
        choice(request, "grade", _("Grade"), Grade.choices, _("All grades")),
        choice(request, "sort", _("Order"), list(SORTS.items())[1:], SORTS["newest"]),
    ]


# --- the dossier --------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    """One tab of the dossier: its name, its template, and what it shows."""

    label: str | Promise
    template: str
    content: Callable[[DossierReading, HttpRequest], dict[str, Any]]


TABS: dict[str, Tab] = {
    "figures": Tab(gettext_lazy("Figures"), "dossier_figures", pages.figures),
    "scores": Tab(gettext_lazy("Scores"), "dossier_scores", pages.scores),
    "findings": Tab(gettext_lazy("Findings"), "dossier_checked", pages.findings),
    "evidence": Tab(pgettext_lazy("tab", "Evidence"), "dossier_evidence", pages.evidence),
    "opinions": Tab(gettext_lazy("Opinions"), "dossier_opinions", pages.opinions),
    "comments": Tab(gettext_lazy("Comments"), "dossier_comments", pages.comments),
    "history": Tab(gettext_lazy("History"), "dossier_history", pages.history),
    "process": Tab(pgettext_lazy("tab", "Process"), "dossier_process", pages.process),
    "rectification": Tab(gettext_lazy("Rectification"), "dossier_rectification", pages.rectification),
}


@require_safe
def dossier(request: HttpRequest, pk: int, tab: str = "figures") -> HttpResponse:
    """One evaluation. Raises NotFound for an unknown tab and for what is not the reader's to see."""
    if tab not in TABS:
        raise NotFound()
    reading = DossierReading(request.user, pk)
    context = {
        **pages.heading(reading),
        "tabs": tabs_of(reading.evaluation, tab),
        "next_task": pages.next_task(reading),
        "tasks_to_take_over": reading.tasks_to_take_over,
        "withdrawal_url": withdrawal_url(reading),
        **TABS[tab].content(reading, request),
    }
    return render(request, f"workflow/{TABS[tab].template}.html", context)


def tabs_of(evaluation: Evaluation, current: str) -> list[dict[str, Any]]:
    """The tabs as pills."""
    return [
        {
            "label": tab.label,
            "url": reverse("dossier_tab", args=[evaluation.pk, name]),
            "current": name == current,
        }
        for name, tab in TABS.items()
    ]
