"""Checks: percentages in the text that no two figures give."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from evaluations.checks.case import Case, Passage
from evaluations.checks.claims import SHARE, Claim, claims
from evaluations.checks.finding import WARNING, Finding, Subject
from evaluations.checks.money import Money
from evaluations.checks.printed_figures import Amount
from evaluations.checks.reading import percent
from evaluations.checks.registry import Check, check
from evaluations.checks.sentences import Sentence
from evaluations.checks.support import OF_PROJECT, Support, near_amounts
from evaluations.scoring.exact import exact
from evaluations.strict_json import gettext_noop

UNSUPPORTED = gettext_noop("No two amounts of the dossier give the %(stated)s in “%(words)s”.")
UNLIKE = gettext_noop(
    "No two amounts of the dossier give the %(stated)s in “%(words)s”; its figures give %(expected)s."
)
EXCERPT = 40
OF_ALL = re.compile(r"整体|(?:项目|全年|年度)[^，]{0,4}(?:资金|预算|经费)")


@check("percentage-unsupported", WARNING)
def percentage_unsupported(case: Case) -> Iterator[Finding]:
    """A percentage in the text follows from the dossier's figures (财预〔2020〕10号: a true account).

    Fires when a percentage after 占, 为, 达 or 率 that speaks of the project's money, of
    counted things or of an indicator by name equals, rounded half-up to its printed
    places, no A ÷ B and no change (A − B) ÷ B over the amounts of its sentence, the
    budget, its rows, lines and totals, the money indicators, and what was saved. Never
    when it is a stated target, actual or rate; nor a limit, a range, a rough number, a
    goal, a scoring rule, a term of a contract, another year or another place; nor when
    a figure that it speaks of is missing.
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


def claims_of(case: Case, passage: Passage, names: Sequence[str]) -> Iterator[Claim]:
    """The percentages in a passage that claim to follow from the project's figures."""
    advice = passage.field == "recommendations"
    for sentence in passage.sentences:
        yield from claims(sentence, case.dossier.project.fiscal_year, names, advice=advice)


def _is_whole(sentence: Sentence, amount: Amount) -> bool:
    starts = sentence.clause_starts
    return "占" in sentence.text[starts[bisect_right(starts, amount.start) - 1] : amount.start]


def _finding(case: Case, passage: Passage, claim: Claim, money: Money) -> Finding:
    stated = claim.percentage.printed.text()
    row = None if passage.indicator is None else case.rows[passage.indicator]
    subject = Subject(stated, field=passage.field)
    if row is not None:
        subject = Subject(row.name, indicator=row.place, field=passage.field)
    expected = _expected(case, claim, money)
    values = {"stated": stated, "words": _excerpt(claim), "expected": expected}
    return Finding(subject, UNLIKE if expected else UNSUPPORTED, values, stated=stated, expected=expected)


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
    before = [amount for amount in near_amounts(claim) if amount.end <= claim.percentage.start]
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
