from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.shape import require_manager
from accounts.models import Organization, User
from audit_log.errors import InvalidInput
from audit_log.record import record

ABOVE = {
    Organization.Kind.BUREAU: None,
    Organization.Kind.DEPARTMENT: Organization.Kind.BUREAU,
    Organization.Kind.UNIT: Organization.Kind.DEPARTMENT,
}


@transaction.atomic
def add_organization(
    *,
    actor: User | None,
    kind: str,
    name: str,
    code: str,
    parent: Organization | None = None,
    is_own_level: bool = False,
) -> Organization:
    """Add a bureau, a department below a bureau, or a unit below a department.

    Raises NotAllowed, and InvalidInput when the place in the tree is wrong or the code is taken.
    """
    require_manager(actor, parent)
    expected = ABOVE[Organization.Kind(kind)]
    if (parent.kind if parent else None) != expected:
        raise InvalidInput.at("parent", _("A department stands below a bureau, a unit below a department."))
    if Organization.objects.filter(code=code).exists():
        raise InvalidInput.at("code", _("This code is already used by another organization."))
    organization = Organization(kind=kind, name=name, code=code, parent=parent, is_own_level=is_own_level)
    organization.save_as(actor)
    record(chain=f"organization:{organization.pk}", verb="add_organization", actor=actor, object=organization)
    return organization
