"""Where notices go besides people: a group's robot, or another program of the office."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel


class Adapter(models.TextChoices):
    """What the other side understands."""

    JSON = "json", _("another program (signed JSON)")
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")


class Endpoint(TrackedModel):
    """An address to which what a bureau or a department is told is posted as well.

    The address of a robot is as good as a password, so neither it nor the secret goes into
    the history or onto a page once it was entered.
    """

    not_in_history: ClassVar[frozenset[str]] = frozenset({"url", "secret"})

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="endpoints", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=100)
    adapter = models.CharField(_("receiver"), max_length=20, choices=Adapter)
    url = models.CharField(_("address"), max_length=1000)
    secret = models.CharField(_("secret"), max_length=200, blank=True)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("kinds of notices"))
    with_those_below = models.BooleanField(_("also what organizations below it are told"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    made_at = models.DateTimeField(_("set up at"), default=clock.now)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["organization__code", "name", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.organization})"

    @property
    def host(self) -> str:
        """What a page may show of the address."""
        return urlsplit(self.url).hostname or ""
