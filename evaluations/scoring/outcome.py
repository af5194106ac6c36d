"""What a rule says about one indicator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluations.scoring.exact import ZERO, full_points, half_up, points_within, printed, printed_points
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import IndicatorFigures
from evaluations.scoring.judgement import comparison_of

COMPARISON_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


@dataclass(frozen=True)
class Outcome:
    """Points with their explanation, and between which points a judgement may lie.

    ``points`` is None when nothing computes them; ``tier`` names the qualitative
    tier, if words were placed in one.
    """

    points: Decimal | None
    explanation: Explanation
    least: Decimal
    most: Decimal
    tier: str | None = None


def decided(points: Decimal, explanation: Explanation) -> Outcome:
    """Points that the rule fixes."""
    return Outcome(points, explanation, points, points)


def full(weight: Decimal, code: str, **values: str) -> Outcome:
    """The full weight."""
    return decided(full_points(weight), explain(code, printed_points(full_points(weight)), **values))


def met_in_full(figures: IndicatorFigures, weight: Decimal) -> Outcome:
    """The full weight for a target that is met, with the comparison that shows it."""
    points = full_points(weight)
    arithmetic = printed_points(points)
    if figures.actual_value is not None and figures.target_value is not None:
        sign = COMPARISON_SIGNS[comparison_of(figures)]
        arithmetic = f"{printed(figures.actual_value)} {sign} {printed(figures.target_value)} → {arithmetic}"
    return decided(points, explain("met", arithmetic))


def nothing(code: str = "unmet-nothing", **values: str) -> Outcome:
    """No points at all."""
    return decided(Decimal("0.00"), explain(code, printed_points(ZERO), **values))


def part(weight: Decimal, value: Fraction, formula: str, code: str, **values: str) -> Outcome:
    """Points by a formula: ``value`` exactly, ``formula`` as a person would write it."""
    points, unlimited = points_within(value, weight), half_up(value)
    limit = "" if points == unlimited else f" → {printed_points(points)}"
    return decided(points, explain(code, f"{formula} = {printed_points(unlimited)}{limit}", **values))


def undecided(weight: Decimal, code: str, **values: str) -> Outcome:
    """Nothing to compute from: anything between nothing and the full weight."""
    return Outcome(None, explain(code, **values), Decimal("0.00"), full_points(weight))


def signed(figure: Decimal) -> str:
    """A figure inside a formula; a negative one in brackets."""
    return printed(figure) if figure >= 0 else f"({printed(figure)})"
