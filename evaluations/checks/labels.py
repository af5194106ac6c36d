"""Amounts that a sentence labels 预算, 到位 or 支出, of the project as a whole or of one line.

The subject is followed from clause to clause: "本项目年初预算300万元，实际支出285万元" speaks
twice of the project. As soon as something else may be meant, nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from evaluations.checks.money import Line, Money
from evaluations.checks.printed_figures import Amount
from evaluations.checks.sentences import Sentence, elsewhen, tidy_name

Column = Literal["initial", "annual", "declared", "budget", "received", "paid"]

LABELLED = re.compile(r"预算|申报|到位|支出|支付|执行")
LEAD = (
    r"(?:资金[^，。]{0,8}情况:|本项目|该项目|此项目|项目|本年度?|当年|全年|年度|年初|年末|年底|[12][0-9]{3}年度?|资金|经费|安排|批复|下达|核定"
    r"|调整后|共计|共|累计|总|实际|全部|整体|的|:|12月31日|截[至止]|\(?[一二三四五六七八九十0-9]{1,2}[).、]|“)*+"
)
LABEL = r"(?P<label>(?:预算)?执行(?:数|金额|额)|申[报请](?:预算|资金|金额|数|经费)|预算|到位|支出|支付)"
BEHIND = (
    r"(?:资金|金额|总额|总数|总计|数|额|经费|安排|批复|核定|申报|申请|为|是|共计|共|合计|累计|达到|达|计|了|:|人民币|的"
    r"|[“\"])*+"
)
OF_WHOLE = re.compile(LEAD + LABEL + BEHIND)
LEAD_ONLY = re.compile("(?:其中)?" + LEAD)
OF_LINE = re.compile(r"(?:项目|的|全年|年初|年度|本年度?|当年|实际|共计|共|累计|已|总)*+" + LABEL + BEHIND)
EXPLICIT = re.compile(r"项目|年初|全年|年度|本年|当年|年末|年底|调整后|[12][0-9]{3}年")
INTRODUCES = re.compile(r"根据|按照|依据|经|截[至止]|[》)](?:文件|通知|批复)?$|^为")
NEUTRAL = re.compile(
    r"率|进度|[调追核压][增加减]|收回|调整|审[定减]|节约|结余|结转|节省|剩余|上[缴交]|主要用于|根据|按照|依据|截[至止]|批复"
)
# Nothing may follow the amount in its clause: "支出5万元差旅费" is of something else.
NOTHING_MORE = re.compile(r"[，,;、|)”\"]?|\((?![^)]{0,4}[不含扣]).*")
ANOTHER_BUDGET = re.compile(
    r"概算|总投资|估算|周期|[两二三四五][年期]|分[年期]|十[三四五]五|部门预算|单位预算|基本支出|人员|公用经费|三公|收入|财政支出|合同"
    r"|其余|另有?|[首第][一二三]?[批期笔次]|陆续|先后|尚|未到位"
)
ADJUSTED = re.compile(r"调[增减整剂]|追加|压减|核减|增加|减少")
LONGEST_SENTENCE = 1000
FIRST = re.compile(r"其中")


class Labelled(NamedTuple):
    """An amount that its label contradicts, in the dossier's unit; ``line`` None for the whole project."""

    column: Column
    line: Line | None
    stated: Decimal
    expected: Decimal
    text: str


class _Said(NamedTuple):
    label: str
    amount: Amount
    lead: str
    rest: str


def wrong_labels(
    money: Money, sentence: Sentence, fiscal_year: int, project: str, *, of_whole: bool
) -> Iterator[Labelled]:
    """The sentence's labelled amounts that are not the field's; ``of_whole`` when it may mean the project."""
    text = sentence.text
    if not LABELLED.search(text) or len(text) > LONGEST_SENTENCE or not sentence.figures.amounts:
        return
    if ANOTHER_BUDGET.search(text):
        return
    for part in sentence.parts:
        places = money.named_in(part.text)
        subject: str | None = None
        introduced = True
        for start, end in _clauses(part):
            clause = part.text[start:end]
            names = [name for at, until, name in places if start <= at and until <= end]
            said = _said(part, start, end, project, names)
            if FIRST.search(clause):
                # What follows 其中 is a part, unless it names its line.
                subject, introduced = None, False
            if said is None:
                introduced = introduced and bool(INTRODUCES.search(clause))
                if names or not (introduced or NEUTRAL.search(clause)):
                    subject = None
                continue
            subject = _subject(said, names, subject, introduced)
            introduced = False
            if subject is None or elsewhen(money.masked(part.text[: said.amount.start]), fiscal_year):
                continue
            if subject:
                yield from _judged_line(money, money.lines_by_name[subject], said, part)
            elif of_whole:
                yield from _judged_whole(money, said, part)


def _clauses(part: Sentence) -> Iterator[tuple[int, int]]:
    starts = part.clause_starts
    yield from zip(starts, [*starts[1:], len(part.text) + 1], strict=True)


def _said(part: Sentence, start: int, end: int, project: str, names: Sequence[str]) -> _Said | None:
    """The clause's labelled amount, when the clause says nothing but that."""
    amount = next((amount for amount in part.figures.amounts if start <= amount.start < end), None)
    if amount is None or not amount.plain or len(names) > 1:
        return None
    lead, rest = part.text[start : amount.start], part.text[amount.end : end]
    if not NOTHING_MORE.fullmatch(rest):
        return None
    if names:
        before, _, behind = lead.partition(names[0])
        found = OF_LINE.fullmatch(behind)
        is_alone = LEAD_ONLY.fullmatch(before) or before.endswith((":", "(", "的", "其中", "“"))
        return _Said(found["label"], amount, behind, rest) if found and is_alone else None
    found = OF_WHOLE.fullmatch(lead.replace(project, "项目") if project else lead)
    return _Said(found["label"], amount, lead, rest) if found else None


def _subject(said: _Said, names: Sequence[str], subject: str | None, introduced: bool) -> str | None:
    """Of what it is said: a line's name, "" for the project, None when that is not clear."""
    if names:
        return names[0]
    if "项目" in said.lead:
        return ""
    if subject is not None:
        return subject
    if introduced and (EXPLICIT.search(said.lead) or said.label == "到位"):
        return ""
    return None


def _judged_line(money: Money, lines: Sequence[Line], said: _Said, part: Sentence) -> Iterator[Labelled]:
    if said.label == "到位" or "申" in said.lead:
        return
    # A line's budget is the one after adjustment.
    if said.label == "预算" and ADJUSTED.search(part.text):
        return
    column: Column = "budget" if said.label == "预算" else "paid"
    amounts = [line.budget if column == "budget" else line.paid for line in lines]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return
    of_rows = [
        row.target if column == "budget" else row.actual
        for row in money.indicators
        if tidy_name(row.row.name) in part.text
    ]
    candidates = [*known, sum(known, Decimal(0)), *(figure for figure in of_rows if figure is not None)]
    if not any(said.amount.agrees(candidate, money.multiple) for candidate in candidates):
        yield Labelled(column, lines[0], said.amount.of(money.multiple), known[0], part.text)


def _judged_whole(money: Money, said: _Said, part: Sentence) -> Iterator[Labelled]:
    column = _column(said)
    fields, parts = _fields(money, column)
    if not fields or None in fields:
        return
    known = [field for field in fields if field is not None]
    if not any(said.amount.agrees(candidate, money.multiple) for candidate in (*known, *parts)):
        yield Labelled(column, None, said.amount.of(money.multiple), known[0], part.text)


def _column(said: _Said) -> Column:
    text = said.lead
    if said.label == "到位":
        return "received"
    if "申" in text:
        return "declared"
    if said.label != "预算":
        return "paid"
    if "年初" in text:
        return "initial"
    return "annual" if "全年" in text or "调整后" in text else "budget"


def _fields(money: Money, column: Column) -> tuple[Sequence[Decimal | None], Sequence[Decimal]]:
    """The fields that the label may mean, the likeliest first, and amounts of parts that bear it too."""
    budget = money.budget
    by_row = {
        "initial": [row.initial for row in budget.rows],
        "annual": [row.annual for row in budget.rows],
        "paid": [row.paid for row in budget.rows],
    }
    groups = (*money.groups, money.all_lines)
    if column == "paid":
        parts = [*by_row["paid"], *(line.paid for line in money.lines)]
        parts += [amount for group in groups for amount in group.payments]
        parts += [row.actual for row in money.indicators]
        return [budget.paid], [part for part in parts if part is not None]
    if column in ("declared", "received"):
        rows = by_row["annual"] if column == "received" else []
        return [budget.declared if column == "declared" else budget.received], [
            row for row in rows if row is not None and row != budget.annual
        ]
    parts = [line.budget for line in money.lines]
    parts += [amount for group in money.groups for amount in group.budgets]
    parts += [row.target for row in money.indicators]
    own: list[Decimal | None] = [budget.initial if column == "initial" else budget.annual]
    stages = ("initial", "annual") if column == "budget" else (column,)
    for stage in stages:
        parts += by_row[stage]
    if column == "budget":
        parts += [budget.initial, budget.declared, budget.received]
    others = {budget.initial, budget.annual} - {*own} if column != "budget" else set()
    return own, [part for part in parts if part is not None and part not in others]
