from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Verb


@transaction.atomic
def accept_plan(
    *,
    item: RectificationItem,
    actor: User,
    opinion: str = "",
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Whoever raised the item finds its measures sufficient: they are carried out.

    Finance accepts those of its own items, the department those of all others. Raises
    WrongStage, NotAllowed, ConflictOfInterest.
    """
    entry = enter_item(item, actor, Verb.ACCEPT_PLAN, capacity)
    return leave_item(
        entry,
        actor,
        Verb.ACCEPT_PLAN,
        ItemStage.CARRYING_OUT,
        opinion=opinion,
        is_demonstration=is_demonstration,
    )
