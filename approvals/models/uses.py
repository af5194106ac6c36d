"""What a concluded result is used for: next year's money is supported, kept, cut, cancelled or held back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel
from evaluations.models import Grade
from evaluations.policies.consequences import Consequence


class UseOfResult(models.TextChoices):
    """The uses that a policy's table can name (优先支持, 保持, 压减, 取消, 整改到位前暂缓)."""

    SUPPORT = "support", _("priority support")
    KEEP = "keep", _("kept as it is")
    CUT = "cut", _("cut back")
    CANCEL = "cancel", _("cancelled")
    HOLD = "hold", _("held back until rectified")


class RectificationState(models.TextChoices):
    """How far an evaluation's items are, as a table of consequences distinguishes it."""

    NONE = "none", _("no rectification items")
    OPEN = "open", _("items not closed yet")
    CLOSED = "closed", _("all items closed")


def cut_exactly_with_percent(use: str, percent: str) -> models.Q:
    """A cut has a percentage above 0 and up to 100, everything else has none."""
    is_cut = models.Q(
        **{use: UseOfResult.CUT, f"{percent}__isnull": False, f"{percent}__gt": 0, f"{percent}__lte": 100}
    )
    return is_cut | (~models.Q(**{use: UseOfResult.CUT}) & models.Q(**{f"{percent}__isnull": True}))


class ResultUse(TrackedModel):
    """The use of an evaluation's result, beside what the table named when it was decided.

    ``grade`` and ``rectification`` are those of that moment; percentages are of the
    annual budget. What was decided earlier stands in the history.
    """

    evaluation = models.OneToOneField(
        "evaluations.Evaluation", models.PROTECT, related_name="result_use", verbose_name=_("evaluation")
    )
    use = models.CharField(_("use of the result"), max_length=10, choices=UseOfResult)
    percent = models.DecimalField(_("percentage cut"), max_digits=5, decimal_places=2, null=True, blank=True)
    table_use = models.CharField(_("use by the table"), max_length=10, choices=UseOfResult)
    table_percent = models.DecimalField(
        _("percentage by the table"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    grade = models.CharField(_("grade"), max_length=2, choices=Grade)
    rectification = models.CharField(_("state of rectification"), max_length=10, choices=RectificationState)
    reason = models.TextField(_("reason for the departure"), blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), default=clock.now)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("use of the result")
        verbose_name_plural = _("uses of results")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=cut_exactly_with_percent("use", "percent"), name="use_cut_with_percent"
            ),
            models.CheckConstraint(
                condition=cut_exactly_with_percent("table_use", "table_percent"),
                name="table_use_cut_with_percent",
            ),
            models.CheckConstraint(
                # Both percentages stand where both are cuts: nothing here compares with NULL.
                condition=~models.Q(reason="")
                | (
                    models.Q(use=models.F("table_use"))
                    & (~models.Q(use=UseOfResult.CUT) | models.Q(percent=models.F("table_percent")))
                ),
                name="use_departs_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.percent:f}%" if self.percent is not None else self.use

    @property
    def chosen(self) -> Consequence:
        """What was decided."""
        return Consequence(self.use, self.percent)  # type: ignore[arg-type]

    @property
    def by_table(self) -> Consequence:
        """What the table named when it was decided."""
        return Consequence(self.table_use, self.table_percent)  # type: ignore[arg-type]

    @property
    def departs(self) -> bool:
        """Whether it was decided otherwise than the table said."""
        return self.chosen != self.by_table
