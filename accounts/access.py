"""The gateway of rights: what may this person do, and where.

One query answers for all organizations. ``is_superuser`` opens nothing here, and
an inactive person has no rights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organization, OrganizationGroupPermission, User
from accounts.roles import Right


@dataclass(frozen=True)
class Rights:
    """The rights of one person, by codename, with the organizations they hold at."""

    by_codename: dict[str, frozenset[int]]

    def at(self, codename: str) -> frozenset[int]:
        """Ids of the organizations where the codename is held."""
        return self.by_codename.get(codename, frozenset())

    def holds(self, codename: str, organization_id: int | None) -> bool:
        """Whether the codename is held at this organization itself."""
        return organization_id is not None and organization_id in self.at(codename)

    def anywhere(self, codename: str) -> bool:
        return bool(self.at(codename))


NONE = Rights({})


def rights_of(user: Any) -> Rights:
    """Read the rights of ``user`` afresh, in one query."""
    if not user.is_authenticated or not user.is_active:
        return NONE
    found: dict[str, set[int]] = defaultdict(set)
    rows = OrganizationGroupPermission.objects.filter(group__user=user.pk).values_list(
        "permission__codename", "content_object_id"
    )
    for codename, organization_id in rows:
        found[codename].add(organization_id)
    return Rights({codename: frozenset(ids) for codename, ids in found.items()})


def rights_for_reading(user: Any) -> Rights:
    """The same, remembered on the person for the length of a request: for pages, never for decisions."""
    if not hasattr(user, "_rights_for_reading"):
        user._rights_for_reading = rights_of(user)
    rights: Rights = user._rights_for_reading
    return rights


def holders_of(codename: Right | str, organization_id: int) -> QuerySet[User]:
    """The active people who hold a right at an organization."""
    return holders_at(codename, [organization_id])


def holders_at(codename: Right | str, organization_ids: Iterable[int]) -> QuerySet[User]:
    """The active people who hold a right at one or more of these organizations."""
    return User.objects.filter(
        is_active=True,
        groups__organizationgrouppermission__permission__codename=codename,
        groups__organizationgrouppermission__content_object_id__in=list(organization_ids),
    ).distinct()


def where_held(rights: Rights, pairs: Iterable[tuple[str, str]]) -> Q:
    """A filter: any of the (codename, organization field) pairs holds."""
    condition = Q(pk__in=[])
    for codename, field in pairs:
        organizations = rights.at(codename)
        if organizations:
            condition |= Q(**{f"{field}__in": sorted(organizations)})
    return condition


def managed_by(user: Any) -> QuerySet[Organization]:
    """The organizations whose people ``user`` manages: those of a bureau, down to its units."""
    bureaus = sorted(rights_for_reading(user).at(Right.MANAGE_PEOPLE))
    return Organization.objects.filter(
        Q(pk__in=bureaus) | Q(parent__in=bureaus) | Q(parent__parent__in=bureaus)
    ).order_by("code")
