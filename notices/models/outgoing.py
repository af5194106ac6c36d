"""What goes out of the product: one row for each notice, receiver and way."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notices.models.endpoints import Endpoint
from notices.models.notices import Notice


class Channel(models.TextChoices):
    """The ways out."""

    MAIL = "mail", _("e-mail")
    WEBHOOK = "webhook", _("webhook")


class State(models.TextChoices):
    """What has become of it."""

    WAITING = "waiting", pgettext_lazy("delivery", "waiting")
    SENT = "sent", pgettext_lazy("delivery", "sent")
    DEAD = "dead", pgettext_lazy("delivery", "failed for good")
    GIVEN_UP = "given_up", pgettext_lazy("delivery", "given up")


class Outgoing(models.Model):
    """Something to be sent, at least once, always under the same ``key``.

    The key is the Message-ID of an e-mail and the idempotency key of a webhook: a receiver that
    gets it twice, because a worker was killed between sending and writing that down, can tell.
    """

    key = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, help_text="Empty: not to be sent by itself (now).")
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True


class Digest(Outgoing):
    """The one e-mail a day in which everything goes that a person gets once a day."""

    recipient = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        verbose_name = _("daily e-mail")
        verbose_name_plural = _("daily e-mails")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "day"], name="one_digest_a_day")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state=State.WAITING), name="digest_due"
            ),
            models.Index(fields=["-id"], condition=models.Q(state=State.DEAD), name="digest_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.day}"


class Delivery(Outgoing):
    """A notice on its way to its recipient by e-mail, or to an endpoint.

    ``once_a_day`` waits until the day's ``digest`` gathers it; then it shares the digest's fate.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=20, choices=Channel)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, null=True, related_name="deliveries")
    once_a_day = models.BooleanField(default=False)
    digest = models.ForeignKey(Digest, models.PROTECT, null=True, related_name="deliveries")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice"], condition=models.Q(channel=Channel.MAIL), name="mailed_once"
            ),
            models.UniqueConstraint(
                fields=["notice", "endpoint"],
                condition=models.Q(channel=Channel.WEBHOOK),
                name="posted_once_to_an_endpoint",
            ),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.MAIL, endpoint=None)
                | models.Q(channel=Channel.WEBHOOK, endpoint__isnull=False),
                name="posted_to_an_endpoint",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state=State.WAITING), name="delivery_due"
            ),
            models.Index(
                fields=["notice"],
                condition=models.Q(state=State.WAITING, once_a_day=True, digest=None),
                name="delivery_for_the_digest",
            ),
            models.Index(fields=["-id"], condition=models.Q(state=State.DEAD), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_id} {self.state}"
