"""What each person has chosen: by which way they are told, and in which language."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel


class NoticeChoice(TrackedModel):
    """The choices of one person; whoever has none gets the defaults of ``notices.kinds``."""

    person = models.OneToOneField(
        "accounts.User", models.PROTECT, related_name="notice_choice", verbose_name=_("person")
    )
    by_mail = models.JSONField(_("by e-mail"), default=dict, help_text=_("For each kind of notice."))
    language = models.CharField(_("language of e-mails"), max_length=20, choices=settings.LANGUAGES)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person)
