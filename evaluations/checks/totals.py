"""Totals: what adds up to what, and which grade it earns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from evaluations.checks.case import Case
from evaluations.checks.finding import ERROR, Finding, Subject
from evaluations.checks.levels import (
    PrintedLevel,
    Span,
    exactly,
    execution_span,
    missing_execution_weight,
    printed_levels,
    shares_apply,
    span_of,
)
from evaluations.checks.reading import plain
from evaluations.checks.registry import Check, check
from evaluations.checks.ruled import most_for_execution, most_of
from evaluations.checks.subtotals import score_range, subtotal_mismatch
from evaluations.scoring import ScoringError, grade_of
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed, total
from evaluations.scoring.figures import EXECUTION, LEVELS
from evaluations.scoring.totals import cap_for
from evaluations.strict_json import gettext_noop

TOTAL = Subject(gettext_noop("Total"), term=True, field="total")
GRADE = Subject(gettext_noop("Grade"), term=True, field="grade")
GRADES = {
    "优秀": "优",
    "优等": "优",
    "良好": "良",
    "良等": "良",
    "合格": "中",
    "一般": "中",
    "中等": "中",
    "较差": "差",
    "差等": "差",
    "不合格": "差",
}
SCORES = gettext_noop("The total is %(stated)s, but the scores add up to %(expected)s.")
KNOWN_SCORES = gettext_noop(
    "The total is %(stated)s, but with the scores that are known it can only be %(expected)s."
)
SUBTOTALS = gettext_noop("The total is %(stated)s, but the subtotals add up to %(expected)s.")
RULES = gettext_noop(
    "The total is %(stated)s, but the rules give at most %(most)s, "
    "even with full points for all that figures do not decide."
)


@check("total-mismatch", ERROR)
def total_mismatch(case: Case) -> Iterator[Finding]:
    """The total is the sum of the scores (财预〔2020〕10号 art. 16: 总分由各项指标得分汇总形成).

    Compared with the indicators' scores and the execution score; where some are not
    published, with what their weights and subtotals still allow; with the subtotals,
    when every level has one; and where no score is published, with the most that the
    rules give. Never fires without a total.
    """
    stated = case.stated.total
    if stated is None:
        return
    levels = printed_levels(case)
    found = _against_scores(case, levels, stated) or _against_subtotals(case, levels, stated)
    if found is None and all(row.score is None for row in case.rows):
        found = _against_rules(case, stated)
    if found is not None:
        yield found


def _mismatch(words: str, stated: Decimal, expected: str, most: str = "") -> Finding:
    values = {"stated": printed(stated), "expected": expected, "most": most}
    return Finding(TOTAL, words, values, stated=printed(stated), expected=expected)


class _Sum(NamedTuple):
    """What the indicators add up to: their scores, or their levels' subtotals where those are missing.

    ``apart`` are subtotals of levels whose indicators the dossier does not list.
    """

    points: Span
    apart: Decimal
    by_subtotals: bool


def _against_scores(case: Case, levels: Sequence[PrintedLevel], stated: Decimal) -> Finding | None:
    if not case.rows:
        return None
    tolerance = case.scheme.tolerance
    execution = execution_span(case, levels)
    sums = [_sum_of(case, levels)]
    if any(level.inside for level in levels):
        sums.append(_sum_of(case, levels, with_inside=True))
    own = sums[0].points.plus(execution)
    if own.holds(stated, tolerance) or _is_capped(case, own, stated):
        return None
    if any(span.holds(stated, tolerance) for found in sums for span in _other_sums(case, found, execution)):
        return None
    expected = own.plus(exactly(sums[0].apart))
    if expected.most is not None and expected.least == expected.most:
        return _mismatch(SCORES, stated, printed(expected.least))
    return _mismatch(KNOWN_SCORES, stated, _ends(expected))


def _other_sums(case: Case, found: _Sum, execution: Span) -> Iterator[Span]:
    """Other ways in which a form may add up the same scores."""
    own = found.points.plus(execution)
    yield own
    yield own.plus(exactly(found.apart))
    if found.by_subtotals or found.apart:  # execution may be part of a level's subtotal
        yield found.points
        yield found.points.plus(exactly(found.apart))
    if case.execution_rows and case.execution_score is not None:
        yield own.plus(exactly(case.execution_score))


def _ends(span: Span) -> str:
    if span.most is None:
        return f"≥ {printed(span.least)}"
    return f"{printed(span.least)}–{printed(span.most)}"


def _sum_of(case: Case, levels: Sequence[PrintedLevel], *, with_inside: bool = False) -> _Sum:
    """The sum; ``with_inside`` lets a subtotal that stands for missing scores hold the inner level too."""
    points, apart, by_subtotals = Span(ZERO, ZERO), ZERO, False
    behind: set[int] = set()
    for level in levels:
        if level.points is None or (level.level == EXECUTION and not level.rows):
            continue
        if not level.rows:
            apart += level.points
        elif any(row.score is None for row in level.rows):
            points = points.plus(exactly(level.points))
            behind.update(row.place for row in (*level.rows, *(level.inside if with_inside else ())))
            by_subtotals = True
    rest = case.rows if not behind else [row for row in case.rows if row.place not in behind]
    return _Sum(points.plus(span_of(rest)), apart, by_subtotals)


def _is_capped(case: Case, own: Span, stated: Decimal) -> bool:
    """Whether the total was cut to what a low execution rate allows."""
    if not case.scheme.caps:
        return False
    cap = cap_for(case.scheme_rate, case.scheme)
    if cap is None or abs(stated - cap.most) > case.scheme.tolerance:
        return False
    return own.most is None or own.most >= cap.most


def _against_subtotals(case: Case, levels: Sequence[PrintedLevel], stated: Decimal) -> Finding | None:
    subtotals = [level.points for level in levels if level.points is not None]
    if not subtotals or not _every_level_has_one(case, levels):
        return None
    found = exactly(total(subtotals))
    spans = [found]
    if all(level.level != EXECUTION or level.points is None for level in levels):
        spans.insert(0, found.plus(execution_span(case, levels)))
    if any(span.holds(stated, case.scheme.tolerance) or _is_capped(case, span, stated) for span in spans):
        return None
    expected = spans[0]
    is_sum = expected.least == expected.most
    return _mismatch(SUBTOTALS, stated, printed(expected.least) if is_sum else _ends(expected))


def _every_level_has_one(case: Case, levels: Sequence[PrintedLevel]) -> bool:
    """Whether every level has a subtotal, and no indicator stands outside of them.

    A label that is no level and has no indicators may name a part of a level.
    """
    with_points = [level for level in levels if level.points is not None]
    if any(not level.rows and level.level not in (EXECUTION, *LEVELS) for level in with_points):
        return False
    if not case.rows:
        weights = [level.weight for level in with_points if level.weight is not None]
        return len(weights) == len(with_points) and total(weights) == FULL_MARKS
    return sum(len(level.rows) for level in with_points) == len(case.rows)


def _against_rules(case: Case, stated: Decimal) -> Finding | None:
    most = _most_by_rules(case)
    if most is None or stated <= most + case.scheme.tolerance:
        return None
    return _mismatch(RULES, stated, f"≤ {printed(most)}", printed(most))


def _most_by_rules(case: Case) -> Decimal | None:
    """The scheme's computed total, with full points for all that figures do not decide."""
    if not case.rows or (case.scored.assigned_weights and not shares_apply(case)):
        return None
    weighed = [(row, row.scored.weight) for row in case.rows]
    lost = total(weight - most_of(case, row, weight) for row, weight in weighed if weight is not None)
    weights = [weight for _, weight in weighed if weight is not None]
    execution = _execution_weight(case)
    if execution is not None:
        lost += execution - most_for_execution(case, execution)
    full = FULL_MARKS
    complete = len(weights) == len(weighed) and not case.scored.assigned_weights
    if complete and not missing_execution_weight(case):
        full = total(weights) + (execution or ZERO)
    cap = cap_for(case.scheme_rate, case.scheme) if case.scheme.caps else None
    return full - lost if cap is None else min(full - lost, cap.most)


def _execution_weight(case: Case) -> Decimal | None:
    if case.execution_rows:
        return None
    return case.execution_weight if case.execution_weight is not None else case.scored.execution.weight


@check("grade-mismatch", ERROR)
def grade_mismatch(case: Case) -> Iterator[Finding]:
    """The grade is that of the total's band.

    财预〔2020〕10号 art. 18: 优 from 90, 良 from 80, 中 from 60, 差 below (or the scheme's
    bands). Other words for a grade are read as it: 优秀, 良好, 合格 and 一般, 较差 and
    不合格. Never fires without a total or a grade, nor for a word that is no grade.
    """
    points, grade = case.stated.total, case.stated.grade
    if points is None or not grade:
        return
    word = plain(grade).removesuffix("级")
    stated = GRADES.get(word, word)
    if stated not in {band.grade for band in case.scheme.grades}:
        return
    try:
        expected = grade_of(points, case.scheme)
    except ScoringError:  # a total outside 0 to 100 has no grade
        return
    if stated != expected:
        yield Finding(
            GRADE,
            gettext_noop("The grade is %(grade)s, but a total of %(total)s is %(expected)s."),
            {"grade": grade, "total": printed(points), "expected": expected},
            stated=grade,
            expected=expected,
        )


CHECKS: tuple[Check, ...] = (score_range, total_mismatch, subtotal_mismatch, grade_mismatch)
