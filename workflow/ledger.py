"""The rectification ledger (整改台账): which rows are asked for, in which order, and what they come to.

Everything is chosen, ordered and summed in the database. Amounts are in 万元.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Aggregate,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract
from django.utils import timezone

from accounts.models import Organization
from approvals.access import visible_items
from approvals.models import NOT_RUNNING, Extension, ItemStage, RectificationItem
from audit_log import clock
from workflow.working_days import due_within, last_overdue

ISSUED = ~Q(stage=ItemStage.DRAFT)
OPEN = ~Q(stage__in=NOT_RUNNING)
CLOSED = Q(stage=ItemStage.CLOSED)
CANCELLED = Q(stage=ItemStage.CANCELLED)
REQUIRED = ISSUED & ~CANCELLED
"""What has to be closed or is closed already: a closure rate is a share of these."""
SECONDS_A_DAY = 86400
SOON = 5
"""So many working days before its deadline ends, an item's light turns to amber."""

AGES: Mapping[str, tuple[int, int | None]] = {
    "30": (0, 30),
    "60": (31, 60),
    "90": (61, 90),
    "180": (91, 180),
    "more": (181, None),
}
"""Days since an item was issued, from and to, both within; None has no end."""

RUNNING_FIRST = Case(When(OPEN, then=0), default=1, output_field=IntegerField())
SORTS: Mapping[str, tuple[Any, ...]] = {
    "due": (RUNNING_FIRST, "due", "pk"),
    "number": ("number",),
    "latest": (F("assigned_at").desc(nulls_last=True), "-pk"),
    "amount": (F("amount").desc(nulls_last=True), "due", "pk"),
}


class Median(Aggregate):
    """The middle value; with an even number the mean of the two in the middle."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "median"
    output_field = FloatField()


@dataclass(frozen=True)
class LedgerFigures:
    """What the given rows come to; each figure is of exactly these rows. Amounts in 万元."""

    total: int
    open: int
    closed: int
    overdue: int
    overdue_by_original: int
    """Open, and late by the due date first set, whatever extensions came since."""
    amount: Decimal
    """The amounts involved, where money is."""
    settled: Decimal
    outstanding: Decimal
    closed_this_year: int
    median_days: float | None
    """Days from issue to closure, over all closed items; None when none is closed."""

    @property
    def closure_rate(self) -> float | None:
        """Closed this calendar year, as a share of all that had to be put right in it (1 = whole)."""
        to_close = self.closed_this_year + self.open
        return self.closed_this_year / to_close if to_close else None


def overdue(field: str = "due") -> Q:
    """Open, and its deadline ended before today."""
    return OPEN & Q(**{f"{field}__lte": last_overdue()})


def due_soon() -> Q:
    """Open, not overdue, and its deadline ends within five working days."""
    return OPEN & Q(due__gt=last_overdue(), due__lte=due_within(SOON))


def extension_asked() -> Q:
    """Open, and a later due date was asked for that nobody has answered yet."""
    unanswered = Extension.objects.filter(item=OuterRef("pk"), answer=None)
    return OPEN & Q(Exists(unanswered))


STATUSES: Mapping[str, Callable[[], Q]] = {
    "": lambda: ISSUED,
    "open": lambda: OPEN,
    "soon": due_soon,
    "overdue": overdue,
    "overdue_original": lambda: overdue("original_due"),
    "extension": extension_asked,
    "required": lambda: REQUIRED,
    "closed": lambda: CLOSED,
    "cancelled": lambda: CANCELLED,
}


def status_condition(status: str) -> Q:
    """What makes an item stand so: one of STATUSES, or at one stage. Without a status: issued at all."""
    return Q(stage=status) if status in ItemStage.values else STATUSES[status]()


def with_status(items: QuerySet[RectificationItem], status: str) -> QuerySet[RectificationItem]:
    """The items that stand so; a proposed item only when proposed ones are asked for."""
    return items.filter(status_condition(status))


def day_begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def issued_ago(age: str) -> Q:
    """Issued so many days before today: one of AGES. A proposed item has no age."""
    least, most = AGES[age]
    condition = Q(assigned_at__lt=day_begins(clock.today() - timedelta(days=least - 1)))
    if most is not None:
        condition &= Q(assigned_at__gte=day_begins(clock.today() - timedelta(days=most)))
    return condition


MONEY: Mapping[str, Q] = {
    "involved": Q(amount__isnull=False),
    "settled": Q(settled__gt=0),
    "outstanding": Q(amount__gt=F("settled")),
}
"""What there is of an item's money: some is involved, a part is settled, a part is not."""

YEAR = "evaluation__fiscal_year"
FIELDS = {
    "department": "evaluation__department",
    "unit": "responsible_unit",
    "severity": "severity",
    "kind": "kind",
    "amount_from": "amount__gte",
    "amount_to": "amount__lte",
}
"""What is asked for by each filter that compares one column."""


def of_years(first: int | None, last: int | None) -> Q:
    """Of that fiscal year alone, or of each from the first to the last; without a first, of each up to it."""
    if last is None:
        return Q() if first is None else Q(**{YEAR: first})
    return Q(**{f"{YEAR}__lte": last}) & (Q() if first is None else Q(**{f"{YEAR}__gte": first}))


def besides_status(items: QuerySet[RectificationItem], asked: Mapping[str, Any]) -> QuerySet[Any]:
    """The items that all filters choose but the one on how they stand.

    ``asked`` holds the cleaned values of ``workflow.forms.ledger.LedgerFilters``; a missing
    or empty one chooses everything, an amount of 0 does not.
    """
    for name, column in FIELDS.items():
        if asked.get(name) not in (None, ""):
            items = items.filter(**{column: asked[name]})
    items = items.filter(of_years(asked.get("year") or None, asked.get("year_to") or None))
    if asked.get("money"):
        items = items.filter(MONEY[asked["money"]])
    if asked.get("age"):
        items = items.filter(issued_ago(asked["age"]))
    return matching(items, asked.get("q") or "")


def chosen(items: QuerySet[RectificationItem], asked: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows that all filters together choose."""
    return with_status(besides_status(items, asked), asked.get("status") or "")


def in_order(items: QuerySet[RectificationItem], sort: str) -> QuerySet[Any]:
    """In the order asked for, with all that a row shows; the most urgent first when none is."""
    unanswered = Extension.objects.filter(item=OuterRef("pk"), answer=None)
    rows = items.select_related("responsible_unit", "evaluation__project", "evaluation__department")
    return rows.annotate(has_asked=Exists(unanswered)).order_by(*SORTS[sort or "due"])


def matching(items: QuerySet[RectificationItem], words: str) -> QuerySet[RectificationItem]:
    """Every word occurs in the number, the requirement, the unit or the project."""
    fields = ("number", "requirement", "responsible_unit__name", "evaluation__project__name")
    for word in words.split():
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        items = items.filter(found)
    return items


def figures_of(items: QuerySet[RectificationItem]) -> LedgerFigures:
    """Count and sum everything in one statement."""
    took = Extract(F("closed_at") - F("assigned_at"), "epoch", output_field=FloatField())
    nothing = Value(Decimal(0))
    counted = items.order_by().aggregate(
        total=Count("pk"),
        open=Count("pk", filter=OPEN),
        closed=Count("pk", filter=CLOSED),
        overdue=Count("pk", filter=overdue()),
        overdue_by_original=Count("pk", filter=overdue("original_due")),
        # Named unlike the columns: an aggregate of the same name would stand in their way.
        amount_in_all=Coalesce(Sum("amount"), nothing),
        settled_in_all=Coalesce(Sum("settled"), nothing),
        outstanding=Coalesce(Sum(F("amount") - F("settled")), nothing),
        closed_this_year=Count("pk", filter=CLOSED & Q(closed_at__gte=year_began())),
        median_seconds=Median(took),
    )
    seconds = counted.pop("median_seconds")
    return LedgerFigures(
        amount=counted.pop("amount_in_all"),
        settled=counted.pop("settled_in_all"),
        median_days=None if seconds is None else seconds / SECONDS_A_DAY,
        **counted,
    )


def year_began() -> datetime:
    return day_begins(clock.today().replace(month=1, day=1))


def numbers_of(items: QuerySet[RectificationItem], *statuses: str) -> dict[str, int]:
    """How many items stand so, for each status, in one statement."""
    counts = {f"n{place}": status_condition(status) for place, status in enumerate(statuses)}
    found = items.order_by().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in counts.items()}
    )
    return dict(zip(statuses, (found[name] for name in counts), strict=True))


def choices_of(items: QuerySet[RectificationItem]) -> dict[str, list[Any]]:
    """The years, the departments and the responsible units that occur, in two statements."""
    found: dict[str, Any] = items.order_by().aggregate(
        years=ArrayAgg("evaluation__fiscal_year", distinct=True, default=[]),
        departments=ArrayAgg("evaluation__department", distinct=True, default=[]),
        units=ArrayAgg("responsible_unit", distinct=True, default=[]),
    )
    offices = Organization.objects.filter(pk__in={*found["departments"], *found["units"]}).order_by("code")
    names = list(offices.values_list("pk", "name"))
    return {
        "years": sorted(found["years"], reverse=True),
        "departments": [(pk, name) for pk, name in names if pk in found["departments"]],
        "units": [(pk, name) for pk, name in names if pk in found["units"]],
    }


def ledger_of(user: Any) -> QuerySet[RectificationItem]:
    """Every item that the reader may see."""
    return visible_items(user)
