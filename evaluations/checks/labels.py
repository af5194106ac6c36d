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
# The form's own labels, and a time that is the whole year: so the project's own figures begin.
FORM_LABEL = re.compile(r"预算数|执行数")
YEAR_END = re.compile(r"截[至止]到?(?:[12][0-9]{3}年)?(?:年?[底末]|年终|12月(?:底|末|31日))[，,]?")
RATE_OR_REST = re.compile(
    r"(?:项目|资金|预算|经费|财政|全年|总)*(?:执行|支出|支付|使用)(?:率|进度)(?:为|达到?|是|:)?[0-9.]+%[，,]?"
    r"|(?:年末|尚|资金)*(?:结余|结转|剩余)(?:资金|金额)*为?[0-9.,]+万?元[，,]?"
)
HEADING = re.compile(
    r"\(?[一二三四五六七八九十0-9]{1,2}[).、]{1,2}(?:项目|年度)*(?:预算|资金|经费|财政)[^，,0-9]{0,14}"
    r"(?:情况|分析|执行|使用|安排|到位|支出)"
)
# A total of several years is far above the budget of one.
OF_YEARS = re.compile(r"总预算|预算总")
A_YEAR = re.compile(r"年初|全年|年度|本年|当年|[12][0-9]{3}年")
MORE_THAN_A_YEAR = Decimal("1.5")
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
    money: Money,
    sentence: Sentence,
    fiscal_year: int,
    project: str,
    *,
    of_whole: bool,
    before: Sentence | None = None,
) -> Iterator[Labelled]:
    """The sentence's labelled amounts that are not the field's.

    ``of_whole`` when it may mean the project; ``before`` is the sentence before it, an
    empty one where it opens a text about the project, None where that is not known.
    """
    text = sentence.text
    if not LABELLED.search(text) or len(text) > LONGEST_SENTENCE or not sentence.figures.amounts:
        return
    if ANOTHER_BUDGET.search(text):
        return
    for part in sentence.parts:
        places = money.named_in(part.text)
        subject: str | None = None
        introduced = True
        is_bare = of_whole and _is_bare_whole(money, part, project, before if part is sentence else None)
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
            subject = _subject(said, names, subject, introduced, is_bare=is_bare)
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


def _is_bare_whole(money: Money, part: Sentence, project: str, before: Sentence | None) -> bool:
    """Whether amounts that only bear a label are plainly the project's.

    They are where budget and payment stand together and one of them is the project's,
    and where a text about the project opens with them and says nothing else.
    """
    if _names_a_part(money, part.text):
        return False
    clauses = [(part.text[start:end], _said(part, start, end, project, ())) for start, end in _clauses(part)]
    labelled = [said for _, said in clauses if said is not None]
    if _is_anchored(money, labelled):
        return True
    if before is None or not all(
        said or YEAR_END.fullmatch(clause) or RATE_OR_REST.fullmatch(clause) for clause, said in clauses
    ):
        return False
    is_told = YEAR_END.fullmatch(clauses[0][0]) or any(FORM_LABEL.search(said.lead) for said in labelled)
    if not is_told or any(_is_since_beginning(money, said) for said in labelled):
        return False
    return not before.text or bool(HEADING.fullmatch(before.text)) or _is_of_whole(money, before, project)


def _names_a_part(money: Money, text: str) -> bool:
    return bool(
        FIRST.search(text)
        or money.named_in(text)
        or any(tidy_name(group.name) in text for group in money.groups)
    )


def _is_anchored(money: Money, labelled: Sequence[_Said]) -> bool:
    """Whether budget and payment are labelled side by side, one of them with the project's figure."""
    columns = {_column(said): said for said in labelled if "申" not in said.lead}
    budgeted, paid = columns.get("budget"), columns.get("paid")
    fields = ((budgeted, money.budget.annual), (paid, money.budget.paid))
    return all(said for said, _ in fields) and any(
        said and field is not None and said.amount.agrees(field, money.multiple) for said, field in fields
    )


def _is_since_beginning(money: Money, said: _Said) -> bool:
    """Whether a payment may be that of several years."""
    annual = money.budget.annual
    if _column(said) != "paid" or annual is None:
        return False
    return "累计" in said.lead or said.amount.of(money.multiple) > annual


def _is_of_whole(money: Money, before: Sentence, project: str) -> bool:
    """Whether a sentence gives the project's budget, by name, and speaks of no part of it."""
    annual = money.budget.annual
    if annual is None or len(before.text) > LONGEST_SENTENCE or _names_a_part(money, before.text):
        return False
    if elsewhen(before.text, money.case.dossier.project.fiscal_year):
        return False
    told = (_said(before, start, end, project, ()) for start, end in _clauses(before))
    return any(
        said and EXPLICIT.search(said.lead) and said.amount.agrees(annual, money.multiple) for said in told
    )


def _subject(
    said: _Said, names: Sequence[str], subject: str | None, introduced: bool, *, is_bare: bool
) -> str | None:
    """Of what it is said: a line's name, "" for the project, None when that is not clear."""
    if names:
        return names[0]
    if "项目" in said.lead:
        return ""
    if subject is not None:
        return subject
    if introduced and (is_bare or EXPLICIT.search(said.lead) or said.label == "到位"):
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
    if not fields or None in fields or _is_of_years(money, said):
        return
    known = [field for field in fields if field is not None]
    if not any(said.amount.agrees(candidate, money.multiple) for candidate in (*known, *parts)):
        yield Labelled(column, None, said.amount.of(money.multiple), known[0], part.text)


def _is_of_years(money: Money, said: _Said) -> bool:
    """Whether it may be the budget of all the years of a project."""
    annual = money.budget.annual
    if annual is None or not OF_YEARS.search(said.lead) or A_YEAR.search(said.lead):
        return False
    return said.amount.of(money.multiple) >= MORE_THAN_A_YEAR * annual


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
