"""The gateway of rights: what may this person do, and where, by their own roles and for whom else.

One statement answers for all organizations, delegations in force included. ``is_superuser``
opens nothing here, and an inactive person has no rights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.delegable import DELEGABLE, DELEGABLE_ROLES
from accounts.models import Delegation, Organization, RoleHolding, User
from accounts.models.delegations import DelegationQuerySet
from accounts.roles import Right
from audit_log import clock
from audit_log.errors import NotAllowed, NotFound

# What delegations give today: the rights of those roles that the delegator still holds. Rights that were
# delegated to the delegator are none of them: nothing is passed on.
CARRIED = """
FROM accounts_delegation d
JOIN accounts_user u ON u.id = d.delegator_id AND u.is_active
JOIN accounts_user_groups m ON m.user_id = d.delegator_id
JOIN accounts_rolegroup g ON g.group_id = m.group_id AND (d.role = '' OR d.role = g.role)
     AND g.role = ANY(%(roles)s)
     AND (d.organization_id IS NULL OR d.organization_id = g.organization_id)
JOIN accounts_organizationgrouppermission r ON r.group_id = m.group_id
JOIN auth_permission p ON p.id = r.permission_id AND p.codename = ANY(%(delegable)s)
WHERE d.delegate_id = %(user)s AND d.revoked_at IS NULL AND %(today)s BETWEEN d.starts AND d.ends
"""

# Written out: a right is asked for in every decision, and one statement has to do.
HELD = """
SELECT p.codename, r.content_object_id, NULL::bigint
FROM accounts_organizationgrouppermission r
JOIN accounts_user_groups m ON m.group_id = r.group_id
JOIN auth_permission p ON p.id = r.permission_id
WHERE m.user_id = %(user)s
"""
RIGHTS_OF = "\n".join(
    (HELD, "UNION ALL SELECT p.codename, r.content_object_id, d.delegator_id", CARRIED)
).strip()

# Django knows no FOR SHARE. Whoever revokes takes the row FOR UPDATE.
LOCK = f"""
SELECT d.id {CARRIED}
  AND d.delegator_id = %(delegator)s AND p.codename = %(codename)s AND r.content_object_id = %(organization)s
FOR SHARE OF d
"""


class DelegatedRight(NamedTuple):
    """What one person delegated of one right, and at which organizations."""

    delegator_id: int
    codename: str
    organization_ids: frozenset[int]


@dataclass(frozen=True)
class Rights:
    """The rights of one person with the organizations they hold at: the own ones, and those of others.

    ``held`` are the person's own, by codename. ``delegated`` are those that others have
    delegated to the person and that are in force now: (codename, organization) with the ids of
    the delegators.
    """

    held: Mapping[str, frozenset[int]]
    delegated: Mapping[tuple[str, int], frozenset[int]] = field(default_factory=dict)

    @cached_property
    def by_codename(self) -> dict[str, frozenset[int]]:
        """All of them by codename, own and delegated."""
        found = dict(self.held)
        for codename, organization_id in self.delegated:
            found[codename] = found.get(codename, frozenset()) | {organization_id}
        return found

    def at(self, codename: str) -> frozenset[int]:
        """Ids of the organizations where the codename is held or delegated."""
        return self.by_codename.get(codename, frozenset())

    def holds(self, codename: str, organization_id: int | None) -> bool:
        """Whether the codename is held at this organization itself, or delegated there."""
        return organization_id is not None and organization_id in self.at(codename)

    def anywhere(self, codename: str) -> bool:
        return bool(self.at(codename))

    def own(self, codename: str, organization_id: int | None) -> bool:
        """Whether the person holds the codename at this organization without anybody's delegation."""
        return organization_id is not None and organization_id in self.held.get(codename, frozenset())

    def delegators(self, codename: str, organization_id: int | None) -> frozenset[int]:
        """Ids of those on whose behalf the person may act by this right here."""
        if organization_id is None:
            return frozenset()
        return self.delegated.get((codename, organization_id), frozenset())

    def delegated_rights(self) -> list[DelegatedRight]:
        """What each delegator delegated, right by right, for a query over steps that are theirs by name:
        ``Q(owner=delegator_id, right=codename, organization__in=organization_ids)``.
        """
        found: dict[tuple[int, str], set[int]] = defaultdict(set)
        for (codename, organization_id), delegators in self.delegated.items():
            for delegator_id in delegators:
                found[delegator_id, codename].add(organization_id)
        return [DelegatedRight(*key, frozenset(places)) for key, places in sorted(found.items())]


NONE = Rights({})


def rights_of(user: Any) -> Rights:
    """Read the rights of ``user`` afresh, in one statement."""
    if not user.is_authenticated or not user.is_active:
        return NONE
    held: dict[str, set[int]] = defaultdict(set)
    delegated: dict[tuple[str, int], set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS_OF, today_for(user.pk))
        for codename, organization_id, delegator_id in cursor.fetchall():
            if delegator_id is None:
                held[codename].add(organization_id)
            else:
                delegated[codename, organization_id].add(delegator_id)
    return Rights(
        {codename: frozenset(ids) for codename, ids in held.items()},
        {place: frozenset(ids) for place, ids in delegated.items()},
    )


def today_for(user_id: int) -> dict[str, Any]:
    """The values that CARRIED asks for."""
    return {
        "user": user_id,
        "today": clock.today(),
        "delegable": sorted(DELEGABLE),
        "roles": sorted(DELEGABLE_ROLES),
    }


def rights_for_reading(user: Any) -> Rights:
    """The same, remembered on the person for the length of a request: for pages, never for decisions."""
    if not hasattr(user, "_rights_for_reading"):
        user._rights_for_reading = rights_of(user)
    rights: Rights = user._rights_for_reading
    return rights


def lock_delegation(
    delegator_id: int, delegate_id: int, codename: Right | str, organization_id: int | None
) -> None:
    """Hold what lets ``delegate_id`` act by this right for ``delegator_id`` until the transaction ends.

    Call it inside the transaction of a decision on somebody's behalf: a revocation of that
    moment comes before it, and then it is refused, or waits until it is written. Asks for the
    rights themselves as well: nothing else has to be read. Raises NotAllowed when no delegation
    in force carries the right there.
    """
    asked: dict[str, Any] = {
        "delegator": delegator_id,
        "codename": str(codename),
        "organization": organization_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {**today_for(delegate_id), **asked})
        found = cursor.fetchone()
    if found is None:
        raise NotAllowed(
            _("You do not act for this person here: no delegation is in force."), right=str(codename)
        )


def holders_of(codename: Right | str, organization_id: int) -> QuerySet[User]:
    """The active people who hold a right at an organization themselves."""
    return holders_at(codename, [organization_id])


def holders_at(codename: Right | str, organization_ids: Iterable[int]) -> QuerySet[User]:
    """The active people who hold a right at one or more of these organizations themselves."""
    return User.objects.filter(
        is_active=True,
        groups__organizationgrouppermission__permission__codename=codename,
        groups__organizationgrouppermission__content_object_id__in=list(organization_ids),
    ).distinct()


def people_asked(codename: Right | str, organization_id: int) -> QuerySet[User]:
    """Whom a step asks by a right at an organization: who holds it, and their present delegates."""
    holders = holders_of(codename, organization_id).values("pk")
    carried = Delegation.objects.carrying(codename, organization_id).values("delegate")
    return User.objects.filter(pk__in=holders.union(carried))


def person_asked(
    owner_id: int, codename: Right | str = "", organization_id: int | None = None
) -> QuerySet[User]:
    """Whom a step asks that is one person's: that person, and who stands in for them in this right here.

    A step that asks for no right (an expert's seat) is personal: nobody stands in.
    """
    person = Q(pk=owner_id)
    if codename and organization_id:
        carried = Delegation.objects.carrying(codename, organization_id).filter(delegator=owner_id)
        person |= Q(pk__in=carried.values("delegate"))
    return User.objects.filter(person, is_active=True)


def where_held(rights: Rights, pairs: Iterable[tuple[str, str]]) -> Q:
    """A filter: any of the (codename, organization field) pairs holds."""
    condition = Q(pk__in=[])
    for codename, field_name in pairs:
        organizations = rights.at(codename)
        if organizations:
            condition |= Q(**{f"{field_name}__in": sorted(organizations)})
    return condition


def managed_by(user: Any) -> QuerySet[Organization]:
    """The organizations whose people ``user`` manages: those of a bureau, down to its units."""
    return below(rights_for_reading(user).at(Right.MANAGE_PEOPLE)).order_by("code")


def below(bureau_ids: Iterable[int]) -> QuerySet[Organization]:
    """The bureaus themselves, their departments and their units."""
    bureaus = sorted(bureau_ids)
    return Organization.objects.filter(
        Q(pk__in=bureaus) | Q(parent__in=bureaus) | Q(parent__parent__in=bureaus)
    )


def bureaus_of(user_id: int, role: str = "", organization_id: int | None = None) -> frozenset[int]:
    """Ids of the bureaus under which the person holds a role (of this kind, at this organization)."""
    held = RoleHolding.objects.filter(user=user_id, ended_at=None)
    if role:
        held = held.filter(role=role)
    if organization_id:
        held = held.filter(organization=organization_id)
    paths = held.values_list(
        "organization__parent__parent_id", "organization__parent_id", "organization_id"
    ).order_by()
    return frozenset(next(place for place in path if place) for path in paths)


def colleagues_of(user: Any) -> QuerySet[User]:
    """The other active people who hold a role under a bureau of ``user``'s: who may stand in."""
    held = RoleHolding.objects.filter(ended_at=None, organization__in=below(bureaus_of(user.pk)))
    return User.objects.filter(is_active=True, pk__in=held.values("user")).exclude(pk=user.pk)


def visible_delegations(user: Any) -> DelegationQuerySet:
    """The delegations that ``user`` may see: given, received, and those of the people they manage."""
    condition = Q(delegator=user.pk) | Q(delegate=user.pk)
    if rights_for_reading(user).anywhere(Right.MANAGE_PEOPLE):
        condition |= of_managed_people(user)
    found: DelegationQuerySet = Delegation.objects.filter(condition)
    return found.select_related("delegator", "delegate", "organization", "revoked_by")


def of_managed_people(user: Any) -> Q:
    """What makes a delegation one of somebody whom ``user`` manages."""
    held = RoleHolding.objects.filter(ended_at=None, organization__in=managed_by(user))
    return Q(delegator__in=held.values("user"))


def delegation_for(user: Any, pk: int) -> Delegation:
    """The delegation, when ``user`` may see it. Raises NotFound: nobody learns more."""
    found = visible_delegations(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found
