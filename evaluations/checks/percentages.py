"""Checks: percentages in the text that no two figures give."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from evaluations.checks.case import Case, Passage
from evaluations.checks.claims import SHARE, Claim, claims
from evaluations.checks.finding import WARNING, Finding, Subject
from evaluations.checks.money import Money
from evaluations.checks.printed_figures import Amount, Count
from evaluations.checks.quotients import Quotients, whole_numbers
from evaluations.checks.reading import PrintedPercent, percent, percent_of
from evaluations.checks.registry import Check, check
from evaluations.checks.sentences import Sentence, tidy_name
from evaluations.scoring.exact import exact, total
from evaluations.strict_json import gettext_noop

UNSUPPORTED = gettext_noop("No two amounts of the dossier give the %(stated)s in “%(words)s”.")
# How many amounts of one sentence are looked at, on either side of a percentage, and added up in runs.
NEAREST = 20
NEAREST_ADDED = 6
EXCERPT = 40
LONGEST_SENTENCE = 1000
PERCENT_UNITS = ("%", "％")
LABEL = re.compile(r"\([^()]*\)$")
OF_ALL = re.compile(r"整体|(?:项目|全年|年度)[^，]{0,4}(?:资金|预算|经费)")
# What a share or a rate may be of that the budget's fields need not give.
SPOKEN_OF = (
    (re.compile("到位|收到"), "received"),
    (re.compile("年初|调[整剂增减]|变动|追加"), "initial"),
    (re.compile("申报|申请|审减|核减"), "declared"),
)
OUTSIDE = re.compile(r"总投[资入]|概算|造价")
OF_PROJECT = re.compile(
    r"(?:^|项目|全年|年度|年|总体)(?:预算|资金|经费|财政)*+(?:到位|调整|支出|支付|完成|结余|节约)?(?:执行)?率"
)


@check("percentage-unsupported", WARNING)
def percentage_unsupported(case: Case) -> Iterator[Finding]:
    """A percentage in the text follows from the dossier's figures (财预〔2020〕10号: a true account).

    Fires when a percentage after 占, 为, 达 or 率 that speaks of the project's money, of
    counted things or of an indicator by name equals, rounded half-up to its printed
    places, no A ÷ B and no change (A − B) ÷ B over the amounts of its sentence, the
    budget, its rows, lines and totals, the money indicators, and what was saved. Never
    when it is a stated target, actual or rate; nor a limit, a range, a rough number, a
    goal, a scoring rule, a term of a contract, another year or another place.
    """
    if not any("%" in passage.text or "％" in passage.text for passage in case.passages):
        return
    support = Support(case)
    for passage in case.passages:
        # What the goal expects is a target by its nature.
        if passage.field == "goal.expected" or not ("%" in passage.text or "％" in passage.text):
            continue
        for claim in claims_of(case, passage, support.names):
            if not support.is_supported(claim) and not support.lacks_figures(claim):
                yield _finding(case, passage, claim, support.money)


CHECKS: tuple[Check, ...] = (percentage_unsupported,)


class Support:
    """What supports a claim in one dossier; gathered only when the first claim is met."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.quotients = Quotients()
        self.stated, self.names = _stated(case)
        self.answers: dict[tuple[object, ...], bool] = {}

    @cached_property
    def money(self) -> Money:
        return Money(self.case)

    def is_supported(self, claim: Claim) -> bool:
        """Whether the claim is stated, or given by two amounts."""
        printed = claim.percentage.printed
        if any(printed.agrees(exact(rate.value) / 100) for rate in self.stated):
            return True
        if claim.kind == "named" and any(rate.agrees(exact(printed.value) / 100) for rate in self.stated):
            return True
        own = whole_numbers(self._own_amounts(claim))
        counted = whole_numbers(_with_sums([count.value for count in _near_counts(claim)]))
        question = (printed, claim.kind == "count", *own, None, *counted)
        if question not in self.answers:
            self.answers[question] = self._is_given(claim, own, counted)
        return self.answers[question]

    def lacks_figures(self, claim: Claim) -> bool:
        """Whether what the claim speaks of is missing from the dossier, and from its sentence."""
        budget, lead = self.case.budget, claim.lead
        if claim.kind in ("named", "count") or len(claim.sentence.figures.amounts) > 1:
            return False
        needed = [budget.annual, budget.paid]
        needed += [getattr(budget, field) for words, field in SPOKEN_OF if words.search(lead)]
        if None in needed or OUTSIDE.search(lead):
            return True
        if claim.kind != "rate" or OF_PROJECT.search(lead):
            return False
        named = [line for line in self.money.lines if line.name in lead]
        return not self.money.lines or any(line.budget is None or line.paid is None for line in named)

    def _is_given(self, claim: Claim, own: list[int], counted: list[int]) -> bool:
        printed = claim.percentage.printed
        if self.quotients.give(printed, counted):
            return True
        together = sorted({*self.money.whole_numbers, *own})
        return claim.kind != "count" and self.quotients.give(printed, together)

    def _own_amounts(self, claim: Claim) -> Iterable[Decimal]:
        """The amounts of its sentence, their sums in runs, and the sums over the lines that it names."""
        amounts = _near(claim.sentence.figures.amounts, claim.percentage.start)
        yield from _with_sums([amount.of(self.money.multiple) for amount in amounts])
        if len(claim.sentence.text) > LONGEST_SENTENCE:
            return
        named = [line for line in self.money.lines if line.name in claim.sentence.text]
        if len(named) > 1:
            yield total(line.budget for line in named if line.budget is not None)
            yield total(line.paid for line in named if line.paid is not None)


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


def claims_of(case: Case, passage: Passage, names: Sequence[str]) -> Iterator[Claim]:
    """The percentages in a passage that claim to follow from the project's figures."""
    advice = passage.field == "recommendations"
    for sentence in passage.sentences:
        yield from claims(sentence, case.dossier.project.fiscal_year, names, advice=advice)


def _near(amounts: Sequence[Amount], place: int) -> Sequence[Amount]:
    at = bisect_left(amounts, place, key=lambda amount: amount.start)
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


def _is_whole(sentence: Sentence, amount: Amount) -> bool:
    starts = sentence.clause_starts
    return "占" in sentence.text[starts[bisect_right(starts, amount.start) - 1] : amount.start]


def _finding(case: Case, passage: Passage, claim: Claim, money: Money) -> Finding:
    stated = claim.percentage.printed.text()
    row = None if passage.indicator is None else case.rows[passage.indicator]
    subject = Subject(stated, field=passage.field)
    if row is not None:
        subject = Subject(row.name, indicator=row.place, field=passage.field)
    words = {"stated": stated, "words": _excerpt(claim)}
    return Finding(subject, UNSUPPORTED, words, stated=stated, expected=_expected(case, claim, money))


def _excerpt(claim: Claim) -> str:
    """The clause with the percentage, short enough for a message."""
    lead = claim.lead if len(claim.lead) <= EXCERPT else f"…{claim.lead[-EXCERPT:]}"
    return f"{lead}{claim.percentage.printed.text()}"


def _expected(case: Case, claim: Claim, money: Money) -> str:
    """What the figures give where the words leave no doubt which: the execution rate, or a share of money."""
    places = claim.percentage.printed.places
    if claim.kind == "rate":
        is_of_whole = "执行率" in claim.lead and OF_PROJECT.search(claim.lead) is not None
        return percent(case.rate, places) if is_of_whole and case.rate is not None else ""
    share = SHARE.search(claim.lead)
    before = [amount for amount in claim.sentence.figures.amounts if amount.end <= claim.percentage.start]
    if claim.kind != "share" or share is None or not before:
        return ""
    whole_at = claim.percentage.start - len(share["of"])
    # What is behind an earlier 占 is a whole itself.
    parts = [amount for amount in before if amount.end <= whole_at and not _is_whole(claim.sentence, amount)]
    wholes = [amount.of(money.multiple) for amount in before if amount.start >= whole_at]
    if not wholes and OF_ALL.search(share["of"]) and case.budget.annual:
        wholes = [case.budget.annual]
    if not parts or len(wholes) != 1 or not wholes[0] or wholes[0] < parts[-1].of(money.multiple):
        return ""
    return percent(exact(parts[-1].of(money.multiple)) / exact(wholes[0]), places)
