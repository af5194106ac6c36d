"""What the ledger comes to (整改统计): by office, fiscal year, kind and age, and what comes back each year.

Everything is counted and summed in the database, in a number of statements that does not grow with
the rows. Amounts are in 万元. Each figure is one of ``workflow.ledger`` too, over the rows that the
same filters choose there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Extract

from approvals.models import RectificationItem
from workflow.ledger import (
    AGES,
    CANCELLED,
    CLOSED,
    ISSUED,
    MONEY,
    OPEN,
    REQUIRED,
    SECONDS_A_DAY,
    YEAR,
    Median,
    issued_ago,
    overdue,
)

DEPARTMENT, UNIT, KIND = "evaluation__department", "responsible_unit", "kind"


@dataclass(frozen=True)
class Tally:
    """What a group of issued items comes to. Amounts in 万元."""

    total: int
    open: int
    closed: int
    cancelled: int
    """Ended without being put right."""
    overdue: int
    overdue_by_original: int
    """Open, and late by the due date first set, whatever extensions came since."""
    median_days: float | None
    """Days from issue to closure, over the closed items; None when none is closed."""
    with_money: int
    """Items in which money is involved; the amounts are theirs."""
    amount: Decimal
    settled: Decimal
    outstanding: Decimal
    """What open items still have to settle."""
    given_up: Decimal
    """What was not settled of items that ended without being put right."""

    @property
    def required(self) -> int:
        """What has to be closed or is closed already."""
        return self.total - self.cancelled

    @property
    def closure_rate(self) -> float | None:
        """The closed among what had to be put right (1 = whole); None where nothing had to be."""
        return self.closed / self.required if self.required else None

    @property
    def settled_share(self) -> float | None:
        """What is settled of the amounts involved (1 = whole); None where no money is involved."""
        return float(self.settled / self.amount) if self.amount else None


@dataclass(frozen=True)
class AgeTally:
    """The open items that were issued so long ago."""

    open: int
    overdue: int
    overdue_by_original: int


@dataclass(frozen=True)
class Repeat:
    """The same kind of item at the same unit in each of consecutive fiscal years."""

    unit: int
    kind: str
    first: int
    last: int
    items: int

    @property
    def years(self) -> int:
        return self.last - self.first + 1


def tally(items: QuerySet[RectificationItem]) -> Tally:
    """What all issued ones among the items come to, in one statement."""
    return tally_of(items.filter(ISSUED).order_by().aggregate(**aggregates()))


def tallies(items: QuerySet[RectificationItem], field: str) -> dict[Any, Tally]:
    """What the issued items come to for each value of a field, in one statement."""
    rows = items.filter(ISSUED).order_by().values(field).annotate(**aggregates())
    return {row.pop(field): tally_of(row) for row in rows}


def aggregates() -> dict[str, Any]:
    """What is counted of a group of issued items."""
    took = Extract(F("closed_at") - F("assigned_at"), "epoch", output_field=FloatField())
    nothing, unsettled = Value(Decimal(0)), F("amount") - F("settled")
    return {
        "total": Count("pk"),
        "open": Count("pk", filter=OPEN),
        "closed": Count("pk", filter=CLOSED),
        "cancelled": Count("pk", filter=CANCELLED),
        "overdue": Count("pk", filter=overdue()),
        "overdue_by_original": Count("pk", filter=overdue("original_due")),
        "median_seconds": Median(took),
        "with_money": Count("pk", filter=MONEY["involved"]),
        # Named unlike the columns: an aggregate of the same name would stand in their way.
        "amount_in_all": Coalesce(Sum("amount"), nothing),
        "settled_in_all": Coalesce(Sum("settled"), nothing),
        "outstanding": Coalesce(Sum(unsettled, filter=OPEN), nothing),
        "given_up": Coalesce(Sum(unsettled, filter=CANCELLED), nothing),
    }


def tally_of(counted: Mapping[str, Any]) -> Tally:
    """The tally from what the database counted."""
    given = dict(counted)
    seconds = given.pop("median_seconds")
    return Tally(
        median_days=None if seconds is None else seconds / SECONDS_A_DAY,
        amount=given.pop("amount_in_all"),
        settled=given.pop("settled_in_all"),
        **given,
    )


def by_age(items: QuerySet[RectificationItem]) -> dict[str, AgeTally]:
    """The open items for each of AGES, in one statement."""
    measures = {"open": OPEN, "overdue": overdue(), "overdue_by_original": overdue("original_due")}
    found = items.order_by().aggregate(
        **{
            f"{measure}_{age}": Count("pk", filter=condition & issued_ago(age))
            for age in AGES
            for measure, condition in measures.items()
        }
    )
    return {age: AgeTally(**{measure: found[f"{measure}_{age}"] for measure in measures}) for age in AGES}


def repeats(items: QuerySet[RectificationItem]) -> list[Repeat]:
    """What came back in the year after, the most years and the most items first, in one statement.

    An item that ended without being put right counts in no year: the bureau's leader found that
    it need not be.
    """
    required = items.filter(REQUIRED).order_by()
    neighbour = Q(**{YEAR: OuterRef(YEAR) - 1}) | Q(**{YEAR: OuterRef(YEAR) + 1})
    same = {UNIT: OuterRef(UNIT), KIND: OuterRef(KIND)}
    rows = (
        required.filter(Exists(required.filter(neighbour, **same)))
        .values(UNIT, KIND, YEAR)
        .annotate(number=Count("pk"))
        .order_by(UNIT, KIND, YEAR)
    )
    found = runs(Repeat(row[UNIT], row[KIND], row[YEAR], row[YEAR], row["number"]) for row in rows)
    return sorted(found, key=lambda run: (-run.years, -run.items, -run.last))


def runs(single: Iterable[Repeat]) -> list[Repeat]:
    """Single years joined where one follows the other; they come in order."""
    joined: list[Repeat] = []
    for year in single:
        run = joined[-1] if joined else None
        if run and (run.unit, run.kind, run.last + 1) == (year.unit, year.kind, year.first):
            joined[-1] = Repeat(run.unit, run.kind, run.first, year.last, run.items + year.items)
        else:
            joined.append(year)
    return joined
