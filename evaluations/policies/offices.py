"""The offices below a bureau, with who holds which right there."""

from __future__ import annotations

from collections import defaultdict

from accounts.access import below
from accounts.models import Organization, RoleHolding
from accounts.roles import RIGHTS, Role
from evaluations.policies.fillable import Office


def offices_of(bureau_id: int) -> list[Office]:
    """The bureau, its departments and their units, in two statements; inactive people hold nothing."""
    held: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    places = below([bureau_id])
    holdings = RoleHolding.objects.filter(ended_at=None, user__is_active=True, organization__in=places)
    for organization_id, role, user_id in holdings.values_list("organization_id", "role", "user_id"):
        for right in RIGHTS[Role(role)]:
            held[organization_id][right.value].add(user_id)
    return [
        office(place, {codename: frozenset(people) for codename, people in held[place.pk].items()})
        for place in places.order_by("code")
    ]


def office(place: Organization, holders: dict[str, frozenset[int]]) -> Office:
    return Office(str(place), str(place.kind), holders, id=place.pk, above=place.parent_id)
