"""Services on delegations: ``accounts`` makes and ends them, and here everybody concerned is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts import actions
from accounts.models import Delegation, User
from notices import messages
from notices.jobs import announce
from workflow.door import refusals_noted

PAGE = "/delegations/"


def delegate(*, actor: User, delegate: User, **details: Any) -> Delegation:
    """Let ``delegate`` act for the actor, and tell them. Raises InvalidInput."""
    with refusals_noted("delegate", actor, "user", delegate.pk), transaction.atomic():
        made = actions.delegate(actor=actor, delegate=delegate, **details)
        tell(made, made.delegate, messages.DELEGATED, made.delegator)
    return made


def revoke_delegation(*, actor: User, delegation: Delegation, reason: str = "") -> Delegation:
    """End a delegation at once, and tell the delegate, and the delegator when it is somebody else.

    Raises NotAllowed, WrongStage.
    """
    with refusals_noted("revoke_delegation", actor, "delegation", delegation.pk), transaction.atomic():
        revoked = actions.revoke_delegation(actor=actor, delegation=delegation, reason=reason)
        tell(revoked, revoked.delegate, messages.DELEGATION_REVOKED, revoked.delegator)
        if actor.pk != revoked.delegator_id:
            tell(revoked, revoked.delegator, messages.YOUR_DELEGATION_REVOKED, revoked.delegate)
    return revoked


def tell(delegation: Delegation, recipient: User, message: str, other: User) -> None:
    """A notice about the delegation; ``other`` is the other of the two people."""
    announce(
        message=message,
        values={
            "person": str(other),
            "starts": str(delegation.starts),
            "ends": str(delegation.ends),
        },
        path=PAGE,
        source=f"delegation:{delegation.pk}:{'revoked' if delegation.revoked_at else 'made'}",
        owner_id=recipient.pk,
    )
