"""Who had a hand in carrying an item out before a verification, themselves or by a delegation either way."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from approvals.models import Decision, Extension, ItemEvidence, Measure, ProgressEntry, RectificationItem

OF_THE_UNIT = ("receive", "plan", "dispute", "report")


def hands_in(item: RectificationItem, proof: Decision) -> set[int]:
    """Whoever received, planned, objected, reported, noted progress or asked for time, and for whom.

    And who is responsible by name, brought a file, or is named by a measure as carrying it out.
    """
    before = Decision.objects.filter(item=item, verb__in=OF_THE_UNIT, pk__lt=proof.pk)
    progress = ProgressEntry.objects.filter(item=item, entered_at__lte=proof.decided_at)
    extensions = Extension.objects.filter(item=item, asked_at__lte=proof.decided_at)
    people = {pk for rows in (before, progress, extensions) for pk in both_of(rows)}
    files = ItemEvidence.objects.filter(item=item, added_at__lte=proof.decided_at)
    people |= set(files.values_list("evidence__uploaded_by", flat=True))
    measures = Measure.objects.filter(item=item, decision__lt=proof.pk)
    named = User.objects.filter(display_name__in=measures.values("who"))
    people |= set(named.values_list("pk", flat=True))
    people |= {pk for pk in (item.responsible_person_id, item.evaluation.project.lead_id) if pk}
    return people


def both_of(rows: Iterable[Decision | ProgressEntry | Extension]) -> set[int]:
    return {pk for row in rows for pk in (row.actor_id, row.on_behalf_of_id) if pk}
