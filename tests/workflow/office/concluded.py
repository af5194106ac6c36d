"""Evaluations that have just been concluded, with items of every origin, for courses that begin there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from evaluations.models import Evaluation, Kind, ReviewPolicy, Stage
from evaluations.policies.shipped import default_policy
from tests.cast import soon
from tests.workflow.office.ending import Ending
from tests.workflow.office.machine import Course
from tests.workflow.office.people import staffed_office
from tests.workflow.office.watching import Played, origins_of
from workflow import services
from workflow.models import FlowTask

# What is raised while an evaluation passes a stage, with the amounts in 万元.
RAISED: dict[str, tuple[dict[str, Any], ...]] = {
    Stage.SELF_ASSESSMENT: ({"requirement": "按期交付"},),
    Stage.DEPARTMENT_REVIEW: ({"requirement": "退回结余", "amount": Decimal(30)},),
    Stage.FINANCE_REVIEW: ({"requirement": "收回资金", "amount": Decimal("12.5")},),
    Stage.DRAFT_CONCLUSION: (
        {"requirement": "修订制度", "amount": Decimal(8)},
        {"requirement": "补齐档案"},
    ),
}


class Start(Course):
    """What all courses find: one evaluation of a unit itself and one of its department's."""

    kind = Kind.SELF

    def opens_with_the_usual_policy(self, kind: str) -> Evaluation:
        self.kind = kind
        self.policy = ReviewPolicy.objects.get(code=default_policy(kind).code, version=1)
        self.opens(seed=1, experts=0)
        return self.evaluations[-1]


class Concluding(Ending):
    """The way to the conclusion, with items raised on it."""

    until = Stage.RECTIFICATION

    def passes(self, task: FlowTask) -> bool:
        """Before that, whoever passes the step raises what there is to raise."""
        person = next(iter(self.course.free_hands(task)), None)
        is_first = person is not None and task.step == 0 and task.round == 1
        for details in RAISED.get(task.stage, ()) if is_first else ():
            item = services.raise_item(
                evaluation=self.evaluation, actor=person, due=soon(40), task=task, **details
            )
            self.course.origins |= origins_of(item)
        self.course.recalled.clear()
        return super().passes(task)


def concluded() -> Start:
    """An office with its evaluations in rectification; whatever was written is undone by ``finish``."""

    class StartHere(Start):
        office = staffed_office()
        played = Played()

    start = StartHere()
    for kind in (Kind.SELF, Kind.DEPARTMENT):
        Concluding(start, start.opens_with_the_usual_policy(kind)).bring_about()
    return start
