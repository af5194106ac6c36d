"""How scores are computed: a versioned set of parameters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel
from evaluations.scoring import SchemeParameters


class Scheme(TrackedModel):
    """One version of a scoring scheme; a published version never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    code = models.CharField(_("code"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    parameters = models.JSONField(
        _("parameters"), help_text=_("As evaluations.scoring.SchemeParameters reads it.")
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def as_parameters(self) -> SchemeParameters:
        """The parameters as the scoring functions take them."""
        return SchemeParameters.from_json(self.parameters)
