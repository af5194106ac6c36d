"""Execution of the budget: the stated rate and the points that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, Finding, Subject
from evaluations.checks.reading import PrintedPercent, half_width, percent, plain, rate_of
from evaluations.checks.registry import Check, check
from evaluations.scoring.exact import ZERO, exact, printed
from evaluations.scoring.figures import EXECUTION_NAMES
from evaluations.strict_json import gettext_noop

RATE = gettext_noop("Execution rate")
SCORE_TERM = gettext_noop("Execution score")
HUNDRED, HUNDREDTH = Decimal(100), Decimal("0.01")
MONEY_UNITS = ("元", "万元", "亿元")
# Only an indicator of the whole project's rate in the year: 设备费预算执行率 is of other money,
# 上半年预算执行率 of another time.
WHOLE_RATE = re.compile(
    r"(?:本?项目|年度|全年|当年|本年度?|\d{4}年度?|财政|专项|部门|单位|总体?|整体|资金|经费|支出|\d{1,2}[.、]?)*"
    rf"(?:{'|'.join(EXECUTION_NAMES)})(?!.*(?:[季月]|半年|序时|上年|结转))"
)
OF_WHOLE = {
    "annual": gettext_noop(
        "%(stated)s is stated, but %(paid)s paid of the annual budget of %(whole)s is %(rate)s."
    ),
    "received": gettext_noop(
        "%(stated)s is stated, but %(paid)s paid of the received funds of %(whole)s is %(rate)s."
    ),
    "initial": gettext_noop(
        "%(stated)s is stated, but %(paid)s paid of the initial budget of %(whole)s is %(rate)s."
    ),
}
OF_INITIAL = gettext_noop(
    "%(stated)s is taken of the initial budget; %(paid)s paid of the annual budget of %(whole)s is %(rate)s."
)
SCORE = gettext_noop(
    "The execution score is %(stated)s, but %(weight)s points × %(rate)s, at most all of them, is "
    "%(expected)s."
)
SCORE_BY_BANDS = gettext_noop(
    "The execution score is %(stated)s, but at an execution rate of %(rate)s the scheme gives %(expected)s."
)
SCORE_UNASKED = gettext_noop(
    "The execution score is %(stated)s, but at an execution rate of %(rate)s the scheme gives only "
    "%(expected)s, as the project is completed within the budget or not. Is it completed?"
)


@check("execution-rate", ERROR)
def execution_rate(case: Case) -> Iterator[Finding]:
    """The stated execution rate is paid ÷ annual budget (财预〔2020〕10号附1), half-up at its places.

    Fires for each rate stated with the budget, and for the figure of an execution
    indicator, that is not paid ÷ the annual budget; received funds for department and
    finance evaluations (10号附2: 实际支出资金 ÷ 实际到位资金), a named scheme's own
    otherwise. With no scheme named, paid ÷ received passes too. Never fires without
    paid or what it is a part of, nor for a bound ("≥95%").
    """
    if not case.wholes:
        return
    rates = case.budget.stated_execution_rates
    for text in rates:
        stated = rate_of(text)
        if stated is not None and not passes(stated, case):
            yield _wrong_rate(case, _subject_of_rate(text, rates), text, stated)
    for row in case.execution_rows:
        stated = _rate_of_indicator(row)
        if stated is not None and not passes(stated, case) and not _is_listed(stated, rates):
            subject = Subject(row.name, indicator=row.place, field="actual")
            yield _wrong_rate(case, subject, stated.text(), stated)


def passes(stated: PrintedPercent, case: Case) -> bool:
    """Whether a stated rate is paid ÷ what applies to the dossier."""
    paid = case.budget.paid
    return paid is not None and any(stated.is_share(paid, whole) for whole in case.wholes)


def _is_listed(stated: PrintedPercent, rates: Sequence[str]) -> bool:
    """Whether the budget states the same rate, and so was told of it already."""
    return any(listed is not None and listed.value == stated.value for listed in map(rate_of, rates))


def _subject_of_rate(text: str, rates: Sequence[str]) -> Subject:
    """The only stated rate by the form's word; one of several by what is printed."""
    if len(rates) == 1:
        return Subject(RATE, term=True, field="stated_execution_rates")
    return Subject(text, field="stated_execution_rates")


def _rate_of_indicator(row: Row) -> PrintedPercent | None:
    """The rate that an execution indicator states: as its actual, or as completion of an amount."""
    if not WHOLE_RATE.match(plain(row.name)):
        return None
    unit = row.target.unit or ""
    if unit in MONEY_UNITS:
        return rate_of(row.facts.stated.completion_rate)
    text = half_width(row.actual.text or "")
    stated = rate_of(text) if "%" in text else None
    if stated is None and unit == "%" and row.actual.value is not None:
        return rate_of(f"{row.actual.value:f}%")
    return stated


def _wrong_rate(case: Case, subject: Subject, text: str, stated: PrintedPercent) -> Finding:
    paid, initial, whole = case.budget.paid or ZERO, case.budget.initial, case.wholes[0]
    of_initial = (
        case.denominator_name == "annual" and bool(initial) and stated.is_share(paid, initial or ZERO)
    )
    expected = percent(case.passing_rates[0])
    values = {"stated": text.strip(), "paid": printed(paid), "whole": printed(whole), "rate": expected}
    words = OF_INITIAL if of_initial else OF_WHOLE[case.denominator_name]
    return Finding(subject, words, values, stated=values["stated"], expected=expected)


@check("execution-score", ERROR)
def execution_score(case: Case) -> Iterator[Finding]:
    """The execution score is weight × rate, at most the weight (财预〔2020〕10号附1), or the bands'.

    By 财预〔2021〕101号 10 when the project is completed within the budget, else 7 at 80 to
    below 100 %, 5 at 60 to below 80 %, 0 below. Whether it is completed is asked, never
    inferred from the rate: unanswered, either score passes. Never fires without weight,
    score or rate, nor where an indicator scores execution (score-off-rule looks at that).
    """
    budget = case.budget
    if budget.weight is None or budget.stated_score is None or case.execution_rows:
        return
    banded = bool(case.scheme.execution.bands)
    scores = _scores_by_bands(case) if banded else _proportional_scores(case)
    stated, tolerance = budget.stated_score, case.scheme.tolerance
    if not scores or any(abs(score - stated) <= tolerance for score in scores):
        return
    rate = exact(budget.paid or ZERO) / exact(wholes_in_use(case)[0])
    unasked = banded and len(scores) > 1 and rate < 1
    words = SCORE_UNASKED if unasked else SCORE_BY_BANDS if banded else SCORE
    expected = " / ".join(dict.fromkeys(map(printed, scores if unasked else scores[:1])))
    values = {"stated": printed(stated), "weight": printed(budget.weight), "expected": expected}
    values["rate"] = percent(rate)
    subject = Subject(SCORE_TERM, term=True, field="stated_score")
    yield Finding(subject, words, values, values["stated"], expected)


def _proportional_scores(case: Case) -> list[Decimal]:
    """What weight × rate may be: by the wholes in use, by a printed rate that agrees, as computed."""
    weight, paid, wholes = case.budget.weight or ZERO, case.budget.paid or ZERO, wholes_in_use(case)
    scores = [_points(weight, min(paid, whole), whole) for whole in wholes]
    scores += [
        _points(weight, min(stated.value, HUNDRED), HUNDRED)
        for stated in map(rate_of, case.budget.stated_execution_rates)
        if stated is not None and any(stated.is_share(paid, whole) for whole in wholes)
    ]
    computed = case.scored.execution.points
    return scores if computed is None or not scores else [*scores, computed]


def _points(weight: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return (weight * part / whole).quantize(HUNDREDTH, ROUND_HALF_UP)


def _scores_by_bands(case: Case) -> list[Decimal]:
    """What the scheme's bands allow, the full score first; nothing where the scheme is silent."""
    weight, completed = case.budget.weight or ZERO, case.budget.completed_within_budget
    if not case.wholes:
        return []
    if completed:
        return [weight]
    paid, whole = case.budget.paid or ZERO, case.wholes[0]
    if paid > whole:
        return []
    by_band = [
        _points(weight, band.share, Decimal(1))
        for band in case.scheme.execution.bands or ()
        # Of a project that spent all and is not completed the scheme says nothing: all bands pass.
        if paid == whole or band.from_ * whole <= paid < band.to * whole
    ]
    if completed is None:
        return [weight, *by_band]
    return by_band if paid < whole else []


def wholes_in_use(case: Case) -> Sequence[Decimal]:
    """What the dossier takes its rate of: what its stated rates agree with, if any of them does."""
    wholes, paid = case.wholes, case.budget.paid
    if len(wholes) < 2 or paid is None:
        return wholes
    stated = [rate for rate in map(rate_of, case.budget.stated_execution_rates) if rate is not None]
    used = [whole for whole in wholes if any(rate.is_share(paid, whole) for rate in stated)]
    return used or (wholes[:1] if stated else wholes)


CHECKS: tuple[Check, ...] = (execution_rate, execution_score)
