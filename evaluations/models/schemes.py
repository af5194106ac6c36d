"""How scores are computed: a versioned set of parameters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.models.versions import Versioned, version_constraints
from evaluations.scoring import SchemeParameters


class Scheme(Versioned):
    """One version of a scoring scheme; a published version never changes."""

    content_field = "parameters"
    called = "scheme"

    parameters = models.JSONField(
        _("parameters"), help_text=_("As evaluations.scoring.SchemeParameters reads it.")
    )

    class Meta(Versioned.Meta):
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        constraints = version_constraints("scheme")

    @staticmethod
    def read(document: object) -> SchemeParameters:
        """Raises SchemeFaults with every fault."""
        return SchemeParameters.from_json(document)

    def as_parameters(self) -> SchemeParameters:
        """The parameters as the scoring functions take them."""
        return SchemeParameters.from_json(self.parameters)
