"""The ledger's rows as its page and its files show them, light and words together. Amounts in 万元."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import ItemStage, RectificationItem
from audit_log import clock
from workflow.ledger import SOON
from workflow.presentation.items import ledger_row
from workflow.presentation.procedure import local_day
from workflow.presentation.words import deadline_words, item_stage_label
from workflow.working_days import working_days_left


@dataclass(frozen=True)
class Light:
    """A traffic light that also says what it means: red, amber, green, or none when nothing is due.

    ``is_overdue`` is of the item's due date alone, as filter and totals count; measures may be
    late before it.
    """

    tone: str
    words: str
    is_overdue: bool = False


def light_of(item: RectificationItem) -> Light:
    """How near the deadline is, or that of the measures while they are to be planned, whichever presses more.

    A closed, ended or proposed item says that instead.
    """
    if not item.is_open:
        return Light("", item_stage_label(item.stage))
    days = working_days_left(item.due)
    assert days is not None
    for_measures = working_days_left(item.measures_due) if item.stage == ItemStage.PLANNING else None
    if days < 0:
        return Light("red", _("Overdue"), is_overdue=True)
    if for_measures is not None and for_measures <= SOON and for_measures < days:
        return light_of_measures(for_measures)
    if days <= SOON:
        return Light("amber", _("Due within 5 working days"))
    return Light("green", _("Not due soon"))


def light_of_measures(days: int) -> Light:
    """How near the day is by which measures have to be planned, when that is soon or over."""
    if days >= 0:
        return Light("amber", _("Measures due within 5 working days"))
    words = ngettext(
        "Measures overdue by %(days)s working day", "Measures overdue by %(days)s working days", -days
    )
    return Light("red", words % {"days": -days})


def remarks_of(item: Any) -> list[str]:
    """What else to know of a row's deadline: it was extended, an extension waits for an answer."""
    remarks = [
        (item.due > item.original_due, _("extended")),
        (item.is_open and item.has_asked, _("extension asked for")),
    ]
    return [words for holds, words in remarks if holds]


def page_row(item: Any) -> dict[str, Any]:
    """A row of the page."""
    ended = local_day(item.closed_at or item.cancelled_at)
    return {
        **ledger_row(item),
        "light": light_of(item),
        "when": date_format(ended) if ended else deadline_words(working_days_left(item.due)),
        "remarks": remarks_of(item),
        "may_be_reminded": item.is_open,
    }


@dataclass(frozen=True)
class LedgerLine:
    """A row of a file. ``amount`` is None, and so are the two after it, where no money is involved."""

    number: str
    requirement: str
    project: str
    year: int
    department: str
    unit: str
    raised_by: str
    kind: str
    severity: str
    issued: date | None
    original_due: date
    due: date
    light: Light
    progress: str
    ended: date | None
    amount: Decimal | None
    settled: Decimal | None
    outstanding: Decimal | None
    remarks: str

    @classmethod
    def of(cls, item: Any) -> LedgerLine:
        evaluation = item.evaluation
        made_up = [_("demonstration")] if item.is_demonstration else []
        return cls(
            number=item.number,
            requirement=item.requirement,
            project=evaluation.project.name,
            year=evaluation.fiscal_year,
            department=evaluation.department.name,
            unit=item.responsible_unit.name,
            raised_by=capfirst(item.get_raised_by_display()),
            kind=capfirst(item.get_kind_display()),
            severity=capfirst(item.get_severity_display()),
            issued=local_day(item.assigned_at),
            original_due=item.original_due,
            due=item.due,
            light=light_of(item),
            progress=item_stage_label(item.stage),
            ended=local_day(item.closed_at or item.cancelled_at),
            amount=item.amount,
            settled=None if item.amount is None else item.settled,
            outstanding=item.outstanding,
            remarks=_("; ").join(remarks_of(item) + made_up),
        )


@dataclass(frozen=True)
class LedgerFile:
    """What a file of the ledger says: exactly the rows that were asked for, in that order."""

    title: str
    made_by: str
    made_on: date
    filters: Sequence[tuple[str, str]]
    lines: Sequence[LedgerLine]

    @property
    def overdue(self) -> int:
        return sum(line.light.is_overdue for line in self.lines)

    @property
    def amount(self) -> Decimal:
        return total(line.amount for line in self.lines)

    @property
    def settled(self) -> Decimal:
        return total(line.settled for line in self.lines)

    @property
    def outstanding(self) -> Decimal:
        return total(line.outstanding for line in self.lines)

    @property
    def filters_in_words(self) -> str:
        """The filters and the order, one after the other."""
        pairs = [
            _("%(label)s: %(value)s") % {"label": label, "value": value} for label, value in self.filters
        ]
        return _("; ").join(pairs)

    @property
    def made_in_words(self) -> str:
        return made_in_words(self.made_by, self.made_on)


def made_in_words(reader: Any, day: date | None = None) -> str:
    """Who made a file and when; today when no day is given."""
    words = _("Made on %(day)s by %(person)s")
    return words % {"day": date_format(day or clock.today()), "person": reader}


def grouped(amount: Decimal) -> str:
    """An amount with its thousands grouped and at least two decimals, never rounded: 1,234.50."""
    whole, _point, decimals = f"{amount:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def file_of(items: Iterable[Any], filters: Sequence[tuple[str, str]], reader: Any) -> LedgerFile:
    """The rows as a file takes them, in the language that is active."""
    return LedgerFile(
        title=_("Rectification ledger"),
        made_by=str(reader),
        made_on=clock.today(),
        filters=filters,
        lines=[LedgerLine.of(item) for item in items],
    )
