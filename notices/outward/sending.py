"""Sending what is due: each in a transaction of its own, under a lock that others pass by.

A worker that is killed in between leaves its row as it was, and the next one sends it, under the same
key. Two workers at once never hold the same row.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from audit_log import clock
from notices.models import Delivery, Digest, Outgoing, State
from notices.outward.failing import MOST_ATTEMPTS, NotDelivered, wait_after

log = logging.getLogger(__name__)

# A job makes room for others before its next turn, a minute later.
MOST_SECONDS = 45.0
# Of one e-mail: each of some ten answers of the server may take EMAIL_TIMEOUT.
MOST_SECONDS_IDLE = 300


def send_due(
    due: Callable[[], QuerySet[Any]],
    send: Callable[[Any], None],
    closes: Callable[[Any, NotDelivered | None], bool],
) -> int:
    """Send one after the other until nothing is due, or the time is up. Returns how many arrived.

    ``due`` gives the rows in their order; ``send`` raises NotDelivered; ``closes`` says after each
    whether nothing more is to be sent in this run.
    """
    ends = time.monotonic() + MOST_SECONDS
    arrived = 0
    while time.monotonic() < ends:
        with transaction.atomic():
            be_patient()
            row = due().select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                break
            failure = attempt(row, send)
        arrived += failure is None
        if closes(row, failure):
            break
    return arrived


def be_patient() -> None:
    """Let this transaction stand idle while a slow server answers, longer than others may.

    Else the database would cut the line after the server has taken it and before that is written
    down: it would be sent again each minute, and no attempt would ever be counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{MOST_SECONDS_IDLE}s'")


def waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows whose time has come, the longest waiting first."""
    return rows.filter(state=State.WAITING, next_attempt_at__lte=clock.now()).order_by(
        "next_attempt_at", "pk"
    )


def attempt(row: Outgoing, send: Callable[[Any], None]) -> NotDelivered | None:
    """Send it and write down how that went; call it holding the row's lock."""
    row.attempts += 1
    try:
        send(row)
    except NotDelivered as failure:
        note_failure(row, failure)
        return failure
    except DatabaseError:
        raise
    except Exception as error:  # one that cannot be put into words must not hold up all others
        log.exception("%s %s could not be sent", type(row).__name__, row.pk)
        unforeseen = NotDelivered(f"{type(error).__name__}: {error}")
        note_failure(row, unforeseen)
        return unforeseen
    row.state, row.sent_at, row.next_attempt_at, row.last_error = State.SENT, clock.now(), None, ""
    keep(row)
    if isinstance(row, Digest):
        Delivery.objects.filter(digest=row).update(state=State.SENT, sent_at=row.sent_at)
    return None


def note_failure(row: Outgoing, failure: NotDelivered) -> None:
    """Put off the next attempt, or give it a place in the list of what failed for good."""
    row.last_error = str(failure)[:500]
    if failure.final or row.attempts >= MOST_ATTEMPTS:
        row.state, row.next_attempt_at = State.DEAD, None
    else:
        share = random.random()  # noqa: S311 - spreads the load, guards nothing
        row.next_attempt_at = clock.now() + wait_after(row.attempts, share, failure.retry_after)
    keep(row)


def keep(row: Outgoing) -> None:
    row.save(update_fields=["state", "attempts", "next_attempt_at", "sent_at", "last_error"])
