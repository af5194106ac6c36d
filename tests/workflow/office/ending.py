"""Bringing an evaluation to its end from wherever it stands, as a sensible office would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.access import rights_of
from accounts.models import User
from accounts.roles import HELD_AT, RIGHTS, Right, Role
from approvals.models import ItemStage
from audit_log.errors import JihengError
from evaluations.models import Evaluation, Seat, Stage
from tests.workflow.office import moves
from tests.workflow.office.people import Office
from workflow import handing_over, rectifying, seating, services
from workflow.models import OPEN, FlowTask

MOST_STEPS = 200


def bring_to_the_end(office: Office, evaluation: Evaluation) -> None:
    """Pass step after step; whoever cannot act is replaced by somebody who is appointed to the role."""
    for _ in range(MOST_STEPS):
        evaluation.refresh_from_db()
        if evaluation.stage == Stage.CLOSED:
            return
        fill_vacant_seats(office, evaluation)
        issue_what_is_proposed(office, evaluation)
        tasks = FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN).select_related(
            "evaluation__policy", "evaluation__project", "item", "ballot", "owner"
        )
        task = tasks.order_by("pk").first()
        assert task is not None, f"nothing waits at {evaluation.stage}"
        refused = passed(office, task)
        assert not refused, f"nobody can pass {task.stage} {task.step}: {refused}"
    raise AssertionError(f"still at {evaluation.stage} after {MOST_STEPS} steps")


def passed(office: Office, task: FlowTask) -> list[str]:
    """Let whoever is asked pass the step, else a newcomer in the role. Returns why nobody could."""
    refused: list[str] = []
    if any(passes(task, person, refused) for person in candidates(office, task)):
        return []
    if not task.right:
        return refused
    newcomer = office.add(role_for(task))
    if passes(task, newcomer, refused):
        return []
    taken = takes(task, newcomer, refused)
    return [] if taken and passes(task, newcomer, refused) else refused


def candidates(office: Office, task: FlowTask) -> list[User]:
    """Whoever might act: the owner, else everybody with the right."""
    if task.owner is not None:
        return [task.owner, *(each for each in office.people if stands_in(each, task))]
    return [each for each in office.people if rights_of(each).holds(task.right, task.organization_id)]


def stands_in(person: User, task: FlowTask) -> bool:
    return task.owner_id in rights_of(person).delegators(task.right, task.organization_id)


def passes(task: FlowTask, person: User, refused: list[str]) -> bool:
    return goes(lambda: moves.act(moves.passing_verb(task), task, person), f"{person} passes", refused)


def takes(task: FlowTask, newcomer: User, refused: list[str]) -> bool:
    """Get the task out of hands that cannot do it: take it over, have it handed over, or given back."""
    place, owner = moves.place_of(task), task.owner
    attempts: list[tuple[str, Callable[[], Any]]] = [
        ("take over", lambda: services.take_over(**place, actor=newcomer)),
        (
            "hand over",
            lambda: handing_over.transfer(**place, actor=owner, to=newcomer, reason="转由他人办理。"),
        ),
        ("release", lambda: services.release(**place, actor=owner)),
    ]
    return any(goes(attempt, name, refused) for name, attempt in attempts)


def goes(attempt: Callable[[], Any], name: str, refused: list[str]) -> bool:
    """Whether the attempt is not refused; if it is, why."""
    try:
        attempt()
    except JihengError as error:
        refused.append(f"{name}: {error} {error.data}")
        return False
    return True


def role_for(task: FlowTask) -> Role:
    """A role that carries the right that the task asks for."""
    if task.right.startswith("as_"):
        return Role(task.right.removeprefix("as_"))
    return next(role for role, rights in RIGHTS.items() if Right(task.right) in rights and fits(role, task))


def fits(role: Role, task: FlowTask) -> bool:
    assert task.organization is not None
    return HELD_AT[role] == task.organization.kind


def runs_it(office: Office, evaluation: Evaluation) -> User:
    """Somebody of the office that runs the evaluation."""
    at_bureau = evaluation.evaluator_id == evaluation.bureau_id
    return office.holders(Role.FINANCE_OFFICER if at_bureau else Role.DEPARTMENT_REVIEWER)[0]


def issue_what_is_proposed(office: Office, evaluation: Evaluation) -> None:
    """What was proposed in rectification goes out with a notice of its own."""
    if evaluation.stage == Stage.RECTIFICATION and evaluation.items.filter(stage=ItemStage.DRAFT).exists():
        rectifying.issue_notice(evaluation=evaluation, actor=runs_it(office, evaluation))


def fill_vacant_seats(office: Office, evaluation: Evaluation) -> None:
    """Seat a new expert for each who was recused, and one where nobody is left before the scoring."""
    officer = runs_it(office, evaluation)
    for seat in Seat.objects.vacant().filter(evaluation=evaluation).select_related("evaluation__project"):
        seating.replace_expert(seat=seat, actor=officer, expert=office.add(Role.EXPERT))
    if evaluation.stage == Stage.MATERIAL and not evaluation.seats.in_force().exists():
        services.seat_expert(evaluation=evaluation, actor=officer, expert=office.add(Role.EXPERT))
