"""Services on work that waits: withdraw it, hand it over, go on without a voice, remind whoever has it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.access import holders_of, rights_of
from accounts.models import User
from accounts.roles import Right
from approvals import actions
from approvals.actions.independence import involved
from approvals.actions.item_shape import require_item_independence
from approvals.actions.shape import locked, standing_of
from approvals.actions.voices import ballots_now
from approvals.models import Decision, RectificationItem
from audit_log import clock
from audit_log.errors import AlreadyHandled, ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation
from notices import messages
from notices.jobs import announce
from workflow.access import is_asked
from workflow.capacity import owner_besides
from workflow.content import forget_typed
from workflow.door import open_task_under_lock, refusals_noted, task_under_lock
from workflow.flows import JihengFlow
from workflow.models import OPEN, FlowProcess, FlowTask
from workflow.nodes import StepActivation
from workflow.working_days import last_overdue


def withdraw(*, evaluation: Evaluation, actor: User, opinion: str) -> Decision:
    """Take one's own last decision back before anybody has acted on it.

    Raises WrongStage, NotAllowed, AlreadyHandled when the next step was taken or begun,
    InvalidInput without a reason.
    """
    with refusals_noted("withdraw", actor, "evaluation", evaluation.pk):
        process_id = running_process_id(evaluation)
        with JihengFlow.lock(process_id):
            waiting = list(open_human_tasks(process_id))
            decision = actions.withdraw(evaluation=evaluation, actor=actor, opinion=opinion)
            # Whoever claimed it left an event, which the action has seen; what is typed leaves none.
            if any("typed" in task.data for task in waiting):
                raise AlreadyHandled(_("Somebody has begun to work on it: ask them to return it."))
            go_back_to(decision, waiting)
    return decision


def go_back_to(decision: Decision, waiting: Iterable[FlowTask]) -> None:
    """Drop the tasks that wait, and open the step that the decision leads back to."""
    waiting = list(waiting)
    done = last_done(waiting[0].process_id, decision)
    for task in waiting:
        activation_of(task).drop()
    done.process.evaluation = decision.evaluation
    activation = activation_of(done)
    list(done.flow_task.opened(activation, decision))


def last_done(process_id: int, decision: Decision) -> FlowTask:
    """The task at which the step was done that is open again now."""
    return (
        FlowTask.objects.select_related("process")
        .filter(process=process_id, flow_task_type="HUMAN", stage=decision.next_stage, finished__isnull=False)
        .latest("pk")
    )


def transfer(*, process_id: int, task_id: int, actor: User, to: User, reason: str) -> FlowTask:
    """Hand one's task over to another holder of the same role, without what was typed.

    Raises NotAllowed for somebody else's task, a seat or a part; InvalidInput,
    ConflictOfInterest, AlreadyHandled.
    """
    with refusals_noted("transfer", actor, "task", task_id), JihengFlow.lock(process_id):
        task = task_under_lock(process_id, task_id, actor)
        on_behalf_of = hold_standing(task, actor)
        if to.pk == task.owner_id:
            raise InvalidInput.at("to", _("Choose somebody else who holds the same role."))
        evaluation = actions.transfer(
            evaluation=Evaluation(pk=task.evaluation_id),
            item=RectificationItem(pk=task.item_id) if task.item_id else None,
            actor=actor,
            to=to,
            right=task.right,
            organization_id=task.organization_id,
            ballot=task.ballot_id,
            fills=task.flow_task.procedure_of(task.evaluation, task.item).fills,
            reason=reason,
            on_behalf_of=on_behalf_of,
        )
        activation = activation_of(task)
        (activation.take_over if task.owner_id else activation.claim)(to)
        forget_typed(task)
        # With the moment: a task may come to the same person again, who then is told again.
        source = f"transfer:{task.pk}:{to.pk}:{task.assigned:%Y%m%dT%H%M%S.%f}"
        tell(evaluation, task, messages.HANDED_OVER, source, actor, reason)
    return task


def receivers(task: FlowTask, actor: User) -> list[User]:
    """Who could get the actor's task: the other holders of its right who may decide there."""
    evaluation, item = task.evaluation, task.item
    assert evaluation is not None
    people = holders_of(task.right, task.organization_id or 0).exclude(pk__in=[actor.pk, task.owner_id or 0])
    if task.ballot_id is not None:
        asked = ballots_now(evaluation)
        people = people.exclude(
            pk__in=[each.person_id for each in asked if each.person_id and not each.excused_at]
        )
    if task.flow_task.procedure_of(evaluation, item).fills:
        return list(people.order_by("pk"))
    if item is None:
        bound = involved(evaluation, people.values_list("pk", flat=True))
        return list(people.exclude(pk__in=bound).order_by("pk"))
    return [person for person in people.order_by("pk") if may_verify(item, person)]


def may_verify(item: RectificationItem, person: User) -> bool:
    """Whether the person had no hand in the item."""
    try:
        require_item_independence(item, person)
    except ConflictOfInterest:
        return False
    return True


def hold_standing(task: FlowTask, actor: User) -> int | None:
    """Hold what makes the task the actor's until the transaction ends, and say for whom. Raises NotAllowed.

    A seat or a part asks for no right: it is its owner's, as the task under the lock has shown.
    """
    if not task.right:
        return None
    return standing_of(actor, task.right, task.organization_id, owner_besides(task, actor))


def excuse(*, process_id: int, task_id: int, actor: User, reason: str) -> Decision:
    """Go on without a voice whose time is over, or whose person may not act any more.

    Raises WrongStage, NotAllowed, AlreadyHandled, InvalidInput.
    """
    with refusals_noted("excuse", actor, "task", task_id), JihengFlow.lock(process_id):
        task = open_task_under_lock(process_id, task_id)
        if task.ballot_id is None:
            raise WrongStage(_("Only where several are asked can one be gone without."))
        decision = actions.excuse(
            evaluation=Evaluation(pk=task.evaluation_id),
            actor=actor,
            ballot=task.ballot_id,
            reason=reason,
            is_overdue=is_overdue(task),
        )
        task.process.evaluation = decision.evaluation
        activation_of(task).go_without(decision)
    return decision


def remind(*, process_id: int, task_id: int, actor: User) -> FlowTask:
    """Remind whoever a task asks, at most once a day. Raises NotAllowed, AlreadyHandled."""
    with refusals_noted("remind", actor, "task", task_id), JihengFlow.lock(process_id):
        task = open_task_under_lock(process_id, task_id)
        if is_asked(actor, task, rights_of(actor)):
            raise NotAllowed(_("This task is your own."))
        on_behalf_of = standing_to_remind(actor, task)
        if task.reminded_on == clock.today():
            raise AlreadyHandled(_("This task was reminded of today already."))
        evaluation = locked(task.evaluation_id)
        task.reminded_on = clock.today()
        task.save(update_fields=["reminded_on"])
        record(
            chain=chain_of(evaluation.pk),
            verb="remind",
            actor=actor,
            object=task,
            data={"stage": task.stage, "name": str(task.owner or "")},
            on_behalf_of=on_behalf_of,
        )
        tell(evaluation, task, messages.REMINDED, f"remind:{task.pk}:{clock.today()}", actor)
    return task


def standing_to_remind(actor: User, task: FlowTask) -> int | None:
    """For whom the actor reminds: whoever opened the matter or decided on it does so for themself.

    The office that runs it may as well, never an expert about another. Raises NotAllowed.
    """
    evaluation = task.evaluation
    assert evaluation is not None
    if Decision.objects.filter(evaluation=evaluation, actor=actor).exclude(verb="score").exists():
        return None
    words = _("Whoever handed it in or runs the evaluation may remind.")
    return standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id, words=words)


def tell(
    evaluation: Evaluation, task: FlowTask, message: str, source: str, actor: User, reason: str = ""
) -> None:
    """A notice to whoever the task asks."""
    # One project may have many items: a reminder says which.
    subject = task.item.requirement[:60] if task.item else evaluation.project.name
    announce(
        message=message,
        values={"project": subject, "person": str(actor), "reason": reason[:200]},
        path=f"/tasks/{task.process_id}/{task.pk}/",
        source=source,
        owner_id=task.owner_id,
        right=task.right,
        organization_id=task.organization_id,
    )


def is_overdue(task: FlowTask) -> bool:
    """Whether the days to act are over."""
    return task.due is not None and task.due <= last_overdue()


def running_process_id(evaluation: Evaluation) -> int:
    """The process of the dossier itself. Raises WrongStage when none runs."""
    found = FlowProcess.objects.filter(evaluation=evaluation, item=None, status="NEW").values_list(
        "pk", flat=True
    )
    if not found:
        raise WrongStage(_("Nothing of this evaluation waits for a decision."), found=evaluation.stage)
    return int(found[0])


def open_human_tasks(process_id: int) -> Iterable[FlowTask]:
    """What a process waits at."""
    return FlowTask.objects.select_related(
        "process", "ballot", "evaluation__policy", "evaluation__project"
    ).filter(process=process_id, flow_task_type="HUMAN", status__in=OPEN)


def activation_of(task: FlowTask) -> StepActivation:
    """The step's activation, with our own transitions."""
    found: StepActivation = task.flow_task.activation_class(task)
    return found
