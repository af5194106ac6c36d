"""The experts' panel: what several people's points come to, and how far they lie apart.

One indicator's points are the mean of the experts', rounded half-up to 2 places;
subtotals and the total are sums of these rounded points, so that the printed form
adds up. With ``trimmed_mean`` one highest and one lowest are dropped at each
indicator, from five experts up; below five that would leave too few, and the plain
mean is taken.

An outlier is looked for from three experts up, and with two rules, because quartiles
say nothing about three or four figures:

- three or four experts: farther from the median than 20 % of the weight;
- five and more: more than 1.5 times the distance of the quartiles below the first or
  above the third (Tukey's fences; quartiles as a spreadsheet's QUARTILE.INC gives
  them), and farther from the median than 10 % of the weight, so that a few hundredths
  among experts who otherwise agree are not called out.

Where half of the panel or more would lie far out, nobody does: then the experts are
divided, which the spread tells, and none of them is the odd one out.

An outlier is shown, never left out of the mean by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from evaluations.scoring.exact import ZERO, exact, half_up, printed, printed_points, total
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import level1_of

MEAN, TRIMMED_MEAN = "mean", "trimmed_mean"
PANEL_RULES = (MEAN, TRIMMED_MEAN)
TRIMMED_FROM = 5
FENCES_FROM = 5
OUTLIERS_FROM = 3
FENCE = Fraction(3, 2)
FAR = Fraction(1, 5)
FAR_BESIDE_FENCES = Fraction(1, 10)

Given = Mapping[int, Decimal]
"""Points by the expert who gave them."""


@dataclass(frozen=True)
class Spread:
    """How far the experts' points lie apart; ``deviation`` is the standard deviation of all of them."""

    lowest: Decimal
    highest: Decimal
    deviation: Decimal
    explanation: Explanation

    @property
    def width(self) -> Decimal:
        """The highest less the lowest."""
        return self.highest - self.lowest


@dataclass(frozen=True)
class Outlier:
    """An expert whose points lie far from the others', and why they count as far."""

    expert: int
    points: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class PanelFigure:
    """The panel's points for an indicator, a level or the whole, with what lies behind them.

    ``points`` is None while an indicator that has a weight was scored by nobody.
    """

    label: str
    points: Decimal | None
    explanation: Explanation
    given: Given
    spread: Spread | None = None
    outliers: tuple[Outlier, ...] = ()
    dropped: tuple[int, ...] = ()
    """The experts whose points were left out of a trimmed mean."""


@dataclass(frozen=True)
class PanelRow:
    """What the experts gave for one indicator."""

    level1: str
    name: str
    weight: Decimal | None
    given: Given


@dataclass(frozen=True)
class ScoredPanel:
    """The panel's figures: one for each indicator, for each level 1, and the total."""

    rows: tuple[PanelFigure, ...]
    levels: tuple[PanelFigure, ...]
    total: PanelFigure


def score_panel(rows: Sequence[PanelRow], rule: str = MEAN, besides: Decimal = ZERO) -> ScoredPanel:
    """The whole panel; ``besides`` are points of the form that no expert scores, the same for all.

    Raises ValueError for a rule that is none of PANEL_RULES.
    """
    scored = tuple(panel_figure(row.given, rule, weight=row.weight, label=row.name) for row in rows)
    pairs = list(zip(rows, scored, strict=True))
    levels: dict[str, list[tuple[PanelRow, PanelFigure]]] = {}
    for row, figure in pairs:
        levels.setdefault(level1_of(row.level1), []).append((row, figure))
    return ScoredPanel(
        rows=scored,
        levels=tuple(_sum_of(members[0][0].level1, members) for members in levels.values()),
        total=_sum_of("", pairs, besides),
    )


def panel_figure(
    given: Given, rule: str = MEAN, *, weight: Decimal | None = None, label: str = ""
) -> PanelFigure:
    """The panel's points for one indicator. Raises ValueError for an unknown rule."""
    if not given:
        return PanelFigure(label, None, explain("panel-empty"), given)
    dropped = _dropped(given, rule)
    counted = [points for expert, points in given.items() if expert not in dropped]
    points, arithmetic = mean_of(counted)
    values = {"experts": str(len(given))}
    if dropped:
        lowest, highest = (printed(given[expert]) for expert in dropped)
        values |= {"lowest": lowest, "highest": highest}
    words = explain("panel-trimmed" if dropped else "panel", arithmetic, **values)
    return PanelFigure(
        label, points, words, given, spread_of(given), outliers_of(given, weight), dropped=dropped
    )


def panel_points(points: Sequence[Decimal], rule: str = MEAN) -> Decimal | None:
    """Only the figure: what these points come to, half-up to 2 places; None without any."""
    if not points:
        return None
    given = dict(enumerate(points))
    dropped = _dropped(given, rule)
    return mean_of([found for place, found in given.items() if place not in dropped])[0]


def mean_of(points: Sequence[Decimal]) -> tuple[Decimal, str]:
    """The mean half-up to 2 places, with its arithmetic: "(8 + 9 + 10) ÷ 3 = 9.00"."""
    found = half_up(_mean(points))
    return found, f"({' + '.join(map(printed, points))}) ÷ {len(points)} = {printed_points(found)}"


def _mean(points: Sequence[Decimal]) -> Fraction:
    return Fraction(sum(map(exact, points), Fraction(0)), len(points))


def _dropped(given: Given, rule: str) -> tuple[int, ...]:
    """The experts with the lowest and with the highest points, when the rule drops them.

    Of several with the same points it is always the same one, in whatever order they come.
    """
    if rule not in PANEL_RULES:
        raise ValueError(f"unknown rule for the panel: {rule}")
    if rule == MEAN or len(given) < TRIMMED_FROM:
        return ()
    ranked = sorted(given, key=lambda expert: (given[expert], expert))
    return ranked[0], ranked[-1]


def _sum_of(
    label: str, pairs: Sequence[tuple[PanelRow, PanelFigure]], besides: Decimal = ZERO
) -> PanelFigure:
    """The sum of the rounded points, beside each expert's own sum."""
    scored = [(row, figure) for row, figure in pairs if row.weight is not None or figure.points is not None]
    points = [figure.points for _row, figure in scored if figure.points is not None]
    if len(points) < len(scored) or not scored:
        return PanelFigure(label, None, explain("panel-empty"), {})
    parts = [*points, *([besides] if besides else [])]
    found = total(parts)
    complete = set.intersection(*(set(row.given) for row, _figure in scored))
    own = {expert: total([besides, *(row.given[expert] for row, _ in scored)]) for expert in sorted(complete)}
    weight = total(row.weight or ZERO for row, _figure in scored)
    words = explain("sum", f"{' + '.join(map(printed_points, parts))} = {printed_points(found)}")
    return PanelFigure(label, found, words, own, spread_of(own), outliers_of(own, weight or None))


def spread_of(given: Given) -> Spread | None:
    """How far the points lie apart; None for fewer than two experts."""
    if len(given) < 2:
        return None
    lowest, highest, deviation = min(given.values()), max(given.values()), _deviation(list(given.values()))
    values = {"lowest": printed(lowest), "highest": printed(highest), "deviation": printed_points(deviation)}
    return Spread(lowest, highest, deviation, explain("panel-spread", **values))


def _deviation(points: Sequence[Decimal]) -> Decimal:
    """The standard deviation (of the panel as a whole, not of a sample), half-up to 2 places.

    The root is taken of whole numbers: floor(√x + ½) is (⌊√4x⌋ + 1) ÷ 2.
    """
    mean = _mean(points)
    variance = sum(((exact(point) - mean) ** 2 for point in points), Fraction(0)) / len(points)
    hundredths = (isqrt(int(4 * variance * 10000)) + 1) // 2
    return Decimal(hundredths).scaleb(-2)


def outliers_of(given: Given, weight: Decimal | None) -> tuple[Outlier, ...]:
    """The experts whose points lie far from the others', by the rules at the top of this module.

    Without a weight only the fences can tell.
    """
    if len(given) < OUTLIERS_FROM:
        return ()
    figures = sorted(map(exact, given.values()))
    tell = _beyond_fences if len(given) >= FENCES_FROM else _far_from_median
    found = ((expert, points, tell(points, figures, weight)) for expert, points in given.items())
    far = tuple(Outlier(expert, points, words) for expert, points, words in found if words is not None)
    return far if 2 * len(far) < len(given) else ()


def _far_from_median(
    points: Decimal, figures: Sequence[Fraction], weight: Decimal | None
) -> Explanation | None:
    median = quartile(figures, 2)
    if weight is None or abs(exact(points) - median) <= exact(weight) * FAR:
        return None
    return explain(
        "panel-far",
        points=printed(points),
        median=printed(half_up(median)),
        limit=printed(half_up(exact(weight) * FAR)),
    )


def _beyond_fences(
    points: Decimal, figures: Sequence[Fraction], weight: Decimal | None
) -> Explanation | None:
    first, median, third = (quartile(figures, which) for which in (1, 2, 3))
    low, high = first - FENCE * (third - first), third + FENCE * (third - first)
    near = weight is not None and abs(exact(points) - median) <= exact(weight) * FAR_BESIDE_FENCES
    if low <= exact(points) <= high or near:
        return None
    return explain(
        "panel-beyond", points=printed(points), low=printed(half_up(low)), high=printed(half_up(high))
    )


def quartile(figures: Sequence[Fraction], which: int) -> Fraction:
    """The first, second (median) or third quartile of sorted figures, as QUARTILE.INC takes it."""
    place, rest = divmod(which * (len(figures) - 1), 4)
    if not rest:
        return figures[place]
    return figures[place] + (figures[place + 1] - figures[place]) * Fraction(rest, 4)
