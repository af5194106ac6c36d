"""Which files may show that a rectification item was carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation, RoleHolding
from accounts.roles import RIGHTS, Right
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from audit_log.errors import InvalidInput
from evaluations.models import Evidence


def open_proof(item: RectificationItem) -> list[Evidence]:
    """The files that the responsible unit added in the item's present round and that no report rests on yet.

    A file that backs an indicator belongs to the concluded dossier and is none of them.
    """
    begun = round_begun(item)
    if begun is None:
        return []
    by_role = Exists(held_then(item, OuterRef("uploaded_by"), OuterRef("uploaded_at")))
    by_delegation = Exists(delegated_then(item))
    found = (
        Evidence.objects.annotate(uploaded_on=TruncDate("uploaded_at"))
        .filter(
            by_role | by_delegation | Q(uploaded_by=item.responsible_person_id),
            evaluation=item.evaluation_id,
            indicator=None,
            withdrawn_at=None,
            item_link=None,
            uploaded_at__gte=begun,
        )
        .select_related("uploaded_by")
    )
    return list(found)


def require_open_proof(item: RectificationItem, evidence: Sequence[Evidence]) -> None:
    """Raises InvalidInput for a file that the unit has not added for the item in its present round."""
    proof = {file.pk for file in open_proof(item)} if evidence else set()
    for file in evidence:
        if file.pk not in proof:
            raise InvalidInput.at(
                "file", _("“%(name)s” was not added for this item in this round.") % {"name": file.name}
            )


def round_begun(item: RectificationItem) -> datetime | None:
    """When the item was assigned, or came back to the unit last; None while it is only proposed."""
    came_back = Q(verb__in=(Verb.SEND_BACK, Verb.REOPEN, Verb.ANSWER_DISPUTE))
    partly_closed = Q(verb=Verb.VERIFY, next_stage=ItemStage.CARRYING_OUT)
    again = Decision.objects.filter(came_back | partly_closed, item=item)
    return again.order_by("-pk").values_list("decided_at", flat=True).first() or item.assigned_at


# A file stays proof when the role or the delegation by which it was brought has ended since.
CARRIES_OUT = [role for role, rights in RIGHTS.items() if Right.CARRY_OUT_RECTIFICATION in rights]


def held_then(item: RectificationItem, person: Any, moment: Any) -> QuerySet[RoleHolding]:
    """The roles by which a person carries the item out, or did so at the moment."""
    still_held = Q(ended_at=None) | Q(ended_at__gt=moment)
    return RoleHolding.objects.filter(
        still_held, user=person, organization=item.responsible_unit_id, role__in=CARRIES_OUT
    )


def delegated_then(item: RectificationItem) -> QuerySet[Delegation]:
    """The delegations by which the uploader acted at that moment for somebody who carried it out."""
    moment, day = OuterRef("uploaded_at"), OuterRef("uploaded_on")
    held = held_then(item, OuterRef("delegator"), OuterRef(moment))
    return Delegation.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=moment),
        Q(organization=None) | Q(organization=item.responsible_unit_id),
        Q(role="") & Exists(held) | Exists(held.filter(role=OuterRef("role"))),
        delegate=OuterRef("uploaded_by"),
        starts__lte=day,
        ends__gte=day,
    )
