"""Documents made from a dossier, in the job queue."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class GeneratedDocument(models.Model):
    """A PDF asked for by somebody: queued, being made, ready or failed."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="documents")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m", blank=True, max_length=200)
    error = models.TextField(_("what went wrong"), blank=True)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.status}"
