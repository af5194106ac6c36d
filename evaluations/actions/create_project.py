from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import holders_of
from accounts.models import Organization, User
from accounts.roles import Right
from audit_log.errors import InvalidInput
from audit_log.record import record
from evaluations.models import Project


@transaction.atomic
def create_project(
    *, actor: User, code: str, name: str, fiscal_year: int, unit: Organization, lead: User, region: str = ""
) -> Project:
    """Enter a project on which a unit spends public money, with the person who leads it.

    The caller has checked that ``actor`` runs evaluations above the unit. Raises
    InvalidInput for a code that is taken, a year out of range, an organization
    that is no unit, and a lead who cannot fill in for the unit.
    """
    if unit.kind != Organization.Kind.UNIT:
        raise InvalidInput.at("unit", _("A project belongs to a budget unit."))
    if not holders_of(Right.FILL_SELF_ASSESSMENT, unit.pk).filter(pk=lead.pk).exists():
        raise InvalidInput.at("lead", _("This person is no project lead of the unit."))
    project = Project(
        code=code.strip(), name=name.strip(), fiscal_year=fiscal_year, unit=unit, lead=lead, region=region
    )
    try:
        project.full_clean()
    except ValidationError as error:
        raise InvalidInput(
            _("This project cannot be entered."),
            fields={field: list(messages) for field, messages in error.message_dict.items()},
        ) from error
    project.save_as(actor, "create")
    record(
        chain=f"project:{project.pk}",
        verb="create_project",
        actor=actor,
        object=project,
        data={"code": project.code, "unit": unit.pk, "lead": lead.pk},
    )
    return project
