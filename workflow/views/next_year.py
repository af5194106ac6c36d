"""Next year's list (下年度预算安排建议清单), on the page and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.models import ResultUse, UseOfResult
from audit_log.errors import NotFound
from evaluations.exchange.next_year_list import ListedProject, next_year_xlsx
from evaluations.exchange.writing import FORMATS
from evaluations.models import Grade
from workflow import next_year as lists
from workflow.presentation.links import choice, known
from workflow.presentation.next_year import list_row
from workflow.views.person_request import PersonRequest

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the reader asked of the list, and what can be asked of it."""

    year: int | None
    years: list[int]
    departments: list[tuple[int, str]]
    uses: QuerySet[ResultUse]
    """The rows asked for."""


def asked_for(request: PersonRequest) -> Asked:
    """One year's list, the latest unless another is chosen; unknown values are left out.

    Raises NotFound for whoever has no list.
    """
    if not lists.may_read(request.user):
        raise NotFound()
    everything = lists.listed(request.user)
    years = lists.years_of(everything)
    departments = lists.departments_with_uses(everything)
    chosen = known(request, "year", {str(year): year for year in years})
    year = int(chosen) if chosen else next(iter(years), None)
    found = everything.filter(evaluation__fiscal_year=year) if year else everything
    if department := known(request, "department", {str(pk): name for pk, name in departments}):
        found = found.filter(evaluation__department=int(department))
    if use := known(request, "use", dict(UseOfResult.choices)):
        found = found.filter(use=use)
    if grade := known(request, "grade", dict(Grade.choices)):
        found = found.filter(grade=grade)
    return Asked(year, years, departments, lists.matching(found, request.GET.get("q", "")[:100]))


@require_safe
def next_year(request: PersonRequest) -> HttpResponse:
    """What next year's budget should make of each concluded result, with totals by department."""
    asked = asked_for(request)
    departments = lists.totals_by_department(asked.uses)
    page = Paginator(lists.with_rows(asked.uses), ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "next_year": asked.year + 1 if asked.year else None,
        "choices": choices_of(request, asked),
        "search": request.GET.get("q", ""),
        "departments": departments,
        "total": lists.sum_of(departments),
        "page_obj": page,
        "rows": [list_row(use) for use in page],
        "export_url": f"{reverse('export_next_year')}?{query.urlencode()}",
    }
    return render(request, "workflow/next_year.html", context)


def choices_of(request: PersonRequest, asked: Asked) -> list[dict[str, Any]]:
    """The selects of the filter bar; the year has no "all", for a list is of one year."""
    years = [
        {"value": year, "label": _("Year %(year)s") % {"year": year}, "selected": year == asked.year}
        for year in asked.years
    ]
    return [
        {"name": "year", "label": _("Fiscal year"), "options": years},
        choice(request, "department", _("Department"), asked.departments, _("All departments")),
        choice(request, "use", _("Use of the result"), UseOfResult.choices, _("All uses")),
        choice(request, "grade", _("Grade"), Grade.choices, _("All grades")),
    ]


@require_safe
def export_next_year(request: PersonRequest) -> HttpResponse:
    """The rows that the page shows, all of them, as a workbook. Raises NotFound while there are none."""
    asked = asked_for(request)
    if asked.year is None:
        raise NotFound()
    year = asked.year + 1
    content = next_year_xlsx(year, [listed_project(use) for use in lists.with_rows(asked.uses)])
    response = HttpResponse(content, content_type=FORMATS["xlsx"].media_type)
    name = f"{year}年度预算安排建议清单.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def listed_project(use: Any) -> ListedProject:
    """A row as the workbook takes it."""
    evaluation = use.evaluation
    return ListedProject(
        department=evaluation.department.name,
        unit=evaluation.unit.name,
        code=evaluation.project.code,
        name=evaluation.project.name,
        kind=evaluation.kind,
        total=evaluation.concluded_total,
        grade=use.grade,
        rectification=lists.state_now(use),
        use=use.use,
        percent=use.percent,
        annual=use.annual,
        reason=use.reason if use.departs else "",
    )
