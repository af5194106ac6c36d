"""Files that people hand in, and what each dossier in them would do."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class DossierImport(models.Model):
    """One file with one or many dossiers: read, previewed, then filled in or dropped.

    It is seen by whoever handed it in, and removed with its file after
    ``settings.IMPORT_KEEP_DAYS``.
    """

    class Status(models.TextChoices):
        READING = "reading", _("being read")
        READY = "ready", _("waiting for your word")
        FILLING = "filling", _("being filled in")
        DONE = "done", _("finished")
        DISCARDED = "discarded", _("dropped")
        FAILED = "failed", _("not readable")

    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("handed in by")
    )
    campaign = models.ForeignKey(
        "evaluations.Campaign", models.PROTECT, null=True, related_name="+", verbose_name=_("campaign")
    )
    evaluation = models.ForeignKey(
        "evaluations.Evaluation", models.PROTECT, null=True, related_name="+", verbose_name=_("evaluation")
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to="imports/%Y/%m", max_length=200)
    digest = models.CharField(_("SHA-256"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.READING)
    total = models.PositiveIntegerField(_("files in it"), default=0)
    error = models.TextField(_("what went wrong"), blank=True)
    created_at = models.DateTimeField(_("handed in at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["actor", "-created_at"], name="import_of_a_person")]

    def __str__(self) -> str:
        return self.name

    @property
    def under_way(self) -> bool:
        """Whether the job queue is at work on it."""
        return self.status in (self.Status.READING, self.Status.FILLING)


class ImportedDossier(models.Model):
    """One dossier of the file: what was understood, where it would go, and what became of it."""

    class Outcome(models.TextChoices):
        CREATE = "create", _("opens an evaluation")
        FILL = "fill", _("fills in an empty dossier")
        OVERWRITE = "overwrite", _("changes what stands there")
        UNCHANGED = "unchanged", _("changes nothing")
        REFUSED = "refused", _("cannot be taken")

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        CHOSEN = "chosen", _("waiting")
        DONE = "done", _("filled in")
        REFUSED = "refused", _("refused")

    source = models.ForeignKey(DossierImport, models.CASCADE, related_name="dossiers")
    place = models.PositiveIntegerField(_("place"))
    name = models.CharField(_("file name"), max_length=200)
    digest = models.CharField(_("SHA-256"), max_length=64)
    outcome = models.CharField(_("what it would do"), max_length=10, choices=Outcome)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEWED)
    target = models.CharField(_("target"), max_length=100, blank=True)
    evaluation = models.ForeignKey(
        "evaluations.Evaluation", models.PROTECT, null=True, related_name="+", verbose_name=_("evaluation")
    )
    seen = models.PositiveIntegerField(_("state of the content seen"), null=True)
    details: Any = models.JSONField(_("what was understood"), default=dict)
    message = models.TextField(_("what became of it"), blank=True)

    class Meta:
        verbose_name = _("imported dossier")
        verbose_name_plural = _("imported dossiers")
        ordering = ["place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["source", "place"], name="imported_dossier_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_chosen(self) -> bool:
        """Whether it would do something."""
        return self.state == self.State.PREVIEWED and self.outcome in (
            self.Outcome.CREATE,
            self.Outcome.FILL,
            self.Outcome.OVERWRITE,
        )
