from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import ItemEvidence, ProgressEntry, RectificationItem, Verb
from approvals.proof import require_open_proof
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.models import Evidence

ALL = 100


@transaction.atomic
def note_progress(
    *,
    item: RectificationItem,
    actor: User,
    percent: int,
    text: str,
    day: date | None = None,
    evidence: Sequence[Evidence] = (),
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> ProgressEntry:
    """The responsible unit enters how far it has come, on a day, with the files that show it.

    The item stays where it is: done is what a report says and somebody else proves. Raises
    WrongStage, NotAllowed, and InvalidInput without words, for a percentage outside 0 to 100, a
    day before the item was issued or after today, or a file of another item or round.
    """
    entry = enter_item(item, actor, Verb.REPORT, capacity)
    item = entry.item
    words = require_text(text, "text", _("Write what was done."))
    on = day or clock.today()
    if not 0 <= percent <= ALL:
        raise InvalidInput.at("percent", _("Enter a percentage from 0 to 100."))
    begun = item.assigned_at
    if on > clock.today() or (begun is not None and on < timezone.localtime(begun).date()):
        raise InvalidInput.at("day", _("Enter a day since the item was issued, up to today."))
    require_open_proof(item, evidence)
    progress = ProgressEntry.objects.create(
        item=item,
        round=item.round,
        day=on,
        percent=percent,
        text=words,
        actor=actor,
        on_behalf_of_id=entry.on_behalf_of_id,
        entered_at=clock.now(),
        is_demonstration=is_demonstration,
    )
    for file in evidence:
        ItemEvidence.objects.create(item=item, evidence=file, round=item.round, progress=progress)
    record(
        chain=chain_of(item.evaluation_id),
        verb="note_progress",
        actor=actor,
        object=progress,
        data={
            "item": item.pk,
            "round": item.round,
            "day": on,
            "percent": percent,
            "text": words,
            "files": [file.pk for file in evidence],
            "on_behalf_of": entry.on_behalf_of_id,
        },
    )
    return progress
