from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.seating import enter_seating, require_no_obstacle, take_seat
from evaluations.models import Evaluation, Seat


@transaction.atomic
def seat_expert(*, evaluation: Evaluation, actor: User, expert: User) -> Seat:
    """Seat a named expert on a department or finance evaluation, before scoring begins.

    Raises WrongStage, NotAllowed, ConflictOfInterest for somebody of the unit or its
    department, the project's lead, somebody who has decided on it or has a conflict of
    interest in force, and InvalidInput for somebody who is no expert of the bureau's,
    is suspended, or is or was seated already.
    """
    evaluation, on_behalf_of = enter_seating(evaluation, actor)
    require_no_obstacle(evaluation, expert)
    return take_seat(evaluation, actor, expert, on_behalf_of=on_behalf_of)
