"""Funding: the budget, the rows of the funding table and the totals of lines must agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from evaluations.checks.case import Case
from evaluations.checks.execution import passes
from evaluations.checks.finding import ERROR, NOTE, Finding, Subject
from evaluations.checks.reading import percent, plain, rate_of
from evaluations.checks.registry import Check, check
from evaluations.dossier import BudgetFacts, FundingRowFacts
from evaluations.scoring.exact import exact, printed, total
from evaluations.strict_json import gettext_noop

ANNUAL = gettext_noop("Annual budget")
PAID = gettext_noop("Paid amount")
ADJUSTMENT = re.compile(
    r"(?<!无)(?<!未)(?<!没有)(?<!不存在)(?<!不涉及)(?<!未发生)(?<!未进行)(?<!没有进行)(?<!没有发生)"
    # 收回有效问卷196份 is no money taken back.
    r"(?:调增|调减|追加|核减|收回(?!率|有效|问卷|调查|样本|\d+份)|压减|预算调整)"
)
REASON_OF_CHANGE = re.compile(r"调整|调剂|增加|减少|增拨|下达|划转|缩减|削减|统筹")
COLUMNS = ("initial", "annual", "paid")
TOTAL_ROW, CURRENT_ROW, LIKE_CURRENT_ROW = "total", "current", "like current"
CARRIED_ROW, OTHER_ROW, UNKNOWN_ROW = "carried", "other", "unknown"
# Names as plain() leaves them, in the order in which they decide.
ROW_NAMES = (
    (
        TOTAL_ROW,
        re.compile(r"^(?:年度|本年度?|当年|全年|项目|预算)*(?:资金|预算|经费)?(?:总额|合计|总计|总量|总数)"),
    ),
    (CARRIED_ROW, re.compile(r"结转|结余")),
    (OTHER_ROW, re.compile(r"其他|其它")),
    (CURRENT_ROW, re.compile(r"^(?:当年|本年度?|年度)?财政(?:拨款|资金|补助)")),
    (LIKE_CURRENT_ROW, re.compile(r"财政|拨款")),
)
ROW_MARKS = re.compile(r"^(?:其中|[一二三四五六七八九十\d]+|[-—·.]+)+")
COLUMN_SUMS = {
    "initial": gettext_noop("The rows' initial budgets add up to %(found)s, but the total is %(stated)s."),
    "annual": gettext_noop("The rows' annual budgets add up to %(found)s, but the total is %(stated)s."),
    "paid": gettext_noop("The rows' paid amounts add up to %(found)s, but the total is %(stated)s."),
}
TOTAL_ROW_WORDS = {
    "initial": gettext_noop("The total row's initial budget is %(stated)s, the project's %(expected)s."),
    "annual": gettext_noop("The total row's annual budget is %(stated)s, the project's %(expected)s."),
    "paid": gettext_noop("The total row's paid amount is %(stated)s, the project's %(expected)s."),
}
POINTS_IN_SUB_ROW = gettext_noop("Only the total row carries points; here “—” should stand, not %(points)s.")


@check("budget-adjusted", NOTE)
def budget_adjusted(case: Case) -> Iterator[Finding]:
    """A budget changed in the year says why (财预〔2020〕10号附1: 年初预算数, 全年预算数).

    Fires when annual differs from initial by 5 % of it or more (the scheme's figure), or
    when initial is 0 and annual is not, and no sentence names 调增, 调减, 追加, 核减, 收回,
    压减 or 预算调整. What was declared and cut before the budget was set is no adjustment.
    """
    initial, annual = case.budget.initial, case.budget.annual
    if initial is None or annual is None or initial == annual:
        return
    if abs(annual - initial) < case.scheme.budget_adjustment * initial or _change_is_explained(case):
        return
    words = gettext_noop(
        "The annual budget of %(annual)s differs from the initial budget of %(initial)s by %(change)s, "
        "and no adjustment is explained."
    )
    values = {"annual": printed(annual), "initial": printed(initial)}
    if initial:
        values["change"] = percent(exact(abs(annual - initial)) / exact(initial))
    else:
        words = gettext_noop(
            "The initial budget is 0 and the annual budget %(annual)s, and no adjustment is explained."
        )
    yield Finding(Subject(ANNUAL, term=True, field="annual"), words, values, stated=values["annual"])


def _change_is_explained(case: Case) -> bool:
    return any(map(ADJUSTMENT.search, case.narrative)) or bool(
        REASON_OF_CHANGE.search(case.budget.reason or "")
    )


@check("budget-rows", ERROR)
def budget_rows(case: Case) -> Iterator[Finding]:
    """The funding table adds up and agrees with the budget (form of 财预〔2020〕10号附1).

    Fires when 年度资金总额 is not 当年财政拨款 + 上年结转资金 + 其他资金 in a column where all
    four are given; when its row is not the budget; when a row's paid is more than its
    annual, or its rate not paid ÷ annual; when a sub-row carries points, where the form
    prints "—". Never fires for what a row leaves blank.
    """
    rows = case.budget.rows
    if not rows:
        return
    whole = next((row for row in rows if kind_of_row(row.name) == TOTAL_ROW), None)
    if whole is not None:
        yield from _column_findings(whole, rows)
        yield from _total_row_findings(whole, case.budget)
    for row in rows:
        yield from _row_findings(row, case, is_total=row is whole)
        if whole is not None and row is not whole and (row.weight or row.score):
            points = printed(row.weight or row.score or Decimal(0))
            yield Finding(Subject(row.name, field="rows"), POINTS_IN_SUB_ROW, {"points": points}, points)


def _column_findings(whole: FundingRowFacts, rows: Sequence[FundingRowFacts]) -> Iterator[Finding]:
    parts, others = _parts_of(rows)
    if parts is None:
        return
    for column in COLUMNS:
        stated: Decimal | None = getattr(whole, column)
        amounts = [getattr(row, column) for row in parts]
        if stated is None or None in amounts:
            continue
        found = total(amounts)
        if stated == found:
            continue
        # A row of a name we do not know may be a source of its own, or part of another row.
        more = [getattr(row, column) or Decimal(0) for row in others]
        if stated - found not in (total(more), *more):
            values = {"found": printed(found), "stated": printed(stated)}
            subject = Subject(whole.name, field="rows")
            yield Finding(subject, COLUMN_SUMS[column], values, values["stated"], values["found"])


def _parts_of(
    rows: Sequence[FundingRowFacts],
) -> tuple[list[FundingRowFacts] | None, list[FundingRowFacts]]:
    """The rows that add up to the total, None unless each source has one; and the rows not known."""
    kinds = [kind_of_row(row.name) for row in rows]
    current = CURRENT_ROW if CURRENT_ROW in kinds else LIKE_CURRENT_ROW
    wanted = (current, CARRIED_ROW, OTHER_ROW)
    others = [row for row, kind in zip(rows, kinds, strict=True) if kind not in (*wanted, TOTAL_ROW)]
    if not set(wanted) <= set(kinds):
        return None, others
    return [row for row, kind in zip(rows, kinds, strict=True) if kind in wanted], others


def _total_row_findings(whole: FundingRowFacts, budget: BudgetFacts) -> Iterator[Finding]:
    for column in COLUMNS:
        stated: Decimal | None = getattr(whole, column)
        expected: Decimal | None = getattr(budget, column)
        if stated is not None and expected is not None and stated != expected:
            values = {"stated": printed(stated), "expected": printed(expected)}
            subject = Subject(whole.name, field="rows")
            yield Finding(subject, TOTAL_ROW_WORDS[column], values, values["stated"], values["expected"])


def _row_findings(row: FundingRowFacts, case: Case, *, is_total: bool) -> Iterator[Finding]:
    if row.paid is None or row.annual is None:
        return
    if row.paid > row.annual:
        words = gettext_noop("%(paid)s is paid in this row, more than its annual budget of %(annual)s.")
        yield _about_payment(row, words, printed(row.paid), f"≤ {printed(row.annual)}")
    stated = rate_of(row.rate) if row.annual > 0 else None
    # The total row's rate is the dossier's own, by whatever denominator applies to it.
    if stated is None or stated.is_share(row.paid, row.annual) or (is_total and passes(stated, case)):
        return
    words = gettext_noop("%(stated)s is stated in this row, but %(paid)s ÷ %(annual)s is %(expected)s.")
    rate = percent(exact(row.paid) / exact(row.annual))
    yield _about_payment(row, words, (row.rate or "").strip(), rate)


def _about_payment(row: FundingRowFacts, words: str, stated: str, expected: str) -> Finding:
    values = {"stated": stated, "expected": expected}
    values |= {"paid": printed(row.paid or Decimal(0)), "annual": printed(row.annual or Decimal(0))}
    return Finding(Subject(row.name, field="rows"), words, values, stated, expected)


@lru_cache(maxsize=1024)
def kind_of_row(name: str) -> str:
    """Which row of the funding table a printed name stands for."""
    words = ROW_MARKS.sub("", plain(name))
    return next((kind for kind, pattern in ROW_NAMES if pattern.search(words)), UNKNOWN_ROW)


CHECKS: tuple[Check, ...] = (budget_adjusted, budget_rows)
