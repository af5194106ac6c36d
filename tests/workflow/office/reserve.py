"""Who may act without being missed later: nobody decides at two steps, so some have to keep out of the first.

A sensible office does not let the only one who can conclude review before. What a policy asks of the
people ahead is counted here once more, apart from ``evaluations.policies.fillable``, and stricter: as if
every condition were met, and everybody who is asked for a vote gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass

from accounts.access import holders_of, people_asked, person_asked, rights_of
from accounts.models import User
from accounts.roles import codename_of
from approvals.actions.independence import involved, require_independence
from approvals.actions.item_shape import require_item_independence
from approvals.actions.shape import first_of
from approvals.actions.voices import ballots_now, require_one_voice
from approvals.course import rank
from approvals.procedure import Step, steps_of
from audit_log.errors import ConflictOfInterest
from evaluations.models import Evaluation, Stage
from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import PARTS
from evaluations.policies.parts import PolicyStep
from tests.workflow.office.people import Office
from workflow.models import FlowTask

# Who weighs the answers to a draft may be who drafted; the others ask nobody to judge.
ASKS_NOBODY_NEW = ("fill", "supply", "score", "answer", "consider")


@dataclass(frozen=True)
class Need:
    """A step's: so many of these people; ``spends``: all of them act there and nowhere else."""

    people: frozenset[int]
    number: int
    spends: bool


def can_be_met(needs: Iterable[Need]) -> bool:
    """Whether each step finds people of its own (Kuhn's matching)."""
    taken: dict[int, int] = {}
    places: list[frozenset[int]] = []
    spent: frozenset[int] = frozenset()
    for need in needs:
        for _person in range(need.number):
            places.append(need.people - spent)
            if not seated(len(places) - 1, places, taken, set()):
                return False
        if need.spends:
            spent |= need.people
    return True


def seated(place: int, places: list[frozenset[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Find somebody for a place, if need be by moving others."""
    for person in sorted(places[place] - tried):
        tried.add(person)
        if person not in taken or seated(taken[person], places, taken, tried):
            taken[person] = place
            return True
    return False


def need_of(step: PolicyStep, people: frozenset[int]) -> Need:
    return Need(people, step.needed or 1, spends=step.who != "any")


def is_counted(step: PolicyStep) -> bool:
    return step.work not in ASKS_NOBODY_NEW and step.asked not in PARTS


def can_be_completed(content: PolicyContent, office: Office) -> bool:
    """Whether the office's people are enough for a policy, whatever happens."""
    return can_be_met(
        need_of(step, held(office, step, content.kind))
        for _stage, _number, step in content.positions()
        if is_counted(step)
    )


def held(office: Office, step: PolicyStep, kind: str) -> frozenset[int]:
    """Who holds what a step asks for, before anybody has acted."""
    evaluator = "department" if kind == "department" else "bureau"
    place = office.places[evaluator if step.held_at == "evaluator" else step.held_at]
    return frozenset(holders_of(codename_of(step.asked), place.pk).values_list("pk", flat=True))


# --- in the course of an evaluation ---------------------------------------------------------


def are_enough_without(people: set[int], evaluation: Evaluation) -> bool:
    """Whether the steps ahead still find their people when these act at the present one."""
    return can_be_met(needs_ahead(evaluation, people))


def needs_ahead(evaluation: Evaluation, without: set[int]) -> Iterator[Need]:
    here = rank(evaluation, (evaluation.stage, evaluation.step))
    for step in steps_of(evaluation):
        assert step.policy is not None
        if rank(evaluation, step.position) > here and is_counted(step.policy):
            yield need_of(step.policy, frozenset(able_at(step, evaluation) - without))


def able_at(step: Step, evaluation: Evaluation) -> set[int]:
    """Who could decide if the evaluation stood at the step now."""
    then = copy(evaluation)
    then.stage, then.step = step.position
    organization_id = step.organization_id(evaluation) or 0
    people = set(holders_of(step.right or "", organization_id).values_list("pk", flat=True))
    return people - involved(then, people)


def asked(task: FlowTask) -> list[User]:
    """Whom a task asks at present, those who stand in for them too."""
    if task.owner_id:
        found = person_asked(task.owner_id, task.right, task.organization_id)
    elif task.right:
        found = people_asked(task.right, task.organization_id or 0)
    else:  # a part that nobody has
        found = User.objects.none()
    return list(found.order_by("pk"))


def principal_of(task: FlowTask, person: User) -> int | None:
    """For whom somebody who is asked acts here; None for themself."""
    if task.owner_id:
        return task.owner_id if task.owner_id != person.pk else None
    rights = rights_of(person)
    if rights.own(task.right, task.organization_id):
        return None
    return first_of(rights.delegators(task.right, task.organization_id), task.evaluation)


def is_free(task: FlowTask, person: User) -> bool:
    """Whether the person, being asked, may decide, and is not needed at a later step."""
    principal = principal_of(task, person)
    if not may_decide(task, person, principal):
        return False
    evaluation = task.evaluation
    assert evaluation is not None
    if task.item_id or evaluation.stage == Stage.EXPERT_SCORING:
        return True
    return are_enough_without({person.pk, principal or person.pk}, evaluation)


def may_decide(task: FlowTask, person: User, principal: int | None = None) -> bool:
    """Whether neither the person nor whom the person acts for had a hand in it, where that is asked."""
    principal = principal or principal_of(task, person)
    if task.owner_id == person.pk and not still_holds(task, person):
        return False
    try:
        require_free(task, person, principal)
    except ConflictOfInterest:
        return False
    return True


def still_holds(task: FlowTask, owner: User) -> bool:
    """Whether the owner has not lost what the task asks for; an expert's seat asks for no right."""
    return not task.right or rights_of(owner).own(task.right, task.organization_id)


def require_free(task: FlowTask, person: User, principal: int | None) -> None:
    """Raises ConflictOfInterest."""
    evaluation, step = task.evaluation, task.flow_task.procedure_of(task.evaluation, task.item)
    assert evaluation is not None
    if task.ballot is not None:
        require_one_voice(task.ballot, ballots_now(evaluation), person, principal)
    if task.item is not None and not step.fills:
        require_item_independence(task.item, person, principal)
    elif not step.fills and not step.asks_seats:
        require_independence(evaluation, person, principal)


def free_hands(task: FlowTask, start: int = 0) -> list[User]:
    """Those who are asked and free, beginning somewhere in the row."""
    people = asked(task)
    turned = people[start % len(people) :] + people[: start % len(people)] if people else []
    return [person for person in turned if is_free(task, person)]


def unowned(task: FlowTask) -> FlowTask:
    """The task as it stands when it is nobody's."""
    related = ("evaluation__policy", "evaluation__project", "item", "ballot", "organization")
    found = FlowTask.objects.select_related(*related).get(pk=task.pk)
    found.owner = None
    return found
