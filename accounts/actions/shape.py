"""What every verb on people checks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import Organization, User
from accounts.roles import Right
from audit_log.errors import NotAllowed


def require_manager(actor: User | None, organization: Organization | None) -> None:
    """Raises NotAllowed unless ``actor`` manages people at the organization's bureau.

    No actor is the command line: whoever has that has the database.
    """
    if actor is None:
        return
    top = organization
    while top is not None and top.parent is not None:
        top = top.parent
    if top is None or not rights_of(actor).holds(Right.MANAGE_PEOPLE, top.pk):
        raise NotAllowed(_("You do not manage the people of this organization."), right=Right.MANAGE_PEOPLE)
