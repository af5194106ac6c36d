"""For whom somebody acts by a right: in their own name, or for whoever delegated it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import lock_delegation, rights_of
from accounts.models import User
from audit_log.errors import NotAllowed


def first_by_id(delegators: Collection[int]) -> int | None:
    """Of several delegators the one who has been here longest; None without any."""
    return min(delegators, default=None)


def standing_of(
    actor: User,
    right: str,
    organization_id: int | None,
    on_behalf_of: int | None = None,
    *,
    choose: Callable[[Collection[int]], int | None] = first_by_id,
    words: Any = None,
) -> int | None:
    """For whom the actor acts by this right: None for themself, else the id of whoever delegated it.

    The event of what is done keeps it: ``record(on_behalf_of=...)``. ``choose`` takes one of several
    delegators, unless ``on_behalf_of`` names whose work it is. What was delegated is held until the
    transaction ends: a revocation comes before or after. Raises NotAllowed, in these ``words``,
    without the right.
    """
    rights = rights_of(actor)
    if on_behalf_of is None and rights.own(right, organization_id):
        return None
    delegators = rights.delegators(right, organization_id)
    chosen = on_behalf_of if on_behalf_of is not None else choose(delegators)
    if chosen is None or chosen not in delegators:
        raise NotAllowed(words or _("You do not hold the right that this step asks for."), right=right)
    lock_delegation(chosen, actor.pk, right, organization_id)
    return chosen
