from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.shape import require_manager
from accounts.models import Organization, OrganizationGroupPermission, RoleGroup, RoleHolding, User
from accounts.roles import HELD_AT, RIGHTS, Role
from audit_log.errors import ConflictOfInterest, InvalidInput
from audit_log.record import record


@transaction.atomic
def grant_role(*, actor: User | None, user: User, organization: Organization, role: Role) -> RoleHolding:
    """Let ``user`` hold ``role`` at ``organization``.

    Raises NotAllowed, ConflictOfInterest for oneself, and InvalidInput when it is held already or
    belongs to another kind of organization.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    require_manager(actor, organization)
    if actor is not None and actor.pk == user.pk:
        raise ConflictOfInterest(_("Nobody grants a role to themself: somebody else has to."))
    if organization.kind != HELD_AT[Role(role)]:
        raise InvalidInput.at("role", _("This role is held at another kind of organization."))
    if RoleHolding.objects.filter(user=user, organization=organization, role=role, ended_at=None).exists():
        raise InvalidInput.at("role", _("%(person)s already holds this role here.") % {"person": user})
    holding = RoleHolding(user=user, organization=organization, role=role)
    holding.save_as(actor)
    user.groups.add(group_for(organization, Role(role)))
    record(
        chain=f"organization:{organization.pk}",
        verb="grant_role",
        actor=actor,
        object=holding,
        data={"user": user.pk, "role": role, "organization": organization.pk},
    )
    return holding


def group_for(organization: Organization, role: Role) -> Group:
    """The group of a role at an organization, made with its rights when there is none."""
    found = RoleGroup.objects.select_related("group").filter(organization=organization, role=role).first()
    if found:
        return found.group
    group = Group.objects.create(name=f"{role.value}@{organization.pk}")
    RoleGroup.objects.create(organization=organization, role=role, group=group)
    permissions = Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(Organization), codename__in=RIGHTS[role]
    )
    for permission in permissions:
        OrganizationGroupPermission.objects.create(
            group=group, permission=permission, content_object=organization
        )
    return group
