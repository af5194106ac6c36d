from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.shape import require_manager
from accounts.models import Organization, RoleGroup, RoleHolding, User
from audit_log import clock
from audit_log.errors import ConflictOfInterest, WrongStage
from audit_log.record import record


@transaction.atomic
def end_role(*, actor: User | None, holding: RoleHolding, reason: str = "") -> RoleHolding:
    """End a role that somebody holds. Raises NotAllowed, ConflictOfInterest, WrongStage."""
    # Without the key: whoever decides at this moment writes rows that only refer to the organization.
    organization = Organization.objects.select_for_update(no_key=True).get(pk=holding.organization_id)
    require_manager(actor, organization)
    holding = RoleHolding.objects.select_for_update().select_related("user").get(pk=holding.pk)
    if actor is not None and holding.user_id == actor.pk:
        raise ConflictOfInterest(_("Nobody ends a role of their own: somebody else has to."))
    if holding.ended_at:
        raise WrongStage(_("This role has ended already."))
    holding.ended_at = clock.now()
    holding.save_as(actor, reason)
    group = RoleGroup.objects.get(organization=holding.organization_id, role=holding.role).group
    holding.user.groups.remove(group)
    record(
        chain=f"organization:{holding.organization_id}",
        verb="end_role",
        actor=actor,
        object=holding,
        data={"user": holding.user_id, "role": holding.role, "reason": reason},
    )
    return holding
