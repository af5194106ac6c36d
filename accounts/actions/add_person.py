from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.shape import require_manager
from accounts.models import Organization, User
from audit_log.errors import InvalidInput
from audit_log.record import record


@transaction.atomic
def add_person(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    password: str,
    title: str = "",
    organization: Organization | None = None,
) -> User:
    """Add a person who can sign in; ``organization`` is where the actor manages people.

    Raises NotAllowed, and InvalidInput when the user name is taken or cannot be one,
    or the password is too weak.
    """
    require_manager(actor, organization)
    if User.objects.filter(username=username).exists():
        raise InvalidInput.at("username", _("This user name is already taken."))
    person = User(username=username, display_name=display_name, title=title)
    require_sound(person, password)
    person.set_password(password)
    person.save_as(actor)
    record(chain=f"person:{person.pk}", verb="add_person", actor=actor, object=person)
    return person


def require_sound(person: User, password: str) -> None:
    """Raises InvalidInput for a user name that cannot be one, or a weak password."""
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise InvalidInput(_("Please check the person's details."), fields=error.message_dict) from error
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(_("This password is too weak."), fields={"password": error.messages}) from error
