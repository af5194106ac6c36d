"""The door for drawing, recusing and replacing experts."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from approvals import actions
from evaluations.models import Evaluation, Seat
from workflow.door import refusals_noted


def draw_experts(*, evaluation: Evaluation, actor: User, **details: Any) -> list[Seat]:
    """Draw experts by lot and seat them. Raises WrongStage, NotAllowed, InvalidInput."""
    with refusals_noted("draw_experts", actor, "evaluation", evaluation.pk):
        return actions.draw_experts(evaluation=evaluation, actor=actor, **details)


def recuse(*, seat: Seat, actor: User, reason: str) -> Seat:
    """An expert leaves the panel. Raises WrongStage, NotAllowed, InvalidInput."""
    with refusals_noted("recuse", actor, "seat", seat.pk):
        return actions.recuse(seat=seat, actor=actor, reason=reason)


def replace_expert(*, seat: Seat, actor: User, **details: Any) -> Seat:
    """Seat somebody in a recused expert's place.

    Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput.
    """
    with refusals_noted("replace_expert", actor, "seat", seat.pk):
        return actions.replace_expert(seat=seat, actor=actor, **details)
