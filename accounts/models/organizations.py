"""The organization tree: bureau → departments → units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from audit_log.tracking import TrackedModel


class Organization(TrackedModel):
    """A finance bureau, a department under it, or a budget unit under a department."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("finance bureau")
        DEPARTMENT = "department", _("department")
        UNIT = "unit", _("budget unit")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=50, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above it")
    )
    is_own_level = models.BooleanField(
        _("the department itself as a unit"),
        default=False,
        help_text=_(
            "The department's own budget: its review belongs to its finance section, not to the project."
        ),
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["code"]
        permissions = [(right.value, right.label) for right in Right]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
