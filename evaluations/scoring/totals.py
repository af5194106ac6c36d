"""From scores to subtotals, a total and a grade: sums of rounded scores, then the cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluations.scoring.bands import Cap
from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import FULL_MARKS, ZERO, exact, printed, printed_percent, printed_points, total
from evaluations.scoring.execution import ScoredExecution
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import level1_of
from evaluations.scoring.indicator import ScoredIndicator
from evaluations.scoring.parameters import SchemeParameters


@dataclass(frozen=True)
class Subtotal:
    """A level 1: points are None while one of its scores is open, weight while one is unknown."""

    level1: str
    points: Decimal | None
    weight: Decimal | None


@dataclass(frozen=True)
class Total:
    """``points`` after a cap, ``sum_of_scores`` before it; while open, the ends between which it lies."""

    points: Decimal | None
    sum_of_scores: Decimal | None
    least: Decimal
    most: Decimal
    explanation: Explanation


def grade_of(points: Decimal, scheme: SchemeParameters) -> str:
    """优, 良, 中 or 差 for a total; raises ScoringError for a total outside 0 to 100."""
    for band in scheme.grades:
        if band.from_ <= points < band.to or points == band.to == FULL_MARKS:
            return band.grade
    raise ScoringError("total-out-of-range", "total", found=str(points))


def agrees(stated: Decimal, computed: Decimal, scheme: SchemeParameters) -> bool:
    """Whether a stated score and a computed one differ by no more than the scheme's tolerance."""
    return abs(stated - computed) <= scheme.tolerance


def cap_for(rate: Fraction | None, scheme: SchemeParameters) -> Cap | None:
    """The cap that the execution rate brings, if any."""
    if rate is None:
        return None
    return next((cap for cap in scheme.caps if exact(cap.from_) <= rate < exact(cap.to)), None)


def sum_or_open(figures: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None while a figure is missing."""
    known = [figure for figure in figures if figure is not None]
    return total(known) if len(known) == len(figures) else None


def subtotals_of(scored: Sequence[ScoredIndicator]) -> tuple[Subtotal, ...]:
    """One subtotal per level 1, in the order in which the form first names it."""
    levels: dict[str, list[ScoredIndicator]] = {}
    for row in scored:
        levels.setdefault(level1_of(row.figures.level1), []).append(row)
    return tuple(
        Subtotal(level, sum_or_open([row.points for row in rows]), sum_or_open([row.weight for row in rows]))
        for level, rows in levels.items()
    )


def total_of(
    scored: Sequence[ScoredIndicator],
    execution: ScoredExecution,
    rate: Fraction | None,
    scheme: SchemeParameters,
) -> Total:
    """The total of all rows; the execution row counts when it is scored apart."""
    if execution.refusals:
        return Total(None, None, ZERO, FULL_MARKS, execution.explanation)
    rows: list[ScoredIndicator | ScoredExecution] = [*scored]
    if execution.weight is not None:
        rows.append(execution)
    if not scored:
        return Total(None, None, ZERO, ZERO, explain("nothing-to-score"))
    cap = cap_for(rate, scheme)
    limit = FULL_MARKS if cap is None else cap.most
    points = [row.points for row in rows]
    if None in points:
        least, most = (
            min(total(row.least for row in rows), limit),
            min(total(row.most for row in rows), limit),
        )
        ends = {"least": printed_points(least), "most": printed_points(most)}
        return Total(None, None, least, most, explain("sum-open", open=str(points.count(None)), **ends))
    return _closed_total([figure for figure in points if figure is not None], cap, rate)


def _closed_total(points: Sequence[Decimal], cap: Cap | None, rate: Fraction | None) -> Total:
    found = total(points)
    arithmetic = f"{' + '.join(map(printed_points, points))} = {printed_points(found)}"
    if cap is None or rate is None or found <= cap.most:
        return Total(found, found, found, found, explain("sum", arithmetic))
    most = printed(cap.most)
    capped = explain("capped", f"{arithmetic} → {most}", rate=printed_percent(rate), most=most)
    return Total(cap.most, found, cap.most, cap.most, capped)
