"""Scores: stated points beside what the rule gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from evaluations.checks.case import Case, Row, once_per_case
from evaluations.checks.finding import ERROR, NOTE, WARNING, Finding, Subject
from evaluations.checks.registry import Check, check
from evaluations.checks.ruled import Ends, ends_of, least_for_words
from evaluations.scoring.exact import exact, points_within, printed
from evaluations.strict_json import gettext_noop

UNMET_IN_FULL, MET_BUT_DEDUCTED, OFF_RULE = "unmet in full", "met but deducted", "off the rule"


@check("unmet-full-score", ERROR)
def unmet_full_score(case: Case) -> Iterator[Finding]:
    """No full score where the rule gives less (财预〔2020〕10号 art. 16: in proportion).

    Fires when the stated score reaches the weight and the rule, or the tier that the
    words name, stays below it, each by 0.05 points; never without a score of the
    indicator's own.
    """
    for row, ends, doubt in _doubts(case):
        if doubt == UNMET_IN_FULL:
            yield _finding(
                row,
                ends,
                gettext_noop(
                    "Scored in full with %(stated)s of %(weight)s points, but the rule gives %(expected)s: "
                    "target %(target)s, actual %(actual)s."
                ),
            )


@check("met-score-deducted", NOTE)
def met_score_deducted(case: Case) -> Iterator[Finding]:
    """Points taken off a met target have a reason (财预〔2020〕10号 art. 16: what is met scores in full).

    Fires for figures that meet the target and less than the weight, and for words that
    say so and less than the tier's least share of the weight (80 %), where no reason is
    given; never for an over-achieved target, whose points art. 16 lets be reduced, nor
    where the rule itself gives less.
    """
    for row, ends, doubt in _doubts(case):
        if doubt == MET_BUT_DEDUCTED and not row.has_reason:
            yield _finding(
                row,
                ends,
                gettext_noop(
                    "The target %(target)s is met (%(actual)s), yet only %(stated)s of %(weight)s points "
                    "are given, without a reason."
                ),
            )


@check("score-off-rule", WARNING)
def score_off_rule(case: Case) -> Iterator[Finding]:
    """A score is what the indicator's rule gives (财预〔2020〕10号 art. 16).

    Fires when they differ by more than 0.05 points, or when the score lies outside the
    tier that the words name; never where unmet-full-score or met-score-deducted says
    it, nor for a deduction that a reason or over-achievement explains.
    """
    for row, ends, doubt in _doubts(case):
        if doubt == OFF_RULE:
            yield _finding(
                row,
                ends,
                gettext_noop(
                    "The score is %(stated)s of %(weight)s, but the rule gives %(expected)s: "
                    "target %(target)s, actual %(actual)s."
                ),
            )


@once_per_case
def _doubts(case: Case) -> Sequence[tuple[Row, Ends, str]]:
    """The scores that the rules do not give, each with the one thing that is wrong with it."""
    found = []
    for row in case.rows:
        if row.score is None or (ends := ends_of(case, row)) is None:
            continue
        doubt = _doubt(case, row, ends)
        if doubt:
            found.append((row, ends, doubt))
    return found


def _doubt(case: Case, row: Row, ends: Ends) -> str:
    score, weight, tolerance = row.score, row.weight, case.scheme.tolerance
    assert score is not None
    assert weight is not None
    full = weight - tolerance
    if score >= full > ends.most:
        return UNMET_IN_FULL
    if score < full <= ends.most and _earns_more(case, row, score):
        return MET_BUT_DEDUCTED
    if ends.least - tolerance <= score <= ends.most + tolerance:
        return ""
    explained = (score < ends.least and row.over_achieved) or _follows_budget(case, row)
    return "" if explained else OFF_RULE


def _earns_more(case: Case, row: Row, score: Decimal) -> bool:
    """Whether a target is met and its score, below the weight, is less than that earns."""
    weight = row.weight
    if row.over_achieved or weight is None:
        return False
    if row.met:
        return True
    return row.met_by_words is True and score < least_for_words(case, weight) - case.scheme.tolerance


def _follows_budget(case: Case, row: Row) -> bool:
    """Whether an execution indicator is scored by the budget's exact rate, its actual being rounded."""
    if not row.is_execution or row.facts.rule or row.score is None or row.weight is None:
        return False
    score, weight, tolerance = row.score, row.weight, case.scheme.tolerance
    return any(
        abs(points_within(exact(weight) * rate, weight) - score) <= tolerance for rate in case.passing_rates
    )


def _finding(row: Row, ends: Ends, words: str) -> Finding:
    assert row.score is not None
    assert row.weight is not None
    expected = (
        printed(ends.most) if ends.least == ends.most else f"{printed(ends.least)}–{printed(ends.most)}"
    )
    values = {
        "stated": printed(row.score),
        "weight": printed(row.weight),
        "expected": expected,
        "target": row.target_words or "—",
        "actual": row.actual_words or "—",
    }
    return Finding(
        Subject(row.name, indicator=row.place, field="score"),
        words,
        values,
        stated=printed(row.score),
        expected=expected,
    )


CHECKS: tuple[Check, ...] = (unmet_full_score, met_score_deducted, score_off_rule)
