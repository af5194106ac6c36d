from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import enter
from approvals.actions.moving import pass_on
from approvals.actions.question import require_no_open_question
from approvals.actions.turn_finding import note_adjustments
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, Verb
from audit_log.errors import InvalidInput
from evaluations.actions import give_scores
from evaluations.models import Evaluation, ScoreSource


@transaction.atomic
def approve(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str = "",
    scores: Mapping[int, tuple[Decimal, str]] | None = None,
    adjusted: Mapping[int, int] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Agree and pass the dossier on; the department may adjust scores, each with a reason.

    ``scores`` maps an indicator's id to its points and the reason for departing
    from the stated score; ``adjusted`` maps a finding's id to the indicator whose
    score it led to. Raises WrongStage, NotAllowed, ConflictOfInterest, and
    InvalidInput for a score out of range, without its reason, or at
    another stage, or while a question of this step waits for its answer.
    """
    entry = enter(evaluation, actor, Verb.APPROVE, capacity)
    require_no_open_question(entry)
    total = None
    if scores and not (entry.step.policy and entry.step.policy.may_adjust):
        raise InvalidInput(_("Scores are not adjusted at this step."))
    if scores:
        total = give_scores(
            evaluation=entry.evaluation, actor=actor, source=ScoreSource.DEPARTMENT, scores=scores
        )
    if adjusted:
        note_adjustments(
            entry.evaluation,
            actor,
            ScoreSource.DEPARTMENT,
            adjusted,
            on_behalf_of=entry.on_behalf_of_id,
            is_demonstration=is_demonstration,
        )
    return pass_on(
        entry,
        actor,
        Verb.APPROVE,
        opinion=opinion,
        total=total,
        is_demonstration=is_demonstration,
    )
