"""Rows of what could not be sent, and the numbers beside each webhook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from notices.access import dead_deliveries, dead_digests
from notices.kinds import KINDS
from notices.models import Delivery, Endpoint, State


class FailedRows(Sequence[dict[str, Any]]):
    """The daily e-mails first, then single ones and webhooks, the latest first: something to page through.

    It says whom and why, not what: the text of a notice is its recipient's.
    """

    def __init__(self, user: Any) -> None:
        self.digests = dead_digests(user).select_related("recipient").order_by("-pk")
        self.deliveries = (
            dead_deliveries(user)
            .select_related("notice__recipient", "endpoint__organization")
            .order_by("-pk")
        )
        self.of_a_day = self.digests.count()
        self.number = self.of_a_day + self.deliveries.count()

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, part: Any) -> Any:
        """The rows of a slice, which is all that a paginator asks for."""
        start, stop = part.start or 0, self.number if part.stop is None else part.stop
        digests = self.digests[start:stop] if start < self.of_a_day else []
        rest = slice(max(0, start - self.of_a_day), max(0, stop - self.of_a_day))
        return [*map(row_of_digest, digests), *map(row_of_delivery, self.deliveries[rest])]


def failed_rows(user: Any) -> FailedRows:
    return FailedRows(user)


def row_of_digest(digest: Any) -> dict[str, Any]:
    return {
        "value": f"digest:{digest.pk}",
        "to": digest.recipient,
        "what": _("Daily e-mail"),
        "moment": digest.day,
        "attempts": digest.attempts,
        "error": digest.last_error,
    }


def row_of_delivery(delivery: Delivery) -> dict[str, Any]:
    notice = delivery.notice
    kind = KINDS.get(notice.kind)
    return {
        "value": f"delivery:{delivery.pk}",
        "to": delivery.endpoint or notice.recipient,
        "what": kind.label if kind else "",
        "moment": notice.created_at,
        "attempts": delivery.attempts,
        "error": delivery.last_error,
    }


def counts_of(endpoints: Iterable[Endpoint]) -> list[dict[str, Any]]:
    """Each endpoint with how much waits for it, and how much has failed."""
    listed = list(endpoints)
    found = Delivery.objects.filter(endpoint__in=[each.pk for each in listed])
    counted = found.values_list("endpoint").annotate(
        waiting=Count("pk", filter=Q(state=State.WAITING)), failed=Count("pk", filter=Q(state=State.DEAD))
    )
    counts = {pk: {"waiting": waiting, "failed": failed} for pk, waiting, failed in counted}
    nothing = {"waiting": 0, "failed": 0}
    return [
        {
            "endpoint": each,
            "kinds": [KINDS[key].label for key in each.kinds if key in KINDS],
            **counts.get(each.pk, nothing),
        }
        for each in listed
    ]
