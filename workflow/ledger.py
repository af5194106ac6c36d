"""The rectification ledger: what is late, what is open, how fast it is put right. Counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Extract
from django.utils import timezone

from approvals.access import visible_items
from approvals.models import NOT_RUNNING, ItemStage, RectificationItem
from audit_log import clock
from workflow.working_days import last_overdue

CLOSED = Q(stage=ItemStage.CLOSED)
OPEN = ~Q(stage__in=NOT_RUNNING)
SECONDS_A_DAY = 86400

SORTS = {
    "due": (F("closed_at").asc(nulls_first=True), "due", "pk"),
    "number": ("number",),
    "latest": ("-assigned_at", "-pk"),
}


class Median(Aggregate):
    """The middle value; with an even number the mean of the two in the middle."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "median"
    output_field = FloatField()


@dataclass(frozen=True)
class LedgerFigures:
    """The figures on top of the ledger; proposed items are not counted."""

    total: int
    open: int
    closed: int
    overdue: int
    overdue_by_original: int
    """Open, and late by the due date first set, whatever extensions came since."""
    closed_this_year: int
    median_days: float | None
    """Days from assignment to closure, over all closed items; None when none is closed."""

    @property
    def closure_rate(self) -> float | None:
        """Closed this calendar year, as a share of all that had to be put right in it (1 = whole)."""
        to_close = self.closed_this_year + self.open
        return self.closed_this_year / to_close if to_close else None


def overdue(field: str = "due") -> Q:
    """Open, and its deadline ended before today."""
    return OPEN & Q(**{f"{field}__lte": last_overdue()})


def figures_of(items: QuerySet[RectificationItem]) -> LedgerFigures:
    """Count everything in one statement."""
    took = Extract(F("closed_at") - F("assigned_at"), "epoch", output_field=FloatField())
    year_began = timezone.make_aware(datetime.combine(clock.today().replace(month=1, day=1), time.min))
    counted = items.order_by().aggregate(
        open=Count("pk", filter=OPEN),
        closed=Count("pk", filter=CLOSED),
        overdue=Count("pk", filter=overdue()),
        overdue_by_original=Count("pk", filter=overdue("original_due")),
        closed_this_year=Count("pk", filter=CLOSED & Q(closed_at__gte=year_began)),
        median_seconds=Median(took),
    )
    seconds = counted.pop("median_seconds")
    return LedgerFigures(
        total=counted["open"] + counted["closed"],
        median_days=None if seconds is None else seconds / SECONDS_A_DAY,
        **counted,
    )


STATUSES = {"": Q(), "open": OPEN, "overdue": overdue, "closed": CLOSED}


def with_status(items: QuerySet[RectificationItem], status: str) -> QuerySet[RectificationItem]:
    """The items that stand so: open, overdue, closed, or at one stage."""
    if status in ItemStage.values:
        return items.filter(stage=status)
    condition = STATUSES[status]
    return items.filter(condition() if callable(condition) else condition)


def matching(items: QuerySet[RectificationItem], words: str) -> QuerySet[RectificationItem]:
    """Every word occurs in the number, the requirement, the unit or the project."""
    fields = ("number", "requirement", "responsible_unit__name", "evaluation__project__name")
    for word in words.split():
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        items = items.filter(found)
    return items


def choices_of(items: QuerySet[RectificationItem]) -> dict[str, list[Any]]:
    """The years and the departments that occur, in one statement."""
    found: dict[str, list[Any]] = items.order_by().aggregate(
        years=ArrayAgg("evaluation__fiscal_year", distinct=True, default=[]),
        departments=ArrayAgg("evaluation__department", distinct=True, default=[]),
    )
    return found


def ledger_of(user: Any) -> QuerySet[RectificationItem]:
    """The reader's ledger, with all that a row shows."""
    return visible_items(user).select_related("responsible_unit", "evaluation__project")
