"""The unit objects to an item, and whoever raised it answers with reasons."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item, measures_due_from_today
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import WrongStage
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
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Adopt an objection, with the requirement written anew, or not, with reasons: it goes on either way.

    The term for measures begins again. What need not be put right at all is ended by the
    bureau's leader (``cancel``). Raises WrongStage, NotAllowed, ConflictOfInterest, and
    InvalidInput without reasons, or for an adopted objection without the new requirement.
    """
    entry = enter_item(item, actor, Verb.ANSWER_DISPUTE, capacity)
    item = entry.item
    reasons = require_text(opinion, "opinion", _("Answer the objection with your reasons."))
    before = item.requirement
    if adopted:
        item.requirement = require_text(
            requirement, "requirement", _("Write the requirement as it is after the objection.")
        )
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
            "measures_due": item.measures_due,
        },
    )
