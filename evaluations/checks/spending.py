"""How much was spent: too little without a word, too much, or not known at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.case import Case
from evaluations.checks.execution import RATE, wholes_in_use
from evaluations.checks.finding import ERROR, WARNING, Finding, Subject
from evaluations.checks.funding import ADJUSTMENT, ANNUAL, PAID
from evaluations.checks.reading import is_reason, percent
from evaluations.checks.registry import Check, check
from evaluations.scoring.exact import exact, printed
from evaluations.strict_json import gettext_noop

TOTAL = gettext_noop("Total")
POOR_TOTAL = Decimal(80)
PAYING = re.compile(r"支付|支出|付款|执行|拨付|结算|结转|结余|节约|节余")


@check("execution-low", WARNING)
def execution_low(case: Case) -> Iterator[Finding]:
    """A low execution rate is explained (财预〔2020〕10号 art. 26; 偏低 is the scheme's figure).

    Fires below 90 % when no execution indicator gives a reason, no sentence names
    执行率, 支出进度 or 预算执行, and the budget's own reason does not speak of it.
    """
    whole = _whole_of_unexplained_low_rate(case)
    if whole is None:
        return
    rate, least = _rate(case, whole), percent(exact(case.scheme.low_execution))
    yield Finding(
        Subject(RATE, term=True, field="reason"),
        gettext_noop("Only %(rate)s of the budget is spent, less than %(least)s, and no reason is given."),
        {"rate": rate, "least": least},
        stated=rate,
        expected=f"≥ {least}",
    )


def _whole_of_unexplained_low_rate(case: Case) -> Decimal | None:
    """What too little was paid of, without a word; None when enough was, or a reason is given."""
    paid, low = case.budget.paid, case.scheme.low_execution
    if paid is None or not case.wholes or paid >= low * case.wholes[0]:
        return None
    whole = wholes_in_use(case)[0]
    return None if paid >= low * whole or _is_explained(case) else whole


def _rate(case: Case, whole: Decimal) -> str:
    return percent(exact(case.budget.paid or Decimal(0)) / exact(whole))


def _is_explained(case: Case) -> bool:
    if any(row.has_reason for row in case.execution_rows) or case.says("执行率", "支出进度", "预算执行"):
        return True
    reason = case.budget.reason
    return is_reason(reason) and (not ADJUSTMENT.search(reason or "") or bool(PAYING.search(reason or "")))


@check("overspent", ERROR)
def overspent(case: Case) -> Iterator[Finding]:
    """Nothing is spent without a budget (预算法 art. 13): paid is at most annual, and at most received."""
    budget = case.budget
    if budget.paid is None:
        return
    limits = (
        (budget.annual, gettext_noop("%(paid)s is paid, more than the annual budget of %(limit)s.")),
        (budget.received, gettext_noop("%(paid)s is paid, more than the received funds of %(limit)s.")),
    )
    for limit, words in limits:
        if limit is not None and budget.paid > limit:
            values = {"paid": printed(budget.paid), "limit": printed(limit)}
            subject = Subject(PAID, term=True, field="paid")
            yield Finding(subject, words, values, values["paid"], f"≤ {values['limit']}")


@check("figure-missing", ERROR)
def figure_missing(case: Case) -> Iterator[Finding]:
    """Execution can be scored only with the annual budget and what was paid of it.

    Fires for each of the two that is missing though the form's row (its weight or score)
    or an execution indicator scores execution; never for one that weighs nothing.
    """
    budget = case.budget
    if (budget.annual is not None and budget.paid is not None) or not _execution_is_scored(case):
        return
    words = gettext_noop("Execution is scored, but this figure is missing: nothing shows the rate.")
    if budget.annual is None:
        yield Finding(Subject(ANNUAL, term=True, field="annual"), words)
    if budget.paid is None:
        yield Finding(Subject(PAID, term=True, field="paid"), words)


def _execution_is_scored(case: Case) -> bool:
    budget = case.budget
    if budget.weight or (budget.weight is None and budget.stated_score is not None):
        return True
    return any(row.weight is None or row.weight > 0 for row in case.execution_rows) or any(
        row.weight for row in budget.rows
    )


@check("poor-result-no-measures", WARNING)
def poor_result_no_measures(case: Case) -> Iterator[Finding]:
    """A poor result, or an unexplained low execution, is followed up (财预〔2020〕10号 art. 26).

    Fires at a stated total below 80, or where execution-low fires, when neither a
    problem nor a recommendation is given ("无" is none).
    """
    total = case.stated.total
    poor = total is not None and total < POOR_TOTAL
    whole = None if poor else _whole_of_unexplained_low_rate(case)
    if (not poor and whole is None) or _has_measures(case):
        return
    if total is not None and poor:
        words = gettext_noop(
            "The total is %(total)s, below 80, yet neither problem nor recommendation is given."
        )
        yield Finding(Subject(TOTAL, term=True), words, {"total": printed(total)}, stated=printed(total))
    elif whole is not None:
        words = gettext_noop(
            "Only %(rate)s of the budget is spent, yet neither problem nor recommendation is given."
        )
        rate = _rate(case, whole)
        yield Finding(Subject(RATE, term=True), words, {"rate": rate}, stated=rate)


def _has_measures(case: Case) -> bool:
    texts = [*(problem.text for problem in case.dossier.problems), *case.dossier.recommendations]
    return any(map(is_reason, texts))


CHECKS: tuple[Check, ...] = (execution_low, overspent, figure_missing, poor_result_no_measures)
