"""Projects, and the campaigns that evaluate them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel
from evaluations.models.choices import Kind
from evaluations.models.frameworks import Framework
from evaluations.models.policies import ReviewPolicy
from evaluations.models.schemes import Scheme

YEAR = [MinValueValidator(1990), MaxValueValidator(2100)]


class Project(TrackedModel):
    """What public money is spent on, by a unit, in a fiscal year."""

    code = models.CharField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("project"), max_length=200)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), validators=YEAR)
    region = models.CharField(_("region"), max_length=100, blank=True)
    unit = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="projects", verbose_name=_("unit")
    )
    lead = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_projects",
        verbose_name=_("project lead"),
    )

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-fiscal_year", "code"]

    def __str__(self) -> str:
        return self.name


class Campaign(TrackedModel):
    """One year's evaluations launched together, with their days for each stage."""

    name = models.CharField(_("campaign"), max_length=200)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), validators=YEAR)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SELF)
    organizer = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="campaigns", verbose_name=_("organizer")
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="campaigns", verbose_name=_("scheme"))
    framework = models.ForeignKey(
        Framework,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("framework"),
    )
    policy = models.ForeignKey(
        ReviewPolicy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("review policy"),
    )
    unit_approval = models.BooleanField(_("the unit approves before the department reviews"), default=True)
    days_to_fill = models.PositiveSmallIntegerField(_("days to fill in"), default=30)
    days_to_review = models.PositiveSmallIntegerField(_("days for each review"), default=10)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-fiscal_year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organizer", "fiscal_year", "name"], name="campaign_named_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return self.name
