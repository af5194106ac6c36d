"""Telling people, in the job queue: the job commits with the change that caused it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from procrastinate.contrib.django import app

from accounts.access import people_asked, person_asked
from accounts.models import User
from audit_log import clock
from notices.models import Notice


@app.task(queue="notices", retry=5)
def tell(
    *,
    message: str,
    values: dict[str, Any],
    path: str,
    source: str,
    owner_id: int | None = None,
    right: str = "",
    organization_id: int | None = None,
    moment: str | None = None,
) -> int:
    """Write the notice for its owner, or for all who hold ``right`` at the organization.

    Whoever stands in for one of them in that right is told as well. Twice is once: a cause
    tells each person one time. ``moment`` is when it happened (ISO 8601).
    """
    if owner_id:
        people = person_asked(owner_id, right, organization_id)
    elif organization_id:
        people = people_asked(right, organization_id)
    else:
        people = User.objects.none()
    created_at = datetime.fromisoformat(moment) if moment else clock.now()
    rows = [
        Notice(
            recipient=person, message=message, values=values, path=path, source=source, created_at=created_at
        )
        for person in people
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def announce(
    *, message: str, values: dict[str, Any], path: str, source: str, stage: Any = None, **recipients: Any
) -> None:
    """Put a notice into the queue, inside the transaction of its cause.

    ``stage`` is a stage's (lazy) label: it is kept in English and translated for each reader.
    """
    with translation.override(None):
        words = {**values, "stage": str(stage)} if stage is not None else values
    tell.defer(
        message=message, values=words, path=path, source=source, moment=clock.now().isoformat(), **recipients
    )
