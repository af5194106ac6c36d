"""Applications on hold (暂缓安排项目清单), on the page and as a workbook."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.models import ResultUse
from audit_log import clock
from audit_log.errors import NotFound
from evaluations.exchange.on_hold_list import HeldItem, HeldProject, on_hold_xlsx
from evaluations.exchange.writing import FORMATS
from evaluations.models import Grade
from workflow import next_year as lists
from workflow import on_hold as holding
from workflow.presentation.ledger import light_of
from workflow.presentation.links import choice, known
from workflow.presentation.on_hold import list_row
from workflow.views.person_request import PersonRequest

ROWS_A_PAGE = 50


def asked_for(request: PersonRequest, everything: QuerySet[ResultUse]) -> tuple[QuerySet[ResultUse], Any]:
    """The rows asked for, and the selects; unknown values are left out."""
    years = lists.years_of(everything)
    departments = lists.departments_with_uses(everything)
    found = everything
    if year := known(request, "year", {str(year): year for year in years}):
        found = found.filter(evaluation__fiscal_year=int(year))
    if department := known(request, "department", {str(pk): name for pk, name in departments}):
        found = found.filter(evaluation__department=int(department))
    if grade := known(request, "grade", dict(Grade.choices)):
        found = found.filter(grade=grade)
    choices = [
        choice(request, "year", _("Fiscal year"), [(year, year) for year in years], _("All years")),
        choice(request, "department", _("Department"), departments, _("All departments")),
        choice(request, "grade", _("Grade"), Grade.choices, _("All grades")),
    ]
    return lists.matching(found, request.GET.get("q", "")[:100]), choices


def held_projects(request: PersonRequest) -> QuerySet[ResultUse]:
    """Everything that is on hold for the reader. Raises NotFound for whoever has no list."""
    if not lists.may_read(request.user):
        raise NotFound()
    return holding.listed(request.user)


@require_safe
def on_hold(request: PersonRequest) -> HttpResponse:
    """Which projects' similar applications are on hold, why, and until what is done."""
    uses, choices = asked_for(request, held_projects(request))
    departments = holding.totals_by_department(uses)
    page = Paginator(holding.with_rows(uses), ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "choices": choices,
        "search": request.GET.get("q", ""),
        "departments": departments,
        "total": holding.sum_of(departments),
        "page_obj": page,
        "rows": [list_row(row) for row in holding.rows_of(page, request.user)],
        "export_url": f"{reverse('export_on_hold')}?{query.urlencode()}",
    }
    return render(request, "workflow/on_hold.html", context)


@require_safe
def export_on_hold(request: PersonRequest) -> HttpResponse:
    """The rows that the page shows, all of them, as a workbook. Raises NotFound while there are none."""
    uses, _choices = asked_for(request, held_projects(request))
    rows = holding.rows_of(holding.with_rows(uses), request.user)
    if not rows:
        raise NotFound()
    today = clock.today()
    content = on_hold_xlsx(today, [held_project(row) for row in rows])
    response = HttpResponse(content, content_type=FORMATS["xlsx"].media_type)
    name = f"暂缓安排项目清单{today:%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def held_project(row: holding.Row) -> HeldProject:
    """A row as the workbook takes it."""
    evaluation = row.use.evaluation
    return HeldProject(
        department=evaluation.department.name,
        unit=evaluation.unit.name,
        code=evaluation.project.code,
        name=evaluation.project.name,
        year=evaluation.fiscal_year,
        evaluation=evaluation.number,
        kind=evaluation.kind,
        total=evaluation.concluded_total,
        grade=row.use.grade,
        annual=row.use.annual,
        items=[
            HeldItem(item.number, item.requirement, item.due, is_overdue=light_of(item).is_overdue)
            for item in row.items
        ],
        similar=[f"{project.code} {project.name}" for project in row.similar],
    )
