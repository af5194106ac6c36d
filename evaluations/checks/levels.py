"""The levels as the form prints them: which indicators stand behind a printed subtotal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from evaluations.checks.case import Case, Row, once_per_case
from evaluations.checks.ruled import most_of
from evaluations.scoring import level1_of
from evaluations.scoring.exact import FULL_MARKS, ZERO, total
from evaluations.scoring.figures import COST, EFFECTS, EXECUTION, OUTPUTS, SATISFACTION

SUM_LABELS = ("合计", "总计", "总分", "小计", "得分")
EXECUTION_LABELS = ("执行率", "支出率", "预算执行", "资金执行")
# A level that some forms print inside another.
INSIDE = {SATISFACTION: EFFECTS, COST: OUTPUTS}


class Span(NamedTuple):
    """The points that a sum can have; ``most`` is None where an unknown weight leaves it open."""

    least: Decimal
    most: Decimal | None

    def plus(self, other: Span) -> Span:
        """Both together."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Span(self.least + other.least, most)

    def holds(self, points: Decimal, tolerance: Decimal) -> bool:
        """Whether the sum can be so many points."""
        return self.least - tolerance <= points and (self.most is None or points <= self.most + tolerance)


NOTHING = Span(ZERO, ZERO)


def exactly(points: Decimal) -> Span:
    """A sum that is known."""
    return Span(points, points)


@dataclass(frozen=True)
class PrintedLevel:
    """A level with a printed subtotal or weight; ``label`` as printed, ``rows`` the indicators behind it.

    ``inside`` has the indicators of a level that the form may count with this one
    (satisfaction with the effects), because it prints nothing for it.
    """

    label: str
    level: str
    points: Decimal | None
    weight: Decimal | None
    rows: Sequence[Row]
    inside: Sequence[Row]


@lru_cache(maxsize=4096)
def level_of(label: str) -> str:
    """The level that a printed label stands for: 项目产出 is 产出, 预算执行率 is execution."""
    if any(words in label for words in EXECUTION_LABELS):
        return EXECUTION
    return level1_of(label)


@once_per_case
def printed_levels(case: Case) -> Sequence[PrintedLevel]:
    """Every level with a printed subtotal or weight, in the form's order."""
    stated = case.stated
    labels = [
        label
        for label in dict.fromkeys((*stated.by_level1, *stated.level1_weights))
        if label not in SUM_LABELS
    ]
    if not labels:
        return ()
    homes = _homes(case, {level_of(label) for label in labels})
    return [
        PrintedLevel(
            label,
            level_of(label),
            stated.by_level1.get(label),
            stated.level1_weights.get(label),
            homes.get(level_of(label), ()),
            _inside(homes, level_of(label), labels),
        )
        for label in labels
    ]


def _homes(case: Case, printed: set[str]) -> dict[str, list[Row]]:
    """The indicators by level as printed; one that the form prints elsewhere only if nothing is there."""
    homes: dict[str, list[Row]] = {}
    for row in case.rows:
        homes.setdefault(level_of(row.facts.level1), []).append(row)
    elsewhere = printed - homes.keys()
    if elsewhere.isdisjoint((SATISFACTION, COST, EXECUTION)):
        return homes
    moved: dict[str, list[Row]] = {}
    for row in case.rows:
        moved.setdefault(_home(row, elsewhere), []).append(row)
    return moved


def _home(row: Row, elsewhere: set[str]) -> str:
    if row.is_satisfaction and SATISFACTION in elsewhere:
        return SATISFACTION
    if row.is_cost and COST in elsewhere:
        return COST
    if row.is_execution and EXECUTION in elsewhere:
        return EXECUTION
    return level_of(row.facts.level1)


def _inside(homes: dict[str, list[Row]], level: str, labels: Iterable[str]) -> Sequence[Row]:
    if level not in INSIDE.values():
        return ()
    printed = [level_of(label) for label in labels]
    return [
        row
        for inner, outer in INSIDE.items()
        if outer == level and inner not in printed
        for row in homes.get(inner, ())
    ]


def span_of(rows: Iterable[Row]) -> Span:
    """What the scores of these indicators can add up to: a missing one is anything up to its weight."""
    least, missing = ZERO, ZERO
    is_open = False
    for row in rows:
        if row.score is not None:
            least += row.score
        elif row.weight is not None:
            missing += row.weight
        else:
            is_open = True
    return Span(least, None if is_open else least + missing)


def span_by_rules(case: Case, rows: Sequence[Row]) -> Span:
    """What a level none of whose scores is known can have: no more than the rules give."""
    if case.scored.assigned_weights and not shares_apply(case):
        return Span(ZERO, None)
    weighed = [(row, row.scored.weight) for row in rows]
    known = [most_of(case, row, weight) for row, weight in weighed if weight is not None]
    return Span(ZERO, total(known) if len(known) == len(weighed) else None)


def shares_apply(case: Case) -> bool:
    """Whether equal shares of the scheme's level weights can stand for unpublished weights.

    Not in a framework, whose levels the form's schemes do not have, nor where the
    form prints level weights of its own.
    """
    if case.by_framework or any(row.scored.weight is None for row in case.rows):
        return False
    weights = case.scheme.level_weights
    return all(
        abs(weights.get(level_of(label), ZERO) - weight) <= case.scheme.tolerance
        for label, weight in case.stated.level1_weights.items()
    )


def execution_span(case: Case, levels: Sequence[PrintedLevel]) -> Span:
    """What the form's execution row adds to the indicators' scores."""
    if case.execution_rows:
        return NOTHING
    if case.execution_score is not None:
        return exactly(case.execution_score)
    for printed in levels:
        if printed.level == EXECUTION and printed.points is not None:
            return exactly(printed.points)
    if case.execution_weight is not None:
        return Span(ZERO, case.execution_weight)
    return Span(ZERO, missing_execution_weight(case))


def missing_execution_weight(case: Case) -> Decimal:
    """The points that are left for execution where the form publishes no weight for it, else zero."""
    weights = [row.weight for row in case.rows if row.weight is not None]
    left = FULL_MARKS - total(weights)
    complete = len(weights) == len(case.rows) and not case.execution_rows
    return left if complete and left == case.scheme.level_weights.get(EXECUTION) else ZERO


class Reading(NamedTuple):
    """One way to read a level: what its subtotal can be, and what it weighs (None if unknown)."""

    span: Span
    weight: Decimal | None


def readings(case: Case, printed: PrintedLevel, levels: Sequence[PrintedLevel]) -> Sequence[Reading]:
    """How a level can be meant: its indicators; with those inside; with the execution row.

    Only the first where the printed weight says so. Empty for a label without indicators.
    """
    if not printed.rows:
        is_scored = case.execution_weight is not None or case.execution_score is not None
        if printed.level != EXECUTION or not is_scored:
            return []
        return [Reading(execution_span(case, ()), case.execution_weight)]
    own = Reading(_own_span(case, printed.rows), weight_of(printed.rows))
    if printed.weight is not None and printed.weight == own.weight:
        return [own]
    found = [own]
    if printed.inside:
        rows = [*printed.rows, *printed.inside]
        found.append(Reading(_own_span(case, rows), weight_of(rows)))
    if case.execution_score is not None and all(other.level != EXECUTION for other in levels):
        weight = None if own.weight is None else own.weight + (case.execution_weight or ZERO)
        found.append(Reading(own.span.plus(execution_span(case, levels)), weight))
    return found


def weight_of(rows: Sequence[Row]) -> Decimal | None:
    """What indicators weigh together; None while a weight is unknown."""
    weights = [row.weight for row in rows if row.weight is not None]
    return total(weights) if len(weights) == len(rows) else None


def _own_span(case: Case, rows: Sequence[Row]) -> Span:
    known = any(row.score is not None for row in rows)
    return span_of(rows) if known else span_by_rules(case, rows)
