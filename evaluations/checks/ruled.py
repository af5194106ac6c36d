"""What the rules give for one indicator or for the execution row, as ends between which points lie."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from evaluations.checks.case import Case, Row
from evaluations.scoring import score_execution
from evaluations.scoring.exact import ZERO, exact, points_within
from evaluations.scoring.judgement import MET, PARTLY

BASICALLY = re.compile(r"^\s*(?:已|目标)?基本")


class Ends(NamedTuple):
    """The least and the most points; equal where a rule fixes them."""

    least: Decimal
    most: Decimal


def ends_of(case: Case, row: Row) -> Ends | None:
    """Between which points an indicator's score may lie; None without a published weight.

    Fixed by the rule for figures, a tier for words, everything where neither says anything.
    An execution indicator follows the scheme's bands, if it has any and the indicator
    has no rule of its own.
    """
    if row.weight is None:
        return None
    if row.is_execution and case.scheme.execution.bands is not None and not row.facts.rule:
        return None if row.by_words else _by_bands(case, row.weight)
    scored = row.scored
    if scored.tier == PARTLY and _is_first_tier(case, row):
        return Ends(least_for_words(case, row.weight), row.weight)
    if scored.points is not None and scored.tier is None:
        return Ends(scored.points, scored.points)
    return Ends(scored.least, scored.most)


def _is_first_tier(case: Case, row: Row) -> bool:
    """Whether the words name the highest tier of 财预〔2021〕101号: 基本达成目标."""
    return "101号" in case.scheme.source and BASICALLY.search(row.actual.text or "") is not None


def least_for_words(case: Case, weight: Decimal) -> Decimal:
    """The least that words which say "met" give: the lower end of the tier."""
    return weight * next(band.from_ for band in case.scheme.tiers if band.tier == MET)


def most_of(case: Case, row: Row, weight: Decimal) -> Decimal:
    """The most that the rules give, with the weight published or assigned.

    The full weight for what words judge and for what is unknown.
    """
    scored = row.scored
    if row.by_words or scored.points is None:
        return weight
    ends = ends_of(case, row)
    return scored.points if ends is None else ends.most


def most_for_execution(case: Case, weight: Decimal) -> Decimal:
    """The most that the rules give for the execution row; the full weight without a rate."""
    if case.scheme.execution.bands is not None:
        return _by_bands(case, weight).most
    rate = max(case.passing_rates, default=Fraction(1))
    return points_within(exact(weight) * rate, weight)


def _by_bands(case: Case, weight: Decimal) -> Ends:
    """The scheme's bands (财预〔2021〕101号): all is open until somebody says whether it was completed."""
    if case.scored.execution.refusals or not ZERO <= weight <= 100:
        return Ends(ZERO, weight)
    scored = score_execution(dataclasses.replace(case.budget.figures(), weight=weight), case.scheme)
    return Ends(scored.least, scored.most)
