"""What is approved in a measurement: real dossiers at the department's review, and bare processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from approvals.models import Verb
from bench import bare
from evaluations.models import Stage
from tests.cast import World, bring, fill, make_world, open_self_evaluation, open_task, walk_self
from workflow import services

Approval = Callable[[], Any]


@dataclass
class Contestants:
    """One approval each, not yet done: the product's, bare viewflow's, and bare viewflow's with more."""

    product: Approval
    bare: Approval
    bare_with_gateway: Approval


class Subjects:
    """Makes dossiers and processes that wait for the department's approval."""

    def __init__(self) -> None:
        self.world: World = make_world()

    def make(self, count: int) -> list[Contestants]:
        """So many approvals of each kind, every one on a dossier or process of its own."""
        return [Contestants(self.product(), self.bare(), self.bare_with_gateway()) for _ in range(count)]

    def product(self) -> Approval:
        """A filled self-assessment at department review; approving passes it to finance."""
        evaluation = open_self_evaluation(self.world)
        fill(evaluation, evaluation.project.lead)
        bring(evaluation, Stage.DEPARTMENT_REVIEW, walk_self(self.world))
        task = open_task(evaluation)
        return lambda: services.perform(
            Verb.APPROVE,
            process_id=task.process_id,
            task_id=task.pk,
            actor=self.world.zhao,
            opinion="材料齐全，同意报送财政部门。",
        )

    def bare(self) -> Approval:
        """The same step of the straight graph on bare viewflow."""
        process = bare.process_at_department_review(bare.StraightFlow, self.world.department, self.world.zhao)
        task = bare.open_task(process)
        return lambda: bare.pass_step(task.pk, process.pk, self.world.zhao)

    def bare_with_gateway(self) -> Approval:
        """The same step where viewflow also asks for the right and branches."""
        process = bare.process_at_department_review(
            bare.BranchingFlow, self.world.department, self.world.zhao
        )
        task = bare.open_task(process)
        return lambda: bare.pass_step_when_permitted(task.pk, process.pk, self.world.zhao)
