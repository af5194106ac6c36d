"""Experts score without knowing of each other: who may see whose scores while scoring is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.models import Decision, Verb
from evaluations.models import Evaluation, Score, ScoreSource, Stage

# The panel has still to finish: in a later round the dossier may be with the unit again.
OPEN_STAGES = (Stage.MATERIAL, Stage.EXPERT_SCORING)


@dataclass(frozen=True)
class BlindScoring:
    """What one reader may see of the experts' scores of one evaluation."""

    reader_id: int
    sees_all: bool

    def shows_score(self, score: Score) -> bool:
        """Whether the reader may see these points and their reason."""
        return score.source != ScoreSource.EXPERT or self.shows_of(score.given_by_id)

    def shows_decision(self, decision: Decision) -> bool:
        """Whether the reader may see this decision's opinion and total."""
        return decision.verb != Verb.SCORE or self.shows_of(decision.actor_id)

    def shows_of(self, expert_id: int) -> bool:
        return self.sees_all or expert_id == self.reader_id


def blind_scoring(user: Any, evaluation: Evaluation) -> BlindScoring:
    """Until every seat has scored only the evaluator's own people see all, an expert only the own.

    Whoever has a seat is an expert here, whatever other role the person holds.
    """
    is_open = not evaluation.is_self and evaluation.stage in OPEN_STAGES
    rights = rights_for_reading(user)
    of_the_evaluator = rights.holds(Right.VIEW_EVALUATIONS, evaluation.evaluator_id)
    sees_all = not is_open or (of_the_evaluator and not evaluation.seats.filter(expert=user.pk).exists())
    return BlindScoring(reader_id=user.pk, sees_all=sees_all)
