from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Verb


@transaction.atomic
def plan(
    *,
    item: RectificationItem,
    actor: User,
    measures: str,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The responsible unit plans its measures.

    Raises WrongStage, NotAllowed, and InvalidInput without measures.
    """
    entry = enter_item(item, actor, Verb.PLAN, capacity)
    entry.item.measures = require_text(measures, "measures", _("Write which measures you will take."))
    return leave_item(
        entry,
        actor,
        Verb.PLAN,
        ItemStage.CARRYING_OUT,
        opinion=entry.item.measures,
        is_demonstration=is_demonstration,
    )
