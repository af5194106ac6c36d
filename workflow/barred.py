"""Who may not decide at an open step although it is theirs to take, and who can: pages say so first.

The action asks the same again under its lock, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from approvals.actions.independence import (
    involved_in,
    require_from_elsewhere,
    require_independence,
    unit_below,
)
from approvals.actions.item_shape import require_item_independence, unit_below_item
from approvals.actions.seating import require_no_conflict
from approvals.actions.voices import ballots_now, require_one_voice
from approvals.models import Ballot
from approvals.procedure import ITEM_STEPS, Step, step_of
from audit_log.errors import ConflictOfInterest
from workflow.handing_over import receivers
from workflow.models import FlowTask


@dataclass(frozen=True)
class Bar:
    """Why a reader may not decide here, and who can."""

    reason: str
    """What the action would say to ``person``."""
    person: User
    """The reader, or whoever the reader would act for."""
    holder: User | None
    """Whose hands the step is in, when that is somebody else who may decide."""
    others: Sequence[User]
    """Further people who hold the right and may decide, once they have the step."""


def bar_of(reader: Any, task: FlowTask, principal: User | None) -> Bar | None:
    """What keeps the reader, or whoever they act for, from deciding; None for somebody free to."""
    ballots = ballots_now(task.evaluation) if task.ballot_id and task.evaluation else []
    for person in filter(None, (reader, principal)):
        stands_in = principal is not None and person is reader
        if reason := refusal_of(person, task, ballots, stands_in=stands_in):
            holder = principal if principal and principal.pk == task.owner_id else None
            is_free = holder is not None and not refusal_of(holder, task, ballots)
            others = receivers(task, reader) if task.right else []
            return Bar(reason, person, holder if is_free else None, others)
    return None


def refusal_of(person: User, task: FlowTask, ballots: Sequence[Ballot], *, stands_in: bool = False) -> str:
    """What separation of duties would say to this person here; empty when nothing."""
    try:
        if task.ballot is not None:
            require_one_voice(task.ballot, ballots, person)
        require_no_hand_in(person, task, stands_in=stands_in)
    except ConflictOfInterest as error:
        return str(error)
    return ""


def require_no_hand_in(person: User, task: FlowTask, *, stands_in: bool) -> None:
    """Raises ConflictOfInterest for somebody with a hand in what is decided on, or in conflict with it.

    Whoever ``stands_in`` above the unit is not of the unit.
    """
    step = step_at(task)
    if step is None or step.fills or task.evaluation is None:
        return
    if task.item is not None:
        require_item_independence(task.item, person)
        unit = unit_below_item(task.item)
    else:
        require_independence(task.evaluation, person)
        unit = unit_below(task.evaluation)
    if stands_in:
        require_from_elsewhere(person, unit)
    if step.asks_seats:
        require_no_conflict(task.evaluation, person)


def step_at(task: FlowTask) -> Step | None:
    """What the procedure says of the step: of the item's, or of the evaluation's by its policy."""
    if task.item_id or task.evaluation is None:
        return ITEM_STEPS.get(task.stage)
    return step_of(task.evaluation, task.stage, task.step)


def barred_among(reader: Any, tasks: Iterable[FlowTask]) -> set[int]:
    """The ids of those steps of dossiers at which the reader had a hand in the matter: one statement at most.

    For lists, which look at many: items, votes and whoever the reader acts for are told on the step's page.
    """
    judged = {
        task.pk: task.evaluation
        for task in tasks
        if task.evaluation and not task.item_id and (step := step_at(task)) and not step.fills
    }
    bound = involved_in([(evaluation, reader.pk) for evaluation in judged.values()])
    return {pk for pk, evaluation in judged.items() if (evaluation.pk, reader.pk) in bound}
