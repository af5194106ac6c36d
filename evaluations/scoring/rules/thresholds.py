"""Rules that start from met or not met: deduction, and all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from evaluations.scoring.exact import ZERO, exact, printed
from evaluations.scoring.figures import IndicatorFigures, is_judged_by_words
from evaluations.scoring.judgement import is_met
from evaluations.scoring.outcome import Outcome, met_in_full, nothing, part, undecided
from evaluations.scoring.rules.base import Tiers, missing_figure
from evaluations.scoring.rules.judged import by_words
from evaluations.strict_json import Fault, gettext_noop


@dataclass(frozen=True)
class Deduction:
    """Full weight less ``per_unit`` points for each unit by which the target is missed."""

    per_unit: Decimal
    type: Literal["deduction"] = "deduction"

    def faults(self) -> list[Fault]:
        return [] if self.per_unit > ZERO else [Fault("per_unit", gettext_noop("must be more than 0"))]

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        actual, target = figures.actual_value, figures.target_value
        if actual is None or target is None:
            return missing_figure(figures, weight) or undecided(weight, "target-missing")
        if is_met(figures):
            return met_in_full(figures, weight)
        excess = abs(actual - target)
        names = {"excess": printed(excess), "per_unit": printed(self.per_unit)}
        value = exact(weight) - exact(self.per_unit) * exact(excess)
        formula = f"{printed(weight)} − {names['per_unit']} × {names['excess']}"
        return part(weight, value, formula, "deduction", **names)


@dataclass(frozen=True)
class AllOrNothing:
    """Full weight when met, else nothing."""

    type: Literal["all_or_nothing"] = "all_or_nothing"

    def faults(self) -> list[Fault]:
        return []

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        met = is_met(figures)
        if met is None:
            words = is_judged_by_words(figures)
            return by_words(figures, weight, tiers) if words else undecided(weight, "actual-missing")
        return met_in_full(figures, weight) if met else nothing()
