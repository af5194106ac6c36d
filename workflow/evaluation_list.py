"""The evaluations that somebody may see, searched, filtered and sorted in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Organization
from evaluations.access import visible_to
from evaluations.models import CONCLUDED_STAGES, Evaluation
from workflow.models import OPEN, FlowTask

LAST = {"nulls_last": True}
SORTS: dict[str, tuple[Any, ...]] = {
    "newest": ("-opened_at", "-pk"),
    "deadline": (F("due").asc(**LAST), "-pk"),
    "number": ("number", "pk"),
    "amount": (F("budget__annual").desc(**LAST), "-pk"),
    "score": (F("total").desc(**LAST), "-pk"),
}


def listed(user: Any) -> QuerySet[Evaluation]:
    """With the nearest open deadline, and the score that counts: concluded and signed, else stated."""
    final = Q(stage__in=CONCLUDED_STAGES)
    nearest = (
        FlowTask.objects.filter(evaluation=OuterRef("pk"), flow_task_type="HUMAN", status__in=OPEN)
        .order_by()
        .values("evaluation")
        .annotate(nearest=Min("due"))
        .values("nearest")
    )
    return (
        visible_to(user)
        .select_related("project", "unit", "department", "budget", "scheme")
        .annotate(
            due=Subquery(nearest),
            total=Coalesce(Case(When(final, then="concluded_total")), "stated_total"),
            grade=Coalesce(NullIf(Case(When(final, then="concluded_grade")), Value("")), "stated_grade"),
        )
    )


def searched(text: str) -> Q:
    """Number, title, project or unit contains the text."""
    if not text:
        return Q()
    condition = Q()
    for field in ("number", "title", "project__name", "unit__name"):
        condition |= Q(**{f"{field}__icontains": text})
    return condition


def years(user: Any) -> list[int]:
    """The fiscal years that there is anything of."""
    found = visible_to(user).order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return list(found)


def departments(user: Any) -> list[tuple[int, str]]:
    """The departments that there is anything of."""
    seen = visible_to(user).order_by().values("department")
    return list(Organization.objects.filter(pk__in=seen).values_list("pk", "name"))
