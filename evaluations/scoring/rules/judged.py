"""Rules that rest on a judgement: checklist, qualitative tiers, experts' panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import ZERO, exact, full_points, points_within, printed, printed_points
from evaluations.scoring.explain import explain
from evaluations.scoring.figures import IndicatorFigures
from evaluations.scoring.judgement import MET, tier_of
from evaluations.scoring.outcome import Outcome, decided, part, undecided
from evaluations.scoring.panel import MEAN, TRIMMED_MEAN, panel_figure
from evaluations.scoring.rules.base import Tiers
from evaluations.strict_json import Fault, gettext_noop


def by_words(figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
    """Points by the tier that the words name; only "met" fixes them (full weight).

    The other tiers are ranges in which a person has to judge.
    """
    tier = tier_of(figures.actual_text, figures.target_text)
    ends: dict[str, tuple[Decimal, Decimal]] = {
        band.tier: _ends(band.from_, band.to, weight) for band in tiers
    }
    if tier is None:
        ranges = {
            name: f"{printed_points(least)}–{printed_points(most)}" for name, (least, most) in ends.items()
        }
        return undecided(weight, "tier-unknown" if figures.actual_text.strip() else "words-missing", **ranges)
    least, most = ends[tier]
    names = {"least": printed_points(least), "most": printed_points(most)}
    points = full_points(weight) if tier == MET else None
    arithmetic = printed_points(points) if points is not None else ""
    return Outcome(points, explain(f"tier-{tier}", arithmetic, **names), least, most, tier)


@lru_cache(maxsize=4096)
def _ends(low: Decimal, high: Decimal, weight: Decimal) -> tuple[Decimal, Decimal]:
    return (
        points_within(exact(weight) * exact(low), weight),
        points_within(exact(weight) * exact(high), weight),
    )


@dataclass(frozen=True)
class QualitativeTiers:
    """The scheme's tiers, chosen by the words of the actual."""

    type: Literal["tiers"] = "tiers"

    def faults(self) -> list[Fault]:
        return []

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        return by_words(figures, weight, tiers)


@dataclass(frozen=True)
class Checklist:
    """Points to satisfy, each with its share; ``met`` says which are, null which are not judged.

    Weight × shares satisfied ÷ all shares; ``texts`` names the points for people.
    """

    shares: tuple[Decimal, ...]
    met: tuple[bool | None, ...] = ()
    texts: tuple[str, ...] = ()
    type: Literal["checklist"] = "checklist"

    def faults(self) -> list[Fault]:
        faults = []
        if not self.shares or min(self.shares) <= ZERO:
            faults.append(Fault("shares", gettext_noop("must be a list of figures above 0")))
        for name, items in (("met", self.met), ("texts", self.texts)):
            if items and len(items) != len(self.shares):
                faults.append(Fault(name, gettext_noop("must be as many as the shares")))
        return faults

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        met = self.met or (None,) * len(self.shares)
        whole = sum(self.shares, ZERO)
        satisfied = sum((share for share, is_met in zip(self.shares, met, strict=True) if is_met), ZERO)
        failed = sum((share for share, is_met in zip(self.shares, met, strict=True) if is_met is False), ZERO)
        if None in met:
            least, most = (
                points_within(exact(weight) * exact(sure) / exact(whole), weight)
                for sure in (satisfied, whole - failed)
            )
            open_points = explain("checklist-open", open=str(met.count(None)), all=str(len(met)))
            return Outcome(None, open_points, least, most)
        names = {"satisfied": printed(satisfied), "all": printed(whole)}
        formula = f"{printed(weight)} × {names['satisfied']} ÷ {names['all']}"
        return part(weight, exact(weight) * exact(satisfied) / exact(whole), formula, "checklist", **names)


@dataclass(frozen=True)
class Panel:
    """The mean of the experts' points; ``trimmed`` drops the highest and lowest from five experts up."""

    points: tuple[Decimal, ...] = ()
    trimmed: bool = False
    type: Literal["panel"] = "panel"

    def faults(self) -> list[Fault]:
        return []

    def score(self, figures: IndicatorFigures, weight: Decimal, tiers: Tiers) -> Outcome:
        return panel_outcome(self.points, weight, trimmed=self.trimmed, subject=figures.name)


def panel_outcome(
    points: Sequence[Decimal], weight: Decimal, *, trimmed: bool = False, subject: str = ""
) -> Outcome:
    """The experts' mean, half-up to 2 places.

    Raises ScoringError when an expert gave less than 0 or more than the weight.
    """
    for given in points:
        if not ZERO <= given <= weight:
            found = {"found": printed(given), "weight": printed(weight)}
            raise ScoringError("points-out-of-range", "points", subject=subject, **found)
    figure = panel_figure(dict(enumerate(points)), TRIMMED_MEAN if trimmed else MEAN, weight=weight)
    if figure.points is None:
        return undecided(weight, figure.explanation.code)
    return decided(figure.points, figure.explanation)
