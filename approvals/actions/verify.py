from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import ItemEntry, enter_item, leave_item
from approvals.actions.shape import require_storable, require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Settlement, Verb
from audit_log.errors import InvalidInput


@transaction.atomic
def verify(
    *,
    item: RectificationItem,
    actor: User,
    opinion: str,
    settled: Decimal | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Somebody else has proved it done: the department, then (where needed) finance.

    Items that finance raised or samples need both verifications; others are
    closed by the department's. ``settled`` (万元) is what of the amount involved is proved
    settled now, all that is outstanding when it is left out: with less, the last verification
    closes a part, and the rest goes back to the unit in a new round. Finance settles at most what
    the department proved before it. Raises WrongStage, NotAllowed, ConflictOfInterest, and
    InvalidInput without saying what was checked, or for an amount above what may be settled or
    with more than six decimals.
    """
    entry = enter_item(item, actor, Verb.VERIFY, capacity)
    item = entry.item
    text = require_text(opinion, "opinion", _("Say what you checked and saw."))
    proved = require_settled(item, settled)
    at_department = item.stage == ItemStage.DEPARTMENT_VERIFICATION
    is_last = not (at_department and item.needs_finance)
    is_partial = is_last and proved is not None and proved < (item.outstanding or 0)
    if is_last and proved is not None:
        item.settled += proved
    decision = leave_item(
        entry,
        actor,
        Verb.VERIFY,
        next_stage(entry, is_last, is_partial),
        opinion=text,
        new_round=is_partial,
        is_demonstration=is_demonstration,
        data={"settled": proved} if proved is not None else None,
    )
    if proved is not None:
        Settlement.objects.create(decision=decision, item=item, amount=proved, counts=is_last)
    return decision


def next_stage(entry: ItemEntry, is_last: bool, is_partial: bool) -> str:
    """Where a verification leads."""
    if not is_last:
        return ItemStage.FINANCE_VERIFICATION
    return ItemStage.CARRYING_OUT if is_partial else ItemStage.CLOSED


def require_settled(item: RectificationItem, settled: Decimal | None) -> Decimal | None:
    """What of the item's amount is proved settled now, in 万元; None where no money is involved."""
    outstanding = item.outstanding
    if outstanding is None:
        if settled is not None:
            raise InvalidInput.at("settled", _("No amount is involved in this item."))
        return None
    before = proved_before(item)
    most = outstanding if before is None else before
    if settled is not None:
        require_storable(settled, "settled")
    proved = most if settled is None else settled
    if not 0 < proved <= most:
        words = _("Enter an amount above 0, at most the outstanding %(outstanding)s (10,000 yuan).")
        if before is not None:
            words = _(
                "The department proved %(outstanding)s (10,000 yuan) settled: enter an amount up to that."
            )
        raise InvalidInput.at("settled", words % {"outstanding": f"{most.normalize():f}"})
    return proved


def proved_before(item: RectificationItem) -> Decimal | None:
    """What the department proved before finance verifies, in 万元: finance settles no more than that."""
    if item.stage != ItemStage.FINANCE_VERIFICATION:
        return None
    before = item.settlements.filter(counts=False, decision__round=item.round).last()
    return before.amount if before else None
