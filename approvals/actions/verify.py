from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Verb


@transaction.atomic
def verify(
    *,
    item: RectificationItem,
    actor: User,
    opinion: str,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Somebody else has proved it done: the department, then (where needed) finance.

    Items that finance raised or samples need both verifications; others are
    closed by the department's. Raises WrongStage, NotAllowed,
    ConflictOfInterest, and InvalidInput without saying what was checked.
    """
    entry = enter_item(item, actor, Verb.VERIFY, capacity)
    text = require_text(opinion, "opinion", _("Say what you checked and saw."))
    at_department = entry.item.stage == ItemStage.DEPARTMENT_VERIFICATION
    finance_next = at_department and entry.item.needs_finance
    return leave_item(
        entry,
        actor,
        Verb.VERIFY,
        ItemStage.FINANCE_VERIFICATION if finance_next else ItemStage.CLOSED,
        opinion=text,
        is_demonstration=is_demonstration,
    )
