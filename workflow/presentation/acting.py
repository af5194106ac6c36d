"""For whom a reader acts at open steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.access import Rights, rights_for_reading
from accounts.models import User
from approvals.actions.shape import first_of
from workflow.models import FlowTask


def acting_for(reader: Any, tasks: Iterable[FlowTask]) -> dict[int, str]:
    """What those are called for whom the reader would decide at these steps, by the step's id.

    The reader's own steps are not in it. No statement for whoever acts for nobody, else one.
    """
    rights = rights_for_reading(reader)
    found = {task.pk: principal_of(task, reader.pk, rights) for task in tasks} if rights.delegated else {}
    ids = {person for person in found.values() if person}
    if not ids:
        return {}
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=ids)}
    return {task_id: names[person] for task_id, person in found.items() if person}


def principal_at(reader: Any, task: FlowTask) -> User | None:
    """For whom the reader would decide at this step, when it is for another: as the action will choose.

    Of several who let the reader act for them it is the first who may decide on the dossier.
    """
    rights = rights_for_reading(reader)
    found = principal_of(task, reader.pk, rights)
    if found is None:
        return None
    if found != task.owner_id and task.item_id is None:
        found = first_of(rights.delegators(task.right, task.organization_id), task.evaluation)
    return User.objects.get(pk=found)


def principal_of(task: FlowTask, reader_id: int, rights: Rights) -> int | None:
    """Whom ``approvals.actions.shape.standing_of`` will find: the owner, or whoever delegated the right."""
    delegators = rights.delegators(task.right, task.organization_id)
    if task.owner_id and task.owner_id != reader_id:
        return task.owner_id if task.owner_id in delegators else None
    if rights.own(task.right, task.organization_id):
        return None
    return min(delegators, default=None)
