"""The notice by which items go out to the units that have to put them right, and the receipts for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel


class NoticeKind(models.TextChoices):
    """With items it asks for rectification; without any it only tells the result."""

    RECTIFICATION = "rectification", _("notice of result and rectification")
    FEEDBACK = "feedback", _("letter of feedback")


class RectificationNotice(TrackedModel):
    """What the evaluator writes to the unit after a conclusion (整改通知, 结果反馈函).

    Prepared while ``issued_at`` is empty: then its particulars may be changed. Issuing it gives it
    its number, and from then on the database refuses every change.
    """

    evaluation = models.ForeignKey(
        "evaluations.Evaluation",
        models.PROTECT,
        related_name="rectification_notices",
        verbose_name=_("evaluation"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind, default=NoticeKind.RECTIFICATION)
    issuer = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("issued by (office)")
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number in the year"), null=True, blank=True)
    addressee = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("addressee")
    )
    copies = models.CharField(_("copies to"), max_length=300, blank=True)
    basis = models.TextField(_("basis"), blank=True)
    report_due = models.DateField(_("report due"), null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    issued_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("rectification notice")
        verbose_name_plural = _("rectification notices")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"], condition=models.Q(issued_at=None), name="one_notice_in_preparation"
            ),
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="notice_number_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(issued_at=None, year=None, number=None, issued_by=None)
                | models.Q(
                    issued_at__isnull=False, year__isnull=False, number__isnull=False, issued_by__isnull=False
                ),
                name="notice_numbered_when_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year or ''} {self.number or ''}".strip()


class Receipt(models.Model):
    """A unit's signature that the notice has come to it (签收回执). Append-only."""

    notice = models.ForeignKey(RectificationNotice, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    actor = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("signed by"))
    on_behalf_of = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    signed_at = models.DateTimeField(_("signed at"), default=clock.now)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["notice", "unit"], name="receipt_once_for_a_unit")]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.unit_id}"
