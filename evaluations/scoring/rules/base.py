"""What every rule can do, and the figures that rules measure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Protocol

from evaluations.scoring.bands import TierBand
from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import ZERO, exact
from evaluations.scoring.figures import IndicatorFigures, better
from evaluations.scoring.outcome import Outcome, undecided
from evaluations.strict_json import Fault

Measure = Literal["actual", "completion"]
Tiers = Sequence[TierBand]


class Rule(Protocol):
    """A way to give points for one indicator."""

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        """Points for these figures; raises ScoringError when the rule cannot apply."""

    def faults(self) -> list[Fault]:
        """What is wrong with the rule itself, whatever the figures."""


def missing_figure(figures: IndicatorFigures, weight: Decimal, *, target: bool = True) -> Outcome | None:
    """The outcome when there is no figure to compute from, else None."""
    if figures.actual_value is None:
        return undecided(weight, "actual-missing")
    if target and figures.target_value is None:
        return undecided(weight, "target-missing")
    return None


def completion_percent(figures: IndicatorFigures) -> Fraction | None:
    """The completion rate in percent; None when a figure is missing or the target negative.

    More is better: actual ÷ target. Less is better: target ÷ actual, 100 % when
    the actual is zero or below. A target of zero is met by zero or missed whole.
    """
    actual, target = figures.actual_value, figures.target_value
    if actual is None or target is None or target < ZERO:
        return None
    part, whole = (target, actual) if better(figures) == "lower" else (actual, target)
    if whole <= ZERO:
        return Fraction(100)
    return exact(part) * 100 / exact(whole)


def require_direction(figures: IndicatorFigures, expected: str) -> None:
    """Refuse a rule that rewards the wrong way round."""
    if better(figures) != expected:
        raise ScoringError("rule-direction", "rule", subject=figures.name)
