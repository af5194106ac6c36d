"""Wrong passwords of late, so that nobody goes on guessing."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock

MOST_FAILURES = 10
WITHIN = timedelta(minutes=15)


class SignInAttempt(models.Model):
    """A sign-in that failed: the user name that was tried, from which address."""

    username = models.CharField(_("user name"), max_length=150)
    address = models.CharField(_("address"), max_length=60, blank=True)
    failed_at = models.DateTimeField(_("failed at"), default=clock.now)

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        default_permissions = ()
        indexes = [models.Index(fields=["username", "address", "failed_at"], name="failed_sign_in")]

    def __str__(self) -> str:
        return f"{self.username} {self.address}"


def too_many_failures(username: str, address: str) -> bool:
    """Whether so many sign-ins failed of late that the next one is not even looked at."""
    since = clock.now() - WITHIN
    failures = SignInAttempt.objects.filter(username=username, address=address, failed_at__gt=since)
    return failures.count() >= MOST_FAILURES


def note_failure(username: str, address: str) -> None:
    """Keep this failure; those that count no more go."""
    SignInAttempt.objects.filter(
        username=username, address=address, failed_at__lte=clock.now() - WITHIN
    ).delete()
    SignInAttempt.objects.create(username=username, address=address)
