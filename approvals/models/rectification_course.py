"""What happens to a rectification item on its way: rows that are written once and never change.

An extension and its answer, and an objection and its answer, are two rows each, so that neither
has to be written over.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.rectification import AMOUNT, RectificationItem
from audit_log import clock

PERSON: dict[str, Any] = {"to": "accounts.User", "on_delete": models.PROTECT, "related_name": "+"}


class Measure(models.Model):
    """One measure of a plan: what is done, by whom, by when. Append-only."""

    decision = models.ForeignKey("approvals.Decision", models.PROTECT, related_name="measures")
    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="plan")
    round = models.PositiveSmallIntegerField(_("round"))
    place = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("measure"))
    who = models.CharField(_("carried out by"), max_length=60)
    by_when = models.DateField(_("by when"))

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["decision", "place"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["decision", "place"], name="measure_at_one_place")]

    def __str__(self) -> str:
        return self.text


class ProgressEntry(models.Model):
    """How far the carrying out had come on a day, in percent, with its files. Append-only."""

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="progress_entries")
    round = models.PositiveSmallIntegerField(_("round"))
    day = models.DateField(_("day"))
    percent = models.PositiveSmallIntegerField(_("done so far"), help_text=_("percent"))
    text = models.TextField(_("what was done"))
    actor = models.ForeignKey(**PERSON, verbose_name=_("entered by"))
    on_behalf_of = models.ForeignKey(**PERSON, null=True, verbose_name=_("on behalf of"))
    entered_at = models.DateTimeField(_("entered at"), default=clock.now)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("progress entry")
        verbose_name_plural = _("progress entries")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="progress_is_at_most_all")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.percent} %"


class Extension(models.Model):
    """A later due date, asked for with a reason before the old one has passed. Append-only."""

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="extensions")
    round = models.PositiveSmallIntegerField(_("round"))
    due_before = models.DateField(_("due date until then"))
    due = models.DateField(_("due date asked for"))
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey(**PERSON, verbose_name=_("asked by"))
    on_behalf_of = models.ForeignKey(**PERSON, null=True, verbose_name=_("on behalf of"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due__gt=models.F("due_before")), name="extension_is_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.due_before} → {self.due}"


class ExtensionAnswer(models.Model):
    """What finance said to an extension: granted, until when, or refused; or it lapsed. Append-only."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        LAPSED = "lapsed", _("lapsed: the item went on without it")

    extension = models.OneToOneField(Extension, models.PROTECT, related_name="answer")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    due = models.DateField(_("new due date"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    actor = models.ForeignKey(**PERSON, verbose_name=_("answered by"))
    on_behalf_of = models.ForeignKey(**PERSON, null=True, verbose_name=_("on behalf of"))
    answered_at = models.DateTimeField(_("answered at"), default=clock.now)

    class Meta:
        verbose_name = _("answer to an extension")
        verbose_name_plural = _("answers to extensions")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="granted", due__isnull=False)
                | (~models.Q(outcome="granted") & models.Q(due=None)),
                name="extension_granted_until_a_day",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class Settlement(models.Model):
    """The part of an item's amount that a verification proved settled, in 万元. Append-only.

    Only what the last verification of a round proves counts (``counts``).
    """

    decision = models.OneToOneField("approvals.Decision", models.PROTECT, related_name="settlement")
    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="settlements")
    amount = models.DecimalField(_("amount settled"), help_text=_("10,000 yuan"), **AMOUNT)
    counts = models.BooleanField(_("counts"))

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="settlement_of_something")
        ]

    def __str__(self) -> str:
        return str(self.amount)
