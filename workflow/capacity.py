"""In which capacity somebody acts at a task: on which ballot, and whose work it is by name."""

from __future__ import annotations

from accounts.models import User
from approvals.actions.voices import OWN, Capacity
from workflow.models import FlowTask


def capacity_of(task: FlowTask | None, actor: User) -> Capacity:
    """What the action checks under its lock; without a task the actor's own."""
    if task is None:
        return OWN
    return Capacity(ballot=task.ballot_id, on_behalf_of=owner_besides(task, actor))


def owner_besides(task: FlowTask, actor: User) -> int | None:
    """Whose hands the task is in, where they are not the actor's."""
    return task.owner_id if task.owner_id != actor.pk else None
