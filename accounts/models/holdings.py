"""Who holds which role at which organization."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models.organizations import Organization
from accounts.roles import Role
from audit_log import clock
from audit_log.tracking import TrackedModel


class RoleHolding(TrackedModel):
    """A person holds a role at an organization, from a moment until another.

    This is what people edit; it alone keeps the groups in step (see
    ``accounts.actions``).
    """

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="holdings", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="holdings", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=40, choices=Role)
    granted_at = models.DateTimeField(_("granted at"), default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="role_held_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organization}"


class RoleGroup(models.Model):
    """The group that carries one role's rights at one organization."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="role_groups")
    role = models.CharField(max_length=40, choices=Role)
    group = models.OneToOneField(Group, models.PROTECT, related_name="role_group")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "role"], name="one_group_per_role")]

    def __str__(self) -> str:
        return f"{self.role}@{self.organization_id}"


class OrganizationUserPermission(UserObjectPermissionBase):
    """guardian's direct foreign-key model: an exception for one person."""

    content_object = models.ForeignKey(Organization, models.CASCADE)


class OrganizationGroupPermission(GroupObjectPermissionBase):
    """guardian's direct foreign-key model: a role group's rights at an organization."""

    content_object = models.ForeignKey(Organization, models.CASCADE)
