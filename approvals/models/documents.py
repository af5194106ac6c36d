"""Documents made from a dossier, in the job queue."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class GeneratedDocument(models.Model):
    """A document asked for by somebody: queued, being made, ready or failed.

    It prints the evaluation's report, or, where ``notice`` says which, a notice of it.
    """

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        WORD = "docx", "Word"

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="documents")
    notice = models.ForeignKey(
        "approvals.RectificationNotice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("notice"),
    )
    form = models.CharField(_("file format"), max_length=10, choices=Form, default=Form.PDF)
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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(form="pdf") | models.Q(notice__isnull=False),
                name="only_notices_are_written_in_word",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.status}"
