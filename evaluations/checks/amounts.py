"""Checks: money indicators, lines and sentences that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from evaluations.checks.case import Case, Passage
from evaluations.checks.finding import ERROR, Finding, Subject
from evaluations.checks.labels import Column, Labelled, wrong_labels
from evaluations.checks.money import Group, Line, Money, MoneyRow
from evaluations.checks.reading import plain
from evaluations.checks.registry import Check, check
from evaluations.checks.savings import Saving, wrong_savings
from evaluations.checks.sentences import Sentence, tidy_name
from evaluations.scoring.exact import printed, total
from evaluations.strict_json import gettext_noop

TERMS: dict[Column, str] = {
    "initial": gettext_noop("Initial budget"),
    "annual": gettext_noop("Annual budget"),
    "budget": gettext_noop("Annual budget"),
    "declared": gettext_noop("Declared amount"),
    "received": gettext_noop("Received funds"),
    "paid": gettext_noop("Paid amount"),
}
ACTUAL = gettext_noop(
    "The target of %(target)s is the budget of “%(line)s”, but the actual of %(actual)s is not the %(paid)s"
    " paid on it."
)
SAVED = gettext_noop(
    "The text says that %(stated)s was saved on “%(line)s”; its budget less what was paid is %(expected)s:"
    " “%(words)s”."
)
LABELLED = gettext_noop("The text gives %(stated)s, the form %(expected)s: “%(words)s”.")
TWICE = gettext_noop(
    "The targets add up to %(whole)s, but the actuals to %(actuals)s, %(excess)s more than the %(paid)s paid:"
    " exactly the amount of “%(counted)s”, which seems to be counted twice."
)
EXCERPT = 60
# Texts that open with the project as a whole; a problem may be of any part of it.
OF_PROJECT = frozenset({"goal.achieved", "budget.reason", "report"})
HAN_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")
# Pairs of characters that any two names of money share.
IDLE_PAIRS = frozenset(
    {
        "项目",
        "费用",
        "服务",
        "务费",
        "资金",
        "成本",
        "支出",
        "经费",
        "指标",
        "金额",
        "总额",
        "建设",
        "购置",
        "控制",
    }
    | {"采购", "预算", "年度", "专项", "系统", "设备", "工作", "平台"}
)
OTHER_MONEY = re.compile(
    r"节约|节省|结余|收入|收益|增收|税|单价|人均|标准|均价|产值|利润|补偿|挽回|带动|撬动"
)
# So many figures are no coincidence: 170.9345, not 10.
TELLING_DIGITS = 4


@check("amount-conflict", ERROR)
def amount_conflict(case: Case) -> Iterator[Finding]:
    """An amount says the same wherever the dossier prints it (财预〔2020〕10号: a true account).

    Fires when (a) a money indicator's target is the budget of a line or a group and its
    actual is not what was paid there; (b) a sentence names a line with 节约, 结余 or 节省
    and an amount that is not its budget less what was paid; (c) a sentence labels an
    amount of the project or of a line 预算, 到位 or 支出 and the field says another. Never
    when any one candidate agrees (two groups may have lines of the same name), when a
    figure is missing, or when the amount may be of something else.
    """
    money = Money(case)
    if case.budget.lines:
        yield from _actuals_that_conflict(money)
    for passage in case.passages:
        if "元" in passage.text or "万" in passage.text or "亿" in passage.text:
            yield from _sentences_that_conflict(case, money, passage)


def _actuals_that_conflict(money: Money) -> Iterator[Finding]:
    for row in money.indicators:
        if row.target is None or row.actual is None or not row.target or _is_no_spending(row):
            continue
        candidates = [place for place in _places(money) if row.target in _budgets(place)]
        if not candidates or any(row.actual in _payments(place) for place in candidates):
            continue
        if any(not _payments(place) for place in candidates) or _is_whole(money, row):
            continue
        place = _meant(money, row, candidates)
        if place is not None:
            yield _actual_finding(money, row, place)


def _meant(money: Money, row: MoneyRow, candidates: Sequence[Line | Group]) -> Line | Group | None:
    """The line or group that the indicator stands for; None when the same round figure may be chance."""
    kin = [place for place in _places(money) if _are_kin(row.row.name, _name(place))]
    if meant := [place for place in candidates if place in kin]:
        return meant[0]
    is_told = _digits(row.target or Decimal(0)) >= TELLING_DIGITS or (row.row.is_cost and not kin)
    return candidates[0] if is_told else None


def _places(money: Money) -> Sequence[Line | Group]:
    return (*money.lines, *money.groups)


def _budgets(place: Line | Group) -> frozenset[Decimal]:
    if isinstance(place, Group):
        return place.budgets
    return frozenset() if place.budget is None else frozenset({place.budget})


def _payments(place: Line | Group) -> frozenset[Decimal]:
    if isinstance(place, Group):
        return place.payments
    return frozenset() if place.paid is None else frozenset({place.paid})


def _name(place: Line | Group) -> str:
    return place.name if isinstance(place, Group) else place.item


def _is_no_spending(row: MoneyRow) -> bool:
    """Whether the indicator measures money that is earned, saved or spent per piece, not a line's cost."""
    earns = row.row.level1 == "效益" and row.row.better == "higher"
    return earns or bool(OTHER_MONEY.search(row.row.name))


def _is_whole(money: Money, row: MoneyRow) -> bool:
    """Whether the target is the whole project's or a funding row's and the actual what was paid of it."""
    budget = money.budget
    stages = (budget.declared, budget.initial, budget.annual, budget.received, *money.all_lines.budgets)
    if row.target in stages and row.actual in (budget.paid, *money.all_lines.payments):
        return True
    return any(
        row.target in (funds.initial, funds.annual) and row.actual == funds.paid for funds in budget.rows
    )


def _are_kin(one: str, other: str) -> bool:
    """Whether two names share a word that says something."""
    mine, theirs = (set(HAN_PAIR.findall(plain(name))) - IDLE_PAIRS for name in (one, other))
    return bool(mine & theirs)


def _digits(figure: Decimal) -> int:
    return len(printed(figure).replace(".", "").strip("0"))


def _actual_finding(money: Money, row: MoneyRow, place: Line | Group) -> Finding:
    payment = max(_payments(place))
    values = {
        "target": printed(row.target or Decimal(0)),
        "actual": printed(row.actual or Decimal(0)),
        "line": _name(place),
        "paid": printed(payment),
    }
    subject = Subject(row.row.name, indicator=row.row.place, field="actual")
    return Finding(subject, ACTUAL, values, stated=values["actual"], expected=values["paid"])


def _sentences_that_conflict(case: Case, money: Money, passage: Passage) -> Iterator[Finding]:
    year, project = case.dossier.project.fiscal_year, tidy_name(case.dossier.project.name)
    # A reason for one indicator's deviation speaks of that indicator, not of the project.
    of_whole = passage.field != "deviation_reason"
    before = Sentence("") if passage.field in OF_PROJECT else None
    for sentence in passage.sentences:
        if case.budget.lines:
            for saving in wrong_savings(money, sentence, year):
                yield _saving_finding(saving, passage)
        for labelled in wrong_labels(money, sentence, year, project, of_whole=of_whole, before=before):
            yield _label_finding(labelled, passage)
        before = sentence


def _saving_finding(saving: Saving, passage: Passage) -> Finding:
    values = {
        "stated": printed(saving.stated),
        "expected": printed(saving.expected),
        "line": saving.line.item,
        "words": _excerpt(saving.text),
    }
    subject = Subject(saving.line.item, field=passage.field)
    return Finding(subject, SAVED, values, stated=values["stated"], expected=values["expected"])


def _label_finding(labelled: Labelled, passage: Passage) -> Finding:
    values = {
        "stated": printed(labelled.stated),
        "expected": printed(labelled.expected),
        "words": _excerpt(labelled.text),
    }
    subject = Subject(TERMS[labelled.column], term=True, field=passage.field)
    if labelled.line is not None:
        subject = Subject(labelled.line.item, field=passage.field)
    return Finding(subject, LABELLED, values, stated=values["stated"], expected=values["expected"])


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"


@check("double-count", ERROR)
def double_count(case: Case) -> Iterator[Finding]:
    """No payment is counted in two cost indicators (财预〔2020〕10号: a true account).

    Fires when the targets of a whole level 2's money indicators, of those that stand
    for one group's lines, or of all of them add up to the annual budget, to all lines or
    to a group, while their actuals exceed what was paid there by exactly one stated
    amount. Never for any other subset, nor when an actual is missing.
    """
    money = Money(case)
    if len(money.indicators) < 2:
        return
    for name, rows in _whole_sets(money):
        finding = _counted_twice(money, name, rows)
        if finding is not None:
            yield finding
            return


CHECKS: tuple[Check, ...] = (amount_conflict, double_count)


def _whole_sets(money: Money) -> Iterator[tuple[str, Sequence[MoneyRow]]]:
    """The sets of money indicators that are tried, each with its name: level 2s, groups, all."""
    spending = [row for row in money.indicators if not _is_no_spending(row)]
    levels: dict[tuple[str, str], list[MoneyRow]] = {}
    for row in spending:
        levels.setdefault((row.row.level1, row.row.level2), []).append(row)
    for (level1, level2), rows in levels.items():
        yield level2 or level1, rows
    for group in money.groups:
        budgets = {line.budget for line in money.lines if line.group == group.name}
        yield group.name, [row for row in spending if row.target in budgets]
    if len(levels) > 1:
        yield spending[0].row.level1, spending


def _counted_twice(money: Money, name: str, rows: Sequence[MoneyRow]) -> Finding | None:
    targets = [row.target for row in rows if row.target is not None]
    actuals = [row.actual for row in rows if row.actual is not None]
    if len(rows) < 2 or not len(rows) == len(targets) == len(actuals):
        return None
    whole, spent = total(targets), total(actuals)
    paid = _paid_of(money, whole)
    if any(spent <= payment for payment in paid):
        return None
    for payment in paid:
        if counted := _owner(money, spent - payment):
            values = {
                "whole": printed(whole),
                "actuals": printed(spent),
                "excess": printed(spent - payment),
                "paid": printed(payment),
                "counted": counted,
            }
            subject = Subject(name, field="actual")
            return Finding(subject, TWICE, values, stated=values["actuals"], expected=values["paid"])
    return None


def _paid_of(money: Money, whole: Decimal) -> Sequence[Decimal]:
    """What was paid of the budgets that the targets add up to."""
    found = [payment for group in money.groups if whole in group.budgets for payment in group.payments]
    if whole == money.budget.annual and money.budget.paid is not None:
        found.append(money.budget.paid)
    if whole in money.all_lines.budgets:
        found += money.all_lines.payments
    return list(dict.fromkeys(found))


def _owner(money: Money, amount: Decimal) -> str:
    """What the amount is stated for: a payment or a budget of a line, an actual; empty when it is none."""
    for line in money.lines:
        if amount in (line.paid, line.budget):
            return line.item
    for row in money.indicators:
        if amount == row.actual:
            return row.row.name
    for group in money.groups:
        if amount in group.payments:
            return group.name
    return next((funds.name for funds in money.budget.rows if amount == funds.paid), "")
