"""The gateway of tasks: whose turn is it, and may this person act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.status import STATUS

from accounts.access import Rights, rights_for_reading
from accounts.models import Delegation, OrganizationGroupPermission
from accounts.roles import Right
from approvals.access import responsible_condition
from audit_log.errors import AlreadyHandled, NotFound
from evaluations.access import visible_condition
from evaluations.models import Evaluation
from workflow.models import OPEN, FlowTask


def waiting_for(user: Any) -> QuerySet[FlowTask]:
    """Open steps that are this person's, or a role's that they hold: one indexed query."""
    return FlowTask.objects.filter(mine(user.pk, rights_for_reading(user)), flow_task_type="HUMAN")


def mine(user_id: int, rights: Rights) -> Q:
    """What makes an open step a person's to take."""
    condition = Q(status=STATUS.ASSIGNED, owner=user_id)
    for right, organizations in rights.by_codename.items():
        condition |= Q(status=STATUS.NEW, right=right, organization__in=sorted(organizations))
    for given in rights.delegated_rights():
        condition |= Q(
            status=STATUS.ASSIGNED,
            owner=given.delegator_id,
            right=given.codename,
            organization__in=sorted(given.organization_ids),
        )
    return condition


def may_act(user: Any, task: FlowTask) -> bool:
    """Whether the open step is this person's now (separation of duties: the action's to check)."""
    return task.is_open and is_asked(user, task, rights_for_reading(user))


def is_asked(user: Any, task: FlowTask, rights: Rights) -> bool:
    """Whether the step is this person's: their own, a delegator's, or their role's."""
    if task.owner_id:
        delegators = rights.delegators(task.right, task.organization_id)
        return task.owner_id == user.pk or task.owner_id in delegators
    return rights.holds(task.right, task.organization_id)


def require_own(user: Any, task: FlowTask) -> None:
    """Raises NotFound for an open step that never was the reader's, AlreadyHandled for a lost one."""
    if may_act(user, task):
        return
    if task.is_open and not rights_for_reading(user).holds(task.right, task.organization_id):
        raise NotFound()
    raise AlreadyHandled(_("Somebody else has handled this in the meantime."), found=task.status)


def runs(user: Any, evaluation: Evaluation) -> bool:
    """Whether the reader's office runs the evaluation, for pages: the actions ask again."""
    return rights_for_reading(user).holds(Right.RUN_EVALUATION, evaluation.evaluator_id)


def left_behind() -> QuerySet[FlowTask]:
    """Open steps whose owner is gone or holds their right no longer; experts' seats ask for no right."""
    held = OrganizationGroupPermission.objects.filter(
        group__user=OuterRef("owner"),
        permission__codename=OuterRef("right"),
        content_object=OuterRef("organization"),
    )
    carried = Delegation.objects.carrying(OuterRef("right"), OuterRef("organization")).filter(
        delegate=OuterRef("owner")
    )
    assigned = FlowTask.objects.filter(status=STATUS.ASSIGNED, flow_task_type="HUMAN").exclude(right="")
    return assigned.filter(Q(owner__is_active=False) | ~(Exists(held) | Exists(carried)))


def asks_by_name(task: FlowTask) -> bool:
    """Whether the step asks one person, not a role: it cannot be given back."""
    if task.ballot is not None:
        return task.ballot.person_id is not None
    node = task.flow_task
    return not task.right or bool(node.owner_id(task.evaluation, task.item))


def is_left_behind(task: FlowTask) -> bool:
    """Whether the step waits for somebody who may not do it any more."""
    return left_behind().filter(pk=task.pk).exists()


def to_take_over(user: Any, tasks: Iterable[FlowTask]) -> list[FlowTask]:
    """Those of the steps that this person may take from an owner who is gone: at most one statement."""
    rights = rights_for_reading(user)
    others = [
        task
        for task in tasks
        if task.owner_id and task.owner_id != user.pk and rights.holds(task.right, task.organization_id)
    ]
    if not others:
        return []
    found = set(left_behind().filter(pk__in=[task.pk for task in others]).values_list("pk", flat=True))
    return [task for task in others if task.pk in found]


def task_for(user: Any, process_id: int, task_id: int) -> FlowTask:
    """The step, when ``user`` may see its evaluation or item and the two ids belong together.

    Raises NotFound.
    """
    found = (
        FlowTask.objects.select_related("process", "evaluation__project", "item", "owner", "organization")
        .filter(visible_condition(user, "evaluation__") | responsible_condition(user, "item__"))
        .filter(pk=task_id, process=process_id, flow_task_type="HUMAN")
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def open_tasks_of(evaluation_id: int) -> QuerySet[FlowTask]:
    """The steps that an evaluation and its items wait at."""
    return FlowTask.objects.filter(evaluation=evaluation_id, flow_task_type="HUMAN", status__in=OPEN)
