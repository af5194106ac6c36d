"""Verbs on a bureau's register of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import Organization, User
from accounts.roles import Right
from accounts.standing import standing_of
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, WrongStage
from audit_log.record import record
from evaluations.models import ExpertProfile

MOST_FIELDS = 20
LONGEST_FIELD = 50


@transaction.atomic
def register_expert(
    *,
    actor: User,
    bureau: Organization,
    expert: User,
    expertise: Sequence[str] = (),
    employer: str = "",
    post: str = "",
    note: str = "",
) -> ExpertProfile:
    """Enter somebody who holds the role of expert at the bureau into its register.

    Raises NotAllowed, InvalidInput for somebody without the role and AlreadyHandled
    for somebody who is in the register.
    """
    on_behalf_of = require_keeper(actor, bureau.pk)
    Organization.objects.select_for_update().get(pk=bureau.pk)
    if not rights_of(expert).holds(Right.BE_SEATED, bureau.pk):
        raise InvalidInput.at("expert", _("This person does not hold the role of expert at the bureau."))
    if ExpertProfile.objects.filter(user=expert, bureau=bureau).exists():
        raise AlreadyHandled(_("This person is in the register already."))
    profile = ExpertProfile(user=expert, bureau=bureau)
    keep(profile, expertise=expertise, employer=employer, post=post, note=note)
    profile.save_as(actor, "register_expert")
    data = {"expert": expert.pk, "expertise": profile.expertise}
    note_event(profile, "register_expert", actor, data, on_behalf_of)
    return profile


@transaction.atomic
def change_expert(*, actor: User, profile: ExpertProfile, values: Mapping[str, Any]) -> ExpertProfile:
    """Change fields of expertise, employer, post or note. Raises NotAllowed, InvalidInput."""
    profile = locked_profile(profile.pk)
    on_behalf_of = require_keeper(actor, profile.bureau_id)
    keep(profile, **values)
    changed = profile.changed_fields()
    if changed:
        profile.save_as(actor, "change_expert")
        note_event(profile, "change_expert", actor, {"fields": changed}, on_behalf_of)
    return profile


@transaction.atomic
def suspend_expert(
    *, actor: User, profile: ExpertProfile, reason: str, until: date | None = None
) -> ExpertProfile:
    """Seat the expert on nothing more from today, up to a last day or until resumed.

    Seats that the expert has stay. Raises NotAllowed, WrongStage for somebody suspended,
    InvalidInput without a reason or with a day gone by.
    """
    profile = locked_profile(profile.pk)
    on_behalf_of = require_keeper(actor, profile.bureau_id)
    if profile.is_suspended():
        raise WrongStage(_("This expert is suspended already."))
    if not reason.strip():
        raise InvalidInput.at("reason", _("Say why the expert is suspended."))
    if until is not None and until < clock.today():
        raise InvalidInput.at("until", _("This day has gone by."))
    profile.suspended_from, profile.suspended_until = clock.today(), until
    profile.suspension_reason = reason.strip()
    profile.save_as(actor, "suspend_expert")
    data = {"reason": reason.strip(), "until": until}
    note_event(profile, "suspend_expert", actor, data, on_behalf_of)
    return profile


@transaction.atomic
def resume_expert(*, actor: User, profile: ExpertProfile) -> ExpertProfile:
    """End a suspension. Raises NotAllowed, WrongStage for somebody who is not suspended."""
    profile = locked_profile(profile.pk)
    on_behalf_of = require_keeper(actor, profile.bureau_id)
    if not profile.is_suspended():
        raise WrongStage(_("This expert is not suspended."))
    profile.suspended_from = profile.suspended_until = None
    profile.suspension_reason = ""
    profile.save_as(actor, "resume_expert")
    note_event(profile, "resume_expert", actor, {}, on_behalf_of)
    return profile


def require_keeper(actor: User, bureau_id: int) -> int | None:
    """For whom the actor keeps the register, as ``standing_of`` says.

    Raises NotAllowed for somebody who does not run the bureau's evaluations.
    """
    words = _("You do not keep this bureau's register of experts.")
    return standing_of(actor, Right.RUN_EVALUATION, bureau_id, words=words)


def locked_profile(pk: int) -> ExpertProfile:
    """The profile under its lock: what follows queues up behind it."""
    found: ExpertProfile = (
        ExpertProfile.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    )
    return found


def keep(profile: ExpertProfile, **values: Any) -> None:
    """Put the values into the profile. Raises InvalidInput for a field of expertise that is too long."""
    if "expertise" in values:
        values["expertise"] = fields_of(values["expertise"])
    for name in ("expertise", "employer", "post", "note"):
        if name in values:
            value = values[name]
            setattr(profile, name, value.strip() if isinstance(value, str) else value)


def fields_of(words: Sequence[str]) -> list[str]:
    """The fields of expertise, each once and in order. Raises InvalidInput."""
    fields = sorted({word.strip() for word in words if word.strip()})
    if len(fields) > MOST_FIELDS:
        raise InvalidInput.at("expertise", _("Give at most %(number)s fields.") % {"number": MOST_FIELDS})
    if any(len(field) > LONGEST_FIELD for field in fields):
        raise InvalidInput.at(
            "expertise", _("A field has at most %(number)s characters.") % {"number": LONGEST_FIELD}
        )
    return fields


def chain_of_expert(profile: ExpertProfile) -> str:
    return f"expert:{profile.pk}"


def note_event(
    profile: ExpertProfile, verb: str, actor: User, data: Mapping[str, Any], on_behalf_of: int | None
) -> None:
    """Write the event at the end of the expert's own chain; the caller holds the profile's lock."""
    record(
        chain=chain_of_expert(profile),
        verb=verb,
        actor=actor,
        object=profile,
        data=data,
        on_behalf_of=on_behalf_of,
    )
