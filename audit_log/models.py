"""Who did what: append-only, chained by hash, guarded by the database itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class AuditEvent(models.Model):
    """One thing that somebody did; never changed, never deleted.

    Actor and object are named by id and label, without a foreign key upward, so
    that nothing above can cascade into the log. Events of one evaluation form a
    chain: each hash covers the one before it.
    """

    chain = models.CharField(_("chain"), max_length=60)
    sequence = models.PositiveIntegerField(_("sequence"))
    occurred_at = models.DateTimeField(_("occurred at"))
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    actor_label = models.CharField(_("actor"), max_length=200, blank=True)
    verb = models.CharField(_("verb"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.BigIntegerField(_("object id"), null=True)
    object_label = models.CharField(_("object"), max_length=300, blank=True)
    origin = models.CharField(_("origin"), max_length=100, blank=True)
    data = models.JSONField(_("data"), default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["chain", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_event_once_per_place")
        ]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_event_object")]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}: {self.actor_label} {self.verb} {self.object_label}"


class Refusal(models.Model):
    """A verb that was refused: written in its own transaction, outside of every chain."""

    occurred_at = models.DateTimeField(_("occurred at"), default=clock.now)
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    actor_label = models.CharField(_("actor"), max_length=200, blank=True)
    verb = models.CharField(_("verb"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.BigIntegerField(_("object id"), null=True)
    code = models.CharField(_("reason"), max_length=60)
    message = models.TextField(_("message"), blank=True)
    origin = models.CharField(_("origin"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        ordering = ["-occurred_at"]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb}: {self.code}"
