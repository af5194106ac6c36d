from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemEvidence, ItemStage, RectificationItem, Verb
from approvals.proof import require_open_proof
from audit_log.errors import InvalidInput
from evaluations.models import Evidence


@transaction.atomic
def report(
    *,
    item: RectificationItem,
    actor: User,
    result: str,
    evidence: Sequence[Evidence] = (),
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The responsible unit reports the item as carried out, with the files that show it.

    Raises WrongStage, NotAllowed, and InvalidInput without a result, without a
    file, or with one that the responsible unit has not added in this round.
    """
    entry = enter_item(item, actor, Verb.REPORT, capacity)
    item = entry.item
    item.result = require_text(result, "result", _("Write what was done and what it led to."))
    require_open_proof(item, evidence)
    for file in evidence:
        ItemEvidence.objects.create(item=item, evidence=file, round=item.round)
    if not ItemEvidence.objects.filter(item=item, round=item.round).exists():
        raise InvalidInput.at("file", _("Add at least one file that shows it was done."))
    return leave_item(
        entry,
        actor,
        Verb.REPORT,
        ItemStage.DEPARTMENT_VERIFICATION,
        opinion=item.result,
        is_demonstration=is_demonstration,
    )
