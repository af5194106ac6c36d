"""What a return points at: rows that never change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.models.findings import MAY_BE_GONE
from evaluations.models import ReportSection


class PointerKind(models.TextChoices):
    """What a return may point at."""

    INDICATOR = "indicator", pgettext_lazy("pointed at", "indicator")
    FILE = "file", pgettext_lazy("pointed at", "file")
    CHAPTER = "chapter", pgettext_lazy("pointed at", "chapter")


class ReturnPointer(models.Model):
    """One indicator, file or chapter that a return, or a vote against, points at. Append-only.

    What it points at may be taken out later; ``name`` is what it was called then (a chapter's
    is its code). Update, delete and truncate are refused by the database.
    """

    decision = models.ForeignKey("approvals.Decision", models.PROTECT, related_name="pointers")
    place = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("what it points at"), max_length=10, choices=PointerKind)
    indicator = models.ForeignKey("evaluations.Indicator", **MAY_BE_GONE)
    evidence = models.ForeignKey("evaluations.Evidence", **MAY_BE_GONE)
    section = models.ForeignKey("evaluations.ReportSection", **MAY_BE_GONE)
    name = models.TextField(_("name"))
    words = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("pointer of a return")
        verbose_name_plural = _("pointers of returns")
        ordering = ["decision", "place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["decision", "place"], name="pointer_at_one_place"),
            models.CheckConstraint(
                condition=Q(
                    kind=PointerKind.INDICATOR, indicator_id__isnull=False, evidence_id=None, section_id=None
                )
                | Q(kind=PointerKind.FILE, evidence_id__isnull=False, indicator_id=None, section_id=None)
                | Q(kind=PointerKind.CHAPTER, section_id__isnull=False, indicator_id=None, evidence_id=None),
                name="pointer_at_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def target_id(self) -> int:
        """The id of the indicator, file or chapter."""
        found = self.indicator_id or self.evidence_id or self.section_id
        assert found is not None
        return found

    @property
    def called(self) -> str:
        """What it points at, in the reader's language where it is a chapter."""
        if self.kind == PointerKind.CHAPTER:
            return str(capfirst(str(ReportSection.Chapter(self.name).label)))
        return self.name
