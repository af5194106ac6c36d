"""A later due date for an item: asked for by the unit in time, granted or refused by finance."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.item_shape import locked_item, require_item_independence
from approvals.actions.shape import require_text, standing_of
from approvals.models import NOT_RUNNING, Extension, ExtensionAnswer, ItemStage, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.calendar import end_of_deadline
from evaluations.policies.chosen import policy_of
from notices import messages
from notices.jobs import announce

# From the receipt to the end: a day may pass while an office has the unit's objection or report.
NOT_ASKED_AT = (*NOT_RUNNING, ItemStage.ISSUED)
Outcome = ExtensionAnswer.Outcome


@transaction.atomic
def ask_extension(
    *,
    item: RectificationItem,
    actor: User,
    due: date,
    reason: str,
    is_demonstration: bool = False,
) -> Extension:
    """The responsible unit asks for a later due date, with a reason, before the present one has passed.

    Raises NotAllowed, WrongStage before the receipt, when the item has ended, its due date has
    passed, another request waits or the policy's number of extensions is used up; InvalidInput
    without a reason or for a date that is no later.
    """
    item = locked_item(item.pk)
    on_behalf_of = standing_of(actor, Right.CARRY_OUT_RECTIFICATION, item.responsible_unit_id)
    require_may_be_extended(item)
    text = require_text(reason, "reason", _("Say why the due date cannot be kept."))
    if due <= item.due:
        raise InvalidInput.at("due", _("Ask for a day after %(due)s.") % {"due": item.due})
    extension = Extension.objects.create(
        item=item,
        round=item.round,
        due_before=item.due,
        due=due,
        reason=text,
        actor=actor,
        on_behalf_of_id=on_behalf_of,
        asked_at=clock.now(),
        is_demonstration=is_demonstration,
    )
    noted(extension, "ask_extension", actor, on_behalf_of, {"due": due, "reason": text})
    announce(
        message=messages.EXTENSION_ASKED,
        values={"item": item.requirement[:60], "due": str(due), "person": str(actor)},
        path=f"/rectification/{item.pk}/",
        source=f"extension:{extension.pk}",
        right=str(Right.VERIFY_FINANCE),
        organization_id=item.evaluation.bureau_id,
    )
    return extension


def require_may_be_extended(item: RectificationItem) -> None:
    """Raises WrongStage, with the reason, for an item whose due date cannot be moved any more."""
    if item.stage in NOT_ASKED_AT:
        raise WrongStage(
            _("A later due date is asked for from the receipt on, until the item is closed."),
            found=item.stage,
        )
    if clock.today() > end_of_deadline(item.due):
        raise WrongStage(_("The due date has passed: it can be extended only before it."))
    if item.extensions.filter(answer=None).exists():
        raise WrongStage(_("An extension was asked for already and is not answered yet."))
    most = policy_of(item.evaluation).rectification.extensions
    if granted_since_reopening(item) >= most:
        raise WrongStage(
            _("The due date was extended %(number)s times already: no more are allowed.") % {"number": most}
        )


def granted_since_reopening(item: RectificationItem) -> int:
    """How often the due date was moved; a reopening sets one of its own, and they are counted from there."""
    granted = item.extensions.filter(answer__outcome=Outcome.GRANTED)
    reopened = item.decisions.filter(verb=Verb.REOPEN).order_by("-pk").values_list("round", flat=True).first()
    return granted.filter(round__gt=reopened or 0).count()


@transaction.atomic
def answer_extension(
    *,
    extension: Extension,
    actor: User,
    granted: bool,
    reason: str = "",
    due: date | None = None,
) -> ExtensionAnswer:
    """Finance grants an extension, until the day asked for or another later one, or refuses it with a reason.

    Raises NotAllowed, ConflictOfInterest, AlreadyHandled when it was answered or has lapsed, and
    InvalidInput for a refusal without a reason, or a day that is no later or has passed already.
    """
    item = locked_item(extension.item_id)
    on_behalf_of = standing_of(actor, Right.VERIFY_FINANCE, item.evaluation.bureau_id)
    if ExtensionAnswer.objects.filter(extension=extension).exists():
        raise AlreadyHandled(_("This extension was answered in the meantime."))
    require_item_independence(item, actor, on_behalf_of)
    until = (due or extension.due) if granted else None
    text = reason.strip()
    if until is None:
        text = require_text(reason, "reason", _("Say why the due date stays."))
    elif until <= item.due:
        raise InvalidInput.at("due", _("Set a day after %(due)s.") % {"due": item.due})
    elif until < clock.today():
        raise InvalidInput.at("due", _("Set a day that has not passed."))
    answer = ExtensionAnswer.objects.create(
        extension=extension,
        outcome=Outcome.GRANTED if granted else Outcome.REFUSED,
        due=until,
        reason=text,
        actor=actor,
        on_behalf_of_id=on_behalf_of,
        answered_at=clock.now(),
    )
    if until is not None:
        item.due = until
        item.save_as(actor, "extension")
    noted(
        extension, "answer_extension", actor, on_behalf_of, {"granted": granted, "due": until, "reason": text}
    )
    announce(
        message=messages.EXTENSION_GRANTED if granted else messages.EXTENSION_REFUSED,
        values={"item": item.requirement[:60], "due": str(item.due), "reason": text[:200]},
        path=f"/rectification/{item.pk}/",
        source=f"extension-answer:{answer.pk}",
        owner_id=item.responsible_person_id,
        right=str(Right.CARRY_OUT_RECTIFICATION),
        organization_id=item.responsible_unit_id,
    )
    return answer


def noted(
    extension: Extension, verb: str, actor: User, on_behalf_of: int | None, data: dict[str, Any]
) -> None:
    """The event of a request or of its answer, in the evaluation's chain."""
    record(
        chain=chain_of(extension.item.evaluation_id),
        verb=verb,
        actor=actor,
        object=extension,
        data={"item": extension.item_id, "on_behalf_of": on_behalf_of, **data},
    )
