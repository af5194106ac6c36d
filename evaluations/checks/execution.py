"""Execution of the budget: the stated rate and the points that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, Finding, Subject
from evaluations.checks.reading import PrintedPercent, half_width, percent, rate_of
from evaluations.checks.registry import Check, check
from evaluations.scoring.exact import ZERO, exact, half_up, printed
from evaluations.strict_json import gettext_noop

RATE = gettext_noop("Execution rate")
SCORE_TERM = gettext_noop("Execution score")
ONE = Fraction(1)
MONEY_UNITS = ("元", "万元", "亿元")
# An indicator of the rate at some other time, or of other money, says nothing of this year's.
OTHER_RATE = re.compile(r"[季月]|半年|序时|上年|结转|以前年度")
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
    "The execution score is %(stated)s, but %(weight)s points × the rate of %(rate)s is %(expected)s."
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
    if not case.passing_rates:
        return
    rates = case.budget.stated_execution_rates
    for text in rates:
        stated = rate_of(text)
        if stated is not None and not _passes(stated, case):
            yield _wrong_rate(case, _subject_of_rate(text, rates), text, stated)
    listed = {stated.value for stated in map(rate_of, rates) if stated is not None}
    for row in case.execution_rows:
        stated = _rate_of_indicator(row)
        if stated is not None and stated.value not in listed and not _passes(stated, case):
            subject = Subject(row.name, indicator=row.place, field="actual")
            yield _wrong_rate(case, subject, stated.text(), stated)


def _passes(stated: PrintedPercent, case: Case) -> bool:
    return any(stated.agrees(rate) for rate in case.passing_rates)


def _subject_of_rate(text: str, rates: Sequence[str]) -> Subject:
    """The only stated rate by the form's word; one of several by what is printed."""
    if len(rates) == 1:
        return Subject(RATE, term=True, field="stated_execution_rates")
    return Subject(text, field="stated_execution_rates")


def _rate_of_indicator(row: Row) -> PrintedPercent | None:
    """The rate that an execution indicator states: as its actual, or as completion of an amount."""
    if OTHER_RATE.search(row.name):
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
    budget, whole, rate = case.budget, case.denominator, case.passing_rates[0]
    assert budget.paid is not None
    assert whole is not None
    of_initial = (
        case.denominator_name == "annual"
        and budget.initial
        and stated.agrees(exact(budget.paid) / exact(budget.initial))
    )
    values = {
        "stated": text.strip(),
        "paid": printed(budget.paid),
        "whole": printed(whole),
        "rate": percent(rate),
    }
    words = OF_INITIAL if of_initial else OF_WHOLE[case.denominator_name]
    return Finding(subject, words, values, stated=text.strip(), expected=percent(rate))


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
    rate = case.passing_rates[0]
    unasked = banded and len(scores) > 1 and rate < ONE
    words = SCORE_UNASKED if unasked else SCORE_BY_BANDS if banded else SCORE
    expected = " / ".join(dict.fromkeys(map(printed, scores if unasked else scores[:1])))
    values = {"stated": printed(stated), "weight": printed(budget.weight), "expected": expected}
    values["rate"] = percent(rate)
    subject = Subject(SCORE_TERM, term=True, field="stated_score")
    yield Finding(subject, words, values, values["stated"], expected)


def _proportional_scores(case: Case) -> list[Decimal]:
    """What weight × rate may be: by the rates in use, and by those printed rates that agree with them."""
    weight = exact(case.budget.weight or ZERO)
    rates = list(rates_in_use(case))
    rates += [
        exact(stated.value) / 100
        for stated in map(rate_of, case.budget.stated_execution_rates)
        if stated is not None and any(stated.agrees(rate) for rate in rates)
    ]
    scores = [half_up(weight * min(rate, ONE)) for rate in rates]
    computed = case.scored.execution.points
    return scores if computed is None or not scores else [*scores, computed]


def _scores_by_bands(case: Case) -> list[Decimal]:
    """What the scheme's bands allow, the full score first; nothing where the scheme is silent."""
    weight, completed = case.budget.weight or ZERO, case.budget.completed_within_budget
    if completed and case.passing_rates:
        return [weight]
    rate = case.passing_rates[0] if case.passing_rates else None
    if rate is None or rate > ONE:
        return []
    bands = case.scheme.execution.bands or ()
    by_band = [
        half_up(exact(weight) * exact(band.share))
        for band in bands
        # Of a project that spent all and is not completed the scheme says nothing: all bands pass.
        if rate == ONE or exact(band.from_) <= rate < exact(band.to)
    ]
    if completed is None:
        return [weight, *by_band]
    return by_band if rate < ONE else []


def rates_in_use(case: Case) -> Sequence[Fraction]:
    """The passing rates that the dossier goes by: those it states, if it states any that pass."""
    passing = case.passing_rates
    if len(passing) < 2:
        return passing
    stated = [rate for rate in map(rate_of, case.budget.stated_execution_rates) if rate is not None]
    used = [rate for rate in passing if any(printed_rate.agrees(rate) for printed_rate in stated)]
    return used or (passing[:1] if stated else passing)


CHECKS: tuple[Check, ...] = (execution_rate, execution_score)
