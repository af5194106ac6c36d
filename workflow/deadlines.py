"""When the days to act run out: a reminder or an escalation, as the policy says, never a decision."""

from __future__ import annotations

import logging
from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app

from accounts.roles import HELD_AT, Role, codename_of
from approvals.actions.shape import locked
from approvals.procedure import step_of
from audit_log import clock
from audit_log.record import chain_of, record
from evaluations.models import Evaluation
from evaluations.policies.parts import PolicyStep
from notices import messages
from notices.jobs import announce
from workflow.door import is_lock_conflict
from workflow.flows import JihengFlow
from workflow.models import OPEN, FlowTask
from workflow.working_days import last_overdue

logger = logging.getLogger(__name__)


@app.periodic(cron="5 7 * * *")
@app.task(queue="upkeep", queueing_lock="deadlines")
def chase_overdue(timestamp: int) -> int:
    """Once a day: remind whoever is late, and escalate where the policy says so. Twice a day is once.

    Returns how many were chased.
    """
    late = FlowTask.objects.filter(
        flow_task_type="HUMAN", status__in=OPEN, item=None, due__lte=last_overdue()
    ).exclude(chased_on=clock.today())
    rows = late.order_by("pk").values_list("pk", "process_id")
    return sum(chase_alone(task_id, process_id) for task_id, process_id in rows)


def chase_alone(task_id: int, process_id: int) -> bool:
    """Chase one task in its own transaction; what fails there is logged, and holds up no other.

    A lost connection is raised: it would fail at every other task, too.
    """
    try:
        with JihengFlow.lock(process_id):
            return chase(task_id)
    except Exception as error:
        if is_lock_conflict(error):
            return False  # somebody acts on it at this moment
        if isinstance(error, (InterfaceError, OperationalError)):
            raise
        logger.exception("Nobody could be told that task %s is overdue.", task_id)
        return False


def chase(task_id: int) -> bool:
    """Remind of one task, or escalate it; call it inside the flow's lock."""
    task = (
        FlowTask.objects.select_related("evaluation__project", "evaluation__policy")
        .filter(pk=task_id, status__in=OPEN)
        .first()
    )
    if task is None or task.evaluation is None or task.chased_on == clock.today():
        return False
    step = step_of(task.evaluation, task.stage, task.step)
    task.chased_on = clock.today()
    escalates = step is not None and step.policy is not None and step.policy.on_timeout == "escalate"
    if escalates and task.escalated_on is None:
        assert step is not None
        assert step.policy is not None
        task.escalated_on = clock.today()
        escalate(task, task.evaluation, step.policy)
    else:
        tell(
            task,
            task.evaluation,
            messages.OVERDUE,
            "reminder",
            owner_id=task.owner_id,
            right=task.right,
            organization_id=task.organization_id,
        )
    task.save(update_fields=["chased_on", "escalated_on"])
    return True


def escalate(task: FlowTask, evaluation: Evaluation, policy: PolicyStep) -> None:
    """Tell the role that the policy names, and put it on record, under the evaluation's row lock."""
    locked(evaluation.pk)
    place = HELD_AT[Role(policy.escalate_to)]
    organization_id = getattr(evaluation, f"{place}_id")
    record(
        chain=chain_of(evaluation.pk),
        verb="escalate",
        actor=None,
        object=task,
        data={"stage": task.stage, "to": policy.escalate_to, "due": task.due},
    )
    tell(
        task,
        evaluation,
        messages.ESCALATED,
        "escalation",
        right=codename_of(policy.escalate_to),
        organization_id=organization_id,
    )


def tell(task: FlowTask, evaluation: Evaluation, message: str, kind: str, **recipients: Any) -> None:
    """A notice about a task whose days are over: one of each kind a day."""
    announce(
        message=message,
        values={"project": evaluation.project.name, "due": str(task.due)},
        path=f"/evaluations/{evaluation.pk}/",
        source=f"overdue:{task.pk}:{clock.today()}:{kind}",
        **recipients,
    )
