"""The one e-mail a day: what a person gets once a day is gathered at the set hour."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit_log import clock
from notices.models import Delivery, Digest, State

NAMESPACE = uuid.UUID("6f0a5c0e-3f1c-5d63-9d0e-2a4c8b7d1e90")
"""Any number, as long as it stays: a person's e-mail of a day has the same key whenever it is made."""


def gather() -> int:
    """Make today's e-mails, once the hour has come; returns how many.

    Whoever's last one still waits to be sent gets the next when that has gone: a mail server that is
    away for days leaves one e-mail behind, and so does a worker that stood still.
    """
    if timezone.localtime(clock.now()).hour < settings.DIGEST_HOUR:
        return 0
    today = clock.today()
    has_one = Digest.objects.filter(day=today) | Digest.objects.filter(state=State.WAITING)
    people = (
        ungathered()
        .exclude(notice__recipient__in=has_one.values("recipient"))
        .values_list("notice__recipient", flat=True)
    )
    return sum(gather_for(person_id, today) for person_id in people.distinct().order_by("notice__recipient"))


def ungathered() -> QuerySet[Delivery]:
    """What waits for its day's e-mail."""
    return Delivery.objects.filter(state=State.WAITING, once_a_day=True, digest=None)


@transaction.atomic
def gather_for(person_id: int, day: date) -> bool:
    """The e-mail of one person and day with all that waits for it; False when somebody else made it."""
    digest, is_new = Digest.objects.get_or_create(
        recipient_id=person_id,
        day=day,
        defaults={
            "key": uuid.uuid5(NAMESPACE, f"digest:{person_id}:{day}"),
            "next_attempt_at": clock.now(),
        },
    )
    if is_new:
        waiting = ungathered().filter(notice__recipient=person_id)
        Delivery.objects.filter(pk__in=waiting.values("pk")).update(digest=digest)
    return is_new
