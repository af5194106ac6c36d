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
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from approvals.models import Decision
from approvals.procedure import Step as ProcedureStep
from audit_log import clock
from workflow.models import FlowTask


class StepActivation(ViewActivation):
    """A person's step: who may take it comes from the procedure's table."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> StepActivation:
        process = prev_activation.process
        task = flow_task.flow_class.task_class(
            process=process, flow_task=flow_task, token=token, data=data or {}
        )
        flow_task.address(task)
        task.created = clock.now()
        task.save(force_insert=True)
        task.previous.add(prev_activation.task)
        return cls(task)

    def prepare_revived_task(self, task: FlowTask) -> None:
        """A revived task asks for the same right as the one it replaces."""
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
        """Take a task out of the hands of somebody who may not do it any more."""
        self.task.owner = actor
        self.task.assigned = clock.now()
        self.task.save(update_fields=["status", "owner", "assigned"])

    @Activation.status.transition(source=STATUS.ASSIGNED, target=STATUS.NEW)
    def release(self) -> None:
        """Give a claimed task back to the role."""
        self.task.owner = None
        self.task.assigned = None
        self.task.save(update_fields=["status", "owner", "assigned"])

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Create the step that the decision names."""
        yield self.flow_task.after(self.decision)._create(self, self.task.token)


class Step(flow_nodes.View):
    """A human step at a stage, with the steps that a decision may lead to."""

    activation_class = StepActivation

    def __init__(self, stage: str, procedure: dict[str, ProcedureStep]) -> None:
        super().__init__(view=None)
        self.stage = stage
        self.procedure = procedure[stage]
        self._targets: list[Any] = []

    def goes_to(self, *targets: Any) -> Step:
        """The steps after this one when it is passed."""
        self._targets += targets
        return self

    def returns_to(self, *targets: Any) -> Step:
        """The steps that a return may lead back to."""
        self._targets += targets
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._targets = [this.resolve(instance, target) for target in self._targets]

    def _outgoing(self) -> Iterator[Edge]:
        for target in self._targets:
            yield Edge(src=self, dst=target, edge_class="next")

    def after(self, decision: Decision) -> Any:
        """The node for the decision's next stage."""
        for target in self._targets:
            if decision.next_stage in stages_entered_by(target):
                return target
        raise FlowRuntimeError(f"{self.name} has no way to {decision.next_stage}")

    def address(self, task: FlowTask) -> None:
        """Write on the task whom it asks: an owner, or a right at an organization."""
        process = task.process
        subject = process.item if process.item_id else process.evaluation
        evaluation = process.evaluation
        task.evaluation, task.item, task.stage, task.round = (
            evaluation,
            process.item,
            self.stage,
            subject.round,
        )
        place = subject if self.procedure.held_at == "responsible_unit" else evaluation
        task.right = self.procedure.right or ""
        task.organization_id = getattr(place, f"{self.procedure.held_at}_id")
        task.due = self.due(evaluation, process.item)
        owner_id = task.data.get("owner") or self.owner_id(evaluation, process.item)
        if owner_id:
            task.owner_id, task.status, task.assigned = owner_id, STATUS.ASSIGNED, clock.now()

    def owner_id(self, evaluation: Any, item: Any) -> int | None:
        """The person asked, when it is one person: the project's lead, or the item's responsible person."""
        if not self.procedure.fills:
            return None
        found: int | None = item.responsible_person_id if item else evaluation.project.lead_id
        return found

    def due(self, evaluation: Any, item: Any) -> Any:
        """The item's due date, or the days that the evaluation gives for the stage."""
        if item:
            return item.due
        days = evaluation.days_to_fill if self.procedure.fills else evaluation.days_to_review
        return clock.today() + timedelta(days=days)

    def can_execute(self, user: Any, task: FlowTask) -> bool:
        """Answered by ``workflow.access`` only."""
        return False

    can_assign = can_unassign = can_execute


def stages_entered_by(node: Any) -> frozenset[str]:
    """The stages that going to this node means."""
    own = getattr(node, "stage", None)
    return frozenset([own] if own else getattr(node, "stages", ()))


class Automatic(flow_nodes.Function):
    """A step that the program does by itself on entering a stage."""

    def __init__(self, func: Any, *, stage: str) -> None:
        super().__init__(func)
        self.stages = (stage,)


class Finish(flow_nodes.End):
    """The end of a flow, entered when the decision names one of these stages."""

    def __init__(self, *stages: str) -> None:
        super().__init__()
        self.stages = stages


class PanelActivation(SplitActivation):
    """One task for each seat, each with its own token."""

    @Activation.status.super()
    def activate(self) -> None:
        self.seats = list(self.process.evaluation.seats.order_by("pk"))
        if not self.seats:
            raise FlowRuntimeError("A panel needs at least one seat")

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        tokens = Token.split_token_source(self.task.token, self.task.pk)
        ((node, _condition, _data),) = self.flow_task._branches
        for seat, token in zip(self.seats, tokens, strict=False):
            yield node._create(self, token, data={"owner": seat.expert_id, "seat": seat.pk})


class Panel(flow_nodes.Split):
    """Splits into one step per seated expert; a Join brings them together."""

    activation_class = PanelActivation

    def __init__(self, *, stage: str) -> None:
        super().__init__()
        self.stages = (stage,)


class Gather(flow_nodes.Join):
    """Waits for every seat; entered by each expert's decision."""

    def __init__(self, *, stages: tuple[str, ...]) -> None:
        super().__init__()
        self.stages = stages
