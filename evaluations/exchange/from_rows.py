"""From the rows of an evaluation to its dossier/1: what the product holds, as one document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.db.models import prefetch_related_objects

from evaluations.computed import latest_scores, panel_rule_of, points_of
from evaluations.dossier import (
    ActualFacts,
    BudgetFacts,
    ChapterFacts,
    Dossier,
    EvaluationFacts,
    FundingRowFacts,
    GoalFacts,
    IndicatorFacts,
    PaymentLineFacts,
    ProblemFacts,
    ProjectFacts,
    StatedIndicator,
    StatedResult,
    StatedTotalFacts,
    TargetFacts,
)
from evaluations.exchange.chapters import HEADINGS
from evaluations.exchange.funding_names import NAMES
from evaluations.models import Budget, Evaluation, FundingRow, Indicator, ScoreSource

PARTS = (
    "budget__rows",
    "budget__lines",
    "budget__stated_totals",
    "sections",
    "problems__indicator",
    "suggestions",
)
FUNDING_ORDER = list(NAMES)
CHAPTER_ORDER = list(HEADINGS)


def dossier_of(
    evaluation: Evaluation,
    indicators: Sequence[Indicator] | None = None,
    source: ScoreSource = ScoreSource.STATED,
) -> Dossier:
    """The evaluation as a document, amounts in 万元, in the order of the form.

    ``indicators`` with their ``scores`` prefetched, when the caller has read them
    already; ``source`` says whose points count as stated: the unit's own, or the
    experts' for an evaluation that they score.
    """
    prefetch_related_objects([evaluation], *PARTS)
    if indicators is None:
        indicators = list(evaluation.indicators.order_by("position", "pk").prefetch_related("scores"))
    given = latest_scores(indicators, source)
    return Dossier(
        format="dossier/1",
        project=_project(evaluation),
        evaluation=EvaluationFacts(
            kind=cast(Any, evaluation.kind),
            scheme=evaluation.scheme.code,
            title=evaluation.title or None,
            report_date=evaluation.report_date,
            base_date=evaluation.base_date,
        ),
        indicators=tuple(
            _indicator(row, points_of(given[row.pk], panel_rule_of(evaluation))) for row in indicators
        ),
        budget=_budget(evaluation.budget),
        goal=GoalFacts(evaluation.goal_expected or None, evaluation.goal_achieved or None),
        stated=StatedResult(
            total=_figure(evaluation.stated_total),
            grade=evaluation.stated_grade or None,
            by_level1=_points(evaluation.stated_subtotals),
            level1_weights=_points(evaluation.stated_level_weights),
        ),
        problems=tuple(
            ProblemFacts(row.text, row.owner or None, row.due or None, _named(row.indicator))
            for row in evaluation.problems.all()
        ),
        recommendations=tuple(row.text for row in evaluation.suggestions.all()),
        team=tuple(evaluation.team),
        report=_report(evaluation),
    )


def _project(evaluation: Evaluation) -> ProjectFacts:
    project = evaluation.project
    return ProjectFacts(
        unit=evaluation.unit.name,
        name=project.name,
        fiscal_year=evaluation.fiscal_year,
        department=evaluation.department.name,
        region=project.region or None,
    )


def _budget(budget: Budget) -> BudgetFacts:
    rows = sorted(budget.rows.all(), key=lambda row: FUNDING_ORDER.index(row.name))
    return BudgetFacts(
        declared=_figure(budget.declared),
        initial=_figure(budget.initial),
        annual=_figure(budget.annual),
        received=_figure(budget.received),
        paid=_figure(budget.paid),
        stated_execution_rates=tuple(budget.stated_rates),
        weight=_figure(budget.weight),
        stated_score=_figure(budget.stated_score),
        rows=tuple(_funding_row(row) for row in rows),
        lines=tuple(
            PaymentLineFacts(row.item, row.group or None, row.date, _figure(row.planned), _figure(row.paid))
            for row in budget.lines.all()
        ),
        stated_totals=tuple(
            StatedTotalFacts(
                cast(Any, row.column),
                plain(row.amount),
                row.group or None,
            )
            for row in budget.stated_totals.all()
        ),
        completed_within_budget=budget.completed_within_budget,
        reason=budget.reason or None,
    )


def _funding_row(row: FundingRow) -> FundingRowFacts:
    return FundingRowFacts(
        NAMES[row.name],
        _figure(row.initial),
        _figure(row.annual),
        _figure(row.paid),
        _figure(row.weight),
        row.stated_rate or None,
        _figure(row.stated_score),
    )


def _indicator(row: Indicator, points: Decimal | None) -> IndicatorFacts:
    return IndicatorFacts(
        level1=row.level1,
        name=row.name,
        kind=cast(Any, row.kind),
        level2=row.level2 or None,
        weight=_figure(row.weight),
        direction=cast(Any, row.direction or None),
        target=TargetFacts(
            cast(Any, row.comparator or None),
            _figure(row.target_value),
            row.unit_of_measure or None,
            row.target_text or None,
        ),
        actual=ActualFacts(_figure(row.actual_value), row.actual_text or None),
        rule=row.rule,
        stated=StatedIndicator(row.stated_completion_rate or None, row.stated_met, _figure(points)),
        deviation_reason=row.deviation_reason or None,
    )


def _report(evaluation: Evaluation) -> tuple[ChapterFacts, ...]:
    sections = sorted(evaluation.sections.all(), key=lambda row: CHAPTER_ORDER.index(row.chapter))
    return tuple(ChapterFacts(HEADINGS[row.chapter], row.text or None) for row in sections)


def _named(indicator: Indicator | None) -> str | None:
    return None if indicator is None else indicator.name


def _points(figures: dict[str, str]) -> dict[str, Decimal]:
    return {name: plain(Decimal(figure)) for name, figure in figures.items()}


def _figure(figure: Decimal | None) -> Decimal | None:
    return None if figure is None else plain(figure)


def plain(figure: Decimal) -> Decimal:
    """The same figure without the zeros that only the column's width adds (12.500000 is 12.5)."""
    short = figure.normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]
