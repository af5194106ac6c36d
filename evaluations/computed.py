"""From the rows of a dossier to what the rules compute, and back to people's scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from evaluations.models import Budget, Evaluation, Indicator, Score, ScoreSource
from evaluations.policies.chosen import policy_of
from evaluations.scoring import BudgetFigures, SchemeParameters, ScoredDossier, panel_points, score_dossier
from evaluations.scoring.panel import MEAN


def budget_figures(budget: Budget) -> BudgetFigures:
    """The money of the dossier as the scoring functions take it (万元)."""
    return BudgetFigures(
        declared=budget.declared,
        initial=budget.initial,
        annual=budget.annual,
        received=budget.received,
        paid=budget.paid,
        weight=budget.weight,
        completed_within_budget=budget.completed_within_budget,
    )


def computed(
    evaluation: Evaluation, indicators: Iterable[Indicator], scheme: SchemeParameters
) -> ScoredDossier:
    """What the rules give for the dossier as it stands."""
    return score_dossier(
        [indicator.figures() for indicator in indicators], budget_figures(evaluation.budget), scheme
    )


def latest_scores(indicators: Iterable[Indicator], source: str) -> dict[int, list[Score]]:
    """Each indicator's scores from this source that count, by the indicator's id.

    What the unit stated counts until it states something else for the indicator.
    A reviewer scores a round as a whole: only the last one counts, and what the
    department or finance left as stated in it takes no points of a round before.
    Once the unit has stated anew, theirs of the round before count no more. Where several
    of the department adjust scores in one round, the one given last stands: only experts'
    scores are put together. Reads the prefetched ``scores``.
    """
    rows = list(indicators)
    rounds = {row.pk: last_round(row, source) for row in rows}
    if source != ScoreSource.STATED:
        last = max(rounds.values(), default=0)
        stated = max((last_round(row, ScoreSource.STATED) for row in rows), default=0)
        counts = last >= stated or source == ScoreSource.EXPERT
        rounds = dict.fromkeys(rounds, last if counts else 0)
    return {row.pk: counting(row, source, rounds[row.pk]) for row in rows}


def counting(indicator: Indicator, source: str, round: int) -> list[Score]:
    """The scores of this round that count: every expert's, or the last one of an office."""
    found = [score for score in indicator.scores.all() if score.source == source and score.round == round]
    if source in (ScoreSource.DEPARTMENT, ScoreSource.FINANCE):
        return sorted(found, key=lambda score: score.pk or 0)[-1:]
    return found


def standing_scores(indicators: Iterable[Indicator], source: str, round: int) -> dict[int, Decimal]:
    """What the same office gave in this round already, by the indicator's id: it stands till changed."""
    return {
        row.pk: score.points
        for row in indicators
        for score in counting(row, source, round)
        if source != ScoreSource.EXPERT
    }


def last_round(indicator: Indicator, source: str) -> int:
    """The last round in which this source scored the indicator; 0 when it never did."""
    return max((score.round for score in indicator.scores.all() if score.source == source), default=0)


def panel_rule_of(evaluation: Evaluation) -> str:
    """By which rule the experts' points are put together: one of ``scoring.PANEL_RULES``."""
    return policy_of(evaluation).panel_rule


def points_of(scores: Sequence[Score], rule: str = MEAN) -> Decimal | None:
    """The points that several people's scores come to by the panel's rule, half-up to 2 places."""
    return panel_points([score.points for score in scores], rule)


def two_places(points: Decimal) -> Decimal:
    """Points rounded half-up to 2 places."""
    return points.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def total_from(evaluation: Evaluation, indicators: list[Indicator], source: str) -> Decimal | None:
    """The total that this source's scores give.

    Where a reviewer left an indicator as stated, the stated points count; the
    execution score of the form is added. None while points are missing.
    """
    given = latest_scores(indicators, source)
    stated = latest_scores(indicators, ScoreSource.STATED)
    total = evaluation.budget.stated_score or Decimal(0)
    rule = panel_rule_of(evaluation)
    for indicator in indicators:
        points = points_of(given[indicator.pk], rule)
        if points is None and source != ScoreSource.EXPERT:
            points = points_of(stated[indicator.pk])
        if points is None and indicator.weight is not None:
            return None
        total += points or Decimal(0)
    return total
