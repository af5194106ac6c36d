"""One indicator: is it acceptable, which rule applies, how many points does it give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import IndicatorFigures, better, dimension_of, is_judged_by_words
from evaluations.scoring.judgement import is_met
from evaluations.scoring.outcome import Outcome
from evaluations.scoring.over_achievement import is_over_achieved, less_over_achievement
from evaluations.scoring.parameters import SchemeParameters
from evaluations.scoring.rules import Rule, parse_rule
from evaluations.scoring.rules.judged import QualitativeTiers
from evaluations.strict_json import DocumentFaults

CHOICES = {
    "kind": ("quantitative", "qualitative"),
    "direction": ("higher", "lower", None),
    "comparator": (">=", ">", "=", "<=", "<", None),
}
RULES_OF_JUDGEMENT = ("checklist", "tiers", "panel")


@dataclass(frozen=True)
class ScoredIndicator:
    """What the rule gives for one indicator.

    ``points`` is None when nothing computes them: then a judgement may lie from
    ``least`` to ``most``. ``tier`` is the qualitative tier that the words name;
    for "met" the points are full although the tier reaches down to ``least``.
    ``refusals`` says why the figures could not be scored at all; only a dossier's
    indicators have any, since ``score_indicator`` raises them.
    """

    figures: IndicatorFigures
    points: Decimal | None
    weight: Decimal | None
    explanation: Explanation
    met: bool | None
    least: Decimal
    most: Decimal
    tier: str | None = None
    over_achieved: bool = False
    refusals: tuple[ScoringError, ...] = ()


def score_indicator(figures: IndicatorFigures, scheme: SchemeParameters) -> ScoredIndicator:
    """Score one indicator by its own rule, else by the scheme's.

    Points are rounded half-up to 2 places, never below 0, never above the weight.
    Raises ScoringError for figures that no rule may score: see ``refusals_of``.
    """
    for refusal in refusals_of(figures):
        raise refusal
    return score_accepted(figures, scheme)


def score_accepted(figures: IndicatorFigures, scheme: SchemeParameters) -> ScoredIndicator:
    """Score an indicator that ``refusals_of`` has nothing against.

    Still raises ScoringError when its rule does not suit the figures.
    """
    if figures.weight is None:
        outcome = Outcome(None, explain("weight-missing"), ZERO, FULL_MARKS)
    else:
        outcome = rule_for(figures, scheme).score(figures, figures.weight, scheme.tiers)
        if not is_scored_by_judgement(figures):
            outcome = less_over_achievement(outcome, figures, figures.weight, scheme)
    return ScoredIndicator(
        figures=figures,
        points=outcome.points,
        weight=figures.weight,
        explanation=outcome.explanation,
        met=is_met(figures),
        least=outcome.least,
        most=outcome.most,
        tier=outcome.tier,
        over_achieved=is_over_achieved(figures, scheme),
    )


def rule_for(figures: IndicatorFigures, scheme: SchemeParameters) -> Rule:
    """The rule that scores the indicator: its own, its words', its dimension's, the default."""
    if figures.rule:
        return parse_rule(figures.rule)
    if is_judged_by_words(figures):
        return QualitativeTiers()
    return scheme.rules.get(dimension_of(figures), scheme.rules[None])


def is_scored_by_judgement(figures: IndicatorFigures) -> bool:
    """Whether the indicator's own rule leaves the figures to people."""
    return bool(figures.rule) and (figures.rule or {}).get("type") in RULES_OF_JUDGEMENT


def refusals_of(figures: IndicatorFigures) -> Iterator[ScoringError]:
    """Every reason why these figures may not be scored, each at its field.

    A weight below 0 or over 100, a figure that is no number, a word outside its
    list, a rule that cannot be read, and a target of zero where more is better.
    """
    yield from _choice_refusals(figures)
    finite = list(_figure_refusals(figures))
    yield from finite
    if finite:
        return
    yield from _weight_refusals(figures)
    yield from _rule_refusals(figures)
    target_is_zero = not is_judged_by_words(figures) and figures.target_value == ZERO
    if target_is_zero and not is_scored_by_judgement(figures) and better(figures) == "higher":
        yield ScoringError("target-zero", "target_value", subject=figures.name)


def _choice_refusals(figures: IndicatorFigures) -> Iterator[ScoringError]:
    for field, choices in CHOICES.items():
        found = getattr(figures, field)
        if found not in choices:
            allowed = ", ".join(choice for choice in choices if choice)
            yield ScoringError(
                "unknown-choice", field, subject=figures.name, found=str(found), choices=allowed
            )


def _figure_refusals(figures: IndicatorFigures) -> Iterator[ScoringError]:
    for field in ("weight", "target_value", "actual_value"):
        figure: Decimal | None = getattr(figures, field)
        if figure is not None and not figure.is_finite():
            yield ScoringError("not-finite", field, subject=figures.name, found=str(figure))


def _weight_refusals(figures: IndicatorFigures) -> Iterator[ScoringError]:
    weight = figures.weight
    if weight is not None and weight < ZERO:
        yield ScoringError("weight-negative", "weight", subject=figures.name, found=printed(weight))
    if weight is not None and weight > FULL_MARKS:
        yield ScoringError("weight-over-100", "weight", subject=figures.name, found=printed(weight))


def _rule_refusals(figures: IndicatorFigures) -> Iterator[ScoringError]:
    if not figures.rule:
        return
    try:
        parse_rule(figures.rule)
    except DocumentFaults as error:
        yield ScoringError("rule-invalid", "rule", subject=figures.name, fault=str(error))
