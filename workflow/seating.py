"""The door for drawing, recusing and replacing experts; the tasks of the panel follow its seats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from viewflow.workflow.status import PROCESS

from accounts.models import User
from approvals import actions
from evaluations.models import Evaluation, Seat
from workflow.door import refusals_noted
from workflow.flows import JihengFlow
from workflow.models import FlowProcess
from workflow.nodes import bring_in_line


def draw_experts(*, evaluation: Evaluation, actor: User, **details: Any) -> list[Seat]:
    """Draw experts by lot and seat them. Raises WrongStage, NotAllowed, InvalidInput."""
    with refusals_noted("draw_experts", actor, "evaluation", evaluation.pk):
        return actions.draw_experts(evaluation=evaluation, actor=actor, **details)


def recuse(*, seat: Seat, actor: User, reason: str) -> Seat:
    """An expert leaves the panel: nobody is asked in that name any more.

    Raises WrongStage, NotAllowed, InvalidInput.
    """
    with refusals_noted("recuse", actor, "seat", seat.pk), panel_under_lock(seat.evaluation_id):
        return actions.recuse(seat=seat, actor=actor, reason=reason)


def replace_expert(*, seat: Seat, actor: User, **details: Any) -> Seat:
    """Seat somebody in a recused expert's place, who is asked like the others.

    Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput.
    """
    with refusals_noted("replace_expert", actor, "seat", seat.pk), panel_under_lock(seat.evaluation_id):
        return actions.replace_expert(seat=seat, actor=actor, **details)


@contextmanager
def panel_under_lock(evaluation_id: int) -> Iterator[None]:
    """Hold the flow's lock, and bring the tasks in line with the ballots when the block is through."""
    process = FlowProcess.objects.filter(evaluation=evaluation_id, item=None, status=PROCESS.NEW).first()
    if process is None:  # it is over: the action says so
        yield
        return
    with JihengFlow.lock(process.pk):
        yield
        bring_in_line(process)
