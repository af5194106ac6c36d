"""Declaring and ending experts' conflicts of interest."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import Organization, User
from accounts.roles import Right
from audit_log import clock
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from evaluations.actions.experts import locked_profile, note_event, require_keeper
from evaluations.models import ExpertConflict, ExpertProfile, Project


@transaction.atomic
def declare_conflict(
    *,
    actor: User,
    profile: ExpertProfile,
    reason: str,
    organization: Organization | None = None,
    project: Project | None = None,
    since: date | None = None,
    until: date | None = None,
) -> ExpertConflict:
    """Declare a conflict with a unit, a department (and all its units) or a project.

    Experts declare their own, the register's keeper anybody's. It holds from
    ``since`` (today) to the end of ``until`` (open). Seats that the expert has already
    stay until the expert is recused from them. Raises NotAllowed and InvalidInput.
    """
    profile = locked_profile(profile.pk)
    on_behalf_of = require_own_or_keeper(actor, profile)
    starts = since or clock.today()
    require_sound(profile, reason, organization, project, starts, until)
    conflict = ExpertConflict(
        profile=profile,
        organization=organization,
        project=project,
        reason=reason.strip(),
        since=starts,
        until=until,
        declared_by=actor,
    )
    conflict.save_as(actor, "declare_conflict")
    data = {
        "conflict": conflict.pk,
        "organization": organization.pk if organization else None,
        "project": project.pk if project else None,
        "reason": conflict.reason,
        "since": starts,
        "until": until,
    }
    note_event(profile, "declare_conflict", actor, data, on_behalf_of)
    return conflict


@transaction.atomic
def end_conflict(*, actor: User, conflict: ExpertConflict, reason: str) -> ExpertConflict:
    """End a conflict at once. Only the keeper does: nobody finds themselves free again.

    Raises NotAllowed, WrongStage for one that has ended, InvalidInput without a reason.
    """
    profile = locked_profile(conflict.profile_id)
    on_behalf_of = require_keeper(actor, profile.bureau_id)
    conflict = ExpertConflict.objects.select_related("organization", "project").get(pk=conflict.pk)
    if conflict.ended_at is not None or (conflict.until and conflict.until < clock.today()):
        raise WrongStage(_("This conflict has ended already."))
    if not reason.strip():
        raise InvalidInput.at("end_reason", _("Say why the conflict has ended."))
    conflict.ended_at, conflict.end_reason = clock.now(), reason.strip()
    conflict.save_as(actor, "end_conflict")
    data = {"conflict": conflict.pk, "reason": reason.strip()}
    note_event(profile, "end_conflict", actor, data, on_behalf_of)
    return conflict


def require_own_or_keeper(actor: User, profile: ExpertProfile) -> int | None:
    """For whom a keeper acts; None for the expert. Raises NotAllowed for anybody else."""
    if actor.pk != profile.user_id:
        return require_keeper(actor, profile.bureau_id)
    if not rights_of(actor).holds(Right.BE_SEATED, profile.bureau_id):
        raise NotAllowed(_("You are no expert of this bureau any more."), right=Right.BE_SEATED)
    return None


def require_sound(
    profile: ExpertProfile,
    reason: str,
    organization: Organization | None,
    project: Project | None,
    since: date,
    until: date | None,
) -> None:
    """Raises InvalidInput for anything but one unit, department or project of the bureau, with a reason."""
    if (organization is None) == (project is None):
        raise InvalidInput.at("organization", _("Choose either an organization or a project."))
    place = organization or (project.unit if project else None)
    assert place is not None
    if place.kind == Organization.Kind.BUREAU or profile.bureau_id not in above(place):
        field = "organization" if organization else "project"
        raise InvalidInput.at(field, _("It has to be a unit, a department or a project of the bureau."))
    if not reason.strip():
        raise InvalidInput.at("reason", _("Say what the conflict is."))
    if until is not None and until < since:
        raise InvalidInput.at("until", _("The last day cannot lie before the first."))


def above(organization: Organization) -> set[int | None]:
    """The organizations above this one."""
    parent = organization.parent
    return {parent.pk, parent.parent_id} if parent else set()
