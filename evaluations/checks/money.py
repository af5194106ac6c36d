"""The money of a dossier as sentences and indicators speak of it: fields, rows, lines, groups, indicators.

All amounts are in the dossier's currency unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from evaluations.checks.case import Case, Row
from evaluations.checks.quotients import whole_numbers
from evaluations.checks.sentences import TIME, named_in, tidy_name
from evaluations.checks.units import in_currency, money_multiple
from evaluations.scoring.exact import total

DECEMBER = 12


class Line(NamedTuple):
    """A line of the budget; ``name`` is its item as it is looked for in tidy texts."""

    item: str
    name: str
    group: str | None
    budget: Decimal | None
    paid: Decimal | None


class Group(NamedTuple):
    """A group of lines with its totals, stated or else added up; None when a line's figure is missing."""

    name: str
    budgets: frozenset[Decimal]
    payments: frozenset[Decimal]


class MoneyRow(NamedTuple):
    """An indicator measured in money."""

    row: Row
    target: Decimal | None
    actual: Decimal | None


class Money:
    """The amounts of one dossier."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.budget = case.budget
        self._named: dict[str, Sequence[tuple[int, int, str]]] = {}
        self.multiple = money_multiple(case.dossier.currency_unit) or Decimal(1)

    @cached_property
    def lines(self) -> Sequence[Line]:
        return [
            Line(line.item, tidy_name(line.item), line.group, line.budget, line.paid)
            for line in self.budget.lines
        ]

    @cached_property
    def lines_by_name(self) -> Mapping[str, Sequence[Line]]:
        """The lines under their names: two groups may have lines of one name."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.name, []).append(line)
        return found

    @cached_property
    def _names_by_start(self) -> Mapping[str, Sequence[str]]:
        """The lines' names under their first two characters."""
        found: dict[str, list[str]] = {}
        for name in filter(None, self.lines_by_name):
            found.setdefault(name[:2], []).append(name)
        return found

    def named_in(self, text: str) -> Sequence[tuple[int, int, str]]:
        """Which lines a text names, with their places: looked for once, and only where they may begin."""
        if text not in self._named:
            starts = {text[at : at + 2] for at in range(len(text))} | set(text)
            possible = [
                name for start in starts & self._names_by_start.keys() for name in self._names_by_start[start]
            ]
            self._named[text] = named_in(text, possible)
        return self._named[text]

    @cached_property
    def _dated_names(self) -> Sequence[str]:
        names = {name for line in self.lines for name in (line.name, tidy_name(line.group or ""))}
        return [name for name in names if TIME.search(name)]

    def masked(self, text: str) -> str:
        """The text without times that only belong to the name of a line or a group (上年结转项目款)."""
        for name in self._dated_names:
            text = text.replace(name, "")
        return text

    @cached_property
    def groups(self) -> Sequence[Group]:
        """The named groups of lines, with every total of them that is stated or adds up."""
        members: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.group:
                members.setdefault(line.group, []).append(line)
        return [
            Group(
                name,
                frozenset(self._totals("budget", name, [line.budget for line in lines])),
                frozenset(self._totals("paid", name, [line.paid for line in lines])),
            )
            for name, lines in members.items()
        ]

    def _totals(self, column: str, group: str | None, amounts: Sequence[Decimal | None]) -> Iterator[Decimal]:
        for stated in self.budget.stated_totals:
            if stated.group == group and stated.column == column:
                yield stated.amount
        known = [amount for amount in amounts if amount is not None]
        if known and len(known) == len(amounts):
            yield total(known)

    @cached_property
    def all_lines(self) -> Group:
        """All lines together, as a group without a name."""
        return Group(
            "",
            frozenset(self._totals("budget", None, [line.budget for line in self.lines])),
            frozenset(self._totals("paid", None, [line.paid for line in self.lines])),
        )

    @cached_property
    def indicators(self) -> Sequence[MoneyRow]:
        """The indicators measured in money, not in money per piece."""
        return [
            MoneyRow(row, self._of(row, row.target.value), self._of(row, row.actual.value))
            for row in self.case.rows
            if row.target.unit and money_multiple(row.target.unit) is not None
        ]

    def _of(self, row: Row, figure: Decimal | None) -> Decimal | None:
        return (
            None if figure is None else in_currency(figure, row.target.unit, self.case.dossier.currency_unit)
        )

    @cached_property
    def savings_of_whole(self) -> frozenset[Decimal]:
        """What is left of the whole budget, of each of its stages."""
        budget, paid = self.budget, self.budget.paid
        if paid is None:
            return frozenset()
        stages = (budget.annual, budget.received, budget.initial, budget.declared, *self.all_lines.budgets)
        return frozenset(stage - paid for stage in stages if stage is not None)

    @cached_property
    def whole_numbers(self) -> Sequence[int]:
        """Every amount that a percentage may stand on, for ``Quotients``.

        Only these: with each further amount more wrong percentages are given by chance.
        """
        return whole_numbers(amount for amount in self._all() if amount is not None)

    def _all(self) -> Iterable[Decimal | None]:
        budget = self.budget
        fields = (budget.declared, budget.initial, budget.annual, budget.received, budget.paid)
        groups = (*self.groups, self.all_lines)
        return chain(
            fields,
            (_less(budget.annual, budget.paid),),
            *((row.initial, row.annual, row.paid) for row in budget.rows),
            *((line.budget, line.paid, _less(line.budget, line.paid)) for line in self.lines),
            *((stated.amount,) for stated in budget.stated_totals),
            *((*group.budgets, *group.payments) for group in groups),
            *((row.target, row.actual) for row in self.indicators),
            (self._in_december(),),
        )

    def _in_december(self) -> Decimal:
        dated = (line for line in self.budget.lines if line.date and line.date.month == DECEMBER)
        return total(line.paid for line in dated if line.paid is not None)


def _less(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else whole - part
