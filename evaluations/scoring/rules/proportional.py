"""The default rule of 财预〔2020〕10号: full when met, else in proportion."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from evaluations.scoring.exact import ZERO, exact, printed
from evaluations.scoring.figures import IndicatorFigures, better
from evaluations.scoring.judgement import is_met
from evaluations.scoring.outcome import Outcome, met_in_full, nothing, part, signed, undecided
from evaluations.scoring.rules.base import Tiers, missing_figure
from evaluations.strict_json import Fault


@dataclass(frozen=True)
class Proportional:
    """Met: full weight. Unmet: weight × actual ÷ target, or × target ÷ actual where less is better."""

    type: Literal["proportional"] = "proportional"

    def faults(self) -> list[Fault]:
        return []

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        actual, target = figures.actual_value, figures.target_value
        if actual is None or target is None:
            return missing_figure(figures, weight) or undecided(weight, "target-missing")
        if is_met(figures) or actual == target == ZERO:
            return met_in_full(figures, weight)
        if target < ZERO:
            # The quotient of two negatives would reward the worse figure.
            return undecided(weight, "no-proportion", target=printed(target))
        if target == ZERO:
            return nothing("zero-target-missed", actual=printed(actual))
        if better(figures) == "lower":
            return _in_proportion(weight, target, actual, "proportion-less")
        return _in_proportion(weight, actual, target, "proportion-more")


def _in_proportion(weight: Decimal, part_figure: Decimal, whole: Decimal, code: str) -> Outcome:
    value = exact(weight) * exact(part_figure) / exact(whole)
    return part(weight, value, f"{printed(weight)} × {signed(part_figure)} ÷ {signed(whole)}", code)
