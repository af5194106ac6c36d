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
def sign(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str = "",
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Sign the report or the conclusion as it stands: the lead evaluator, the agency, the bureau's leader.

    The last signature assigns the rectification items, or closes the evaluation. Raises
    WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput for a question that
    waits for its answer or an item whose due date has passed.
    """
    entry = enter(evaluation, actor, Verb.SIGN, capacity)
    require_no_open_question(entry)
    return pass_on(entry, actor, Verb.SIGN, opinion=opinion, is_demonstration=is_demonstration)
