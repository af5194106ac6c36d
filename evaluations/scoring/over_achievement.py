"""Targets that were passed by so much that they were set too low."""

from __future__ import annotations

import re
from decimal import Decimal

from evaluations.scoring.exact import ZERO, exact, points_within, printed, printed_percent, printed_points
from evaluations.scoring.explain import explain
from evaluations.scoring.figures import IndicatorFigures, better, is_judged_by_words
from evaluations.scoring.outcome import Outcome, decided
from evaluations.scoring.parameters import OverAchievementDeduction, SchemeParameters

SAVING = re.compile("节[约支省]率?$|节[约支省](?:率|比例|额)")
CODES = {"points": "over-achieved-points", "share": "over-achieved-share"}


def is_over_achieved(figures: IndicatorFigures, scheme: SchemeParameters) -> bool:
    """Whether actual ÷ target reaches the scheme's threshold (10号 art. 16: 130 %).

    Only where more is better: a saving or few faults is no target set too low.
    """
    actual, target = figures.actual_value, figures.target_value
    if is_judged_by_words(figures) or actual is None or target is None or better(figures) == "lower":
        return False
    if SAVING.search(figures.name):
        return False
    return target > ZERO and exact(actual) >= exact(target) * exact(scheme.over_achievement_threshold)


def less_over_achievement(
    outcome: Outcome, figures: IndicatorFigures, weight: Decimal, scheme: SchemeParameters
) -> Outcome:
    """The outcome less the scheme's deduction, when the target was passed by so much.

    Unchanged without a deduction in the scheme, and where no points were computed.
    The explanation says how far the target was passed and what that costs.
    """
    deduction = scheme.over_achievement_deduction
    if deduction is None or outcome.points is None or not is_over_achieved(figures, scheme):
        return outcome
    value = exact(outcome.points) - exact(deduction.amount) * (
        exact(weight) if deduction.by == "share" else 1
    )
    points = points_within(value, weight)
    assert figures.actual_value is not None
    assert figures.target_value is not None
    ratio = exact(figures.actual_value) / exact(figures.target_value)
    arithmetic = f"{printed_points(outcome.points)} − {_cost(deduction, weight)} = {printed_points(points)}"
    before = f"{outcome.explanation.arithmetic}; " if outcome.explanation.arithmetic else ""
    names = {
        "ratio": printed_percent(ratio),
        "threshold": printed_percent(exact(scheme.over_achievement_threshold)),
        "amount": _amount(deduction),
    }
    return decided(points, explain(CODES[deduction.by], before + arithmetic, **names))


def _cost(deduction: OverAchievementDeduction, weight: Decimal) -> str:
    """The deduction as a person would write it."""
    amount = printed(deduction.amount)
    return f"{printed(weight)} × {amount}" if deduction.by == "share" else amount


def _amount(deduction: OverAchievementDeduction) -> str:
    amount = deduction.amount
    return printed_percent(exact(amount)) if deduction.by == "share" else printed(amount)
