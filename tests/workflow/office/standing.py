"""Whether somebody might verify at the moment of a decision: told from holdings and delegations alone."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import Delegation, RoleHolding
from approvals.models import Decision

# As the handbook says; written out, so that a change of the product's table shows here.
VERIFYING = {
    "department_verification": ("department", ("department_reviewer", "department_head")),
    "finance_verification": ("bureau", ("finance_officer", "finance_chief")),
}


def had_the_right(decision: Decision) -> bool:
    """Whether the person held a verifying role there then, or acted for somebody who did."""
    place, roles = VERIFYING[decision.stage]
    organization = getattr(decision.evaluation, f"{place}_id")
    person = decision.on_behalf_of_id or decision.actor_id
    held = [role for role in roles_held(person, organization, decision.decided_at) if role in roles]
    if decision.on_behalf_of_id is None:
        return bool(held)
    return any(
        delegation.role in ("", role) for role in held for delegation in delegations(decision, organization)
    )


def roles_held(person: int, organization: int, moment: datetime) -> list[str]:
    """The roles that the person held at the organization at that moment."""
    held = RoleHolding.objects.filter(user=person, organization=organization, granted_at__lte=moment)
    return list(held.filter(Q(ended_at=None) | Q(ended_at__gt=moment)).values_list("role", flat=True))


def delegations(decision: Decision, organization: int) -> list[Delegation]:
    """Those by which the person acted for the other, in force at that moment."""
    moment, day = decision.decided_at, timezone.localtime(decision.decided_at).date()
    made = Delegation.objects.filter(
        Q(organization=None) | Q(organization=organization),
        Q(revoked_at=None) | Q(revoked_at__gt=moment),
        delegator=decision.on_behalf_of_id,
        delegate=decision.actor_id,
        starts__lte=day,
        ends__gte=day,
        made_at__lte=moment,
    )
    return list(made)
