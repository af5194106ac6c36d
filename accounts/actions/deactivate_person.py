from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.end_role import end_role
from accounts.actions.shape import require_manager
from accounts.models import RoleHolding, User
from audit_log.errors import ConflictOfInterest, WrongStage
from audit_log.record import record


@transaction.atomic
def deactivate_person(*, actor: User | None, person: User, reason: str = "") -> User:
    """Close the account of somebody who leaves: every role ends, nobody signs in with it again.

    Raises ConflictOfInterest for oneself, NotAllowed unless the actor manages every
    organization where the person holds a role (with none left, where the last one was),
    and WrongStage when the account is closed already.
    """
    if actor is not None and actor.pk == person.pk:
        raise ConflictOfInterest(_("Nobody closes their own account."))
    person = User.objects.select_for_update().get(pk=person.pk)
    holdings = RoleHolding.objects.filter(user=person).select_related("organization").order_by("pk")
    last = holdings.last()
    require_manager(actor, last.organization if last else None)
    if not person.is_active:
        raise WrongStage(_("This account is closed already."))
    for holding in holdings.filter(ended_at=None):
        end_role(actor=actor, holding=holding, reason=reason)
    person.is_active = False
    person.save_as(actor, reason)
    record(
        chain=f"person:{person.pk}",
        verb="deactivate_person",
        actor=actor,
        object=person,
        data={"reason": reason},
    )
    return person
