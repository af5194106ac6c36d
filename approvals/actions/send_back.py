from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item, measures_due_from_today
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Verb


@transaction.atomic
def send_back(
    *,
    item: RectificationItem,
    actor: User,
    opinion: str,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Not done, or not planned well, yet: back to the responsible unit, with the reason, in a new round.

    Measures that are sent back are due anew, the policy's days from today. Raises WrongStage,
    NotAllowed, ConflictOfInterest, and InvalidInput without a reason.
    """
    entry = enter_item(item, actor, Verb.SEND_BACK, capacity)
    reason = require_text(opinion, "opinion", _("Say what is still missing."))
    (back,) = entry.step.returns_to
    data = None
    if back == ItemStage.PLANNING:
        entry.item.measures_due = measures_due_from_today(entry.item.evaluation)
        data = {"measures_due": entry.item.measures_due}
    return leave_item(
        entry,
        actor,
        Verb.SEND_BACK,
        back,
        opinion=reason,
        new_round=True,
        is_demonstration=is_demonstration,
        data=data,
    )
