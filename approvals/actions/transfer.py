from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import User
from approvals.actions.independence import require_independence
from approvals.actions.item_shape import locked_item, require_item_independence
from approvals.actions.shape import locked, require_text
from approvals.actions.voices import ballots_now, voices_besides
from approvals.models import Ballot, RectificationItem
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotFound
from audit_log.record import chain_of, record
from evaluations.models import Evaluation


@transaction.atomic
def transfer(
    *,
    evaluation: Evaluation,
    item: RectificationItem | None = None,
    actor: User,
    to: User,
    right: str,
    organization_id: int | None,
    ballot: int | None = None,
    fills: bool = False,
    reason: str,
    on_behalf_of: int | None = None,
) -> Evaluation:
    """Hand one's work at a step over to another holder of the same right (转办).

    The caller has checked that it is the actor's, and for whom. Raises NotAllowed for a seat or a part
    (both are personal), InvalidInput for somebody without the right or without a reason,
    ConflictOfInterest when the other may not decide here or has a ballot already.
    """
    if not right:
        raise NotAllowed(_("A seat is personal: it cannot be handed over."))
    text = require_text(reason, "reason", _("Say why you hand it over."))
    if to.pk == actor.pk or not to.is_active or not rights_of(to).own(right, organization_id):
        raise InvalidInput.at("to", _("Choose somebody else who holds the same role."))
    if item is not None:
        item = locked_item(item.pk)
        evaluation = item.evaluation
        if not fills:
            require_item_independence(item, to)
    else:
        evaluation = locked(evaluation.pk)
        if not fills:
            require_independence(evaluation, to)
    if ballot is not None:
        hand_over_ballot(evaluation, ballot, actor, to)
    record(
        chain=chain_of(evaluation.pk),
        verb="transfer",
        actor=actor,
        object=item or evaluation,
        data={
            "to": to.pk,
            "name": str(to),
            "stage": (item or evaluation).stage,
            "reason": text,
            "ballot": ballot,
        },
        on_behalf_of=on_behalf_of,
    )
    return evaluation


def hand_over_ballot(evaluation: Evaluation, ballot_id: int, actor: User, to: User) -> Ballot:
    """Give a ballot to another person. Raises NotFound, ConflictOfInterest for somebody who has one."""
    ballots = ballots_now(evaluation)
    chosen = next((each for each in ballots if each.pk == ballot_id and each.is_open), None)
    if chosen is None:
        raise NotFound()
    if to.pk == chosen.person_id or to.pk in voices_besides(chosen, ballots):
        raise ConflictOfInterest(_("%(person)s is asked at this step already.") % {"person": to})
    chosen.person = to
    chosen.save_as(actor, "transfer")
    return chosen
