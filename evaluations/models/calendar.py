"""The rows of the working-day calendar: the yearly notices, and the days that differ from the week."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel


class CalendarNotice(TrackedModel):
    """The State Council's notice on the public holidays of a year: with it the year is complete."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=50)
    published_on = models.DateField(_("published on"))
    address = models.URLField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("holiday notice")
        verbose_name_plural = _("holiday notices")
        ordering = ["year"]

    def __str__(self) -> str:
        return self.number


class CalendarDay(TrackedModel):
    """A day that is off, or worked, whatever day of the week it is.

    A row with a ``notice`` stands in it; with a ``source`` somebody has entered or
    changed it by hand, and loading what ships leaves it alone.
    """

    day = models.DateField(_("date"), unique=True)
    works = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=50)
    notice = models.ForeignKey(
        CalendarNotice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="days",
        verbose_name=_("holiday notice"),
    )
    source = models.CharField(_("reason or source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("working-day calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody has entered or changed it here."""
        return bool(self.source)
