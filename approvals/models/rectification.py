"""What must be put right, by whom, by when, and who proved it done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel


class ItemStage(models.TextChoices):
    """Where a rectification item stands. Written only inside actions."""

    DRAFT = "draft", _("proposed")
    PLANNING = "planning", _("measures to be planned")
    CARRYING_OUT = "carrying_out", _("being carried out")
    DEPARTMENT_VERIFICATION = "department_verification", _("department to verify")
    FINANCE_VERIFICATION = "finance_verification", _("finance to verify")
    CLOSED = "closed", _("closed item")


class RaisedBy(models.TextChoices):
    """Who raised the item: finance's own items need both verifications."""

    SELF = "self", _("the unit itself")
    DEPARTMENT = "department", _("the department")
    FINANCE = "finance", _("the finance bureau")


class RectificationItem(TrackedModel):
    """One requirement, followed until somebody else has proved it done."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    evaluation = models.ForeignKey(
        "evaluations.Evaluation", models.PROTECT, related_name="items", verbose_name=_("evaluation")
    )
    problem = models.ForeignKey(
        "evaluations.Problem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("problem"),
    )
    requirement = models.TextField(_("requirement"))
    raised_by = models.CharField(_("raised by"), max_length=20, choices=RaisedBy)
    raised_by_person = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("raised by (person)")
    )
    responsible_unit = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        related_name="rectification_items",
        verbose_name=_("responsible unit"),
    )
    responsible_person = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rectification_items",
        verbose_name=_("responsible person"),
    )
    original_due = models.DateField(_("original due date"))
    due = models.DateField(_("current due date"))
    stage = models.CharField(_("progress"), max_length=30, choices=ItemStage, default=ItemStage.DRAFT)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    sampled = models.BooleanField(_("sampled by finance"), default=False)
    measures = models.TextField(_("measures planned"), blank=True)
    result = models.TextField(_("result reported"), blank=True)
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("rectification item")
        verbose_name_plural = _("rectification items")
        ordering = ["due", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage=ItemStage.CLOSED, closed_at__isnull=False)
                | (~models.Q(stage=ItemStage.CLOSED) & models.Q(closed_at__isnull=True)),
                name="item_closed_exactly_when_dated",
            )
        ]
        indexes = [models.Index(fields=["evaluation", "stage"], name="item_of_evaluation")]

    def __str__(self) -> str:
        return f"{self.number} {self.requirement}"

    @property
    def needs_finance(self) -> bool:
        """Finance's own items need both verifications; others only when finance samples them."""
        return self.raised_by == RaisedBy.FINANCE or self.sampled

    @property
    def is_open(self) -> bool:
        return self.stage not in (ItemStage.DRAFT, ItemStage.CLOSED)


class ItemEvidence(models.Model):
    """A file that a report on an item rests on."""

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="files")
    evidence = models.OneToOneField("evaluations.Evidence", models.PROTECT, related_name="item_link")
    round = models.PositiveSmallIntegerField(default=1)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.evidence_id}"
