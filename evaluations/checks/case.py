"""A dossier as the checks see it: read once, classified once, scored once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, wraps
from typing import TypeVar

from evaluations.checks.reading import is_reason, with_unit
from evaluations.checks.sentences import Sentence, sentences
from evaluations.checks.units import in_unit_of_target
from evaluations.dossier import Dossier, IndicatorFacts
from evaluations.scoring import (
    IndicatorFigures,
    SchemeParameters,
    ScoredDossier,
    ScoredIndicator,
    dimension_of,
    level1_of,
    level2_of,
    score_dossier,
)
from evaluations.scoring.exact import exact
from evaluations.scoring.execution import exact_rate
from evaluations.scoring.figures import (
    better,
    is_cost,
    is_execution_indicator,
    is_judged_by_words,
    is_satisfaction,
)
from evaluations.scoring.judgement import COMPARISONS, comparison_of
from evaluations.scoring.shares import level_in


@dataclass(frozen=True)
class ProductFacts:
    """What only the product knows of a dossier, by places in it.

    ``with_evidence``: indicators that have a file; ``followed_up``: problems that a
    rectification item follows.
    """

    with_evidence: frozenset[int] = frozenset()
    followed_up: frozenset[int] = frozenset()


# Characters in which figures are looked for; a whole report has about 30,000.
MOST_TEXT = 200_000
SIGNS: Mapping[str | None, str] = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "", None: ""}


class Passage:
    """A text that people wrote; ``indicator`` is the place of the one whose reason it is."""

    def __init__(self, field: str, text: str, indicator: int | None = None) -> None:
        self.field = field
        self.text = text
        self.indicator = indicator

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """Its sentences, for figures and names in them."""
        return tuple(sentences(self.text))


class Row:
    """One indicator with what the conventions of the checks say about it."""

    def __init__(
        self, place: int, facts: IndicatorFacts, figures: IndicatorFigures, scored: ScoredIndicator
    ) -> None:
        self.place = place
        self.facts = facts
        self.figures = figures
        self.scored = scored
        self.name = facts.name
        self.level1 = level1_of(facts.level1)
        self.level2 = level2_of(facts.level2 or "")
        self.target = facts.target
        self.actual = facts.actual
        self.weight = facts.weight
        self.score = facts.stated.score
        # Whether it scores the budget's execution, measures satisfaction, stands under cost, and
        # whether only words can say if its target is met. Every dossier needs them: not worth a lock.
        self.is_execution = is_execution_indicator(figures)
        self.is_satisfaction = is_satisfaction(figures)
        self.is_cost = is_cost(figures)
        self.by_words = is_judged_by_words(figures)

    @cached_property
    def dimension(self) -> str:
        """数量 质量 时效 成本 满意度 execution, or else the level 1."""
        return dimension_of(self.figures)

    @cached_property
    def better(self) -> str:
        """ "higher" or "lower": what is better, by the comparator, else by the direction."""
        return better(self.figures)

    @cached_property
    def met(self) -> bool | None:
        """Whether the figures satisfy the comparator; None when figures cannot say."""
        if self.by_words or self.actual.value is None or self.target.value is None:
            return None
        return COMPARISONS[comparison_of(self.figures)](self.actual.value, self.target.value)

    @cached_property
    def met_by_words(self) -> bool | None:
        """Whether a target judged by words is met by them; None for others, or when words cannot say."""
        return self.scored.met if self.by_words else None

    @cached_property
    def completion(self) -> Fraction | None:
        """Actual ÷ target, exactly; None without figures or for a target of zero or less."""
        if self.by_words or self.actual.value is None or not self.target.value or self.target.value < 0:
            return None
        return exact(self.actual.value) / exact(self.target.value)

    @property
    def over_achieved(self) -> bool:
        """Whether actual ÷ target reaches the scheme's threshold, where more is better."""
        return self.scored.over_achieved

    @cached_property
    def has_reason(self) -> bool:
        """Whether a reason for the deviation is given."""
        return is_reason(self.facts.deviation_reason)

    @property
    def target_words(self) -> str:
        """The target as printed, else as its figures make it: "≥18万条"."""
        target = self.target
        return target.text or SIGNS[target.comparator] + with_unit(target.value, target.unit)

    @property
    def actual_words(self) -> str:
        """The actual as printed, else as its figure makes it: "16万条"."""
        return self.actual.text or with_unit(self.actual.value, self.target.unit)


class Case:
    """A dossier with its scheme, its rows and what the rules compute for it.

    ``scheme`` scores; ``named`` says whether it was named by the dossier or the
    campaign, rather than assumed.
    """

    def __init__(
        self, dossier: Dossier, scheme: SchemeParameters, *, named: bool, product: ProductFacts | None = None
    ) -> None:
        self.dossier = dossier
        self.scheme = scheme
        self.named = named
        self.product = product
        self.budget = dossier.budget
        self.stated = dossier.stated
        self.kind = dossier.evaluation.kind
        self.by_framework = self.kind in ("department", "finance")
        indicators = [in_unit_of_target(indicator) for indicator in dossier.indicators]
        figures = [indicator.figures() for indicator in indicators]
        self.scored: ScoredDossier = score_dossier(figures, dossier.budget.figures(), scheme)
        self.rows: Sequence[Row] = [
            Row(place, *row)
            for place, row in enumerate(zip(indicators, figures, self.scored.indicators, strict=True))
        ]

    @cached_property
    def rows_by_level1(self) -> Mapping[str, Sequence[Row]]:
        """The rows under their level 1 (aliases resolved), in the form's order."""
        levels: dict[str, list[Row]] = {}
        for row in self.rows:
            levels.setdefault(row.level1, []).append(row)
        return levels

    @cached_property
    def execution_rows(self) -> Sequence[Row]:
        """The indicators that score the budget's execution."""
        return [row for row in self.rows if row.is_execution]

    @cached_property
    def execution_weight(self) -> Decimal | None:
        """The weight of the form's execution row: the budget's own, else the funding table's."""
        if self.budget.weight is not None:
            return self.budget.weight
        return next((row.weight for row in self.budget.rows if row.weight is not None), None)

    @cached_property
    def execution_score(self) -> Decimal | None:
        """The score of the form's execution row: the budget's own, else the funding table's."""
        if self.budget.stated_score is not None:
            return self.budget.stated_score
        return next((row.score for row in self.budget.rows if row.score is not None), None)

    @cached_property
    def rate(self) -> Fraction | None:
        """Paid ÷ the denominator that applies to this dossier (``denominator``), exactly."""
        whole = self.denominator
        return None if self.budget.paid is None or not whole else exact(self.budget.paid) / exact(whole)

    @property
    def denominator(self) -> Decimal | None:
        """What the execution rate is taken of, in the dossier's currency unit."""
        amount: Decimal | None = getattr(self.budget, self.denominator_name)
        return amount

    @cached_property
    def denominator_name(self) -> str:
        """ "received" for the framework of department and finance evaluations; for the form a
        named scheme's own, else "annual".
        """
        if self.by_framework:
            return "received"
        return self.scheme.execution.denominator if self.named else "annual"

    @cached_property
    def wholes(self) -> Sequence[Decimal]:
        """What a stated rate may be paid's share of: ``denominator`` first; with no scheme named,
        received funds too. Empty when paid or the denominator is missing, negative or zero.
        """
        paid, whole, received = self.budget.paid, self.denominator, self.budget.received
        if paid is None or paid < 0 or whole is None or whole <= 0:
            return ()
        if self.named or self.by_framework or received is None or received <= 0 or received == whole:
            return (whole,)
        return (whole, received)

    @cached_property
    def passing_rates(self) -> Sequence[Fraction]:
        """The rates that a stated one may be, exactly (``wholes``)."""
        return [exact(self.budget.paid or Decimal(0)) / exact(whole) for whole in self.wholes]

    @cached_property
    def scheme_rate(self) -> Fraction | None:
        """The rate by the scoring scheme's denominator."""
        return None if self.scored.execution.refusals else exact_rate(self.budget.figures(), self.scheme)

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Every text that people wrote, with the field of the form that it fills."""
        dossier = self.dossier
        found: list[tuple[str, str | None, int | None]] = [
            ("goal.expected", dossier.goal.expected, None),
            ("goal.achieved", dossier.goal.achieved, None),
            ("budget.reason", dossier.budget.reason, None),
        ]
        found += [("deviation_reason", row.facts.deviation_reason, row.place) for row in self.rows]
        found += [("problems", problem.text, None) for problem in dossier.problems]
        found += [("recommendations", text, None) for text in dossier.recommendations]
        found += [("report", chapter.text, None) for chapter in dossier.report]
        read, passages = 0, []
        for field, text, place in found:
            if text and read < MOST_TEXT:
                passages.append(Passage(field, text[: MOST_TEXT - read], place))
                read += len(text)
        return passages

    @cached_property
    def narrative(self) -> Sequence[str]:
        """Every text that people wrote: goals, reasons, problems, recommendations, chapters."""
        dossier = self.dossier
        texts = [dossier.goal.expected, dossier.goal.achieved, dossier.budget.reason]
        texts += [row.facts.deviation_reason for row in self.rows]
        texts += [problem.text for problem in dossier.problems]
        texts += dossier.recommendations
        texts += [chapter.text for chapter in dossier.report]
        return [text for text in texts if text]

    def says(self, *words: str) -> bool:
        """Whether any text that people wrote contains one of the words."""
        return any(word in text for text in self.narrative for word in words)

    def level_of(self, row: Row) -> str:
        """The scheme's level that a row belongs to, by what it is, not where it is printed."""
        return level_in(self.scheme, row.figures)


T = TypeVar("T")


def once_per_case(function: Callable[[Case], T]) -> Callable[[Case], T]:
    """Let a function of a case be computed once, for facts that several checks share."""
    key = f"{function.__module__}.{function.__name__}"

    @wraps(function)
    def remembered(case: Case) -> T:
        facts = case.__dict__
        if key not in facts:
            facts[key] = function(case)
        found: T = facts[key]
        return found

    return remembered
