"""Subtotals and single scores: do they stay within their weights, do levels add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from evaluations.checks.case import Case
from evaluations.checks.finding import ERROR, Finding, Subject
from evaluations.checks.levels import Reading, Span, printed_levels, readings
from evaluations.checks.registry import check
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed
from evaluations.strict_json import gettext_noop

BELOW_ZERO = gettext_noop("The score is %(stated)s: it cannot be below 0.")
OVER_WEIGHT = gettext_noop("The score is %(stated)s, more than the weight of %(weight)s.")


@check("score-range", ERROR)
def score_range(case: Case) -> Iterator[Finding]:
    """Scores lie between 0 and their weight, the total between 0 and 100 (财预〔2020〕10号 art. 16, 18).

    Fires for an indicator, for the execution score, for a level's subtotal and for the
    total; where a weight is unknown, only for a score below 0.
    """
    tolerance = case.scheme.tolerance
    for row in case.rows:
        if row.score is not None and _is_outside(row.score, row.weight, tolerance):
            yield _outside(Subject(row.name, indicator=row.place, field="score"), row.score, row.weight)
    score, weight = case.execution_score, case.execution_weight
    if score is not None and _is_outside(score, weight, tolerance):
        yield _outside(
            Subject(gettext_noop("Execution score"), term=True, field="stated_score"), score, weight
        )
    if case.stated.by_level1:
        yield from _subtotals_outside(case, tolerance)
    points = case.stated.total
    if points is not None and _is_outside(points, FULL_MARKS, tolerance):
        yield Finding(
            Subject(gettext_noop("Total"), term=True, field="total"),
            gettext_noop("The total is %(stated)s: it must lie between 0 and 100."),
            {"stated": printed(points)},
            stated=printed(points),
            expected="0–100",
        )


def _is_outside(score: Decimal, weight: Decimal | None, tolerance: Decimal) -> bool:
    return score < ZERO or (weight is not None and score > weight + tolerance)


def _outside(subject: Subject, score: Decimal, weight: Decimal | None) -> Finding:
    if score < ZERO:
        expected = "≥ 0" if weight is None else f"0–{printed(weight)}"
        return Finding(
            subject, BELOW_ZERO, {"stated": printed(score)}, stated=printed(score), expected=expected
        )
    most = printed(weight or ZERO)
    values = {"stated": printed(score), "weight": most}
    return Finding(subject, OVER_WEIGHT, values, stated=printed(score), expected=f"≤ {most}")


def _subtotals_outside(case: Case, tolerance: Decimal) -> Iterator[Finding]:
    levels = printed_levels(case)
    for level in levels:
        if level.points is None:
            continue
        weight = level.weight
        if weight is None:
            weight = _weight_as_read(readings(case, level, levels), level.points, tolerance)
        if _is_outside(level.points, weight, tolerance):
            yield _outside(Subject(level.label, field="by_level1"), level.points, weight)


def _weight_as_read(ways: Sequence[Reading], points: Decimal, tolerance: Decimal) -> Decimal | None:
    """What a level weighs when read so that its subtotal is right; else what its indicators weigh."""
    for way in ways:
        if way.span.holds(points, tolerance):
            return way.weight
    return ways[0].weight if ways else None


@check("subtotal-mismatch", ERROR)
def subtotal_mismatch(case: Case) -> Iterator[Finding]:
    """A level's subtotal is the sum of its scores, its printed weight the sum of its weights.

    As for the total (total-mismatch), within a level: scores that are not published
    count for anything up to their weight, and where a level has none, for the most that
    the rules give. Never fires for a level that the form prints nothing for.
    """
    if not case.stated.by_level1 and not case.stated.level1_weights:
        return
    levels = printed_levels(case)
    tolerance = case.scheme.tolerance
    for level in levels:
        ways = readings(case, level, levels)
        points = level.points
        if points is not None and ways and not any(way.span.holds(points, tolerance) for way in ways):
            yield _off_scores(level.label, points, ways[0].span)
        if level.weight is not None:
            weights = [way.weight for way in ways if way.weight is not None]
            if weights and all(abs(level.weight - weight) > tolerance for weight in weights):
                yield _off_weights(level.label, level.weight, weights[0])


def _off_scores(label: str, points: Decimal, span: Span) -> Finding:
    values = {"level": label, "stated": printed(points)}
    subject = Subject(label, field="by_level1")
    if span.least == span.most:
        words = gettext_noop(
            "The subtotal of %(level)s is %(stated)s, but its scores add up to %(expected)s."
        )
        expected = printed(span.least)
    else:
        words = gettext_noop(
            "The subtotal of %(level)s is %(stated)s, but its scores allow only %(expected)s."
        )
        expected = (
            f"≥ {printed(span.least)}" if span.most is None else f"{printed(span.least)}–{printed(span.most)}"
        )
    return Finding(
        subject, words, {**values, "expected": expected}, stated=printed(points), expected=expected
    )


def _off_weights(label: str, stated: Decimal, expected: Decimal) -> Finding:
    return Finding(
        Subject(label, field="level1_weights"),
        gettext_noop(
            "The weight of %(level)s is %(stated)s, but its indicators' weights add up to %(expected)s."
        ),
        {"level": label, "stated": printed(stated), "expected": printed(expected)},
        stated=printed(stated),
        expected=printed(expected),
    )
