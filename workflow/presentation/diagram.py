"""The procedure as a diagram with its ways back, for process_diagram.html."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import Decision, ItemStage, RectificationItem, Verb
from approvals.procedure import ITEM_STEPS, Step, stages_of, steps_of
from evaluations.models import Evaluation, Stage
from workflow.presentation.policies import asked_words, condition_words, veto_words, who_words
from workflow.presentation.procedure import PASSED, Place, places, went_back
from workflow.presentation.words import item_stage_label, role_asked, stage_label

BACKWARD = (Verb.RETURN, Verb.SEND_BACK)


def diagram(evaluation: Evaluation, decisions: Sequence[Decision]) -> dict[str, Any]:
    """The evaluation's procedure for process_diagram.html: where it stands, how often it came back."""
    own = [decision for decision in decisions if decision.item_id is None]
    stages = stages_of(evaluation)
    found = places(evaluation, own)
    nodes = [
        stage_node(evaluation, stage, [place for place in found if place.step.stage == stage])
        for stage in stages
    ]
    ended = all(place.state in PASSED for place in found)
    is_closed = evaluation.stage == Stage.CLOSED
    # Closed is where everything rests: it is done when it is reached.
    here = 2 if is_closed else 0 if ended else -1
    for place, stage in enumerate((Stage.RECTIFICATION, Stage.CLOSED)):
        nodes.append({"label": stage_label(stage), "state": state_at(place, here)})
    return {
        "nodes": nodes,
        "returns": ways_back(stages, known_ways(evaluation, stages, own), own),
        "note": _("Drawn are the usual ways back; a return may lead to any completed step."),
    }


def stage_node(evaluation: Evaluation, stage: str, found: Sequence[Place]) -> dict[str, Any]:
    """A stage's box: with its one plain step, or with a box for each of its steps."""
    states = {place.state for place in found}
    state = "current" if evaluation.stage == stage else "done" if states <= PASSED else "todo"
    node: dict[str, Any] = {"label": stage_label(stage), "state": state}
    if len(found) == 1 and found[0].is_plain:
        return node | {"office": office_of(found[0].step, evaluation), "note": found[0].votes}
    return node | {"steps": [box_of(evaluation, place) for place in found]}


def box_of(evaluation: Evaluation, place: Place) -> dict[str, Any]:
    """A step's box inside of its stage's."""
    assert place.step.policy is not None
    policy = place.step.policy
    return {
        "label": asked_words(evaluation.kind, policy),
        "how": who_words(policy, place.asked) if policy.who != "any" else "",
        "veto": veto_words(policy),
        "condition": condition_words(policy.condition),
        "state": place.state,
        "note": _("passed by") if place.state == "skipped" else place.votes,
    }


def known_ways(
    evaluation: Evaluation, stages: Sequence[str], decisions: Iterable[Decision]
) -> dict[str, list[str]]:
    """The usual ways back of the stages that know any, and every other one that was gone."""
    returning = {step.stage for step in steps_of(evaluation) if {Verb.RETURN, Verb.OBJECT} & set(step.verbs)}
    ways = {stage: targets for stage, targets in before_each(stages).items() if stage in returning}
    for found in decisions:
        targets = ways.get(found.stage, [])
        if went_back(found) and found.next_stage not in (found.stage, *targets):
            targets.append(found.next_stage)
    return ways


def state_at(place: int, here: int) -> str:
    """done, current or todo."""
    return "done" if place < here else "current" if place == here else "todo"


def office_of(step: Step, evaluation: Evaluation) -> str:
    """The role that the step asks; the seats where it asks none."""
    if step.right is None:
        return _("seated experts")
    return role_asked(step.right, getattr(evaluation, held_at(step, evaluation)))


def held_at(step: Step, evaluation: Evaluation) -> str:
    """The evaluation's field where the step's right is held."""
    if step.held_at != "evaluator":
        return step.held_at
    return "department" if evaluation.evaluator_id == evaluation.department_id else "bureau"


def ways_back(
    stages: Sequence[str], returns_to: Mapping[str, Sequence[str]], decisions: Iterable[Decision]
) -> list[dict[str, Any]]:
    """Every way back that the procedure knows, with how often it was gone."""
    back = [found for found in decisions if found.verb in BACKWARD or went_back(found)]
    gone = Counter((found.stage, found.next_stage) for found in back)
    straight = Counter((found.stage, found.next_stage) for found in back if found.straight_back)
    return [
        {
            "column": stages.index(stage) + 1,
            "earlier": stages.index(target) + 1,
            "label": how_often(gone[(str(stage), str(target))], straight[(str(stage), str(target))]),
        }
        for stage in stages
        for target in returns_to.get(stage, ())
        if target in stages
    ]


def before_each(stages: Sequence[str]) -> dict[str, list[str]]:
    """The usual ways back: to the unit, or to the stage before."""
    return {stage: list(dict.fromkeys([stages[0], stages[place]])) for place, stage in enumerate(stages[1:])}


def how_often(times: int, straight: int = 0) -> str:
    """The words on a way back, with how often it was to come straight back."""
    if not times:
        return _("may return")
    words = ngettext("returned %(times)s time", "returned %(times)s times", times) % {"times": times}
    if not straight:
        return words
    return _("%(words)s, %(straight)s of them with the straight way back") % {
        "words": words,
        "straight": straight,
    }


def item_diagram(items: Sequence[RectificationItem], decisions: Iterable[Decision]) -> dict[str, Any]:
    """The procedure of the rectification items, with how many stand at each step."""
    standing = Counter(item.stage for item in items)
    ends = [ItemStage.CLOSED, *([ItemStage.CANCELLED] if standing[ItemStage.CANCELLED] else [])]
    stages = [*ITEM_STEPS, *ends]
    nodes = [
        {
            "label": item_stage_label(stage),
            "state": "current" if standing[stage] else "todo",
            "note": number_of_items(standing[stage]),
        }
        for stage in stages
    ]
    of_items = [decision for decision in decisions if decision.item_id is not None]
    return {
        "nodes": nodes,
        "returns": ways_back(
            list(ITEM_STEPS), {stage: step.returns_to for stage, step in ITEM_STEPS.items()}, of_items
        ),
    }


def number_of_items(number: int) -> str:
    """How many items, in words; nothing for none."""
    return ngettext("%(number)s item", "%(number)s items", number) % {"number": number} if number else ""
