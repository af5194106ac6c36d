"""The accounts of the demonstration."""

from __future__ import annotations

from django.utils.translation import gettext

from accounts.models import RoleHolding
from accounts.roles import Role

# The accounts that the demonstration makes all begin with it.
PREFIX = "demo-"


def demo_accounts() -> list[dict[str, str]]:
    """The demonstration's people: user name, role and organization, in the order of the tree."""
    holdings = (
        RoleHolding.objects.filter(ended_at=None, user__is_active=True, user__username__startswith=PREFIX)
        .select_related("user", "organization")
        .order_by("organization__code", "granted_at", "pk")
    )
    return [
        {
            "username": holding.user.username,
            "role": gettext(str(Role(holding.role).label)),
            "organization": holding.organization.name,
        }
        for holding in holdings
    ]
