"""Webhooks: what a bureau or a department is told, posted to its endpoints."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from audit_log import clock
from notices.models import Adapter, Channel, Delivery, Endpoint, Notice
from notices.outward.adapters import Message, check_answer, request_for
from notices.outward.failing import NotDelivered
from notices.outward.posting import post
from notices.outward.sending import send_due, waiting

MOST_TO_A_ROBOT = 18
"""In one run, that is in a minute: WeCom and DingTalk take twenty a minute from a robot."""


def post_webhooks_due() -> int:
    """Post what is due; returns how many were taken."""
    if not settings.WEBHOOK_HOSTS:
        return 0
    run = Run()
    return send_due(run.due, send, run.closes)


class Run:
    """One run: an endpoint that does not take part, or has had its share, is left alone until the next."""

    def __init__(self) -> None:
        self.left_alone: set[int] = set()
        self.had: Counter[int] = Counter()

    def due(self) -> Any:
        found = Delivery.objects.filter(channel=Channel.WEBHOOK, endpoint__is_active=True)
        found = found.exclude(endpoint__in=self.left_alone)
        return waiting(found.select_related("notice", "endpoint__organization"))

    def closes(self, row: Delivery, failure: NotDelivered | None) -> bool:
        """Never: what is due to the other endpoints goes on."""
        assert row.endpoint is not None
        self.had[row.endpoint.pk] += 1
        is_full = row.endpoint.adapter != Adapter.JSON and self.had[row.endpoint.pk] >= MOST_TO_A_ROBOT
        if is_full or (failure is not None and failure.of_the_receiver):
            self.left_alone.add(row.endpoint.pk)
        return False


def send(row: Delivery) -> None:
    """Post one. Raises NotDelivered."""
    assert row.endpoint is not None
    with translation.override(settings.LANGUAGE_CODE):
        message = message_of(row, row.endpoint)
    hand_over(row.endpoint, message)


def message_of(row: Delivery, endpoint: Endpoint) -> Message:
    """What the endpoint gets: the line, and who was told it."""
    notice = row.notice
    told = Notice.objects.filter(source=notice.source, message=notice.message).select_related("recipient")
    people = [
        {"username": each.recipient.username, "name": str(each.recipient)} for each in told.order_by("pk")
    ]
    return Message(
        key=row.key,
        kind=notice.kind,
        text=notice.text,
        url=settings.SITE_URL + notice.path,
        language=settings.LANGUAGE_CODE,
        organization={"code": endpoint.organization.code, "name": endpoint.organization.name},
        recipients=people,
        created_at=notice.created_at,
    )


def send_test(endpoint: Endpoint) -> None:
    """Post a line that says that it is a test. Raises NotDelivered."""
    with translation.override(settings.LANGUAGE_CODE):
        text = _("A test of the webhook “%(name)s”: nothing has to be done.") % {"name": endpoint.name}
    message = Message(
        key=uuid.uuid4(),
        kind="test",
        text=text,
        url=settings.SITE_URL,
        language=settings.LANGUAGE_CODE,
        organization={"code": endpoint.organization.code, "name": endpoint.organization.name},
        created_at=clock.now(),
        is_test=True,
    )
    hand_over(endpoint, message)


def hand_over(endpoint: Endpoint, message: Message) -> None:
    """Post it in the receiver's form. Raises NotDelivered."""
    request = request_for(endpoint.adapter, endpoint.url, endpoint.secret, message, clock.now())
    check_answer(endpoint.adapter, post(request))
