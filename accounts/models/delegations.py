"""Who acts for whom, from one day to another."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.delegable import DELEGABLE, DELEGABLE_ROLES
from accounts.models.organizations import Organization
from accounts.roles import Role
from audit_log import clock
from audit_log.tracking import TrackedModel


class DelegationState(models.TextChoices):
    """Where a delegation stands on a given day."""

    TO_COME = "to_come", _("to come")
    IN_FORCE = "in_force", _("in force")
    ENDED = "ended", _("ended")
    REVOKED = "revoked", _("revoked")


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Questions about delegations that the dates and the present holdings answer."""

    def standing(self) -> Self:
        """Not revoked, and towards somebody who is still here: what a new delegation may collide with."""
        return self.filter(revoked_at=None, delegate__is_active=True)

    def in_force(self, on: date | None = None) -> Self:
        """Those whose day it is (today by the house clock), between two people who are both here."""
        day = on or clock.today()
        return self.standing().filter(starts__lte=day, ends__gte=day, delegator__is_active=True)

    def carrying(self, codename: Any, organization: Any) -> Self:
        """Those in force that carry this right at this organization now: the delegator still holds it.

        Both may be an ``OuterRef``. The same rule as ``accounts.access.CARRIED``, for use inside a
        larger query; a delegation can be named more than once, so use it as a subquery.
        """
        permission = "delegator__groups__organizationgrouppermission__permission__codename"
        return self.in_force().filter(
            models.Q(role="") | models.Q(role=models.F("delegator__groups__role_group__role")),
            models.Q(organization=None) | models.Q(organization=organization),
            delegator__groups__role_group__role__in=sorted(DELEGABLE_ROLES),
            delegator__groups__organizationgrouppermission__content_object=organization,
            **{permission: codename, f"{permission}__in": sorted(DELEGABLE)},
        )


class Delegation(TrackedModel):
    """A person lets another act for them, from a day until another, both included.

    It gives what the delegator holds by role on the day itself, never more: a role that ends takes its
    delegation along, and what was delegated to somebody is not theirs to pass on. It needs no
    job to end: the dates are asked whenever rights are read.
    """

    delegator = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="delegations_given", verbose_name=_("delegator")
    )
    delegate = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        related_name="delegations_received",
        verbose_name=_("person who acts"),
    )
    role = models.CharField(
        _("role"), max_length=40, choices=Role, blank=True, help_text=_("Empty: every role of the delegator.")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
        help_text=_("Empty: wherever the role is held."),
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(_("delegated at"), default=clock.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects: ClassVar[Any] = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(delegator=models.F("delegate")), name="delegation_to_somebody_else"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="delegation_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["delegate", "ends"], condition=models.Q(revoked_at=None), name="delegated_to"
            ),
            models.Index(
                fields=["delegator", "ends"], condition=models.Q(revoked_at=None), name="delegated_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegator} → {self.delegate} · {self.scope} · {self.starts} – {self.ends}"

    @property
    def scope(self) -> str:
        """What is delegated, in words."""
        role = str(Role(self.role).label) if self.role else str(_("all roles"))
        return f"{role} · {self.organization}" if self.organization else role

    @property
    def state(self) -> DelegationState:
        """Where it stands today; one whose people have left is over, whatever its dates say."""
        today = clock.today()
        if self.revoked_at:
            return DelegationState.REVOKED
        if today > self.ends or not (self.delegator.is_active and self.delegate.is_active):
            return DelegationState.ENDED
        return DelegationState.TO_COME if today < self.starts else DelegationState.IN_FORCE

    @property
    def can_be_revoked(self) -> bool:
        return self.state in (DelegationState.TO_COME, DelegationState.IN_FORCE)
