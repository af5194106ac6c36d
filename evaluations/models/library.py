"""The library of indicators, by sector, from which a lead picks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel
from evaluations.models.choices import Comparator, Direction, IndicatorKind
from evaluations.models.indicators import FIGURE


class LibraryIndicator(TrackedModel):
    """An indicator that a sector commonly uses, with its usual target and how it is measured.

    Without a ``bureau`` it came with the product. One that is retired is offered no more;
    what was picked from it before stays in the evaluations.
    """

    sector = models.CharField(_("sector"), max_length=50)
    level1 = models.CharField(_("level 1"), max_length=50)
    level2 = models.CharField(_("level 2"), max_length=100, blank=True)
    name = models.CharField(_("indicator"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=20, choices=IndicatorKind, default=IndicatorKind.QUANTITATIVE
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, blank=True)
    comparator = models.CharField(_("comparator"), max_length=2, choices=Comparator, blank=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=30, blank=True)
    usual_value = models.DecimalField(_("usual target figure"), **FIGURE)
    usual_text = models.CharField(_("usual target in words"), max_length=500, blank=True)
    rule = models.JSONField(_("rule"), null=True, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    bureau = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("finance bureau"),
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("library indicator")
        verbose_name_plural = _("indicator library")
        ordering = ["sector", "level1", "level2", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "sector", "level1", "name"],
                condition=models.Q(retired_at=None),
                name="library_indicator_once",
                nulls_distinct=False,
                violation_error_message=_("The library has an indicator of this name in this sector."),
            )
        ]

    def __str__(self) -> str:
        return self.name
