"""Experts score without knowing of each other: who may see whose scores while scoring is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.models import Decision, Verb
from evaluations.models import PANEL_STAGES, Evaluation, Stage
from workflow.models import FlowTask
from workflow.working_days import last_overdue


@dataclass(frozen=True)
class BlindScoring:
    """What one reader may see of the experts' scores of one evaluation.

    ``closed_from`` is the first round whose scores are closed to the reader: for the
    evaluator's people the present one, for everybody else the first.
    """

    reader_id: int
    sees_all: bool
    closed_from: int = 1
    of_the_evaluator: bool = False

    @property
    def sees_what_the_evaluator_made(self) -> bool:
        """Drafts and printed reports of rounds that are complete."""
        return self.sees_all or self.of_the_evaluator

    def shows_decision(self, decision: Decision) -> bool:
        """Whether the reader may see this decision's opinion and total."""
        return decision.verb != Verb.SCORE or self.shows(decision.actor_id, decision.round)

    def shows(self, expert_id: int, round: int) -> bool:
        return self.sees_all or expert_id == self.reader_id or round < self.closed_from


def blind_scoring(user: Any, evaluation: Evaluation) -> BlindScoring:
    """Until every seat has scored, or the days for it are over, nobody sees what another gave.

    Afterwards the evaluator's people see what came in, and an expert who has scored does;
    everybody else waits until all are in. Whoever has a seat is an expert here, whatever
    other role the person holds.
    """
    if evaluation.is_self or evaluation.stage not in PANEL_STAGES:
        return BlindScoring(reader_id=user.pk, sees_all=True)
    is_expert = evaluation.seats.in_force().filter(expert=user.pk).exists()
    rights = rights_for_reading(user)
    of_the_evaluator = not is_expert and rights.holds(Right.VIEW_EVALUATIONS, evaluation.evaluator_id)
    if of_the_evaluator:
        sees_all = evaluation.stage == Stage.MATERIAL or days_are_over(evaluation)
    else:
        sees_all = is_expert and has_scored(user, evaluation) and days_are_over(evaluation)
    return BlindScoring(
        reader_id=user.pk,
        sees_all=sees_all,
        closed_from=evaluation.round if of_the_evaluator else 1,
        of_the_evaluator=of_the_evaluator,
    )


def has_scored(user: Any, evaluation: Evaluation) -> bool:
    """Whether this expert has scored in the present round."""
    return Decision.objects.filter(
        evaluation=evaluation, verb=Verb.SCORE, round=evaluation.round, actor=user.pk
    ).exists()


def days_are_over(evaluation: Evaluation) -> bool:
    """Whether the deadline of the present round's scoring has ended.

    It is the panel's: what a replacement is given on top of it opens nothing again.
    """
    scoring = FlowTask.objects.filter(
        evaluation=evaluation, item=None, stage=Stage.EXPERT_SCORING, round=evaluation.round
    )
    due = scoring.exclude(due=None).order_by("due").values_list("due", flat=True).first()
    return due is not None and due <= last_overdue()
