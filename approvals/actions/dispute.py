"""The unit objects to an item, and whoever raised it answers with reasons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item, measures_due_from_today
from approvals.actions.raise_item import require_amount
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import InvalidInput, WrongStage
from evaluations.calendar import term_from
from evaluations.policies.chosen import policy_of


@transaction.atomic
def dispute(
    *,
    item: RectificationItem,
    actor: User,
    opinion: str,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The responsible unit objects to the item, within the policy's days from its receipt.

    Once for an item: what was answered stands. Raises NotAllowed, InvalidInput without reasons,
    and WrongStage when the days are over or it was objected to before.
    """
    entry = enter_item(item, actor, Verb.DISPUTE, capacity)
    item = entry.item
    reasons = require_text(opinion, "opinion", _("Say why you object to this item."))
    require_may_object(item)
    return leave_item(
        entry,
        actor,
        Verb.DISPUTE,
        ItemStage.OBJECTION,
        opinion=reasons,
        is_demonstration=is_demonstration,
    )


def require_may_object(item: RectificationItem) -> None:
    """Raises WrongStage for an item that was objected to before, or whose days for it are over."""
    if item.decisions.filter(verb=Verb.DISPUTE).exists():
        raise WrongStage(_("This item was objected to before, and the objection was answered."))
    if clock.today() > last_day_to_object(item):
        days = policy_of(item.evaluation).rectification.objection_days
        raise WrongStage(_("The %(days)s days for an objection are over.") % {"days": days})


def last_day_to_object(item: RectificationItem) -> date:
    """The day on which the policy's days for an objection end, counted from the receipt."""
    days = policy_of(item.evaluation).rectification.objection_days
    received = timezone.localtime(item.received_at).date() if item.received_at else clock.today()
    return term_from(received, days)


@transaction.atomic
def answer_dispute(
    *,
    item: RectificationItem,
    actor: User,
    adopted: bool,
    opinion: str,
    requirement: str = "",
    amount: Decimal | None = None,
    no_amount: bool = False,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Adopt an objection, with the requirement written anew, or not, with reasons: it goes on either way.

    Where it is adopted, ``amount`` (万元) corrects the amount involved, and with ``no_amount`` no
    money is involved any more; without both it stays. The notice keeps the amount it went out with.
    The term for measures begins again. What need not be put right at all is ended by the
    bureau's leader (``cancel``). Raises WrongStage, NotAllowed, ConflictOfInterest, and
    InvalidInput without reasons, for an adopted objection without the new requirement, and for
    an amount that ``corrected_amount`` refuses.
    """
    entry = enter_item(item, actor, Verb.ANSWER_DISPUTE, capacity)
    item = entry.item
    reasons = require_text(opinion, "opinion", _("Answer the objection with your reasons."))
    before, amount_before = item.requirement, item.amount
    if adopted:
        item.requirement = require_text(
            requirement, "requirement", _("Write the requirement as it is after the objection.")
        )
        item.amount = corrected_amount(item, amount, no_amount)
    item.measures_due = measures_due_from_today(item.evaluation)
    return leave_item(
        entry,
        actor,
        Verb.ANSWER_DISPUTE,
        ItemStage.PLANNING,
        opinion=reasons,
        new_round=True,
        is_demonstration=is_demonstration,
        data={
            "adopted": adopted,
            "requirement_before": before,
            "requirement": item.requirement,
            "amount_before": amount_before,
            "amount": item.amount,
            "measures_due": item.measures_due,
        },
    )


def corrected_amount(item: RectificationItem, amount: Decimal | None, no_amount: bool) -> Decimal | None:
    """The amount involved after an adopted objection, in 万元; None where no money is involved.

    Raises InvalidInput for an amount that is not above 0 or has more than six decimals, for one
    below what is settled already, and for an amount beside the statement that there is none.
    """
    if amount is None and not no_amount:
        return item.amount
    if amount is not None and no_amount:
        raise InvalidInput.at("amount", _("Either an amount is involved, or none is."))
    require_amount(amount)
    if (amount or 0) < item.settled:
        words = _("%(settled)s (10,000 yuan) are settled already: the amount cannot be below that.")
        raise InvalidInput.at("amount", words % {"settled": f"{item.settled.normalize():f}"})
    return amount
