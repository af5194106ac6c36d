"""Subtotals and single scores: do they stay within their weights, do levels add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, Finding, Subject
from evaluations.checks.levels import PrintedLevel, Span, alternatives, printed_levels
from evaluations.checks.registry import check
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed, total
from evaluations.scoring.figures import EXECUTION
from evaluations.strict_json import gettext_noop

BELOW_ZERO = gettext_noop("The score is %(stated)s: it cannot be below 0.")
OVER_WEIGHT = gettext_noop("The score is %(stated)s, more than the weight of %(weight)s.")


@check("score-range", ERROR)
def score_range(case: Case) -> Iterator[Finding]:
    """Scores lie between 0 and their weight, the total between 0 and 100 (财预〔2020〕10号, annex 1).

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
    for level in printed_levels(case):
        if level.points is None:
            continue
        weight = level.weight
        if weight is None:
            weight = max(_weights_of(case, level), default=None)
        if _is_outside(level.points, weight, tolerance):
            yield _outside(Subject(level.label, field="by_level1"), level.points, weight)


def _weights_of(case: Case, level: PrintedLevel) -> Sequence[Decimal]:
    """What a level can weigh: its indicators; with those inside; with the execution row."""
    if not level.rows:
        alone = case.execution_weight if level.level == EXECUTION else None
        return [] if alone is None else [alone]
    own = _weight_of_all(level.rows)
    if own is None:
        return []
    weights = [own]
    if level.inside and (inside := _weight_of_all(level.inside)) is not None:
        weights.append(own + inside)
    if case.execution_weight is not None and not case.execution_rows:
        weights.append(own + case.execution_weight)
    return weights


def _weight_of_all(rows: Sequence[Row]) -> Decimal | None:
    weights = [row.weight for row in rows if row.weight is not None]
    return total(weights) if len(weights) == len(rows) else None


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
        if level.points is not None:
            spans = list(alternatives(case, level, levels))
            if spans and not any(span.holds(level.points, tolerance) for span in spans):
                yield _off_scores(level.label, level.points, spans[0])
        if level.weight is not None:
            weights = _weights_of(case, level)
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
