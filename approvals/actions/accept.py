from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.entering import enter
from approvals.actions.moving import pass_on
from approvals.actions.question import require_no_open_question
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, Verb
from evaluations.models import Evaluation


@transaction.atomic
def accept(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str = "",
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Finance accepts the self-assessment for the record (备案), with the score as it stands.

    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput while a question
    of this step waits for its answer.
    """
    entry = enter(evaluation, actor, Verb.ACCEPT, capacity)
    require_no_open_question(entry)
    return pass_on(
        entry,
        actor,
        Verb.ACCEPT,
        opinion=opinion,
        is_demonstration=is_demonstration,
    )
