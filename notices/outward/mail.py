"""E-mail: plain text and simple HTML in the recipient's language."""

from __future__ import annotations

import smtplib
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit_log import clock
from notices.models import Channel, Delivery, Digest, Notice, NoticeChoice, Outgoing
from notices.outward.failing import NotDelivered
from notices.outward.sending import send_due, waiting

MOST_IN_A_DIGEST = 200
"""So many lines are written out; how many more there are is said."""
LONGEST_SUBJECT = 150


def send_mail_due() -> int:
    """Send the e-mails that are due, the daily ones first. Returns how many the server has taken."""
    if not settings.MAIL_IS_ON:
        return 0
    post = PostOffice()
    try:
        return sum(
            send_due(due, post.send, lambda _row, failure: failure is not None and failure.of_the_receiver)
            for due in (digests_due, notices_due)
        )
    finally:
        post.close()


def digests_due() -> Any:
    return waiting(Digest.objects.select_related("recipient"))


def notices_due() -> Any:
    return waiting(
        Delivery.objects.filter(channel=Channel.MAIL, digest=None).select_related("notice__recipient")
    )


class PostOffice:
    """One connection to the mail server, for as many e-mails as it takes."""

    def __init__(self) -> None:
        self.server = EmailBackend(timeout=settings.EMAIL_TIMEOUT, fail_silently=False)

    def send(self, row: Delivery | Digest) -> None:
        """Hand an e-mail to the server. Raises NotDelivered."""
        person = row.recipient if isinstance(row, Digest) else row.notice.recipient
        if not (person.is_active and person.email):
            raise NotDelivered(_("The account is closed, or has no e-mail address."), final=True)
        try:
            message = letter(row, person)
            self.server.open()
            self.server.send_messages([message])
        except (smtplib.SMTPException, OSError) as error:
            raise refusal(error) from error
        except ValueError as error:  # an address or a line that no e-mail can carry
            raise NotDelivered(f"{type(error).__name__}: {error}", final=True) from error

    def close(self) -> None:
        self.server.close()


def refusal(error: smtplib.SMTPException | OSError) -> NotDelivered:
    """What the server's answer means: a code of 5xx to this e-mail is final, silence is the server's."""
    codes = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    if codes:
        return NotDelivered(f"{type(error).__name__}: {error}", final=min(codes) >= 500)
    return NotDelivered(f"{type(error).__name__}: {error}", of_the_receiver=True)


def letter(row: Delivery | Digest, person: User) -> EmailMultiAlternatives:
    """The e-mail, in the language that the person has chosen."""
    chosen = NoticeChoice.objects.filter(person=person).first()
    with translation.override(chosen.language if chosen else settings.LANGUAGE_CODE):
        if isinstance(row, Digest):
            subject, name, context = daily(row)
        else:
            subject, name, context = single(row.notice)
        context |= {"person": person, "choices_url": settings.SITE_URL + reverse("notice_choices")}
        message = EmailMultiAlternatives(
            subject=Truncator(" ".join(subject.split())).chars(LONGEST_SUBJECT),
            body=render_to_string(f"notices/mail/{name}.txt", context),
            from_email=settings.MAIL_FROM,
            to=[person.email],
            headers=headers(row),
        )
        message.attach_alternative(render_to_string(f"notices/mail/{name}.html", context), "text/html")
    return message


def single(notice: Notice) -> tuple[str, str, dict[str, Any]]:
    """Subject, template and what stands in it, for one notice."""
    line = line_of(notice)
    return line["text"], "notice", {"line": line}


def daily(digest: Digest) -> tuple[str, str, dict[str, Any]]:
    """The same for the e-mail of a day."""
    found = Notice.objects.filter(deliveries__digest=digest).order_by("created_at", "pk")
    number = found.count()
    lines = [line_of(notice) for notice in found[:MOST_IN_A_DIGEST]]
    subject = ngettext("%(number)s notice for you", "%(number)s notices for you", number)
    all_of_them = settings.SITE_URL + reverse("notices")
    context = {"lines": lines, "more": number - len(lines), "notices_url": all_of_them}
    return subject % {"number": number}, "digest", context


def line_of(notice: Notice) -> dict[str, Any]:
    return {"text": notice.text, "url": settings.SITE_URL + notice.path, "moment": notice.created_at}


def headers(row: Outgoing) -> dict[str, str]:
    """The Message-ID is the row's key: the same e-mail sent twice is known by it."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": f"<{row.key}@{host}>",
        "Date": format_datetime(timezone.localtime(clock.now())),
        "List-Id": f"<notices.{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
