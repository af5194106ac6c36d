from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit_log.errors import InvalidInput
from audit_log.record import record
from notices.kinds import KINDS
from notices.models import NoticeChoice


@transaction.atomic
def choose(
    *, actor: User, by_mail: Mapping[str, str], language: str, email: str | None = None
) -> NoticeChoice:
    """Choose by which way one is told, kind by kind, in which language, and at which address.

    Without ``email`` the address stays. Raises InvalidInput for a way that the kind does not offer, a
    language that there is not, an address that is none, and one taken away while e-mails go out.
    """
    for key, way in by_mail.items():
        if key not in KINDS or way not in KINDS[key].choices:
            raise InvalidInput.at(key, _("This cannot be chosen here."))
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput.at("language", _("This cannot be chosen here."))
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if email is not None:
        change_address(person, email.strip())
    chosen = NoticeChoice.objects.filter(person=person).first() or NoticeChoice(person=person)
    chosen.by_mail, chosen.language = {**chosen.by_mail, **by_mail}, language
    changed = chosen.changed_fields() if chosen.pk else ["by_mail", "language"]
    chosen.save_as(person, "choose_notices")
    if changed:
        record(
            chain=f"person:{person.pk}",
            verb="choose_notices",
            actor=person,
            object=chosen,
            data={"by_mail": chosen.by_mail, "language": language},
        )
    return chosen


def change_address(person: User, email: str) -> None:
    """Give the account another address; none only where nothing goes there.

    To take the address away would turn off what nobody can turn off.
    """
    if person.email and not email and settings.MAIL_IS_ON:
        raise InvalidInput.at(
            "email", _("Some notices are compulsory by e-mail: change the address, do not clear it.")
        )
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise InvalidInput.at("email", _("This is no e-mail address.")) from error
    domains = settings.MAIL_DOMAINS
    if email and domains and email.rpartition("@")[2].lower() not in domains:
        raise InvalidInput.at(
            "email", _("E-mails go to these domains only: %(domains)s.") % {"domains": ", ".join(domains)}
        )
    if email != person.email:
        person.email = email
        person.save_as(person, "change_address")
