"""Which indicators an evaluation starts with: a versioned list of levels, weights and points."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.frameworks.content import FrameworkContent
from evaluations.models.versions import Versioned, version_constraints


class Framework(Versioned):
    """One version of an indicator framework; a published version never changes."""

    content_field = "content"
    called = "framework"

    content = models.JSONField(
        _("content"), help_text=_("As evaluations.frameworks.content.FrameworkContent reads it.")
    )

    class Meta(Versioned.Meta):
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        constraints = version_constraints("framework")

    @staticmethod
    def read(document: object) -> FrameworkContent:
        """Raises DocumentFaults with every fault."""
        return FrameworkContent.from_json(document)

    def as_content(self) -> FrameworkContent:
        """The content with its items in order."""
        return FrameworkContent.from_json(self.content)
