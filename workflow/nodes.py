"""Our own steps on viewflow's engine.

A step's row carries what the inbox needs, goes on by the stored decision, and
writes only what changed: one insert with its link on creation, one update on
completion.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from viewflow.this_object import this
from viewflow.workflow import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.flow import nodes as flow_nodes
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from accounts.access import holders_of
from approvals.actions.voices import ballots_now, in_turn
from approvals.course import appointed_to
from approvals.ladder import due_at
from approvals.models import Ballot, Decision
from approvals.procedure import Step as ProcedureStep
from approvals.procedure import item_step, step_at, step_of
from audit_log import clock
from workflow.models import OPEN, FlowProcess, FlowTask

# The one token of a process: steps that ask several are told apart by their ballots, not by splitting it.
ONE_TOKEN = Token("start")


class StepActivation(ViewActivation):
    """A person's step: who may take it comes from the procedure's table."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> StepActivation:
        return cls.asking(flow_task, prev_activation, token)

    @classmethod
    def asking(
        cls,
        flow_task: Any,
        prev_activation: Activation,
        token: Any,
        ballot: Ballot | None = None,
        owner_id: int | None = None,
    ) -> StepActivation:
        """A task for the step: for one ballot of it, or for whoever gets it by name."""
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token, data={}, ballot=ballot
        )
        flow_task.address(task, owner_id)
        task.created = clock.now()
        task.save(force_insert=True)
        task.previous.add(prev_activation.task)
        return cls(task)

    def prepare_revived_task(self, task: FlowTask) -> None:
        """A revived task asks for the same right as the one it replaces."""
        task.ballot = self.task.ballot
        self.flow_task.address(task)
        if self.task.owner_id and not task.owner_id:
            task.owner_id, task.status = self.task.owner_id, STATUS.ASSIGNED

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE)
    def finish(self, actor: Any, decision: Decision) -> None:
        """Complete the step in the name of ``actor`` and go where the decision says."""
        assert connection.in_atomic_block
        moment = clock.now()
        self.decision = decision
        self.task.owner = actor
        self.task.started = self.task.started or moment
        self.task.finished = moment
        self.task.save(update_fields=["status", "owner", "started", "finished"])
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.ASSIGNED)
    def claim(self, actor: Any) -> None:
        """Take a task that a role was asked for."""
        self.task.owner = actor
        self.task.assigned = clock.now()
        self.task.save(update_fields=["status", "owner", "assigned"])

    @Activation.status.transition(source=STATUS.ASSIGNED, target=STATUS.ASSIGNED)
    def take_over(self, actor: Any) -> None:
        """Put a task into other hands: its owner hands it over, or may not do it any more."""
        self.task.owner = actor
        self.task.assigned = clock.now()
        self.task.save(update_fields=["status", "owner", "assigned"])

    @Activation.status.transition(source=STATUS.ASSIGNED, target=STATUS.NEW)
    def release(self) -> None:
        """Give a claimed task back to the role."""
        self.task.owner = None
        self.task.assigned = None
        self.task.save(update_fields=["status", "owner", "assigned"])

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.CANCELED)
    def drop(self) -> None:
        """Nobody is asked any more: the step was passed, or its ballot was excused."""
        self.task.finished = clock.now()
        self.task.save(update_fields=["status", "finished"])

    def go_without(self, decision: Decision) -> None:
        """Drop the task whose voice is asked no more, and go where the decision says."""
        self.drop()
        self._activate_next(set(next_steps(self, self.flow_task, decision)))

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Create the steps that the decision names; a vote among several may create none."""
        yield from next_steps(self, self.flow_task, self.decision)


def next_steps(activation: Activation, left: Step, decision: Decision) -> Iterator[Activation]:
    """Bring the tasks in line with what the decision left: drop what lapsed, ask who is asked now."""
    evaluation = decision.evaluation
    if decision.item_id is None and left.was_joint(evaluation, decision):
        drop_lapsed(activation.process, all_of_them=decision.moves)
    node = left.node_at(decision.next_stage)
    yield from node.opened(activation, decision)


def drop_lapsed(process: FlowProcess, *, all_of_them: bool = False) -> None:
    """Cancel the open tasks of a step that asks several whose ballot is asked no more."""
    waiting = FlowTask.objects.filter(
        process=process, flow_task_type="HUMAN", status__in=OPEN
    ).select_related("ballot", "process")
    for task in waiting:
        if all_of_them or task.ballot is None or not task.ballot.is_open:
            task.flow_task.activation_class(task).drop()


def bring_in_line(process: FlowProcess) -> None:
    """Let the tasks of a panel follow its ballots, which seats may give and take without a decision."""
    tasks = FlowTask.objects.filter(process=process, flow_task_type="HUMAN").order_by("pk")
    # Tasks hang on the one before them in the same step: a panel has had at least one.
    last = tasks.select_related("process__evaluation__policy", "process__evaluation__project").last()
    step = step_at(last.process.evaluation) if last else None
    if last is None or step is None or not step.is_joint:
        return
    drop_lapsed(process)
    activation = last.flow_task.activation_class(last)
    list(last.flow_task.opened_for_ballots(activation, step))


class Step(flow_nodes.View):
    """A human step at a stage, with the steps that a decision may lead to."""

    activation_class = StepActivation

    def __init__(self, stage: str) -> None:
        super().__init__(view=None)
        self.stage = stage
        self._targets: list[Any] = []

    def leads_to(self, *targets: Any) -> Step:
        """The steps that a decision here may lead to; the review policy says when."""
        self._targets += targets
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._targets = [this.resolve(instance, target) for target in self._targets]

    def _outgoing(self) -> Iterator[Edge]:
        for target in self._targets:
            yield Edge(src=self, dst=target, edge_class="next")

    def node_at(self, stage: str) -> Any:
        """The node of a stage that a decision here may lead to."""
        for target in (self, *self._targets):
            if stage in stages_entered_by(target):
                return target
        raise FlowRuntimeError(f"{self.name} has no way to {stage}")

    def procedure_of(self, evaluation: Any, item: Any) -> ProcedureStep:
        """What the procedure says of the step: of the item's, or of the evaluation's by its policy."""
        step = item_step(item, self.stage) if item else step_of(evaluation, self.stage, evaluation.step)
        if step is None:
            raise FlowRuntimeError(f"{self.name} has no step {evaluation.step}")
        return step

    def was_joint(self, evaluation: Any, decision: Decision) -> bool:
        """Whether the step that was decided on had asked several."""
        step = step_of(evaluation, decision.stage, decision.step)
        return step is not None and step.is_joint

    def opened(self, activation: Activation, decision: Decision) -> Iterator[Activation]:
        """The tasks that the step still needs: one, or one for each ballot whose turn it is."""
        process = activation.process
        if process.item_id is None:
            step = self.procedure_of(process.evaluation, None)
            if step.is_joint:
                yield from self.opened_for_ballots(activation, step)
                return
            if not decision.moves:
                return
        yield StepActivation.asking(self, activation, ONE_TOKEN, owner_id=decision.next_person_id)

    def opened_for_ballots(self, activation: Activation, step: ProcedureStep) -> Iterator[Activation]:
        """One task for each ballot whose turn it is and that has none."""
        ballots = in_turn(step, ballots_now(activation.process.evaluation))
        asked = set(
            FlowTask.objects.filter(
                process=activation.process, status__in=OPEN, ballot__in=ballots
            ).values_list("ballot_id", flat=True)
        )
        for ballot in ballots:
            if ballot.pk not in asked:
                yield StepActivation.asking(self, activation, Token(f"start/{ballot.pk}"), ballot=ballot)

    def address(self, task: FlowTask, owner_id: int | None = None) -> None:
        """Write on the task whom it asks: an owner, or a right at an organization."""
        evaluation, item = task.process.evaluation, task.process.item
        step = self.procedure_of(evaluation, item)
        task.evaluation, task.item, task.stage, task.step = evaluation, item, self.stage, step.number
        task.round = (item or evaluation).round
        place = item if step.held_at == "responsible_unit" else evaluation
        task.right = str(step.right or "")
        task.organization_id = getattr(place, f"{step.held_at}_id")
        if task.ballot is not None:
            task.right = task.ballot.right
            task.organization_id = task.ballot.organization_id or task.organization_id
        task.due = self.due(evaluation, item, step)
        owner_id = self.owner_of(task, step, owner_id)
        if owner_id:
            task.owner_id, task.status, task.assigned = owner_id, STATUS.ASSIGNED, clock.now()

    def owner_of(self, task: FlowTask, step: ProcedureStep, owner_id: int | None) -> int | None:
        """The person asked by name, if anybody is."""
        if task.ballot is not None:
            return task.ballot.person_id
        if step.part:
            return appointed_to(task.process.evaluation, step.part)
        if owner_id and holders_of(task.right, task.organization_id or 0).filter(pk=owner_id).exists():
            return owner_id
        return self.owner_id(task.process.evaluation, task.process.item)

    def owner_id(self, evaluation: Any, item: Any) -> int | None:
        """The person asked, when it is one person: the project's lead, or the item's responsible person."""
        if not self.procedure_of(evaluation, item).fills:
            return None
        found: int | None = item.responsible_person_id if item else evaluation.project.lead_id
        return found

    def due(self, evaluation: Any, item: Any, step: ProcedureStep) -> Any:
        """When the item's step is due, or the days that the policy or the evaluation gives for the step."""
        if item:
            return due_at(item, self.stage)
        days = evaluation.days_to_fill if step.fills else evaluation.days_to_review
        if step.policy and step.policy.days:
            days = step.policy.days
        return clock.today() + timedelta(days=days)

    def can_execute(self, user: Any, task: FlowTask) -> bool:
        """Answered by ``workflow.access`` only."""
        return False

    can_assign = can_unassign = can_execute


def stages_entered_by(node: Any) -> frozenset[str]:
    """The stages that going to this node means."""
    own = getattr(node, "stage", None)
    return frozenset([own] if own else getattr(node, "stages", ()))
