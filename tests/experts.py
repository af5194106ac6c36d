"""A register of experts around the fixed cast."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from accounts.roles import Role
from evaluations.actions import declare_conflict, register_expert
from evaluations.models import ExpertConflict, ExpertProfile
from tests.cast import World, person


def registered(world: World, expert: User, *expertise: str, **details: Any) -> ExpertProfile:
    """Enter somebody who is an expert already into the bureau's register."""
    return register_expert(
        actor=world.sun, bureau=world.bureau, expert=expert, expertise=expertise or ("信息化",), **details
    )


def new_expert(world: World, username: str, *expertise: str) -> User:
    """One more expert, in the register."""
    added = person(username, f"专家{username}", Role.EXPERT, world.bureau)
    registered(world, added, *expertise)
    return added


def in_conflict(world: World, profile: ExpertProfile, **about: Any) -> ExpertConflict:
    """A conflict of interest, with Lin's unit when nothing else is named."""
    about = about or {"organization": world.unit}
    return declare_conflict(actor=world.sun, profile=profile, reason="近三年曾在该单位任职", **about)
