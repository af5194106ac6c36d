"""What supports a percentage in a text: a stated one, or two amounts that give it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from evaluations.checks.case import Case
from evaluations.checks.claims import Claim
from evaluations.checks.money import Money
from evaluations.checks.printed_figures import Amount, Count
from evaluations.checks.quotients import Quotients, whole_numbers
from evaluations.checks.reading import PrintedPercent, percent_of
from evaluations.checks.sentences import tidy_name
from evaluations.scoring.exact import total

# How many amounts of one sentence are looked at, on either side of a percentage, and added up in runs.
NEAREST = 20
NEAREST_ADDED = 6
LONGEST_SENTENCE = 1000
PERCENT_UNITS = ("%", "％")
LABEL = re.compile(r"\([^()]*\)$")
# What a share or a rate may be of that the budget's fields need not give.
SPOKEN_OF = (
    (re.compile("到位|收到"), "received"),
    (re.compile("年初|调[整剂增减]|变动|追加"), "initial"),
    (re.compile("申报|申请|审减|核减"), "declared"),
)
OUTSIDE = re.compile(r"总投[资入]|概算|造价")
OF_PROJECT = re.compile(
    r"(?:^|(?<![子各分])项目|全年|年[度终末底]?|总体|综合|实际|累计|整体|平均|[^\u4e00-\u9fff]|其)"
    r"(?:预算|资金|经费|财政|专项|成本|投资|支出|拨款|年度|总)*+(?:执行|支付|节约|节支|节省|结转结余|结余|结转|拨付|到位|使用"
    r"|完成|调整|调剂|下达|沉淀|增长|变动|偏差|偏离|压减|核减|审减|调增|调减)?率"
)
# What is said to be a share without an amount: parts that the dossier knows.
KNOWN_PART = re.compile(
    r"^(?:\(?[一二三四五六七八九十0-9]{1,2}[).、]|其中|项目|本项目|该项目|本年度?|[12][0-9]{3}年度?|全年|年度|累计|实际|总|财政|预算)*+"
    r"(?:支出|支付|执行|到位|拨款|资金|经费|追加|调整|结转)|节约|节省|节支|结余|[该此]|^(?:分别|各|均|合计|共)*+$"
)


class Support:
    """What supports a claim in one dossier; gathered only when the first claim is met."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.quotients = Quotients()
        self.stated, self.names = _stated(case)
        self.said: dict[tuple[PrintedPercent, bool], bool] = {}
        self.answers: dict[tuple[PrintedPercent, tuple[int, ...]], bool] = {}

    @cached_property
    def money(self) -> Money:
        return Money(self.case)

    def is_supported(self, claim: Claim) -> bool:
        """Whether the claim is stated, or given by two amounts."""
        printed = claim.percentage.printed
        if self._is_stated(printed, claim.kind == "named"):
            return True
        # The dossier's own amounts first: most percentages stand on them, and the answer is kept.
        if claim.kind != "count" and self._is_given(printed, self.money.whole_numbers):
            return True
        own = [] if claim.kind == "count" else whole_numbers(self._own_amounts(claim))
        counted = whole_numbers(_with_sums([count.value for count in _near_counts(claim)]))
        if self.quotients.is_exhausted or self._is_given(printed, counted):
            return True
        return bool(own) and self._is_given(printed, self.quotients.merged(self.money.whole_numbers, own))

    def _is_stated(self, printed: PrintedPercent, is_named: bool) -> bool:
        """Whether it is a stated rate, rounded; for a named indicator also the other way round."""
        if (printed, is_named) not in self.said:
            self.said[printed, is_named] = any(
                printed.is_rounded(rate.value) or (is_named and rate.is_rounded(printed.value))
                for rate in self.stated
            )
        return self.said[printed, is_named]

    def lacks_figures(self, claim: Claim) -> bool:
        """Whether what the claim speaks of is missing from the dossier, and from its sentence."""
        budget, lead = self.case.budget, claim.lead
        if claim.kind in ("named", "count") or len(claim.sentence.figures.amounts) > 1:
            return False
        needed = [budget.annual, budget.paid]
        needed += [getattr(budget, field) for words, field in SPOKEN_OF if words.search(lead)]
        if None in needed or OUTSIDE.search(lead):
            return True
        text = claim.sentence.text if len(claim.sentence.text) <= LONGEST_SENTENCE else lead
        named = [line for line in self.money.lines if line.name in text]
        if claim.kind == "rate":
            lines_of_rate = [line for line in named if line.name in lead]
            if any(line.budget is None or line.paid is None for line in lines_of_rate):
                return True
            return not (OF_PROJECT.search(lead) or lines_of_rate or self._names_a_group(lead))
        part = lead.partition("占")[0].strip('(:、“"')
        is_spoken_of = claim.sentence.figures.amounts or named or self._names_a_group(text)
        return not (is_spoken_of or KNOWN_PART.search(part))

    def _names_a_group(self, text: str) -> bool:
        return any(tidy_name(group.name) in text for group in self.money.groups)

    def _is_given(self, printed: PrintedPercent, amounts: Sequence[int]) -> bool:
        question = (printed, tuple(amounts))
        if question not in self.answers:
            self.answers[question] = self.quotients.give(printed, amounts)
        return self.answers[question]

    def _own_amounts(self, claim: Claim) -> Iterable[Decimal]:
        """The amounts of its sentence, their sums in runs, and the sums over the lines that it names."""
        amounts = near_amounts(claim)
        yield from _with_sums([amount.of(self.money.multiple) for amount in amounts])
        if len(claim.sentence.text) > LONGEST_SENTENCE:
            return
        named = [lines for name, lines in self.money.lines_by_name.items() if name in claim.sentence.text]
        together = [line for lines in named for line in lines]
        for lines in (*named, together):
            if len(lines) > 1:
                yield total(line.budget for line in lines if line.budget is not None)
                yield total(line.paid for line in lines if line.paid is not None)


def _stated(case: Case) -> tuple[set[PrintedPercent], list[str]]:
    """Every percentage stated as target, actual or rate, and the names of indicators measured in percent."""
    budget = case.budget
    stated = {
        percent_of(text) for text in (*budget.stated_execution_rates, *(row.rate for row in budget.rows))
    }
    names = []
    for row in case.rows:
        facts = row.facts
        in_percent = (row.target.unit or "") in PERCENT_UNITS
        if in_percent and row.actual.value is not None:
            names.append(LABEL.sub("", tidy_name(row.name)))
        for value, text in ((row.target.value, row.target.text), (row.actual.value, row.actual.text)):
            stated.add(percent_of(text))
            if in_percent and value is not None:
                stated.add(PrintedPercent(value, max(0, -int(value.as_tuple().exponent))))
        stated.add(percent_of(facts.stated.completion_rate))
    return {rate for rate in stated if rate is not None}, [name for name in names if name]


def near_amounts(claim: Claim) -> Sequence[Amount]:
    """The amounts nearest to the percentage in its sentence, on either side."""
    amounts = claim.sentence.figures.amounts
    at = bisect_left(amounts, claim.percentage.start, key=lambda amount: amount.start)
    return amounts[max(0, at - NEAREST) : at + NEAREST]


def _near_counts(claim: Claim) -> Sequence[Count]:
    counts = claim.sentence.figures.counts
    at = bisect_left(counts, claim.percentage.start, key=lambda count: count.start)
    return counts[max(0, at - NEAREST) : at + NEAREST]


def _with_sums(figures: Sequence[Decimal]) -> Iterator[Decimal]:
    """The figures, and the sums of neighbours among the middle ones: parts that are printed in a row."""
    yield from figures
    middle = figures[max(0, len(figures) // 2 - NEAREST_ADDED) : len(figures) // 2 + NEAREST_ADDED]
    for start in range(len(middle)):
        for end in range(start + 2, len(middle) + 1):
            yield total(middle[start:end])
