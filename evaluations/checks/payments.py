"""Payments and items of the budget: what the lines add up to, and when and for what they were paid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, NOTE, WARNING, Finding, Subject
from evaluations.checks.reading import half_width, percent, plain
from evaluations.checks.registry import Check, check
from evaluations.dossier import PaymentLineFacts, StatedTotalFacts
from evaluations.scoring import level1_of
from evaluations.scoring.exact import exact, printed, total
from evaluations.scoring.figures import OUTPUTS
from evaluations.strict_json import gettext_noop

PAYMENTS = gettext_noop("Payments")
TERMS = {"paid": gettext_noop("Total of payments"), "budget": gettext_noop("Total of budget items")}
SUM_ITEMS = frozenset({"合计", "小计", "总计", "共计"})
ADVANCE = re.compile(r"首付|首期(?:付)?款|预付(?!费|卡)")
CARRIED_OVER = re.compile(r"结转|结余|上年|以前年度|往年|跨年")
DECEMBER = 12
COVERED, LATE, ADVANCED = Decimal("0.8"), Decimal("0.5"), Decimal("0.5")


@check("budget-total", ERROR)
def budget_total(case: Case) -> Iterator[Finding]:
    """What is printed as a total of lines is their sum, and lines do not exceed the budget.

    Fires when the lines of a group, or all lines, do not add up to the total stated for
    them in that column; when all lines' paid is more than paid, or their budgets more than
    annual (unless they are the initial or declared budget's items); when a total over all
    lines is stated and they do not add up to paid. Never fires for a partial list
    without a stated total, nor for a total of lines of which one has no figure.
    """
    lines = [line for line in case.budget.lines if not _is_part_of_others(line.item)]
    if not lines:
        return
    for stated in case.budget.stated_totals:
        yield from _stated_total_findings(stated, lines)
    yield from _paid_findings(case, lines)
    yield from _item_budget_findings(case, lines)


def _is_part_of_others(item: str) -> bool:
    """Whether a line repeats others' figures: a printed sum, or a part of the line above."""
    words = plain(item)
    return words in SUM_ITEMS or words.startswith("其中")


def _members(stated: StatedTotalFacts, lines: Sequence[PaymentLineFacts]) -> Sequence[PaymentLineFacts]:
    """The lines that a stated total is over: its group's, or all of them."""
    if stated.group is None:
        return lines
    group = plain(stated.group)
    found = [line for line in lines if line.group is not None and plain(line.group) == group]
    return lines if not found and group in SUM_ITEMS else found


def _stated_total_findings(stated: StatedTotalFacts, lines: Sequence[PaymentLineFacts]) -> Iterator[Finding]:
    members = _members(stated, lines)
    amounts = [line.paid if stated.column == "paid" else line.budget for line in members]
    known = [amount for amount in amounts if amount is not None]
    if not members or len(known) < len(amounts) or total(known) == stated.amount:
        return
    over_all = members is lines
    subject = (
        Subject(TERMS[stated.column], term=True, field="stated_totals")
        if over_all
        else Subject(stated.group or "", field="stated_totals")
    )
    values = {"found": printed(total(known)), "stated": printed(stated.amount)}
    words = gettext_noop("The lines add up to %(found)s, but their total is stated as %(stated)s.")
    yield Finding(subject, words, values, values["stated"], values["found"])


def _paid_findings(case: Case, lines: Sequence[PaymentLineFacts]) -> Iterator[Finding]:
    paid = case.budget.paid
    known = [line.paid for line in lines if line.paid is not None]
    if paid is None or (found := total(known)) == paid:
        return
    values = {"found": printed(found), "paid": printed(paid)}
    subject = Subject(TERMS["paid"], term=True, field="lines")
    if found > paid:
        words = gettext_noop("The lines' payments add up to %(found)s, more than the %(paid)s paid.")
        yield Finding(subject, words, values, values["found"], f"≤ {values['paid']}")
    elif len(known) == len(lines) and any(
        stated.column == "paid" and _members(stated, lines) is lines for stated in case.budget.stated_totals
    ):
        words = gettext_noop("The lines' payments add up to %(found)s, but %(paid)s is paid.")
        yield Finding(subject, words, values, values["found"], values["paid"])


def _item_budget_findings(case: Case, lines: Sequence[PaymentLineFacts]) -> Iterator[Finding]:
    budget = case.budget
    found = total(line.budget for line in lines if line.budget is not None)
    if budget.annual is None or found <= budget.annual or found in (budget.initial, budget.declared):
        return
    values = {"found": printed(found), "annual": printed(budget.annual)}
    words = gettext_noop("The items' budgets add up to %(found)s, more than the annual budget of %(annual)s.")
    subject = Subject(TERMS["budget"], term=True, field="lines")
    yield Finding(subject, words, values, values["found"], f"≤ {values['annual']}")


@check("year-end-payments", NOTE)
def year_end_payments(case: Case) -> Iterator[Finding]:
    """Money is not spent in a rush at the end of the year (年底突击花钱).

    Fires when dated lines cover 80 % of paid or more and half of their amount or more
    falls in December of the fiscal year; never for a single payment.
    """
    paid = case.budget.paid
    dated = [(line.date, line.paid) for line in case.budget.lines if line.date and line.paid]
    if not paid or len(dated) < 2:
        return
    covered = total(amount for _, amount in dated)
    year = case.dossier.project.fiscal_year
    late = total(amount for day, amount in dated if day.year == year and day.month == DECEMBER)
    if covered < COVERED * paid or late < LATE * covered:
        return
    share = percent(exact(late) / exact(covered))
    words = gettext_noop("%(late)s of the %(covered)s in dated payments, %(share)s, fell in December.")
    values = {"late": printed(late), "covered": printed(covered), "share": share}
    yield Finding(Subject(PAYMENTS, term=True, field="lines"), words, values, share, "< 50%")


@check("advance-payments", WARNING)
def advance_payments(case: Case) -> Iterator[Finding]:
    """Money paid in advance has bought nothing yet: outputs cannot all be full by it.

    Fires when half of paid or more is 首付款 or 预付款 while every output (cost and
    execution apart) is full: by its score, else by its level's subtotal, else as met.
    """
    paid = case.budget.paid
    if not paid or not case.budget.lines:
        return
    advanced = total(line.paid for line in case.budget.lines if line.paid and _is_advance(line))
    if not advanced or advanced < ADVANCED * paid or not _every_output_is_full(case):
        return
    share = percent(exact(advanced) / exact(paid))
    words = gettext_noop(
        "%(advanced)s of the %(paid)s paid, %(share)s, was paid in advance, yet every output is full."
    )
    values = {"advanced": printed(advanced), "paid": printed(paid), "share": share}
    yield Finding(Subject(gettext_noop("Advance payments"), term=True, field="lines"), words, values, share)


def _is_advance(line: PaymentLineFacts) -> bool:
    return bool(ADVANCE.search(half_width(line.item)) or (line.group and ADVANCE.search(line.group)))


def _every_output_is_full(case: Case) -> bool:
    outputs = [
        row for row in case.rows_by_level1.get(OUTPUTS, ()) if not row.is_cost and not row.is_execution
    ]
    if not outputs:
        return False
    if all(row.score is None for row in outputs) and (full := _subtotal_is_full(case)) is not None:
        return full
    return all(_is_full(row, case) for row in outputs)


def _subtotal_is_full(case: Case) -> bool | None:
    """Whether the stated subtotal of outputs is its stated weight; None when either is not stated."""
    points, weight = (
        next((figure for label, figure in level.items() if level1_of(label) == OUTPUTS), None)
        for level in (case.stated.by_level1, case.stated.level1_weights)
    )
    return None if points is None or weight is None else points >= weight - case.scheme.tolerance


def _is_full(row: Row, case: Case) -> bool:
    if row.score is not None and row.weight is not None:
        return row.score >= row.weight - case.scheme.tolerance
    met = row.facts.stated.met
    return (row.met if met is None else met) is True


@check("payment-out-of-year", WARNING)
def payment_out_of_year(case: Case) -> Iterator[Finding]:
    """A year's money is paid in that year (预算法 art. 18: 1 January to 31 December).

    Fires for each line dated outside the fiscal year; never for one carried over
    (上年结转 and its like in the line or its group).
    """
    year = case.dossier.project.fiscal_year
    for line in case.budget.lines:
        if line.date is None or line.date.year == year or _is_carried_over(line):
            continue
        day = line.date.isoformat()
        words = gettext_noop("This line is dated %(date)s, outside the fiscal year %(year)s.")
        yield Finding(
            Subject(line.item, field="lines"), words, {"date": day, "year": str(year)}, day, str(year)
        )


def _is_carried_over(line: PaymentLineFacts) -> bool:
    return bool(CARRIED_OVER.search(line.item) or (line.group and CARRIED_OVER.search(line.group)))


CHECKS: tuple[Check, ...] = (budget_total, year_end_payments, advance_payments, payment_out_of_year)
