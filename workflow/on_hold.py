"""Applications on hold (暂缓安排): projects whose fair or poor result has not been put right yet.

A project is held as long as an item of its is not closed or cancelled, and the result that counts
in next year's list has a grade that holds by the policy's terms of rectification, or its use was
decided as "held back until rectified". Nothing is stored: the last closure releases the project
and a reopening holds it again. An item that is only proposed holds nothing.

A project has no field that says what kind of project it is and names no predecessor, so what is
similar is drawn narrowly: the same unit's project of a later fiscal year with the same name, but
for the years and spaces in it. Amounts are in 万元.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from approvals.access import visible_items
from approvals.models import RectificationItem, ResultUse, UseOfResult
from evaluations.access import visible_condition, visible_to
from evaluations.models import Project, ReviewPolicy
from evaluations.policies.chosen import policy_of
from evaluations.policies.terms import DEFAULT_TERMS
from workflow import next_year
from workflow.ledger import OPEN, overdue

YEARS = re.compile(r"(?:19|20)\d{2}(?:年度?)?")
RELATED = ("project", "unit", "department", "budget", "policy")
ORDER = (*next_year.ORDER[:-1], "-evaluation__fiscal_year", "pk")


# --- which projects are held ------------------------------------------------------------


def listed(user: Any) -> QuerySet[ResultUse]:
    """The held projects of the reader's departments and bureaus; nothing for whoever has no such list.

    With ``annual``, ``open_items`` and ``overdue_items``.
    """
    return held(next_year.listed(user), user).filter(holding_in_the_database())


def held(uses: QuerySet[ResultUse], user: Any) -> QuerySet[Any]:
    """Those of the uses whose project has an item open that the reader may see, with their numbers."""
    items = open_items(user)
    of_project = items.filter(evaluation__project=OuterRef("evaluation__project"))
    return uses.filter(Exists(of_project)).annotate(
        open_items=number_of(of_project), overdue_items=number_of(of_project.filter(overdue()))
    )


def open_items(user: Any) -> QuerySet[RectificationItem]:
    """The items that hold: issued, neither closed nor cancelled."""
    return visible_items(user).filter(OPEN)


def number_of(items: QuerySet[RectificationItem]) -> Coalesce:
    counted = items.order_by().values("evaluation__project").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def holds(use: ResultUse) -> bool:
    """Whether a result holds while items are open: by its grade, or because that was decided."""
    terms = policy_of(use.evaluation).rectification
    return use.use == UseOfResult.HOLD or use.grade in terms.holding


def holding_in_the_database() -> Q:
    """The same for a query. Costs a statement: which policies name other grades than the default."""
    named = ReviewPolicy.objects.filter(content__rectification__holding__isnull=False)
    usual = DEFAULT_TERMS.holding
    others = {
        pk: grades
        for pk, grades in named.values_list("pk", "content__rectification__holding")
        if set(grades) != set(usual)
    }
    condition = Q(use=UseOfResult.HOLD) | (Q(grade__in=usual) & ~Q(evaluation__policy__in=list(others)))
    for pk, grades in others.items():
        condition |= Q(evaluation__policy=pk, grade__in=grades)
    return condition


# --- the list ---------------------------------------------------------------------------


def with_rows(uses: QuerySet[ResultUse]) -> QuerySet[ResultUse]:
    """In the order of the list, with all that a row shows."""
    return uses.select_related(*(f"evaluation__{name}" for name in RELATED)).order_by(*ORDER)


@dataclass(frozen=True)
class Row:
    """A held project with what holds it, and with the applications that are similar."""

    use: Any
    items: Sequence[RectificationItem]
    similar: Sequence[Project]


def rows_of(uses: Iterable[Any], user: Any) -> list[Row]:
    """The rows of these uses, whatever their number in three statements."""
    uses = list(uses)
    items = items_by_project(uses, user)
    similar = later_by_name(uses, user)
    return [
        Row(use, items[use.evaluation.project_id], similar_to(use, similar[key_of(use.evaluation.project)]))
        for use in uses
    ]


def items_by_project(uses: Sequence[Any], user: Any) -> dict[int, list[RectificationItem]]:
    """The open items of each project, the most urgent first."""
    found: dict[int, list[RectificationItem]] = defaultdict(list)
    projects = [use.evaluation.project_id for use in uses]
    for item in open_items(user).filter(evaluation__project__in=projects).select_related("evaluation"):
        found[item.evaluation.project_id].append(item)
    return found


def later_by_name(uses: Sequence[Any], user: Any) -> dict[tuple[int, str], list[Project]]:
    """The projects of these units that are of a later year than any of theirs, by unit and name.

    ``seen`` of each are its evaluations that the reader may see.
    """
    found: dict[tuple[int, str], list[Project]] = defaultdict(list)
    if not uses:
        return found
    units = {use.evaluation.project.unit_id for use in uses}
    first = min(use.evaluation.fiscal_year for use in uses)
    later = Project.objects.filter(unit__in=units, fiscal_year__gt=first).order_by("fiscal_year", "code")
    for project in later.prefetch_related(Prefetch("evaluations", visible_to(user), to_attr="seen")):
        found[key_of(project)].append(project)
    return found


def similar_to(use: Any, projects: Iterable[Project]) -> list[Project]:
    """Those of one name that are of a later year than the held result."""
    return [project for project in projects if project.fiscal_year > use.evaluation.fiscal_year]


def key_of(project: Project) -> tuple[int, str]:
    """What a project and its successor have in common; a name of nothing but years is kept whole."""
    return project.unit_id, without_years(project.name) or project.name


def without_years(name: str) -> str:
    """A project's name without the years and the spaces in it."""
    return YEARS.sub("", "".join(unicodedata.normalize("NFKC", name).split()))


# --- totals -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Totals:
    """What is held of one department, or in all; the amount in 万元, unknown budgets count as nothing."""

    department: str
    projects: int
    items: int
    overdue: int
    annual: Decimal


def totals_by_department(uses: QuerySet[Any]) -> list[Totals]:
    """One line for each department, in one statement."""
    none = Value(Decimal(0), output_field=next_year.FIGURE)
    rows = (
        uses.order_by()
        .values("evaluation__department__code", "evaluation__department__name")
        .annotate(
            projects=Count("pk"),
            items=Sum("open_items"),
            overdue=Sum("overdue_items"),
            annual_total=Sum("annual", default=none, output_field=next_year.FIGURE),
        )
        .order_by("evaluation__department__code")
    )
    return [
        Totals(
            row["evaluation__department__name"],
            row["projects"],
            row["items"],
            row["overdue"],
            row["annual_total"],
        )
        for row in rows
    ]


def sum_of(lines: Sequence[Totals]) -> Totals:
    """The last line of the table."""
    return Totals(
        "",
        sum(line.projects for line in lines),
        sum(line.items for line in lines),
        sum(line.overdue for line in lines),
        sum((line.annual for line in lines), Decimal(0)),
    )


# --- what a later project meets ---------------------------------------------------------


class Holds:
    """The results that hold applications of some units, as far as the reader may see them."""

    def __init__(self, user: Any, units: Any) -> None:
        """``units`` are primary keys or a queryset. One statement."""
        seen = next_year.counting().filter(
            visible_condition(user, "evaluation__"), evaluation__project__unit__in=units
        )
        related = seen.select_related("evaluation__project", "evaluation__policy")
        self._by_name: dict[tuple[int, str], list[Any]] = defaultdict(list)
        for use in held(related, user).order_by("-evaluation__fiscal_year", "pk"):
            if holds(use):
                self._by_name[key_of(use.evaluation.project)].append(use)

    def of(self, project: Project) -> Any:
        """The latest held result of an earlier year that the project is similar to; None without one."""
        found = self._by_name.get(key_of(project), [])
        return next((use for use in found if use.evaluation.fiscal_year < project.fiscal_year), None)
