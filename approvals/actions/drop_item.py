from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import close_when_last
from approvals.actions.raise_item import entered, raised_by, require_draft
from approvals.actions.turn_finding import note_dropped
from approvals.actions.voices import OWN, Capacity
from approvals.models import RaisedBy, RectificationItem
from audit_log.errors import NotAllowed, NotFound
from audit_log.record import chain_of, record


@transaction.atomic
def drop_item(*, item: RectificationItem, actor: User, capacity: Capacity = OWN) -> None:
    """Take a proposed item back before it is assigned.

    The unit takes back what it proposed itself, never what a reviewer did. In rectification, when
    nothing else is left to be put right, that closes the evaluation. Raises
    WrongStage, NotAllowed, ConflictOfInterest, and NotFound for one that is gone.
    """
    entry = entered(item.evaluation, actor, capacity)
    evaluation = entry.evaluation
    found = RectificationItem.objects.filter(pk=item.pk).first()
    if found is None:
        raise NotFound()  # somebody took it back at the same moment
    item = found
    require_draft(item)
    if raised_by(evaluation) == RaisedBy.SELF and item.raised_by != RaisedBy.SELF:
        raise NotAllowed(_("A reviewer proposed this item: the unit cannot take it back."))
    record(
        chain=chain_of(evaluation.pk),
        verb="drop_item",
        actor=actor,
        object=item,
        data={"requirement": item.requirement, "due": item.due},
        on_behalf_of=entry.on_behalf_of_id,
    )
    for helper in item.assisting.all():
        helper.delete()
    note_dropped(item, evaluation, actor, entry.on_behalf_of_id)
    item._history_user = actor
    item.delete()
    close_when_last(evaluation, actor)
