"""What a person keeps of the rectification ledger."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel


class LedgerView(TrackedModel):
    """What one person asks of the ledger again and again, under a name of their own.

    ``query`` is the query string of ``workflow.forms.ledger.LedgerFilters``; it holds questions,
    no answers, so that it shows no more than its reader may see on the day.
    """

    person = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="ledger_views", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("view of the ledger")
        verbose_name_plural = _("views of the ledger")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="ledger_view_once_a_name_and_person")
        ]

    def __str__(self) -> str:
        return self.name
