"""Targets and actuals: is each one there, is it a figure, does it say anything new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from evaluations.checks.case import SIGNS, Case, Row
from evaluations.checks.finding import ERROR, NOTE, Finding, Subject
from evaluations.checks.reading import half_width, plain, with_unit
from evaluations.checks.registry import Check, check
from evaluations.scoring import level1_of
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed
from evaluations.scoring.judgement import comparison_of
from evaluations.strict_json import gettext_noop

MEASURED_LEVELS = frozenset({"产出", "成本", "效益", "满意度"})
FRAMEWORK_LEVELS = frozenset({"决策", "过程"})
DASHES = frozenset({"", "-", "--", "—", "——", "–", "/", "\\"})

SAME_SIGNS = ((re.compile("[≥≧⩾≮]|>=|=>"), "≥"), (re.compile("[≤≦⩽≯]|<=|=<"), "≤"))
# 前 binds "12月底前" and "汛期前完成", not 提前, 目前, 前期, 前端 nor 前三名.
BOUND = re.compile(
    "[≥>≤<]|不少于|不低于|不小于|不超过|不高于|不大于|以上|以内|以下|[时日天周月年钟秒]内"
    r"|(?<![提目当空面向])前(?![期端置往列沿景台后提言瞻三\d])"
)
DATE = re.compile(
    r"20\d{2}年|20\d{2}([./-])\d{1,2}\1\d{1,2}|20\d{2}[/-]\d{1,2}(?!\d)"
    r"|\d{1,2}月(?:\d|底|末|初|份|前|[上中下]旬|之前|以前|$)|年底|年末"
)


@check("target-missing", ERROR)
def target_missing(case: Case) -> Iterator[Finding]:
    """Every indicator of output, cost, effect, satisfaction has a target (财预〔2020〕10号 art. 25, 附1).

    Fires when there is neither a text nor a figure, and the weight is unknown or above
    zero; points printed for the whole level are points for such an indicator too. Never
    for decision and process, which are judged by the points of the common framework.
    """
    for row in case.rows:
        if row.target.value is None and is_left_out(row.target.text) and is_measured(row):
            yield _missing(case, row, "target")


@check("actual-missing", ERROR)
def actual_missing(case: Case) -> Iterator[Finding]:
    """Every indicator of output, cost, effect, satisfaction has an actual (财预〔2020〕10号 art. 25, 附1).

    Fires when there is neither a text nor a figure, and the weight is unknown or above
    zero; points printed for the whole level are points for such an indicator too. Never
    for decision and process.
    """
    for row in case.rows:
        if row.actual.value is None and is_left_out(row.actual.text) and is_measured(row):
            yield _missing(case, row, "actual")


@check("actual-not-numeric", ERROR)
def actual_not_numeric(case: Case) -> Iterator[Finding]:
    """A target in figures is answered by a figure (财预〔2020〕10号 art. 16: 定量指标).

    Fires when the target has a figure and the actual a text, but no figure. Never for
    qualitative indicators and dates, nor where the text only repeats the target
    (``actual-repeats-target``).
    """
    for row in case.rows:
        actual = row.actual
        if actual.value is not None or row.target.value is None or is_left_out(actual.text):
            continue
        if row.facts.kind == "quantitative" and not is_date(row) and not repeats_target(row):
            words = gettext_noop(
                "The target “%(target)s” is a figure, but for the actual “%(actual)s” none is given."
            )
            values = {"target": row.target_words, "actual": row.actual_words}
            yield Finding(_at(row, "actual"), words, values, stated=row.actual_words)


@check("actual-repeats-target", ERROR)
def actual_repeats_target(case: Case) -> Iterator[Finding]:
    """An actual says what was reached, not what was to be reached (财预〔2020〕10号 art. 25: 数据真实).

    Fires when the actual's text carries a bound (≥ > ≤ < 不少于 不低于 以上 以内 前 and their
    like) and is the target's text. Never for the same plain value ("14条").
    """
    for row in case.rows:
        if row.actual.text and repeats_target(row):
            words = gettext_noop(
                "The actual “%(actual)s” only repeats the target: it does not say what was reached."
            )
            yield Finding(_at(row, "actual"), words, {"actual": row.actual.text}, stated=row.actual.text)


@check("comparator-missing", NOTE)
def comparator_missing(case: Case) -> Iterator[Finding]:
    """A target in figures says whether it is a floor, a ceiling or exact (财预〔2020〕10号 art. 16).

    Fires when the target has a figure but no comparator. Never for 100 %, which can
    only be reached.
    """
    for row in case.rows:
        target = row.target
        if target.value is None or target.comparator is not None or _is_all_of_it(row, target.value):
            continue
        sign = SIGNS[comparison_of(row.figures)]
        read = f"{sign}{with_unit(target.value, target.unit)}"
        words = gettext_noop(
            "No comparator (≥, = or ≤) is given for the target “%(target)s”; it is read as %(read)s."
        )
        values = {"target": row.target_words, "read": read}
        yield Finding(_at(row, "target"), words, values, stated=row.target_words, expected=read)


def is_left_out(text: str | None) -> bool:
    """Whether a text says nothing at all: blank, or a dash in an empty cell."""
    return not text or plain(text) in DASHES


def is_measured(row: Row) -> bool:
    """Whether the indicator must have a target and an actual, and counts."""
    if row.weight is not None and row.weight <= ZERO:
        return False
    return row.level1 in MEASURED_LEVELS or (row.level1 not in FRAMEWORK_LEVELS and row.is_satisfaction)


def repeats_target(row: Row) -> bool:
    """Whether the actual's text carries a bound and is the target's text."""
    return bool(row.actual.text) and _repeats(row.actual.text, row.target_words)


def is_date(row: Row) -> bool:
    """Whether the target is a date: "2023年12月底前"."""
    return DATE.search(half_width(row.target.text or "").replace(" ", "")) is not None


@lru_cache(maxsize=4096)
def _repeats(actual: str, target: str) -> bool:
    same = _comparable(actual)
    return same == _comparable(target) and BOUND.search(same) is not None


def _comparable(text: str) -> str:
    """Without spaces and punctuation, every ≥ and ≤ written the same way."""
    text = plain(text)
    for signs, sign in SAME_SIGNS:
        text = signs.sub(sign, text)
    return text


def _is_all_of_it(row: Row, value: Decimal) -> bool:
    """Whether the target is 100 %, in its unit or, where no unit is given, in its text."""
    return value == FULL_MARKS and half_width(row.target.unit or (row.target.text or "")[-1:]).strip() == "%"


def _missing(case: Case, row: Row, field: str) -> Finding:
    """A target or an actual that is missing, beside the points that are stated for it."""
    words, values = MISSING[field], {}
    level_points = [
        (label, points) for label, points in case.stated.by_level1.items() if level1_of(label) == row.level1
    ]
    if row.score is not None:
        words, values = SCORED[field], {"points": printed(row.score)}
    elif level_points:
        label, points = level_points[0]
        words, values = LEVEL_SCORED[field], {"level": label, "points": printed(points)}
    return Finding(_at(row, field), words, values)


def _at(row: Row, field: str) -> Subject:
    return Subject(row.name, indicator=row.place, field=field)


MISSING = {
    "target": gettext_noop("No target is given, neither a figure nor words."),
    "actual": gettext_noop("No actual is given, neither a figure nor words."),
}
SCORED = {
    "target": gettext_noop(
        "%(points)s points are stated, but no target is given, neither a figure nor words."
    ),
    "actual": gettext_noop(
        "%(points)s points are stated, but no actual is given, neither a figure nor words."
    ),
}
LEVEL_SCORED = {
    "target": gettext_noop(
        "%(level)s is scored %(points)s points, but no target is given here, neither a figure nor words."
    ),
    "actual": gettext_noop(
        "%(level)s is scored %(points)s points, but no actual is given here, neither a figure nor words."
    ),
}

CHECKS: tuple[Check, ...] = (
    target_missing,
    actual_missing,
    actual_not_numeric,
    actual_repeats_target,
    comparator_missing,
)
