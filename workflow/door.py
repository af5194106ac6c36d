"""What every service does first: note refusals, and re-read the task inside the lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _
from viewflow.fsm import TransitionNotAllowed
from viewflow.workflow.exceptions import FlowLockFailed

from accounts.access import rights_of
from accounts.models import User
from audit_log.errors import AlreadyHandled, Busy, NotAllowed, NotFound
from audit_log.refusals import noted
from workflow.access import require_own
from workflow.models import FlowTask

# PostgreSQL: lock_not_available, deadlock_detected, serialization_failure.
LOCK_CONFLICTS = {"55P03", "40P01", "40001"}


def is_lock_conflict(error: BaseException | None) -> bool:
    """Whether the database refused for a lock alone: the engine wraps its error, Django the driver's."""
    while error is not None:
        if getattr(error, "sqlstate", None) in LOCK_CONFLICTS:
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def refusals_noted(verb: str, actor: User, object_type: str, object_id: int | None) -> Iterator[None]:
    """Turn the database's and the engine's refusals into ours, and note each refusal."""
    with noted(verb, actor, object_type, object_id):
        try:
            yield
        except (FlowLockFailed, DatabaseError) as error:
            if not is_lock_conflict(error):
                raise
            raise Busy(_("Somebody is working on this at this moment. Please try again.")) from error
        except TransitionNotAllowed as error:
            raise AlreadyHandled(_("Somebody else has handled this in the meantime.")) from error


def require_in_hand(verb: str, actor: User, task: FlowTask) -> None:
    """Before a page's form is looked at: whose step is it now. Raises NotFound, AlreadyHandled."""
    with refusals_noted(verb, actor, "task", task.pk):
        require_own(actor, task)


def task_under_lock(process_id: int, task_id: int, actor: User) -> FlowTask:
    """The open step that ``actor`` may finish; call it inside the flow's lock.

    Raises NotFound when the ids do not belong together, AlreadyHandled when the
    step is done, NotAllowed when it is somebody else's.
    """
    task = open_task_under_lock(process_id, task_id)
    if task.owner_id and task.owner_id != actor.pk and not stands_in(actor, task):
        raise NotAllowed(_("This task is in somebody else's hands."))
    return task


def stands_in(actor: User, task: FlowTask) -> bool:
    """Whether the step's owner has delegated the right that it asks for to the actor."""
    return task.owner_id in rights_of(actor).delegators(task.right, task.organization_id)


def open_task_under_lock(process_id: int, task_id: int) -> FlowTask:
    """The open step, whoever has it. Raises NotFound, AlreadyHandled."""
    try:
        task = FlowTask.objects.select_related("process").get(
            pk=task_id, process=process_id, flow_task_type="HUMAN"
        )
    except FlowTask.DoesNotExist:
        raise NotFound() from None
    if not task.is_open:
        raise AlreadyHandled(_("Somebody else has handled this in the meantime."), found=task.status)
    return task
