"""Next year's list: what each concluded project's result means for its money. Summed in the database.

Amounts are in 万元. A project that was evaluated more than once stands in the list once, with
the finance bureau's evaluation before the department's and that before its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Round

from accounts.access import rights_for_reading, where_held
from accounts.models import Organization
from accounts.roles import Right
from approvals.models import ENDED, RectificationItem, ResultUse, UseOfResult
from evaluations.models import CONCLUDED_STAGES, Kind
from evaluations.policies.consequences import PLACES, RectificationState, state_of

# Rights of a department or of the bureau: no unit and no expert holds one of them.
READING = (
    Right.REVIEW_DEPARTMENT,
    Right.REVIEW_FINANCE,
    Right.RUN_EVALUATION,
    Right.CONCLUDE,
    Right.VIEW_AUDIT,
)
FIGURE: Any = DecimalField(max_digits=30, decimal_places=10)
ANNUAL = "evaluation__budget__annual"
ORDER = ("evaluation__department__code", "evaluation__unit__code", "evaluation__project__code", "pk")


def may_read(user: Any) -> bool:
    """Whether the list exists for the reader: for departments and the bureau, not for units."""
    rights = rights_for_reading(user)
    return any(rights.anywhere(right) for right in READING)


def listed(user: Any) -> QuerySet[ResultUse]:
    """The uses that count, of the evaluations of the reader's departments and bureaus.

    With ``suggested``, next year's amount: the annual budget less what is cut, rounded half
    up to two decimals; nothing for a cancelled project, NULL where it is held back or unknown.
    """
    if not may_read(user):
        return ResultUse.objects.none()
    fields = ("evaluation__department", "evaluation__bureau")
    ours = where_held(rights_for_reading(user), [(Right.VIEW_EVALUATIONS, field) for field in fields])
    items = RectificationItem.objects.filter(evaluation=OuterRef("evaluation"))
    return (
        counting()
        .filter(ours)
        .annotate(
            annual=F(ANNUAL),
            suggested=suggested(),
            has_items=Exists(items),
            has_open_items=Exists(items.exclude(stage__in=ENDED)),
        )
    )


def counting() -> QuerySet[Any]:
    """Of each project the use that counts."""
    return ranked().filter(~Exists(ranked().filter(of_the_project(), rank__gt=OuterRef("rank"))))


def ranked() -> QuerySet[Any]:
    """The uses on record, with how much each kind of evaluation counts."""
    weight = Case(
        When(evaluation__kind=Kind.FINANCE, then=Value(3)),
        When(evaluation__kind=Kind.DEPARTMENT, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return ResultUse.objects.filter(evaluation__stage__in=CONCLUDED_STAGES).annotate(rank=weight)


def of_the_project() -> Q:
    return Q(evaluation__project=OuterRef("evaluation__project"))


def suggested() -> Case:
    """``evaluations.policies.consequences.suggested_amount`` as the database computes it."""
    hundredth = Value(Decimal("0.01"), output_field=FIGURE)
    left = ExpressionWrapper(
        F(ANNUAL) * (Value(Decimal(100), output_field=FIGURE) - F("percent")) * hundredth,
        output_field=FIGURE,
    )
    return Case(
        When(use=UseOfResult.CANCEL, then=Value(Decimal(0), output_field=FIGURE)),
        When(use=UseOfResult.HOLD, then=Value(None, output_field=FIGURE)),
        When(use=UseOfResult.CUT, then=Round(left, precision=PLACES)),
        default=F(ANNUAL),
        output_field=FIGURE,
    )


def state_now(use: Any) -> RectificationState:
    """How far the items of a listed use are."""
    return state_of(int(use.has_items), int(use.has_open_items))


def matching(uses: QuerySet[ResultUse], words: str) -> QuerySet[ResultUse]:
    """Every word occurs in the project, its code, its unit or the evaluation's number."""
    fields = ("project__name", "project__code", "unit__name", "number")
    for word in words.split():
        found = Q()
        for field in fields:
            found |= Q(**{f"evaluation__{field}__icontains": word})
        uses = uses.filter(found)
    return uses


def with_rows(uses: QuerySet[ResultUse]) -> QuerySet[ResultUse]:
    """In the order of the list, with all that a row shows."""
    related = ("project", "unit", "department", "budget", "policy")
    return uses.select_related(*(f"evaluation__{name}" for name in related)).order_by(*ORDER)


@dataclass(frozen=True)
class Totals:
    """The sums of one department, or of them all, in 万元; unknown budgets count as nothing."""

    department: str
    projects: int
    annual: Decimal
    held_back: Decimal
    """The annual budgets of what is held back: no amount is suggested for them yet."""
    suggested: Decimal

    @property
    def difference(self) -> Decimal:
        """What is suggested less what this year had, what is held back left out of both."""
        return self.suggested - (self.annual - self.held_back)


def totals_by_department(uses: QuerySet[ResultUse]) -> list[Totals]:
    """One line for each department, in one statement."""
    none = Value(Decimal(0), output_field=FIGURE)
    rows = (
        uses.order_by()
        .values("evaluation__department__code", "evaluation__department__name")
        .annotate(
            projects=Count("pk"),
            annual_total=Sum("annual", default=none, output_field=FIGURE),
            held_total=Sum("annual", filter=Q(use=UseOfResult.HOLD), default=none, output_field=FIGURE),
            suggested_total=Sum("suggested", default=none, output_field=FIGURE),
        )
        .order_by("evaluation__department__code")
    )
    return [
        Totals(
            row["evaluation__department__name"],
            row["projects"],
            row["annual_total"],
            row["held_total"],
            row["suggested_total"],
        )
        for row in rows
    ]


def sum_of(lines: list[Totals]) -> Totals:
    """The last line of the table."""
    return Totals(
        "",
        sum(line.projects for line in lines),
        sum((line.annual for line in lines), Decimal(0)),
        sum((line.held_back for line in lines), Decimal(0)),
        sum((line.suggested for line in lines), Decimal(0)),
    )


def years_of(uses: QuerySet[ResultUse]) -> list[int]:
    """The fiscal years that results were used in, the latest first."""
    found = uses.order_by("-evaluation__fiscal_year").values_list("evaluation__fiscal_year", flat=True)
    return list(found.distinct())


def departments_with_uses(uses: QuerySet[ResultUse]) -> list[tuple[int, str]]:
    """The departments that have a project in the list."""
    seen = uses.order_by().values("evaluation__department")
    return list(Organization.objects.filter(pk__in=seen).order_by("code").values_list("pk", "name"))
