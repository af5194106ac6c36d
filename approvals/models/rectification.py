"""What must be put right, by whom, by when, and who proved it done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel


class ItemStage(models.TextChoices):
    """Where a rectification item stands. Written only inside actions."""

    DRAFT = "draft", _("proposed")
    ISSUED = "issued", _("receipt to be signed")
    PLANNING = "planning", _("measures to be planned")
    OBJECTION = "objection", _("objection to be answered")
    PLAN_REVIEW = "plan_review", _("measures to be accepted")
    CARRYING_OUT = "carrying_out", _("being carried out")
    DEPARTMENT_VERIFICATION = "department_verification", _("department to verify")
    FINANCE_VERIFICATION = "finance_verification", _("finance to verify")
    CLOSED = "closed", _("closed item")
    CANCELLED = "cancelled", _("ended without being put right")


# Nothing is left to be done at these; a proposed item has not begun.
ENDED = (ItemStage.CLOSED, ItemStage.CANCELLED)
NOT_RUNNING = (ItemStage.DRAFT, *ENDED)

# 万元, as every amount of the dossier.
AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 6}


class ItemKind(models.TextChoices):
    """What putting it right comes to."""

    REPAY = "repay", _("repay funds")
    DELIVER = "deliver", _("complete delivery")
    SYSTEM = "system", _("mend a system of rules")
    INDICATOR = "indicator", _("change an indicator")
    EXPLAIN = "explain", _("explain")
    OTHER = "other", _("other")


class Severity(models.TextChoices):
    """How much an item weighs: the policy's ladder of reminders goes by it."""

    SERIOUS = "serious", _("serious")
    GENERAL = "general", _("general")
    MINOR = "minor", _("minor")


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
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind, default=ItemKind.OTHER)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity, default=Severity.GENERAL)
    amount = models.DecimalField(
        _("amount involved"),
        null=True,
        blank=True,
        help_text=_("in 10,000 yuan; empty where no money is involved"),
        **AMOUNT,
    )
    settled = models.DecimalField(
        _("amount settled"),
        default=0,
        help_text=_("in 10,000 yuan, proved by the last verification of each round"),
        **AMOUNT,
    )
    finding = models.ForeignKey(
        "approvals.RecordedFinding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("finding"),
    )
    indicator = models.ForeignKey(
        "evaluations.Indicator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("indicator"),
    )
    ground = models.ForeignKey(
        "evaluations.Evidence",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grounds",
        verbose_name=_("evidence of the problem"),
    )
    opinion = models.ForeignKey(
        "approvals.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items_raised",
        verbose_name=_("opinion that it rests on"),
    )
    notice = models.ForeignKey(
        "approvals.RectificationNotice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("notice"),
    )
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
    measures_due = models.DateField(
        _("measures due"), null=True, blank=True, help_text=_("until when the measures are planned")
    )
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    sampled = models.BooleanField(_("sampled by finance"), default=False)
    measures = models.TextField(_("measures planned"), blank=True)
    result = models.TextField(_("result reported"), blank=True)
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("ended at"), null=True, blank=True)
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
            ),
            models.CheckConstraint(
                condition=models.Q(stage=ItemStage.CANCELLED, cancelled_at__isnull=False)
                | (~models.Q(stage=ItemStage.CANCELLED) & models.Q(cancelled_at__isnull=True)),
                name="item_cancelled_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None, settled=0)
                | models.Q(amount__gt=0, settled__gte=0, settled__lte=models.F("amount")),
                name="item_settles_at_most_its_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["evaluation", "stage"], name="item_of_evaluation"),
            models.Index(
                fields=["due"],
                condition=~models.Q(stage__in=("draft", "closed", "cancelled")),
                name="item_running_by_due_date",
            ),
            models.Index(
                fields=["measures_due"],
                condition=models.Q(stage__in=("planning", "plan_review")),
                name="item_planned_by_due_date",
            ),
            models.Index(
                fields=["assigned_at"],
                condition=models.Q(stage="issued"),
                name="item_waiting_for_its_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.requirement}"

    @property
    def needs_finance(self) -> bool:
        """Finance's own items need both verifications; others only when finance samples them."""
        return self.raised_by == RaisedBy.FINANCE or self.sampled

    @property
    def is_open(self) -> bool:
        return self.stage not in NOT_RUNNING

    @property
    def outstanding(self) -> Decimal | None:
        """The part of the amount that is not settled yet, in 万元; None where no money is involved."""
        return None if self.amount is None else self.amount - self.settled


class AssistingUnit(TrackedModel):
    """A unit that helps the responsible one; it plans, reports and verifies nothing itself."""

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="assisting")
    unit = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("assisting unit")
    )

    class Meta:
        verbose_name = _("assisting unit")
        verbose_name_plural = _("assisting units")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["item", "unit"], name="unit_assists_once")]

    def __str__(self) -> str:
        return str(self.unit)


class ItemEvidence(models.Model):
    """A file that a report on an item rests on."""

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="files")
    evidence = models.OneToOneField("evaluations.Evidence", models.PROTECT, related_name="item_link")
    round = models.PositiveSmallIntegerField(default=1)
    progress = models.ForeignKey(
        "approvals.ProgressEntry", models.PROTECT, null=True, blank=True, related_name="files"
    )
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.evidence_id}"
