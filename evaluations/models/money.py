"""The project's money in the year, in 万元."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit_log.tracking import TrackedModel
from evaluations.models.evaluations import SCORE, Evaluation

AMOUNT: dict[str, Any] = {
    "max_digits": 18,
    "decimal_places": 6,
    "null": True,
    "blank": True,
    "validators": [MinValueValidator(0)],
}


class Budget(TrackedModel):
    """Declared, initial, annual (after adjustment), received and paid amounts, in 万元."""

    evaluation = models.OneToOneField(
        Evaluation, models.CASCADE, related_name="budget", verbose_name=_("evaluation")
    )
    declared = models.DecimalField(_("declared amount"), **AMOUNT)
    initial = models.DecimalField(_("initial budget"), **AMOUNT)
    annual = models.DecimalField(_("annual budget"), **AMOUNT)
    received = models.DecimalField(_("received funds"), **AMOUNT)
    paid = models.DecimalField(_("paid amount"), **AMOUNT)
    weight = models.DecimalField(
        _("weight of the execution rate"),
        help_text=_("Points, when the form scores execution apart."),
        **SCORE,
    )
    stated_score = models.DecimalField(_("stated execution score"), **SCORE)
    stated_rates = models.JSONField(_("stated execution rates"), default=list, blank=True)
    completed_within_budget = models.BooleanField(_("completed within the budget"), null=True, blank=True)
    reason = models.TextField(_("reason for departing from the plan"), blank=True)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")

    def __str__(self) -> str:
        return f"{self.annual} / {self.paid}"


class FundingRow(TrackedModel):
    """A row of the form's funding table: the year's total and where it comes from."""

    class Name(models.TextChoices):
        TOTAL = "total", _("annual funds in total")
        APPROPRIATION = "appropriation", _("this year's appropriation")
        CARRIED_OVER = "carried_over", _("carried over from last year")
        OTHER = "other", _("other funds")

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="rows")
    name = models.CharField(_("source of funds"), max_length=20, choices=Name)
    initial = models.DecimalField(_("initial budget"), **AMOUNT)
    annual = models.DecimalField(_("annual budget"), **AMOUNT)
    paid = models.DecimalField(_("paid amount"), **AMOUNT)
    weight = models.DecimalField(_("weight"), **SCORE)
    stated_rate = models.CharField(_("stated execution rate"), max_length=30, blank=True)
    stated_score = models.DecimalField(_("stated score"), **SCORE)

    class Meta:
        verbose_name = _("funding row")
        verbose_name_plural = _("funding rows")
        constraints = [models.UniqueConstraint(fields=["budget", "name"], name="funding_row_once")]

    def __str__(self) -> str:
        return str(self.get_name_display())


class PaymentLine(TrackedModel):
    """One payment, or one item of the budget with what was paid on it."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    group = models.CharField(_("group"), max_length=200, blank=True)
    item = models.CharField(_("item"), max_length=200)
    date = models.DateField(_("date"), null=True, blank=True)
    planned = models.DecimalField(pgettext_lazy("payment line", "budget"), **AMOUNT)
    paid = models.DecimalField(pgettext_lazy("payment line", "paid amount"), **AMOUNT)

    class Meta:
        verbose_name = _("payment line")
        verbose_name_plural = _("payment lines")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.item


class StatedTotal(TrackedModel):
    """A total over a group of lines as the unit printed it."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="stated_totals")
    group = models.CharField(_("group"), max_length=200, blank=True)
    column = models.CharField(_("column"), max_length=20)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = _("stated total of lines")
        verbose_name_plural = _("stated totals of lines")

    def __str__(self) -> str:
        return f"{self.group} {self.column} {self.amount}"
