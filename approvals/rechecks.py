"""Which self-assessments finance may draw for a re-check (抽查复核), and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet

from approvals.models import Decision, RecordedFinding, Verb
from approvals.procedure import Position
from evaluations.checks import ERROR, WARNING
from evaluations.models import Budget, Campaign, Evaluation, Kind, Stage
from evaluations.policies.chosen import policy_of
from evaluations.sampling import RecheckWeights, RiskFacts, weight_of


@dataclass(frozen=True)
class Considered:
    """A self-assessment that could be drawn, what is known of it, and its weight in the draw."""

    evaluation: Evaluation
    facts: RiskFacts
    weight: Decimal


def stopped_at_department(
    bureau_id: int, fiscal_year: int, campaign: Campaign | None = None
) -> QuerySet[Evaluation]:
    """The self-assessments that ended with the department's review and were not drawn before."""
    found = Evaluation.objects.filter(
        bureau=bureau_id,
        fiscal_year=fiscal_year,
        kind=Kind.SELF,
        stage=Stage.CLOSED,
        drawn_at=None,
        policy__content__stops_at_department=True,
    )
    return (found.filter(campaign=campaign) if campaign else found).select_related("policy").order_by("pk")


def recheck_position(evaluation: Evaluation) -> Position | None:
    """Where finance re-checks it; None where the policy has no such step."""
    steps = policy_of(evaluation).steps_at(Stage.FINANCE_REVIEW)
    found = [number for number, step in enumerate(steps) if step.work == "file"]
    return (Stage.FINANCE_REVIEW.value, found[-1]) if found else None


def considered(evaluations: Iterable[Evaluation], weights: RecheckWeights) -> list[Considered]:
    """Each that can be re-checked with its weight: three statements, whatever their number."""
    candidates = [each for each in evaluations if recheck_position(each) is not None]
    facts = facts_of([each.pk for each in candidates])
    return [Considered(each, facts[each.pk], weight_of(facts[each.pk], weights)) for each in candidates]


def facts_of(ids: Sequence[int]) -> dict[int, RiskFacts]:
    """The money and the findings of each, as it was handed in last."""
    money = {
        evaluation_id: (annual or Decimal(0), paid)
        for evaluation_id, annual, paid in Budget.objects.filter(evaluation__in=ids).values_list(
            "evaluation", "annual", "paid"
        )
    }
    doubts = {evaluation_id: counts for evaluation_id, *counts in findings_of(ids)}
    return {pk: RiskFacts(*money.get(pk, (Decimal(0), None)), *doubts.get(pk, (0, 0))) for pk in ids}


def findings_of(ids: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """How many errors and warnings each was handed in with last."""
    handed_in = Decision.objects.filter(evaluation__in=ids, item=None, verb=Verb.SUBMIT).order_by()
    last = handed_in.values("evaluation").annotate(last=Max("pk")).values("last")
    found = RecordedFinding.objects.filter(decision__in=last).order_by().values("evaluation")
    return found.annotate(
        errors=Count("pk", filter=Q(severity=ERROR)), warnings=Count("pk", filter=Q(severity=WARNING))
    ).values_list("evaluation", "errors", "warnings")
