"""Services on a bureau's register of experts and on their conflicts of interest."""

from __future__ import annotations

from typing import Any

from accounts.models import Organization, User
from evaluations import actions
from evaluations.models import ExpertConflict, ExpertProfile
from workflow.door import refusals_noted


def register_expert(*, bureau: Organization, actor: User, **details: Any) -> ExpertProfile:
    """Enter an expert into the register. Raises NotAllowed, InvalidInput, AlreadyHandled."""
    with refusals_noted("register_expert", actor, "organization", bureau.pk):
        return actions.register_expert(bureau=bureau, actor=actor, **details)


def change_expert(*, profile: ExpertProfile, actor: User, **details: Any) -> ExpertProfile:
    """Change what the register says. Raises NotAllowed, InvalidInput."""
    with refusals_noted("change_expert", actor, "expertprofile", profile.pk):
        return actions.change_expert(profile=profile, actor=actor, **details)


def suspend_expert(*, profile: ExpertProfile, actor: User, **details: Any) -> ExpertProfile:
    """Seat the expert on nothing more for a time. Raises NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("suspend_expert", actor, "expertprofile", profile.pk):
        return actions.suspend_expert(profile=profile, actor=actor, **details)


def resume_expert(*, profile: ExpertProfile, actor: User) -> ExpertProfile:
    """End a suspension. Raises NotAllowed, WrongStage."""
    with refusals_noted("resume_expert", actor, "expertprofile", profile.pk):
        return actions.resume_expert(profile=profile, actor=actor)


def declare_conflict(*, profile: ExpertProfile, actor: User, **details: Any) -> ExpertConflict:
    """Declare a conflict of interest. Raises NotAllowed, InvalidInput."""
    with refusals_noted("declare_conflict", actor, "expertprofile", profile.pk):
        return actions.declare_conflict(profile=profile, actor=actor, **details)


def end_conflict(*, conflict: ExpertConflict, actor: User, reason: str) -> ExpertConflict:
    """End a conflict of interest at once. Raises NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("end_conflict", actor, "expertconflict", conflict.pk):
        return actions.end_conflict(conflict=conflict, actor=actor, reason=reason)
