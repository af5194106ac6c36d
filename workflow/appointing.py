"""The door for appointments: who has a part in an evaluation, and what waits for that part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.models import User
from approvals import actions
from approvals.course import appointments_of
from approvals.procedure import step_of
from evaluations.models import Appointment, Evaluation
from workflow.content import forget_typed
from workflow.door import refusals_noted
from workflow.flows import JihengFlow
from workflow.models import OPEN, FlowProcess, FlowTask


def appoint(*, evaluation: Evaluation, actor: User, person: User, part: str, agency: str = "") -> Appointment:
    """Appoint somebody to a part; a step that waits for it goes to them.

    Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput.
    """
    with refusals_noted("appoint", actor, "evaluation", evaluation.pk), flow_locked(evaluation):
        appointment = actions.appoint(
            evaluation=evaluation, actor=actor, person=person, part=part, agency=agency
        )
        hand_to_the_appointed(evaluation, part)
    return appointment


def end_appointment(*, appointment: Appointment, actor: User, reason: str) -> Appointment:
    """End an appointment; a step that waits for the part waits for whoever is appointed next.

    Raises WrongStage, NotAllowed, InvalidInput.
    """
    evaluation = appointment.evaluation
    with refusals_noted("end_appointment", actor, "appointment", appointment.pk), flow_locked(evaluation):
        ended = actions.end_appointment(appointment=appointment, actor=actor, reason=reason)
        hand_to_the_appointed(evaluation, ended.part)
    return ended


@contextmanager
def flow_locked(evaluation: Evaluation) -> Iterator[None]:
    """The lock of the evaluation's own process, so that no step of it is decided meanwhile."""
    process = FlowProcess.objects.filter(evaluation=evaluation, item=None).latest("pk")
    with JihengFlow.lock(process.pk):
        yield


def hand_to_the_appointed(evaluation: Evaluation, part: str) -> None:
    """Give the open steps that ask for the part to whoever has it now, without what another typed."""
    person = User.objects.filter(
        pk__in=appointments_of(evaluation).filter(part=part).values("person")
    ).first()
    for task in tasks_for(evaluation, part):
        if task.owner_id == (person.pk if person else None):
            continue
        activation = task.flow_task.activation_class(task)
        if person is None:
            activation.release()
        elif task.owner_id is None:
            activation.claim(person)
        else:
            activation.take_over(person)
        forget_typed(task)


def tasks_for(evaluation: Evaluation, part: str) -> list[FlowTask]:
    """The open steps of the evaluation that ask for a part."""
    waiting = FlowTask.objects.filter(
        evaluation=evaluation, item=None, flow_task_type="HUMAN", status__in=OPEN, right=""
    ).select_related("process", "evaluation__policy")
    return [
        task
        for task in waiting
        if task.evaluation is not None
        and (step := step_of(task.evaluation, task.stage, task.step)) is not None
        and step.part == part
    ]
