"""What is kept in versions: a draft is changed, a published version never is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel


class VersionStatus(models.TextChoices):
    """A version's life; it only goes forward."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class Versioned(TrackedModel):
    """One version of a template. The database refuses to change it once it was published.

    Without a ``bureau`` it came with the product: everybody may use it, nobody changes it.
    """

    Status = VersionStatus
    content_field: ClassVar[str]
    """Name of the column that holds the content as a JSON document."""
    called: ClassVar[str]
    """What the audit trail calls it: the verb "publish_scheme", the chain "scheme:…"."""

    code = models.CharField(_("code"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(_("status"), max_length=20, choices=VersionStatus, default=VersionStatus.DRAFT)
    bureau = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("finance bureau"),
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("copied from")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["code", "-version"]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == VersionStatus.PUBLISHED

    @property
    def is_retired(self) -> bool:
        return self.status == VersionStatus.RETIRED

    @property
    def document(self) -> dict[str, Any]:
        """The content as it is stored."""
        content: dict[str, Any] = getattr(self, self.content_field)
        return content

    def adapted(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """A document under this row's own code and version."""
        return {**document, "code": self.code, "version": self.version}

    @staticmethod
    def read(document: object) -> Any:
        """The content as pure functions take it. Raises DocumentFaults."""
        raise NotImplementedError

    @property
    def chain(self) -> str:
        """The name of the audit chain of all versions of this code."""
        return f"{self.called}:{self.code}"[:60]


def version_constraints(name: str) -> list[models.BaseConstraint]:
    """Each version of a code once, and at most one draft of a code at a time."""
    return [
        models.UniqueConstraint(fields=["code", "version"], name=f"{name}_version_once"),
        models.UniqueConstraint(
            fields=["code"], condition=models.Q(status="draft"), name=f"{name}_one_draft_at_a_time"
        ),
    ]
