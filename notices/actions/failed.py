"""What could not be sent: send it again, under the same key, or give it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit_log import clock
from audit_log.record import record
from notices.access import dead_deliveries, dead_digests
from notices.models import Delivery, Digest, State

Failed = Delivery | Digest


def send_again(*, actor: User, deliveries: Iterable[int] = (), digests: Iterable[int] = ()) -> int:
    """Put them into the row of what is due, with all attempts before them; returns how many.

    What is not the actor's to see, was dealt with meanwhile, or would go to an endpoint that is
    switched off, is passed by: it would wait there unseen, and go out months later.
    """

    def revive(row: Failed) -> None:
        row.state, row.attempts, row.next_attempt_at = State.WAITING, 0, clock.now()

    in_use = dead_deliveries(actor).exclude(endpoint__is_active=False)
    return deal(actor, "send_again", in_use.filter(pk__in=deliveries), digests, revive)


def give_up(*, actor: User, deliveries: Iterable[int] = (), digests: Iterable[int] = ()) -> int:
    """Take them off the list for good; returns how many. Inside the product the notices stay."""

    def bury(row: Failed) -> None:
        row.state, row.next_attempt_at = State.GIVEN_UP, None
        if isinstance(row, Digest):
            Delivery.objects.filter(digest=row).update(state=State.GIVEN_UP)

    found = dead_deliveries(actor).filter(pk__in=deliveries)
    return deal(actor, "give_up_delivery", found, digests, bury)


@transaction.atomic
def deal(
    actor: User,
    verb: str,
    deliveries: QuerySet[Delivery],
    digests: Iterable[int],
    change: Callable[[Failed], None],
) -> int:
    """Change those of the rows that have failed and are the actor's to see, with an event for each."""
    found: list[Failed] = [
        *deliveries.select_for_update(of=("self",)).order_by("pk"),
        *dead_digests(actor).filter(pk__in=digests).select_for_update(of=("self",)).order_by("pk"),
    ]
    for row in found:
        change(row)
        row.save(update_fields=["state", "attempts", "next_attempt_at"])
        kind = "digest" if isinstance(row, Digest) else "delivery"
        record(
            chain=f"{kind}:{row.pk}",
            verb=verb,
            actor=actor,
            object=row,
            data={"key": str(row.key), "error": row.last_error},
        )
    return len(found)
