"""The tables of the rectification figures, as the page and the workbook show them. Amounts in 万元.

Each figure carries the address of exactly its rows in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import ItemKind
from workflow.forms.ledger import AGE_CHOICES
from workflow.ledger_figures import AgeTally, Repeat, Tally
from workflow.presentation.ledger import grouped

COUNT, AMOUNT, SHARE, DAYS = "#,##0", "#,##0.00####", "0.0%", "0.0"
"""The kinds of figures, by the format that a workbook shows them in."""
MOST_REPEATS = 50


@dataclass(frozen=True)
class Cell:
    """A figure with its address, or words without one. ``value`` is None where there is no figure."""

    value: Any
    words: str
    measure: str = ""
    """Which of the ledger's own figures it is, over the rows at ``url``; empty for words."""
    url: str = ""
    number_format: str = ""
    bar: float | None = None
    """How long a bar stands below the figure, 1 = the whole width."""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a table; ``url`` leads to this page's figures of that line alone."""

    label: str
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True)
class FigureTable:
    """A table with its heading; ``headings`` begins with that of the labels."""

    anchor: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Row]
    total: Row | None = None
    note: str = ""
    empty: str = ""
    """What is said where there is no row."""
    words: int = 0
    """So many columns after the labels hold words, not figures."""

    @property
    def cells(self) -> list[Cell]:
        """All of them, those of the last line too."""
        lines = [*self.rows, *([self.total] if self.total else [])]
        return [cell for line in lines for cell in line.cells]


@dataclass(frozen=True)
class Address:
    """The filters by which the ledger finds a group's rows."""

    asked: Mapping[str, Any] = field(default_factory=dict)

    def narrowed(self, **further: Any) -> Address:
        return Address({**self.asked, **further})

    def to(self, **further: Any) -> str:
        """The ledger with these filters, empty ones left out."""
        return query_address("ledger", {**self.asked, **further})


def query_address(name: str, asked: Mapping[str, Any]) -> str:
    query = urlencode({key: value for key, value in asked.items() if value not in (None, "")})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def count(value: int, measure: str, url: str, **shown: Any) -> Cell:
    return Cell(value, f"{value:,}", measure, url, COUNT, **shown)


def late(value: int, measure: str, url: str) -> Cell:
    return count(value, measure, url, tone="red" if value else "")


def amount(value: Decimal, measure: str, url: str) -> Cell:
    return Cell(value, grouped(value), measure, url, AMOUNT)


def share(value: float | None, measure: str, url: str) -> Cell:
    """A part of one, with a bar; a dash and no link where there is nothing to take a part of."""
    if value is None:
        return Cell(None, "—")
    return Cell(value, f"{value:.1%}", measure, url, SHARE, bar=value)


def days(value: float | None, url: str) -> Cell:
    """A length of time, in whole days on the page."""
    return Cell(None, "—") if value is None else Cell(value, f"{value:.0f}", "median_days", url, DAYS)


# --- the tables ------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """A line before it is laid out: what it is called, what it comes to, where its rows are."""

    label: str
    tally: Tally
    address: Address
    url: str = ""


def closure_headings(first: str) -> list[str]:
    return [
        first,
        _("Items"),
        _("Not closed"),
        _("Closed"),
        _("Ended without being put right"),
        _("Closure rate"),
        _("Median days to closure"),
    ]


def closure_row(group: Group) -> Row:
    """How far and how fast a group was closed."""
    tally, to = group.tally, group.address.to
    cells = [
        count(tally.total, "total", to()),
        count(tally.open, "open", to(status="open")),
        count(tally.closed, "closed", to(status="closed")),
        count(tally.cancelled, "total", to(status="cancelled")),
        share(tally.closure_rate, "closed_share", to(status="required")),
        days(tally.median_days, to(status="closed")),
    ]
    return Row(group.label, cells, group.url)


def overdue_headings(first: str) -> list[str]:
    return [first, _("Not closed"), _("Overdue"), _("Overdue by the original due date")]


def overdue_row(group: Group) -> Row:
    """What is open, and late by the current and by the original due date."""
    return Row(group.label, late_cells(group.tally, group.address), group.url)


def late_cells(figures: Tally | AgeTally, address: Address, **shown: Any) -> list[Cell]:
    return [
        count(figures.open, "open", address.to(status="open"), **shown),
        late(figures.overdue, "overdue", address.to(status="overdue")),
        late(figures.overdue_by_original, "overdue_by_original", address.to(status="overdue_original")),
    ]


def money_headings(first: str) -> list[str]:
    return [
        first,
        _("Items with an amount"),
        _("Amount involved"),
        _("Amount settled"),
        _("Still outstanding"),
        _("Ended unsettled"),
        _("Share settled"),
    ]


def money_row(group: Group) -> Row:
    """The amounts of a group: what is involved is settled, outstanding, or ended unsettled."""
    tally, address = group.tally, group.address
    involved = address.to(money="involved")
    cells = [
        count(tally.with_money, "total", involved),
        amount(tally.amount, "amount", involved),
        amount(tally.settled, "settled", address.to(money="settled")),
        amount(tally.outstanding, "outstanding", address.to(status="open", money="outstanding")),
        amount(tally.given_up, "outstanding", address.to(status="cancelled", money="outstanding")),
        share(tally.settled_share, "settled_share", involved),
    ]
    return Row(group.label, cells, group.url)


def laid_out(
    anchor: str,
    title: str,
    headings: Sequence[str],
    groups: Iterable[Group],
    row: Callable[[Group], Row],
    total: Group | None = None,
    note: str = "",
) -> FigureTable:
    """A table with a line for each group."""
    last = row(total) if total else None
    return FigureTable(anchor, title, headings, [row(group) for group in groups], last, note)


def age_table(ages: Mapping[str, AgeTally], whole: Group) -> FigureTable:
    """How long open items have been waiting since they were issued."""
    most = max((each.open for each in ages.values()), default=0) or 1
    rows = [
        Row(str(label), late_cells(ages[age], whole.address.narrowed(age=age), bar=ages[age].open / most))
        for age, label in AGE_CHOICES
    ]
    title, first = _("Open items by time since issue"), _("Time since issue")
    return FigureTable("ageing", title, overdue_headings(first), rows, overdue_row(whole))


def repeat_table(found: Sequence[Repeat], units: Mapping[int, str], address: Address) -> FigureTable:
    """The same kind of item at the same unit in consecutive years; the longest runs where there are many."""
    kinds = dict(ItemKind.choices)
    rows = [
        Row(
            units[repeat.unit],
            [
                Cell(None, capfirst(str(kinds[repeat.kind]))),
                Cell(None, f"{repeat.first}–{repeat.last}"),
                count(repeat.items, "total", repeat_address(repeat, address)),
            ],
        )
        for repeat in found[:MOST_REPEATS]
    ]
    return FigureTable(
        "repeats",
        _("Repeat problems"),
        [_("Responsible unit"), _("Kind of rectification"), _("Fiscal years"), _("Items")],
        rows,
        note=repeats_in_words(len(found)),
        words=2,
        empty=_("No unit has items of the same kind in consecutive years."),
    )


def repeat_address(repeat: Repeat, address: Address) -> str:
    return address.to(
        status="required", unit=repeat.unit, kind=repeat.kind, year=repeat.first, year_to=repeat.last
    )


def repeats_in_words(number: int) -> str:
    """What a repeat problem is, and how many there are where not all are shown."""
    words = _("Same unit, same kind, in consecutive fiscal years")
    if number > MOST_REPEATS:
        most = _("the longest %(most)s of %(number)s are shown") % {"most": MOST_REPEATS, "number": number}
        words = _("; ").join((words, most))
    return words


# --- what answers first ------------------------------------------------------------


def stats(whole: Group) -> list[dict[str, Any]]:
    """The figures above the tables, for stat_row.html; each with its cell."""
    tally, to = whole.tally, whole.address.to
    original = _("overdue (%(number)s by the original due date)") % {"number": tally.overdue_by_original}
    closed_in = ngettext("day to closure (median)", "days to closure (median)", round(tally.median_days or 0))
    found = [
        (late(tally.overdue, "overdue", to(status="overdue")), original),
        (count(tally.open, "open", to(status="open")), _("not closed")),
        (share(tally.closure_rate, "closed_share", to(status="required")), _("closure rate")),
        (days(tally.median_days, to(status="closed")), closed_in),
        (amount(tally.settled, "settled", to(money="settled")), _("amount settled (10,000 yuan)")),
    ]
    return [
        {"cell": cell, "value": cell.words, "label": label, "tone": cell.tone, "url": cell.url}
        for cell, label in found
    ]
