from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.item_shape import locked_item
from approvals.actions.shape import standing_of
from approvals.models import ENDED, ItemStage, RectificationItem
from audit_log.errors import WrongStage
from audit_log.record import chain_of, record


@transaction.atomic
def sample(*, item: RectificationItem, actor: User) -> RectificationItem:
    """Finance samples an open item of the department's: it then needs finance's verification too.

    Raises NotAllowed, and WrongStage when the item is only proposed, closed
    (reopen it instead) or needs finance already.
    """
    item = locked_item(item.pk)
    on_behalf_of = standing_of(actor, Right.VERIFY_FINANCE, item.evaluation.bureau_id)
    if item.stage in ENDED:
        raise WrongStage(_("This item is closed: reopen it instead."), found=item.stage)
    if item.stage == ItemStage.DRAFT:
        raise WrongStage(_("This item is not assigned yet."), found=item.stage)
    if item.needs_finance:
        raise WrongStage(_("This item needs finance's verification already."))
    item.sampled = True
    item.save_as(actor, "sample")
    record(
        chain=chain_of(item.evaluation_id),
        verb="sample_item",
        actor=actor,
        object=item,
        on_behalf_of=on_behalf_of,
    )
    return item
