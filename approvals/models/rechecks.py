"""Draws of self-assessments for a re-check by finance, and what the re-checks came to: kept for good."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from evaluations.sampling import RecheckWeights, RiskFacts

POINTS: dict[str, Any] = {"max_digits": 7, "decimal_places": 2}
MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 6, "default": 0}


class RecheckDraw(models.Model):
    """One drawing: out of what, how many, by which weights and seed (抽查抽样).

    Anybody can draw it again: ``evaluations.sampling.drawn_by_weight`` over the weights of its
    candidates. Update, delete and truncate are refused by the database.
    """

    bureau = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    campaign = models.ForeignKey(
        "evaluations.Campaign",
        models.PROTECT,
        null=True,
        related_name="recheck_draws",
        verbose_name=_("campaign"),
    )
    number = models.PositiveIntegerField(_("projects drawn"))
    percent = models.DecimalField(
        _("percentage of the candidates"), max_digits=5, decimal_places=2, null=True
    )
    weights = models.JSONField(_("weights"))
    seed = models.CharField(_("seed"), max_length=64)
    drawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )
    on_behalf_of = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    drawn_at = models.DateTimeField(_("drawn at"), default=clock.now)

    class Meta:
        verbose_name = _("draw for re-check")
        verbose_name_plural = _("draws for re-check")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.fiscal_year}/{self.pk}"

    @property
    def used_weights(self) -> RecheckWeights:
        """The weights, as figures."""
        return RecheckWeights.from_json(self.weights)


class RecheckCandidate(models.Model):
    """A self-assessment that could be drawn: what was known of it, its weight, and whether it was.

    ``place`` is its place in the order of the lots, from 1; with a ``decision`` it was drawn.
    """

    draw = models.ForeignKey(RecheckDraw, models.PROTECT, related_name="candidates")
    evaluation = models.ForeignKey(
        "evaluations.Evaluation", models.PROTECT, related_name="recheck_candidacies"
    )
    place = models.PositiveIntegerField(_("place"))
    annual = models.DecimalField(_("annual budget"), **MONEY)
    paid = models.DecimalField(_("paid"), **{**MONEY, "default": None}, null=True)
    errors = models.PositiveIntegerField(_("errors"))
    warnings = models.PositiveIntegerField(_("warnings"))
    weight = models.DecimalField(_("weight in the draw"), max_digits=24, decimal_places=4)
    decision = models.OneToOneField(
        "approvals.Decision", models.PROTECT, null=True, related_name="recheck_candidate"
    )

    class Meta:
        verbose_name = _("candidate of a draw for re-check")
        verbose_name_plural = _("candidates of draws for re-check")
        ordering = ["draw", "place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["draw", "evaluation"], name="candidate_once_in_a_draw"),
            models.UniqueConstraint(fields=["draw", "place"], name="one_candidate_at_a_place"),
            models.UniqueConstraint(
                fields=["evaluation"], condition=models.Q(decision__isnull=False), name="drawn_only_once"
            ),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="candidate_with_a_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.evaluation_id}"

    @property
    def facts(self) -> RiskFacts:
        """What its weight was computed from."""
        return RiskFacts(self.annual, self.paid, self.errors, self.warnings)


class RecheckResult(models.Model):
    """What finance's own scores came to, beside what the unit had stated; points.

    ``threshold`` is the one of the review policy: above it the difference became a finding.
    """

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="recheck_results")
    decision = models.OneToOneField("approvals.Decision", models.PROTECT, related_name="recheck_result")
    stated = models.DecimalField(_("stated total"), **POINTS)
    found = models.DecimalField(_("total of the re-check"), **POINTS)
    threshold = models.DecimalField(_("threshold"), **POINTS)

    class Meta:
        verbose_name = _("result of a re-check")
        verbose_name_plural = _("results of re-checks")
        ordering = ["decision"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.difference}"

    @property
    def difference(self) -> Decimal:
        """How far finance is from the unit, in points, whichever is higher."""
        return abs(self.found - self.stated)

    @property
    def exceeds(self) -> bool:
        """Whether the difference is above the threshold."""
        return self.difference > self.threshold
