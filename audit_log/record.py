"""Writing to the log, and proving that nobody has written over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from audit_log import clock, origin
from audit_log.models import AuditEvent, Refusal


class Named(Protocol):
    """Anything with a primary key and a readable name."""

    @property
    def pk(self) -> Any: ...


# One statement finds the chain's last event, hashes and inserts: the caller holds
# the lock of the row that the chain belongs to, so no other writer is in between.
INSERT = """
WITH last AS (
    SELECT sequence, hash FROM audit_log_auditevent WHERE chain = %(chain)s ORDER BY sequence DESC LIMIT 1
), place AS (
    SELECT COALESCE((SELECT sequence FROM last), 0) + 1 AS sequence,
           COALESCE((SELECT hash FROM last), '') AS previous
)
INSERT INTO audit_log_auditevent
    (chain, sequence, occurred_at, actor_id, actor_label, verb, object_type, object_id, object_label,
     origin, data, previous_hash, hash)
SELECT %(chain)s, sequence, %(occurred_at)s, %(actor_id)s, %(actor_label)s, %(verb)s, %(object_type)s,
       %(object_id)s, %(object_label)s, %(origin)s, %(data)s::jsonb, previous,
       encode(sha256(convert_to(previous || '|' || sequence || '|' || %(content)s, 'UTF8')), 'hex')
FROM place RETURNING id
"""


def chain_of(evaluation_id: int) -> str:
    """The name of an evaluation's chain."""
    return f"evaluation:{evaluation_id}"


def record(
    *,
    chain: str,
    verb: str,
    actor: Named | None,
    object: Named,
    data: Mapping[str, Any] | None = None,
    object_type: str = "",
    on_behalf_of: int | None = None,
) -> int:
    """Write one event at the end of ``chain`` and return its id.

    ``on_behalf_of`` is the id of whoever delegated the right by which it was done: it is kept
    among the data. Call it inside the transaction of the change, holding the lock of the row
    that the chain belongs to.
    """
    values = {
        "chain": chain,
        "actor_id": actor.pk if actor else None,
        "actor_label": str(actor)[:200] if actor else "",
        "verb": verb,
        "object_type": object_type or type(object).__name__.lower(),
        "object_id": object.pk,
        "object_label": str(object)[:300],
        "origin": origin.current(),
    }
    kept = dict(data or {}) if on_behalf_of is None else {**(data or {}), "on_behalf_of": on_behalf_of}
    text = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    moment = clock.now()
    content = canonical(values, json.loads(text), moment)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {**values, "occurred_at": moment, "data": text, "content": content})
        return int(cursor.fetchone()[0])


def canonical(values: Mapping[str, Any], data: Any, moment: datetime) -> str:
    """The text that a hash covers: the same for the same content, whoever computes it."""
    return json.dumps(
        {**values, "data": data, "occurred_at": moment.astimezone(UTC).isoformat(timespec="microseconds")},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def chain_faults(chain: str | None = None) -> Iterator[str]:
    """One line for each event whose place or hash does not follow from the one before."""
    events = AuditEvent.objects.order_by("chain", "sequence")
    if chain is not None:
        events = events.filter(chain=chain)
    last: AuditEvent | None = None
    for event in events.iterator():
        before = last if last and last.chain == event.chain else None
        if event.sequence != (before.sequence + 1 if before else 1):
            yield f"audit chain {event.chain}: an event is missing before {event.sequence}"
        elif event.previous_hash != (before.hash if before else "") or event.hash != hash_of(event):
            yield f"audit chain {event.chain}: event {event.sequence} does not match its hash"
        last = event


def hash_of(event: AuditEvent) -> str:
    """The hash that the event's content gives."""
    names = ("chain", "actor_id", "actor_label", "verb", "object_type", "object_id", "object_label", "origin")
    content = canonical({name: getattr(event, name) for name in names}, event.data, event.occurred_at)
    return hashlib.sha256(f"{event.previous_hash}|{event.sequence}|{content}".encode()).hexdigest()


def refuse(
    *, verb: str, actor: Named | None, object_type: str, object_id: int | None, code: str, message: str
) -> None:
    """Note a refused verb; call it after the refused transaction was rolled back."""
    Refusal.objects.create(
        actor_id=actor.pk if actor else None,
        actor_label=str(actor)[:200] if actor else "",
        verb=verb,
        object_type=object_type,
        object_id=object_id,
        code=code,
        message=message,
        origin=origin.current(),
    )
