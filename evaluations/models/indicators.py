"""Indicators, the scores given to them, and the files that back them."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel
from evaluations.models.choices import Comparator, Direction, IndicatorKind, ScoreSource
from evaluations.models.evaluations import Evaluation
from evaluations.scoring import IndicatorFigures

FIGURE: dict[str, Any] = {"max_digits": 24, "decimal_places": 6, "null": True, "blank": True}


class Indicator(TrackedModel):
    """What is measured: target, actual, weight (points) and the rule that scores it."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    level1 = models.CharField(_("level 1"), max_length=50)
    level2 = models.CharField(_("level 2"), max_length=100, blank=True)
    name = models.CharField(_("indicator"), max_length=200)
    weight = models.DecimalField(
        _("weight"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Points out of 100."),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=IndicatorKind, default=IndicatorKind.QUANTITATIVE
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, blank=True)
    comparator = models.CharField(_("comparator"), max_length=2, choices=Comparator, blank=True)
    target_value = models.DecimalField(_("target figure"), **FIGURE)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=30, blank=True)
    target_text = models.CharField(_("target"), max_length=500, blank=True)
    actual_value = models.DecimalField(_("actual figure"), **FIGURE)
    actual_text = models.CharField(_("actual"), max_length=500, blank=True)
    rule = models.JSONField(_("rule"), null=True, blank=True)
    stated_completion_rate = models.CharField(_("stated completion rate"), max_length=30, blank=True)
    stated_met = models.BooleanField(_("stated as met"), null=True, blank=True)
    deviation_reason = models.TextField(_("reason for deviation and measures"), blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["name"], name="indicator_by_name")]

    def __str__(self) -> str:
        return self.name

    def figures(self) -> IndicatorFigures:
        """The indicator as the scoring functions take it."""
        return IndicatorFigures(
            level1=self.level1,
            level2=self.level2,
            name=self.name,
            weight=self.weight,
            kind=self.kind,
            direction=self.direction or None,
            comparator=self.comparator or None,
            target_value=self.target_value,
            target_text=self.target_text,
            actual_value=self.actual_value,
            actual_text=self.actual_text,
            rule=self.rule,
            unit=self.unit_of_measure,
        )


class Score(TrackedModel):
    """Points for one indicator, given at one stage by one person in one round."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="scores")
    source = models.CharField(_("given as"), max_length=20, choices=ScoreSource)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    given_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    points = models.DecimalField(
        _("points"), max_digits=7, decimal_places=2, validators=[MinValueValidator(0)]
    )
    reason = models.TextField(_("opinion"), blank=True)
    is_illustrative = models.BooleanField(
        _("illustrative"), default=False, help_text=_("The source publishes no figure at this level.")
    )

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["indicator", "source", "round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "source", "round", "given_by"], name="score_once_per_person_and_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.source} {self.points}"


class Evidence(TrackedModel):
    """A file that backs an indicator, the dossier, or a rectification."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="evidence")
    indicator = models.ForeignKey(
        Indicator,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("indicator"),
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    file = models.FileField(_("file"), upload_to="evidence/%Y/%m", max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=clock.now)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name
