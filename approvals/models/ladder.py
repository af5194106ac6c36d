"""The reminders of a rectification item that have come: told, or passed over for a later one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.rectification import RectificationItem
from audit_log import clock


class LadderRung(models.Model):
    """A rung of the ladder of reminders that an item has reached. Append-only.

    ``arming`` is the deadline with its date and round, ``rung`` the place on the ladder, as
    ``approvals.ladder`` names them: each comes once. It is written in the transaction of its
    notices, which name ``source`` as their cause.
    """

    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="ladder_rungs")
    arming = models.CharField(_("deadline"), max_length=40)
    rung = models.CharField(_("reminder"), max_length=20)
    source = models.CharField(max_length=80, blank=True, help_text="Empty where it was passed over.")
    people = models.PositiveIntegerField(_("people told"), default=0)
    written_at = models.DateTimeField(_("noted at"), default=clock.now)

    class Meta:
        verbose_name = _("reminder of an item")
        verbose_name_plural = _("reminders of items")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "arming", "rung"], name="rung_once_for_a_deadline"),
            models.CheckConstraint(
                condition=~models.Q(source="") | models.Q(people=0), name="rung_passed_over_tells_nobody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arming} {self.rung}"

    @property
    def is_told(self) -> bool:
        """Whether it was told, not passed over for a later one."""
        return self.source != ""
