"""Which files may show that a rectification item was carried out."""

from __future__ import annotations

from datetime import datetime

from accounts.access import rights_of
from accounts.roles import Right
from approvals.models import Decision, RectificationItem, Verb
from evaluations.models import Evidence


def open_proof(item: RectificationItem) -> list[Evidence]:
    """The files that the responsible unit added in the item's present round and that no report rests on yet.

    A file that backs an indicator belongs to the concluded dossier and is none of them.
    """
    begun = round_begun(item)
    if begun is None:
        return []
    found = Evidence.objects.filter(
        evaluation=item.evaluation_id,
        indicator=None,
        withdrawn_at=None,
        item_link=None,
        uploaded_at__gte=begun,
    ).select_related("uploaded_by")
    return [file for file in found if is_of_the_unit(file, item)]


def round_begun(item: RectificationItem) -> datetime | None:
    """When the item was assigned, or sent back or reopened last; None while it is only proposed."""
    again = Decision.objects.filter(item=item, verb__in=(Verb.SEND_BACK, Verb.REOPEN))
    return again.order_by("-pk").values_list("decided_at", flat=True).first() or item.assigned_at


def is_of_the_unit(file: Evidence, item: RectificationItem) -> bool:
    """Whether somebody who carries the item out has uploaded the file."""
    person = file.uploaded_by
    carries_out = rights_of(person).holds(Right.CARRY_OUT_RECTIFICATION, item.responsible_unit_id)
    return item.responsible_person_id == person.pk or carries_out
