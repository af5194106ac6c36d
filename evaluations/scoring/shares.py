"""Weights for a form that publishes none: equal shares of the scheme's level weights.

Each level's weight is split equally over its level 2s, then over the indicators
of each. Shares are rounded half-up to 2 places and the last takes what remains,
so that they add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluations.scoring.exact import ZERO, exact, full_points, half_up, printed
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import (
    COST,
    EXECUTION,
    SATISFACTION,
    IndicatorFigures,
    is_cost,
    is_execution_indicator,
    is_satisfaction,
    level1_of,
    level2_of,
)
from evaluations.scoring.parameters import SchemeParameters


@dataclass(frozen=True)
class AssignedWeights:
    """A weight for each indicator in turn (None where the scheme has none) and for execution."""

    weights: tuple[Decimal | None, ...]
    execution: Decimal | None
    notes: tuple[Explanation, ...]


def equal_shares(amount: Decimal, count: int) -> list[Decimal]:
    """Split points into equal shares of 2 places that add up exactly.

    Half-up with the remainder on the last; where that would push the last below
    zero (very many shares of very little) the others are rounded down instead.
    """
    share = half_up(exact(amount) / count)
    if share * (count - 1) > amount:
        share = Decimal(exact(amount) * 100 // count) / 100
    return [share] * (count - 1) + [amount - share * (count - 1)]


def level_in(scheme: SchemeParameters, figures: IndicatorFigures) -> str:
    """The scheme's level that an indicator belongs to, by what it is, not where it is printed.

    Cost as a level 2 of outputs is cost only in a scheme that has a cost level.
    """
    if is_execution_indicator(figures) and EXECUTION in scheme.level_weights:
        return EXECUTION
    if is_satisfaction(figures) and SATISFACTION in scheme.level_weights:
        return SATISFACTION
    if is_cost(figures) and COST in scheme.level_weights:
        return COST
    return level1_of(figures.level1)


def scheme_for(labels: Iterable[str]) -> str:
    """The code of the ministry's scheme that a form without a scheme follows.

    With cost when the form prints cost as a level 1; as a level 2 it stays in outputs.
    """
    return "ministry-2020-cost" if any(level1_of(label) == COST for label in labels) else "ministry-2020"


def assign_weights(indicators: Sequence[IndicatorFigures], scheme: SchemeParameters) -> AssignedWeights:
    """Equal shares of the scheme's level weights, with a note for all that was decided."""
    levels = [level_in(scheme, figures) for figures in indicators]
    level_weights, notes = _level_weights(levels, scheme)
    weights: list[Decimal | None] = [None] * len(indicators)
    for level in dict.fromkeys(levels):
        places = [index for index, found in enumerate(levels) if found == level]
        if level not in level_weights:
            notes += [
                explain("level-not-in-scheme", level=level, subject=indicators[index].name)
                for index in places
            ]
            continue
        for index, share in _shares_of_level(indicators, places, level_weights[level]).items():
            weights[index] = share
    execution = None if EXECUTION in levels else scheme.level_weights.get(EXECUTION)
    return AssignedWeights(tuple(weights), execution, (explain("equal-shares"), *notes))


def _level_weights(
    levels: Sequence[str], scheme: SchemeParameters
) -> tuple[Mapping[str, Decimal], list[Explanation]]:
    """The levels' weights, an absent satisfaction moved where the scheme says, absent levels noted."""
    weights, notes = dict(scheme.level_weights), []
    receiver = scheme.without_satisfaction
    if SATISFACTION in weights and SATISFACTION not in levels and receiver in levels and receiver is not None:
        moved = weights.pop(SATISFACTION)
        weights[receiver] += moved
        notes.append(explain("satisfaction-to-effects", weight=printed(moved)))
    for level, weight in weights.items():
        if level not in levels and level != EXECUTION and weight > ZERO:
            notes.append(explain("level-absent", level=level, weight=printed(weight)))
    return weights, notes


def _shares_of_level(
    indicators: Sequence[IndicatorFigures], places: Sequence[int], weight: Decimal
) -> dict[int, Decimal]:
    groups: dict[str, list[int]] = {}
    for index in places:
        groups.setdefault(level2_of(indicators[index].level2), []).append(index)
    shares: dict[int, Decimal] = {}
    for group, group_weight in zip(
        groups.values(), equal_shares(full_points(weight), len(groups)), strict=True
    ):
        shares.update(zip(group, equal_shares(group_weight, len(group)), strict=True))
    return shares
