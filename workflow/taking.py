"""Services on whose hands a task is in: taken from its role, taken over, given back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.independence import require_independence
from approvals.actions.item_shape import locked_item, require_item_independence
from approvals.actions.shape import locked, standing_of
from approvals.actions.transfer import hand_over_ballot
from approvals.actions.voices import ballots_now, require_one_voice
from audit_log.errors import AlreadyHandled, NotAllowed, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation
from workflow.access import asks_by_name, is_left_behind
from workflow.capacity import owner_besides
from workflow.content import forget_typed, require_no_draft_of_another
from workflow.door import open_task_under_lock, refusals_noted, task_under_lock
from workflow.flows import JihengFlow
from workflow.models import FlowTask


def claim(*, process_id: int, task_id: int, actor: User) -> FlowTask:
    """Take a step that a role was asked for. Raises NotAllowed, ConflictOfInterest, AlreadyHandled."""
    with refusals_noted("claim", actor, "task", task_id), JihengFlow.lock(process_id):
        task = task_under_lock(process_id, task_id, actor)
        if task.owner_id:
            raise AlreadyHandled(_("You have taken this task already."))
        evaluation, on_behalf_of = locked_for(task, actor)
        task.flow_task.activation_class(task).claim(actor)
        record(
            chain=chain_of(evaluation.pk),
            verb="claim",
            actor=actor,
            object=task,
            data={"stage": task.stage},
            on_behalf_of=on_behalf_of,
        )
    return task


def locked_for(task: FlowTask, actor: User) -> tuple[Evaluation, int | None]:
    """The step's evaluation under its lock, and for whom, when the actor may decide there.

    Whoever never could may not keep the step from others. Raises NotAllowed, ConflictOfInterest.
    """
    fills = task.flow_task.procedure_of(task.evaluation, task.item).fills
    item = locked_item(task.item_id) if task.item_id else None
    evaluation = item.evaluation if item else locked(task.evaluation_id)
    on_behalf_of = standing_of(
        actor, task.right, task.organization_id, evaluation=None if item else evaluation
    )
    if item and not fills:
        require_item_independence(item, actor, on_behalf_of)
    elif not fills:
        require_independence(evaluation, actor, on_behalf_of)
    if task.ballot is not None:
        require_one_voice(task.ballot, ballots_now(evaluation), actor, on_behalf_of)
    return evaluation, on_behalf_of


def take_over(*, process_id: int, task_id: int, actor: User) -> FlowTask:
    """Take a step whose owner has left or holds its right no longer.

    Raises NotAllowed, ConflictOfInterest, AlreadyHandled, and WrongStage when the
    owner can still do it.
    """
    with refusals_noted("take_over", actor, "task", task_id), JihengFlow.lock(process_id):
        task = open_task_under_lock(process_id, task_id)
        standing_of(actor, task.right, task.organization_id)
        if not is_left_behind(task):
            raise WrongStage(_("Whoever has this task can still do it."))
        evaluation, on_behalf_of = locked_for(task, actor)
        owner_id = task.owner_id
        if task.ballot_id is not None:
            hand_over_ballot(evaluation, task.ballot_id, actor, actor)
        task.flow_task.activation_class(task).take_over(actor)
        record(
            chain=chain_of(evaluation.pk),
            verb="take_over",
            actor=actor,
            object=task,
            data={"stage": task.stage, "from": owner_id},
            on_behalf_of=on_behalf_of,
        )
    return task


def release(*, process_id: int, task_id: int, actor: User) -> FlowTask:
    """Give a claimed step back to the role, without what was typed.

    Raises WrongStage, and NotAllowed, also for whoever stands in where the owner has begun to write.
    """
    with refusals_noted("release", actor, "task", task_id), JihengFlow.lock(process_id):
        task = task_under_lock(process_id, task_id, actor)
        if not task.owner_id:
            raise WrongStage(_("Nobody has taken this task."))
        evaluation = locked(task.evaluation_id)
        if asks_by_name(task):
            raise NotAllowed(_("This task asks for you by name: it cannot be given back."))
        require_no_draft_of_another(task, actor)
        on_behalf_of = owner_besides(task, actor)
        task.flow_task.activation_class(task).release()
        forget_typed(task)
        record(
            chain=chain_of(evaluation.pk),
            verb="release",
            actor=actor,
            object=task,
            data={"stage": task.stage},
            on_behalf_of=on_behalf_of,
        )
    return task
