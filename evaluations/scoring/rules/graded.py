"""Rules that grade a figure: linear between two ends, and bands.

``of`` says which figure: the "actual" value in the indicator's unit (default), or
its "completion" rate in percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import ZERO, exact, half_up, points_within, printed, printed_points
from evaluations.scoring.explain import explain
from evaluations.scoring.figures import IndicatorFigures
from evaluations.scoring.outcome import Outcome, decided, full, nothing, part, undecided
from evaluations.scoring.rules.base import (
    Measure,
    Tiers,
    completion_percent,
    missing_figure,
    require_direction,
)
from evaluations.strict_json import Fault, gettext_noop

ONE = Decimal(1)


def measured(figures: IndicatorFigures, of: Measure) -> Fraction | None:
    """The figure to grade; None when it is missing."""
    if of == "completion":
        return completion_percent(figures)
    return None if figures.actual_value is None else exact(figures.actual_value)


def unmeasured(figures: IndicatorFigures, weight: Decimal, of: Measure) -> Outcome:
    """The outcome when there is no figure to grade."""
    outcome = missing_figure(figures, weight, target=of == "completion")
    return outcome or undecided(weight, "no-proportion", target=printed(figures.target_value or ZERO))


def shown(figure: Fraction, of: Measure) -> str:
    return printed(half_up(figure)) + ("%" if of == "completion" else "")


@dataclass(frozen=True)
class Linear:
    """Nothing below ``zero_below``, full from ``full_at``, between them in proportion to the way gone.

    Weight × (figure − zero_below) ÷ (full_at − zero_below), as 财预〔2021〕101号 has
    it for quantities: (rate − 60 %) ÷ 40 %.
    """

    zero_below: Decimal
    full_at: Decimal
    of: Measure = "actual"
    type: Literal["linear"] = "linear"

    def faults(self) -> list[Fault]:
        if self.zero_below < self.full_at:
            return []
        return [Fault("zero_below", gettext_noop("must be less than full_at"))]

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        if self.of == "actual":
            require_direction(figures, "higher")
        figure = measured(figures, self.of)
        if figure is None:
            return unmeasured(figures, weight, self.of)
        names = {"figure": shown(figure, self.of)}
        low, high = exact(self.zero_below), exact(self.full_at)
        if figure >= high:
            return full(weight, "linear-full", full_at=shown(high, self.of), **names)
        if figure < low:
            return nothing("linear-nothing", zero_below=shown(low, self.of), **names)
        names |= {"zero_below": shown(low, self.of), "full_at": shown(high, self.of)}
        formula = (
            f"{printed(weight)} × ({names['figure']} − {names['zero_below']})"
            f" ÷ ({names['full_at']} − {names['zero_below']})"
        )
        return part(weight, exact(weight) * (figure - low) / (high - low), formula, "linear-between", **names)


@dataclass(frozen=True)
class Band:
    """One band: from a figure up (more is better) or up to a figure (less is better).

    It gives ``points``, or a ``share`` of the weight as a part of one.
    """

    from_: Decimal | None = None
    to: Decimal | None = None
    points: Decimal | None = None
    share: Decimal | None = None

    @property
    def bound(self) -> Decimal:
        return self.from_ if self.from_ is not None else self.to or ZERO

    @property
    def amount(self) -> Decimal:
        return self.points if self.points is not None else self.share or ZERO


@dataclass(frozen=True)
class Bands:
    """The points of the best band that the figure reaches; in no band, nothing."""

    bands: tuple[Band, ...]
    of: Measure = "actual"
    type: Literal["bands"] = "bands"

    def faults(self) -> list[Fault]:
        shapes = {
            (band.from_ is None, band.to is None, band.points is None, band.share is None)
            for band in self.bands
        }
        if len(shapes) != 1 or next(iter(shapes)) not in _BAND_SHAPES:
            return [
                Fault(
                    "bands",
                    gettext_noop("every band needs one of from and to, and one of points and share, alike"),
                )
            ]
        bounds = [band.bound for band in self.bands]
        if len(set(bounds)) < len(bounds):
            return [Fault("bands", gettext_noop("two bands have the same bound"))]
        return self._amount_faults()

    def _amount_faults(self) -> list[Fault]:
        amounts = [band.amount for band in self._best_first()]
        faults = []
        if amounts != sorted(amounts, reverse=True):
            faults.append(Fault("bands", gettext_noop("a better figure must not give fewer points")))
        if amounts[-1] < ZERO or (self.bands[0].share is not None and amounts[0] > ONE):
            faults.append(Fault("bands", gettext_noop("points cannot be negative, nor a share over 1")))
        if self.of == "completion" and not self._from_up:
            faults.append(Fault("bands", gettext_noop("bands of the completion rate need from")))
        return faults

    @property
    def _from_up(self) -> bool:
        return self.bands[0].from_ is not None

    def _best_first(self) -> list[Band]:
        return sorted(self.bands, key=lambda band: band.bound, reverse=self._from_up)

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        if self.of == "actual":
            require_direction(figures, "higher" if self._from_up else "lower")
        best = max(band.points or ZERO for band in self.bands)
        if best > weight:
            found = {"found": printed(best), "weight": printed(weight)}
            raise ScoringError("rule-over-weight", "rule", subject=figures.name, **found)
        figure = measured(figures, self.of)
        if figure is None:
            return unmeasured(figures, weight, self.of)
        return self._reached(figure, weight)

    def _reached(self, figure: Fraction, weight: Decimal) -> Outcome:
        names = {"figure": shown(figure, self.of)}
        for band in self._best_first():
            bound = exact(band.bound)
            if figure >= bound if self._from_up else figure <= bound:
                code = "band" if self._from_up else "band-up-to"
                return _band_outcome(band, weight, code, bound=shown(bound, self.of), **names)
        return nothing("band-none", **names)


_BAND_SHAPES = {
    (no_from, not no_from, no_points, not no_points)
    for no_from in (True, False)
    for no_points in (True, False)
}


def _band_outcome(band: Band, weight: Decimal, code: str, **names: str) -> Outcome:
    if band.share is not None:
        value = exact(weight) * exact(band.share)
        return part(weight, value, f"{printed(weight)} × {printed(band.share)}", code, **names)
    points = points_within(exact(band.amount), weight)
    return decided(points, explain(code, printed_points(points), **names))
