"""An exchange of views on a draft with a problem and a suggestion, around the fixed cast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from approvals.actions.exchange import Views
from approvals.exchange import exchange_of
from approvals.models import RecordedFinding, Stance, Verb
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Evaluation, Stage
from tests.cast import World, do
from workflow import services

PROBLEM = "两个模块没有按期交付。"
SUGGESTION = "补签协议，明确交付期限。"


def put_to_the_unit(
    world: World, commissioned_evaluation: Callable[..., Evaluation], ask: str = "", **options: Any
) -> Evaluation:
    """A draft with one problem and one suggestion, which waits for its addressees.

    With ``ask`` the unit was asked that about a finding.
    """
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, **options)
    if ask:
        found = RecordedFinding.objects.filter(evaluation=evaluation).earliest("pk")
        services.ask(finding=found, actor=world.sun, question=ask)
    draft_with_report(world, evaluation)
    return evaluation


def draft_with_report(world: World, evaluation: Evaluation, problem: str = PROBLEM) -> None:
    """The officer writes the report's problem and suggestion, and puts the draft."""
    changes = DossierChanges(
        problems=[RowChange(pk=row.pk, values={"text": problem}) for row in evaluation.problems.all()]
        or [RowChange(values={"text": problem})],
        suggestions=[
            RowChange(pk=row.pk, values={"text": SUGGESTION}) for row in evaluation.suggestions.all()
        ]
        or [RowChange(values={"text": SUGGESTION})],
    )
    do(
        Verb.DRAFT,
        evaluation,
        world.sun,
        changes=changes,
        total=Decimal("90"),
        conclusion="初步结论：良好以上。",
    )


def objecting(evaluation: Evaluation, said: Mapping[int, str], further: Sequence[str] = ()) -> Views:
    """Objections by the points' numbers, with agreement to every other point."""
    exchange = exchange_of(evaluation)
    assert exchange is not None
    return Views(
        {
            point.pk: (Stance.OBJECT, said[point.place]) if point.place in said else (Stance.AGREE, "")
            for point in exchange.points
        },
        further,
    )
