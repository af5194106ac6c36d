"""The nodes at which nobody is asked: the start, what the program does by itself, and the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from viewflow.workflow import Activation
from viewflow.workflow.flow import StartHandle
from viewflow.workflow.flow import nodes as flow_nodes
from viewflow.workflow.nodes.start import StartHandleActivation

from approvals.models import Decision
from workflow.nodes import ONE_TOKEN, stages_entered_by


class Automatic(flow_nodes.Function):
    """A step that the program does by itself on entering a stage."""

    def __init__(self, func: Any, *, stage: str) -> None:
        super().__init__(func)
        self.stages = (stage,)

    def opened(self, activation: Activation, decision: Decision) -> Iterator[Activation]:
        """Entered once, by the decision that leads here."""
        yield self._create(activation, ONE_TOKEN)


class Finish(flow_nodes.End):
    """The end of a flow, entered when the decision names one of these stages."""

    def __init__(self, *stages: str) -> None:
        super().__init__()
        self.stages = stages

    def opened(self, activation: Activation, decision: Decision) -> Iterator[Activation]:
        """Entered once, by the decision that leads here."""
        yield self._create(activation, ONE_TOKEN)


class BeginActivation(StartHandleActivation):
    """Asks whoever the evaluation's present stage asks, whichever that is."""

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        evaluation = self.process.evaluation
        stage = self.process.item.stage if self.process.item_id else evaluation.stage
        for node in self.flow_class.instance.nodes():
            if stage in stages_entered_by(node):
                yield from node.opened(self, Decision(next_stage=stage, next_step=evaluation.step))


class Begin(StartHandle):
    """The start of a process over an evaluation or an item that stands at a stage already."""

    activation_class = BeginActivation
