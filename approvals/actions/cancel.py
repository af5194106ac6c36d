from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.item_shape import ItemEntry, leave_item, locked_item, require_item_independence
from approvals.actions.shape import require_text, standing_of
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from approvals.procedure import item_step
from audit_log.errors import WrongStage
from evaluations.models import CONCLUDED_STAGES


@transaction.atomic
def cancel(*, item: RectificationItem, actor: User, opinion: str, is_demonstration: bool = False) -> Decision:
    """The bureau's leader ends an item that need not be put right any more, with a reason (终止整改).

    The last one ends the evaluation's rectification. Raises NotAllowed, ConflictOfInterest,
    InvalidInput without a reason, and WrongStage for an item that does not run.
    """
    item = locked_item(item.pk)
    step = item_step(item)
    if step is None or item.evaluation.stage not in CONCLUDED_STAGES:
        raise WrongStage(_("Only an item that is under way can be ended."), found=item.stage)
    bureau_id = item.evaluation.bureau_id
    on_behalf_of = standing_of(actor, Right.AS_BUREAU_LEADER, bureau_id)
    require_item_independence(item, actor, on_behalf_of)
    reason = require_text(opinion, "opinion", _("Say why it need not be put right any more."))
    return leave_item(
        ItemEntry(item, step, bureau_id, on_behalf_of),
        actor,
        Verb.CANCEL,
        ItemStage.CANCELLED,
        opinion=reason,
        is_demonstration=is_demonstration,
    )
