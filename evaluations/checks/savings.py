"""What sentences say was saved on a line of the budget: 节约, 结余, 节省 with an amount.

A saving is a line's when the sentence names the line as what was saved on. A saving
against another measure than the budget, of another year, or of the project as a whole
is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import NamedTuple

from evaluations.checks.money import Line, Money
from evaluations.checks.printed_figures import Amount
from evaluations.checks.sentences import Sentence, elsewhen, tidy_name
from evaluations.scoring.exact import total

SAVED = re.compile(r"节约|结余|节省|节支")
# From the verb to its amount, when a line's name between them is left out.
TO_AMOUNT = re.compile(
    r"(?:节约|结余|节省|节支|结转|资金|经费|成本|费用|金额|预算|财政|专项|项目|支出|开支|款项|数|额|费|共计|共|合计|总计|累计"
    r"|达到|达|为|计|了|:|\(|人民币|的|出|[“\"])*+"
)
NEAR = 40
NO_SAVING_BEFORE = re.compile(
    r"(?:约|近|年初|前期|无|未|没有|不存在|使用|动用|盘活|安排|统筹|上[缴交]|[交收退]回|预计|可|将|能|拟|计划|目标|力争|[每年]年|年均"
    r"|每月|利息|人均|按照?|结转|(?<![本全当0-9])年)(?:的|了|到|用|项目|财政|其)?$"
)
COMPARED = re.compile(r"(?:较|相比|对比|比(?![例如选价重率]))(?P<measure>[^，;]{0,12})")
COMPARED_BEFORE = re.compile(r"相[比较]|对比|控制价|限价|合同价|市场价|报价")
OTHER_MEASURE = re.compile(r"控制价|限价|评审|报价|合同|市场价|原价|概算|中标")
# Only a piece or a part of the line, when it stands between its name and the verb.
PART_OF_LINE = re.compile(r"[单均]价|单位成本|每|其中|部分|季度|尾款|人工|材料|其他")
# What the finished thing saves its users is no saving on the budget.
IN_USE = re.compile(
    r"(?:建成|投用|投入|使用|运行|上线|实施|完工|竣工|应用|启用|改造|更新)[^，;]{0,4}后"
    r"|[为帮给](?:群众|企业|用户|学生|患者|居民|百姓|农户|社会|单位)"
)
A_YEAR = re.compile(r"/年|每年")
# A line called what it is, a project, a contract or a fee: 设备采购项目, 设备采购费.
CALLED = re.compile(
    r"(?:子项目?|项目|费用?|工作|合同(?=(?:实际|共计?|合计|累计|总计|已|约)*(?:节约|结余|节省|节支))){1,2}"
)
ONE_OF_MANY = re.compile(r"(?:各|个|部分|其他|其它|类|批|两|全部|所有)$")
OF_WHOLE = re.compile(r"项目|整体|全部|各项|我[局所院校站办]|我?[单中][位心]|总体")
TOGETHER = re.compile(r"共|合计|累计|总计")
CAUSE_BEFORE = re.compile(r"(?:因|由于|受|随着|得益于|鉴于|主要是|源于|原因是|通过)[^，;]{0,4}$")
SPENT_BEFORE = re.compile(r"(?:使用|动用|盘活|安排|统筹|利用)$")
AND_BEFORE = re.compile(r"[和与及、或]$")
AND_BEHIND = re.compile(r"[和与及、或等]")
# A clause that goes on about what the clause before it named.
GOES_ON = re.compile(
    r"(?:实际|共计|共|合计|累计|总计|总|已|也|均|分别|因此|从而|最终|年末|年底|全年|本年度?|当年|比预算|较预算|较年初预算|可|故"
    r"|为财政|为国家)*+"
)
MOST_CHOICES = 64
LONGEST_SENTENCE = 1000


class Saving(NamedTuple):
    """A saving that the budget and the payments of the named lines do not give, in the dossier's unit."""

    line: Line
    stated: Decimal
    expected: Decimal
    text: str


Place = tuple[int, int, str]


def wrong_savings(money: Money, sentence: Sentence, fiscal_year: int) -> Iterator[Saving]:
    """What the sentence says was saved on lines, where no reading of it agrees with them."""
    if not SAVED.search(sentence.text) or len(sentence.text) > LONGEST_SENTENCE:
        return
    for part in sentence.parts:
        if not SAVED.search(part.text) or not part.figures.amounts:
            continue
        places = money.named_in(part.text)
        for amount in part.figures.amounts if places else ():
            verb = _verb_of(part.text, amount, places)
            if verb is None or elsewhen(money.masked(part.text[:verb]), fiscal_year):
                continue
            saving = _judged(money, part, amount, verb, places)
            if saving is not None:
                yield saving


def _verb_of(text: str, amount: Amount, places: Sequence[Place]) -> int | None:
    """Where the verb stands whose amount this is; None when it is not said to be saved."""
    if not amount.plain:
        return None
    for verb in SAVED.finditer(text, max(0, amount.start - NEAR), amount.start):
        between = [place for place in places if verb.end() <= place[0] and place[1] <= amount.start]
        rest = text[verb.end() : amount.start]
        for start, end, _ in reversed(between):
            rest = rest[: start - verb.end()] + rest[end - verb.end() :]
        if TO_AMOUNT.fullmatch(rest):
            return verb.start()
    return None


def _judged(
    money: Money, part: Sentence, amount: Amount, verb: int, places: Sequence[Place]
) -> Saving | None:
    subject = _subject(part, amount, verb, places)
    if not subject or not _is_against_budget(part, verb, subject) or A_YEAR.match(part.text, amount.end):
        return None
    names = [name for _, _, name in subject]
    lines = [line for name in dict.fromkeys(names) for line in money.lines_by_name[name]]
    if any(line.budget is None or line.paid is None for line in lines):
        return None
    if any(amount.agrees(saved, money.multiple) for saved in _readings(money, part, amount, verb, subject)):
        return None
    line = money.lines_by_name[names[-1]][0]
    expected = _saved_on(line) if len(set(names)) == 1 else total(_saved_on(line) for line in lines)
    return Saving(line, amount.of(money.multiple), expected, part.text)


def _subject(part: Sentence, amount: Amount, verb: int, places: Sequence[Place]) -> Sequence[Place]:
    """The lines on which something is said to be saved; none when it may be something else."""
    text, starts = part.text, part.clause_starts
    if between := [place for place in places if verb <= place[0] and place[1] <= amount.start]:
        return between
    before = [place for place in places if place[1] <= verb]
    if not before:
        return []
    clause = bisect_right(starts, before[-1][0]) - 1
    clause_of_verb = bisect_right(starts, verb) - 1
    subject = [place for place in before if place[0] >= starts[clause]]
    behind = text[_end_of(text, subject) : verb]
    if behind != text[subject[-1][1] : verb] and ONE_OF_MANY.search(text[: subject[0][0]]):
        return []
    if clause != clause_of_verb and not GOES_ON.fullmatch(text[starts[clause_of_verb] : verb]):
        return []
    if (
        SPENT_BEFORE.search(text[: subject[0][0]])
        or AND_BEHIND.match(behind)
        or AND_BEFORE.search(text[: subject[0][0]])
        or OF_WHOLE.search(behind)
    ):
        return []
    return subject


def _end_of(text: str, subject: Sequence[Place]) -> int:
    """Where the last line's name ends, with the word for what it is: 设备采购项目."""
    end = subject[-1][1]
    called = CALLED.match(text, end)
    return called.end() if called else end


def _may_be_project(money: Money, text: str, subject: Sequence[Place]) -> bool:
    """Whether the line with 项目 behind it may be the project, which has the line's name in its own."""
    project = tidy_name(money.case.dossier.project.name)
    return subject[-1][2] in project and CALLED.match(text, subject[-1][1]) is not None


def _is_against_budget(part: Sentence, verb: int, subject: Sequence[Place]) -> bool:
    """Whether the saving is measured by the budget, and is one that was made this year."""
    starts = part.clause_starts
    clause = starts[bisect_right(starts, verb) - 1]
    behind = part.text[_end_of(part.text, subject) : verb]
    said = part.text[min(clause, subject[0][0]) : verb]
    if subject[-1][1] <= verb:
        # Without 合同 where it only says what the line is.
        said = part.text[min(clause, subject[0][0]) : subject[-1][1]] + behind
    place = bisect_right(starts, min(clause, subject[0][0])) - 1
    if COMPARED_BEFORE.search(part.text[starts[max(0, place - 1)] : starts[place]]):
        return False
    if PART_OF_LINE.search(behind) or IN_USE.search(behind):
        return False
    if NO_SAVING_BEFORE.search(part.text[clause:verb]) or OTHER_MEASURE.search(said) or "分别" in said:
        return False
    compared = COMPARED.search(said)
    # The measure may stand before the verb or before 相比.
    return compared is None or "预算" in compared["measure"] or "预算相比" in said


def _readings(
    money: Money, part: Sentence, amount: Amount, verb: int, subject: Sequence[Place]
) -> Iterator[Decimal]:
    """Every saving that the sentence may mean."""
    text = part.text
    choices = [
        [_saved_on(line) for line in money.lines_by_name[name]] for name in {name for _, _, name in subject}
    ]
    for savings in choices:
        yield from savings
        yield total(savings)
    yield total(saving for savings in choices for saving in savings)
    if len(choices) > 1 and _few(choices):
        yield from (total(chosen) for chosen in product(*choices))
    if _may_be_of_whole(part, verb, subject) or _may_be_project(money, text, subject):
        yield from money.savings_of_whole
    for group in money.groups:
        if tidy_name(group.name) in text:
            yield from (budget - paid for budget in group.budgets for paid in group.payments)
    for row in money.indicators:
        if row.target is not None and row.actual is not None and tidy_name(row.row.name) in text:
            yield row.target - row.actual
    others = [other.of(money.multiple) for other in part.figures.amounts if other is not amount][:12]
    yield from (abs(one - other) for one, other in combinations(others, 2))


def _may_be_of_whole(part: Sentence, verb: int, subject: Sequence[Place]) -> bool:
    """Whether the lines may only be why, or a part of what, the whole project saved."""
    text, starts = part.text, part.clause_starts
    before, behind = text[: subject[0][0]], text[subject[-1][1] : verb]
    if TOGETHER.search(behind) or CAUSE_BEFORE.search(before):
        return True
    clause = starts[bisect_right(starts, subject[-1][0]) - 1]
    clause_of_verb = starts[bisect_right(starts, verb) - 1]
    has_amount = any(clause <= amount.start < clause_of_verb for amount in part.figures.amounts)
    return clause != clause_of_verb and (has_amount or "项目" in before)


def _few(choices: Sequence[Sequence[Decimal]]) -> bool:
    count = 1
    for savings in choices:
        count *= len(savings)
        if count > MOST_CHOICES:
            return False
    return True


def _saved_on(line: Line) -> Decimal:
    return Decimal(0) if line.budget is None or line.paid is None else line.budget - line.paid
