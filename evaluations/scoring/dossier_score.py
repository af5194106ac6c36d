"""The whole dossier: every indicator, execution, subtotals, total and grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import FULL_MARKS, ZERO, full_points, printed, total
from evaluations.scoring.execution import (
    ScoredExecution,
    budget_refusals_of,
    exact_rate,
    execution_rate,
    not_apart,
    score_execution,
)
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import BudgetFigures, IndicatorFigures, is_execution_indicator
from evaluations.scoring.indicator import ScoredIndicator, refusals_of, score_accepted
from evaluations.scoring.parameters import SchemeParameters
from evaluations.scoring.shares import assign_weights
from evaluations.scoring.totals import Subtotal, grade_of, subtotals_of, total_of

WEIGHTS_TOLERANCE = Decimal("0.01")


@dataclass(frozen=True)
class ScoredDossier:
    """What the rules give for a dossier.

    ``total`` and ``grade`` are None while a score is open; the total then lies
    from ``least`` to ``most``. ``sum_of_scores`` is the total before a cap.
    ``assigned_weights`` is True when the weights were not published and equal
    shares were used.
    """

    indicators: tuple[ScoredIndicator, ...]
    execution: ScoredExecution
    subtotals: tuple[Subtotal, ...]
    total: Decimal | None
    grade: str | None
    assigned_weights: bool
    notes: tuple[Explanation, ...]
    explanation: Explanation
    sum_of_scores: Decimal | None
    least: Decimal
    most: Decimal

    @property
    def faults(self) -> tuple[ScoringError, ...]:
        """Why figures could not be scored at all: the indicators' refusals, then the budget's."""
        return (*(fault for row in self.indicators for fault in row.refusals), *self.execution.refusals)


def score_dossier(
    indicators: Sequence[IndicatorFigures], budget: BudgetFigures, scheme: SchemeParameters
) -> ScoredDossier:
    """Score a whole dossier by a scheme.

    Never raises for its figures: what may not be scored stays without points, its
    refusals are in ``faults``, and there is no total.
    """
    assigned = bool(indicators) and all(figures.weight is None for figures in indicators)
    notes: list[Explanation] = []
    if assigned:
        indicators, budget, notes = _with_equal_shares(indicators, budget, scheme)
    scored = tuple(_scored_or_refused(figures, scheme) for figures in indicators)
    execution = _execution(indicators, budget, scheme)
    notes += _notes(indicators, budget, assigned=assigned)
    rate = None if execution.refusals else exact_rate(budget, scheme)
    result = total_of(scored, execution, rate, scheme)
    return ScoredDossier(
        indicators=scored,
        execution=execution,
        subtotals=subtotals_of(scored),
        total=result.points,
        grade=None
        if result.points is None or result.points > FULL_MARKS
        else grade_of(result.points, scheme),
        assigned_weights=assigned,
        notes=tuple(notes),
        explanation=result.explanation,
        sum_of_scores=result.sum_of_scores,
        least=result.least,
        most=result.most,
    )


def _with_equal_shares(
    indicators: Sequence[IndicatorFigures], budget: BudgetFigures, scheme: SchemeParameters
) -> tuple[list[IndicatorFigures], BudgetFigures, list[Explanation]]:
    shares = assign_weights(indicators, scheme)
    weighted = [
        figures.with_weight(weight) for figures, weight in zip(indicators, shares.weights, strict=True)
    ]
    if budget.weight is None:
        budget = replace(budget, weight=shares.execution)
    return weighted, budget, list(shares.notes)


def _scored_or_refused(figures: IndicatorFigures, scheme: SchemeParameters) -> ScoredIndicator:
    refusals = tuple(refusals_of(figures))
    if refusals:
        return _refused(figures, refusals)
    try:
        return score_accepted(figures, scheme)
    except ScoringError as refusal:  # of a rule that does not suit these figures
        return _refused(figures, (refusal,))


def _refused(figures: IndicatorFigures, refusals: tuple[ScoringError, ...]) -> ScoredIndicator:
    """An indicator without points; its weight stays if it is one."""
    weight = None if any(refusal.field == "weight" for refusal in refusals) else figures.weight
    most = FULL_MARKS if weight is None else full_points(weight)
    reason = _reason(refusals)
    return ScoredIndicator(figures, None, weight, reason, None, ZERO, most, refusals=refusals)


def _execution(
    indicators: Sequence[IndicatorFigures], budget: BudgetFigures, scheme: SchemeParameters
) -> ScoredExecution:
    refusals = tuple(budget_refusals_of(budget))
    if refusals:
        return replace(not_apart(None, _reason(refusals)), refusals=refusals)
    if any(map(is_execution_indicator, indicators)):
        return not_apart(execution_rate(budget, scheme), explain("execution-by-indicator"))
    return score_execution(budget, scheme)


def _reason(refusals: Sequence[ScoringError]) -> Explanation:
    """The first refusal as an explanation."""
    return Explanation(refusals[0].code, refusals[0].words, refusals[0].values)


def _notes(
    indicators: Sequence[IndicatorFigures], budget: BudgetFigures, *, assigned: bool
) -> Iterator[Explanation]:
    by_indicator = next(filter(is_execution_indicator, indicators), None)
    if by_indicator is not None and budget.weight is not None:
        yield explain("execution-twice", subject=by_indicator.name, weight=printed(budget.weight))
    known = [figures.weight for figures in indicators if figures.weight is not None]
    if len(known) < len(indicators):
        missing, all_of_them = str(len(indicators) - len(known)), str(len(indicators))
        yield explain("weights-partly-missing", missing=missing, all=all_of_them)
        return
    apart = budget.weight if by_indicator is None and budget.weight is not None else ZERO
    if indicators and not assigned and all(weight.is_finite() for weight in [*known, apart]):
        found = total([*known, apart])
        if abs(found - FULL_MARKS) > WEIGHTS_TOLERANCE:
            yield explain("weights-total", found=printed(found))
