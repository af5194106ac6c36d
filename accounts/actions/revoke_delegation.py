from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import bureaus_of, rights_of
from accounts.actions.delegate import particulars
from accounts.models import Delegation, User
from accounts.models.delegations import DelegationState
from accounts.roles import Right
from audit_log import clock
from audit_log.errors import NotAllowed, WrongStage
from audit_log.record import record


@transaction.atomic
def revoke_delegation(*, actor: User | None, delegation: Delegation, reason: str = "") -> Delegation:
    """End a delegation before its last day, at once.

    A decision that is being made on its strength is waited for (see
    ``accounts.access.lock_delegation``); one that comes later is refused. Raises NotAllowed for
    anybody but the delegator and whoever manages people at the delegator's bureau, and
    WrongStage when it was revoked or has ended already.
    """
    # The chain of events is the delegator's: whoever writes into it holds that row.
    User.objects.select_for_update(no_key=True).get(pk=delegation.delegator_id)
    related = ("delegator", "delegate", "organization")
    delegation = (
        Delegation.objects.select_for_update(of=("self",)).select_related(*related).get(pk=delegation.pk)
    )
    require_revoker(actor, delegation)
    if delegation.state == DelegationState.REVOKED:
        raise WrongStage(_("This delegation was revoked already."))
    if delegation.state == DelegationState.ENDED:
        raise WrongStage(_("This delegation has ended already."))
    delegation.revoked_at = clock.now()
    delegation.revoked_by = actor
    delegation.save_as(actor, reason)
    record(
        chain=f"person:{delegation.delegator_id}",
        verb="revoke_delegation",
        actor=actor,
        object=delegation,
        data={**particulars(delegation), "reason": reason},
    )
    return delegation


def require_revoker(actor: User | None, delegation: Delegation) -> None:
    """Raises NotAllowed unless the actor delegated it, or manages the delegator's bureau."""
    if actor is None or actor.pk == delegation.delegator_id:
        return
    if not bureaus_of(delegation.delegator_id) & rights_of(actor).at(Right.MANAGE_PEOPLE):
        raise NotAllowed(
            _("Only whoever delegated this, or who manages their bureau's people, may revoke it."),
            right=Right.MANAGE_PEOPLE,
        )
