from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item, measures_due_from_today
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, Receipt, RectificationItem, Verb
from audit_log import clock


@transaction.atomic
def receive(
    *,
    item: RectificationItem,
    actor: User,
    opinion: str = "",
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The responsible unit signs that the notice has come to it: from here its terms run.

    The first of a notice's items that a unit receives is its receipt for the notice. The
    measures are due the policy's calendar days from today, on a working day. Raises
    WrongStage, NotAllowed.
    """
    entry = enter_item(item, actor, Verb.RECEIVE, capacity)
    item = entry.item
    moment = clock.now()
    item.received_at = moment
    item.measures_due = measures_due_from_today(item.evaluation)
    if item.notice_id is not None:
        Receipt.objects.get_or_create(
            notice_id=item.notice_id,
            unit=item.responsible_unit,
            defaults={"actor": actor, "on_behalf_of_id": entry.on_behalf_of_id, "signed_at": moment},
        )
    return leave_item(
        entry,
        actor,
        Verb.RECEIVE,
        ItemStage.PLANNING,
        opinion=opinion,
        is_demonstration=is_demonstration,
        data={"measures_due": item.measures_due},
    )
