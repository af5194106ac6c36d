"""Which steps an evaluation passes: a versioned document."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.models.choices import Kind
from evaluations.models.versions import Versioned, version_constraints
from evaluations.policies.document import PolicyContent


class ReviewPolicy(Versioned):
    """One version of a review policy; a published version never changes."""

    content_field = "content"
    called = "policy"

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SELF)
    content = models.JSONField(
        _("content"), help_text=_("As evaluations.policies.document.PolicyContent reads it.")
    )

    class Meta(Versioned.Meta):
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")
        constraints = version_constraints("reviewpolicy")

    @staticmethod
    def read(document: object) -> PolicyContent:
        """Raises DocumentFaults with every fault."""
        return PolicyContent.from_json(document)

    def save(self, *args: object, **options: object) -> None:
        """The kind stands in a column of its own, so that a form can offer what fits."""
        self.kind = self.content["kind"]
        super().save(*args, **options)  # type: ignore[arg-type]
