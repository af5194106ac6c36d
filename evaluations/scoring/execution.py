"""How much of the budget was spent, and the points that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from evaluations.scoring.errors import ScoringError
from evaluations.scoring.exact import (
    FULL_MARKS,
    RATE_PLACES,
    ZERO,
    exact,
    half_up,
    printed,
    printed_percent,
)
from evaluations.scoring.explain import Explanation, explain
from evaluations.scoring.figures import BudgetFigures
from evaluations.scoring.outcome import Outcome, full, part, undecided
from evaluations.scoring.parameters import SchemeParameters


@dataclass(frozen=True)
class ScoredExecution:
    """The execution rate as a part of one, and the points of the form's execution row.

    ``weight`` is None when execution is not scored apart from the indicators;
    ``refusals`` says why the budget's figures could not be scored at all.
    """

    rate: Decimal | None
    points: Decimal | None
    weight: Decimal | None
    explanation: Explanation
    least: Decimal
    most: Decimal
    refusals: tuple[ScoringError, ...] = ()


def execution_rate(budget: BudgetFigures, scheme: SchemeParameters) -> Decimal | None:
    """Paid ÷ the scheme's denominator as a part of one (0.9664…), to 20 places; None without figures."""
    rate = exact_rate(budget, scheme)
    return None if rate is None else Decimal(printed(half_up(rate, RATE_PLACES)))


def exact_rate(budget: BudgetFigures, scheme: SchemeParameters) -> Fraction | None:
    """The execution rate without any rounding; None without figures or for a budget of zero."""
    denominator = _denominator(budget, scheme)
    if budget.paid is None or not denominator:
        return None
    return exact(budget.paid) / exact(denominator)


def score_execution(budget: BudgetFigures, scheme: SchemeParameters) -> ScoredExecution:
    """Score the form's execution row: weight × rate, or the scheme's bands.

    Points are None when the form does not score execution apart, when there is no
    rate, or when the scheme asks what was not answered. Raises ScoringError for
    negative amounts and a weight outside 0 to 100.
    """
    for refusal in budget_refusals_of(budget):
        raise refusal
    rate = execution_rate(budget, scheme)
    if budget.weight is None:
        return not_apart(rate, explain("execution-not-apart"))
    outcome = _scored(budget, budget.weight, scheme)
    return ScoredExecution(
        rate, outcome.points, budget.weight, outcome.explanation, outcome.least, outcome.most
    )


def not_apart(rate: Decimal | None, explanation: Explanation) -> ScoredExecution:
    """Execution without a row of its own: a rate, but no points."""
    return ScoredExecution(rate, None, None, explanation, ZERO, ZERO)


def budget_refusals_of(budget: BudgetFigures) -> Iterator[ScoringError]:
    """Every reason why the budget may not be scored, each at its field."""
    for name in (field.name for field in fields(budget) if field.name != "completed_within_budget"):
        figure: Decimal | None = getattr(budget, name)
        if figure is None:
            continue
        if not figure.is_finite():
            yield ScoringError("not-finite", name, subject=name, found=str(figure))
        elif name == "weight" and figure > FULL_MARKS:
            yield ScoringError("weight-over-100", name, subject=name, found=printed(figure))
        elif figure < ZERO:
            code = "weight-negative" if name == "weight" else "amount-negative"
            yield ScoringError(code, name, subject=name, found=printed(figure))


def _denominator(budget: BudgetFigures, scheme: SchemeParameters) -> Decimal | None:
    amounts = {"annual": budget.annual, "received": budget.received, "initial": budget.initial}
    return amounts[scheme.execution.denominator]


def _scored(budget: BudgetFigures, weight: Decimal, scheme: SchemeParameters) -> Outcome:
    if scheme.execution.bands is not None:
        return _scored_by_bands(budget, weight, scheme)
    rate, denominator = exact_rate(budget, scheme), _denominator(budget, scheme)
    if rate is None or budget.paid is None or denominator is None:
        return undecided(weight, "execution-no-rate")
    formula = f"{printed(weight)} × {printed(budget.paid)} ÷ {printed(denominator)}"
    return part(weight, exact(weight) * rate, formula, "execution-proportion", rate=printed_percent(rate))


def _scored_by_bands(budget: BudgetFigures, weight: Decimal, scheme: SchemeParameters) -> Outcome:
    if budget.completed_within_budget is None:
        return undecided(weight, "execution-unasked")
    if budget.completed_within_budget:
        return full(weight, "execution-completed")
    rate = exact_rate(budget, scheme)
    if rate is None:
        return undecided(weight, "execution-no-rate")
    names = {"rate": printed_percent(rate)}
    for band in scheme.execution.bands or ():
        if exact(band.from_) <= rate < exact(band.to):
            share = exact(band.share)
            formula = f"{printed(weight)} × {printed(band.share)}"
            return part(
                weight,
                exact(weight) * share,
                formula,
                "execution-band",
                share=printed_percent(share),
                **names,
            )
    return undecided(weight, "execution-no-band", **names)
