from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.question import require_no_open_question
from approvals.actions.shape import enter, leave
from approvals.models import Decision, Verb
from approvals.procedure import stage_after
from evaluations.models import Evaluation


@transaction.atomic
def accept(
    *, evaluation: Evaluation, actor: User, opinion: str = "", is_demonstration: bool = False
) -> Decision:
    """Finance accepts the self-assessment for the record (备案), with the score as it stands.

    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput while a question
    of this step waits for its answer.
    """
    entry = enter(evaluation, actor, Verb.ACCEPT)
    require_no_open_question(entry)
    return leave(
        entry,
        actor,
        Verb.ACCEPT,
        stage_after(entry.evaluation),
        opinion=opinion,
        is_demonstration=is_demonstration,
    )
