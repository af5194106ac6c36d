from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.moving import pass_on
from approvals.actions.shape import OWN, Capacity, enter
from approvals.models import Decision, Verb
from evaluations.models import Evaluation


@transaction.atomic
def consider(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str = "",
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Weigh what the unit and the department said to the draft; only then can it be concluded (art. 22).

    Raises WrongStage, NotAllowed, ConflictOfInterest.
    """
    entry = enter(evaluation, actor, Verb.CONSIDER, capacity)
    return pass_on(entry, actor, Verb.CONSIDER, opinion=opinion, is_demonstration=is_demonstration)
