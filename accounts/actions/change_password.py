from __future__ import annotations

from django.db import transaction

from accounts.models import User
from audit_log.record import record


@transaction.atomic
def change_password(*, actor: User, password: str) -> None:
    """A person's own new password; the caller has had it and the old one checked."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    person.set_password(password)
    person.save_as(actor)
    record(chain=f"person:{person.pk}", verb="change_password", actor=actor, object=person)
    actor.password = person.password
