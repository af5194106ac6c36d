"""The same graph on bare viewflow: its own models, its own nodes, the same lock.

Nothing is decided, recorded or told here; a step is assigned, started and executed
from code, and the next one is created.
"""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import Activation, Flow
from viewflow.workflow.flow import End, If, StartHandle, View
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process, Task

from accounts.models import Organization, User

LOCK = SelectForUpdateLock(nowait=False, attempts=1)
RIGHT = "accounts.review_department"


def place(process: Process) -> Organization:
    """The organization where the right of a step is asked for."""
    found: Organization = process.seed
    return found


def step() -> View:
    """A human step whose right is held on an object."""
    return View(None).Permission(RIGHT, obj=place)


def begin(activation: Activation, organization: Organization) -> Process:
    """Start a process at an organization."""
    activation.process.seed = organization
    return activation.process


class StraightFlow(Flow):
    """Each step leads to the next one: the least that a transition can cost in viewflow."""

    lock_impl = LOCK

    start = StartHandle(begin).Next(this.self_assessment)
    self_assessment = step().Next(this.unit_approval)
    unit_approval = step().Next(this.department_review)
    department_review = step().Next(this.finance_review)
    finance_review = step().Next(this.conclusion)
    conclusion = step().Next(this.end)
    end = End()


def passed(activation: Activation) -> bool:
    """Nothing is returned in a measurement."""
    return True


class BranchingFlow(Flow):
    """A review may be passed or returned, as in the product: viewflow needs a gateway for it."""

    lock_impl = LOCK

    start = StartHandle(begin).Next(this.self_assessment)
    self_assessment = step().Next(this.unit_approval)
    unit_approval = step().Next(this.approved_by_unit)
    approved_by_unit = If(passed).Then(this.department_review).Else(this.self_assessment)
    department_review = step().Next(this.approved_by_department)
    approved_by_department = If(passed).Then(this.finance_review).Else(this.self_assessment)
    finance_review = step().Next(this.accepted_by_finance)
    accepted_by_finance = If(passed).Then(this.conclusion).Else(this.self_assessment)
    conclusion = step().Next(this.end)
    end = End()


def pass_step(task_id: int, process_id: int, actor: User) -> Task:
    """Take an open step, finish it, and create the next one, in one transaction."""
    with StraightFlow.lock(process_id):
        task = Task.objects.select_related("process").get(pk=task_id)
        activation = task.flow_task.activation_class(task)
        activation.assign(actor)
        activation.start(None)
        activation.execute()
    return task


def pass_step_when_permitted(task_id: int, process_id: int, actor: User) -> Task:
    """The same, asking first whether the actor may take the step, as viewflow's own pages do."""
    with BranchingFlow.lock(process_id):
        task = Task.objects.select_related("process").get(pk=task_id)
        activation = task.flow_task.activation_class(task)
        assert activation.assign.has_perm(actor)
        activation.assign(actor)
        activation.start(None)
        activation.execute()
    return task


def open_task(process: Process) -> Task:
    """The step that the process waits at."""
    return Task.objects.get(process=process, finished=None)


def process_at_department_review(flow: Any, organization: Organization, actor: User) -> Process:
    """A new process of ``flow``, brought to the department's review."""
    process: Process = flow.start.run(organization=organization)
    for _ in range(2):
        pass_step(open_task(process).pk, process.pk, actor)
    return process
