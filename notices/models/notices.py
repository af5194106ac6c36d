"""What people are told inside the product."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class Notice(models.Model):
    """A line for one person, with the page it speaks of.

    The text is kept as a message and its figures, so that each reader gets it in
    their own language. It is written in the transaction that caused it
    (``notices.announcing``), once for each cause and person.
    """

    recipient = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="notices", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    message = models.CharField(_("message"), max_length=200)
    values = models.JSONField(_("figures"), default=dict)
    path = models.CharField(_("page"), max_length=200)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    source = models.CharField(max_length=80, help_text="What caused it: the same cause tells a person once.")

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "source"], name="notice_once_per_cause")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_of_a_person"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["source"], name="notice_of_a_cause"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The message in the reader's language."""
        values = {**self.values, "stage": translate(self.values.get("stage") or " ")}
        text = translate(self.message) % values
        return text[:1].upper() + text[1:]
