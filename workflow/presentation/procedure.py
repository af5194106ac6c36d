"""The procedure on a page: as steps with dates, and as a diagram with its ways back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.actions.independence import NO_JUDGEMENT
from approvals.actions.voices import ballots_now
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from approvals.procedure import ITEM_STEPS, Step, stages_of, steps_of
from evaluations.models import Evaluation, Stage
from workflow.models import FlowTask
from workflow.presentation.policies import asked_words, condition_words, veto_words, who_words
from workflow.presentation.words import (
    deadline_words,
    item_stage_label,
    role_asked,
    short_date,
    stage_label,
)
from workflow.working_days import working_days_left

BACKWARD = (Verb.RETURN, Verb.SEND_BACK)
STAGES = [stage.value for stage in Stage]
PASSED = {"done", "skipped"}


@dataclass(frozen=True)
class Place:
    """One step of the evaluation's policy, and how it stands with it."""

    step: Step
    state: str
    """done, current, skipped or todo."""
    votes: str = ""
    """How many of those who are asked have voted, where several are."""
    asked: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether everybody passes it by one person's word."""
        assert self.step.policy is not None
        return self.step.policy.who == "any" and self.step.policy.condition.is_empty


def places(evaluation: Evaluation, decisions: Iterable[Decision]) -> list[Place]:
    """Every step that the evaluation may have to pass; behind it, those nobody decided at were skipped."""
    decided = {(found.stage, found.step) for found in decisions if found.verb not in NO_JUDGEMENT}
    steps = steps_of(evaluation)
    order = [step.position for step in steps]
    at = (evaluation.stage, evaluation.step)
    here = order.index(at) if at in order else len(order)
    return [
        place_at(evaluation, step, place - here, step.position in decided) for place, step in enumerate(steps)
    ]


def place_at(evaluation: Evaluation, step: Step, distance: int, was_decided: bool) -> Place:
    """A step so many steps ahead of where the evaluation stands."""
    if distance:
        return Place(step, "todo" if distance > 0 else "done" if was_decided else "skipped")
    if not step.is_joint:
        return Place(step, "current")
    ballots = [ballot for ballot in ballots_now(evaluation) if ballot.excused_at is None]
    given = sum(ballot.decision_id is not None for ballot in ballots)
    words = _("%(given)s of %(asked)s have voted") % {"given": given, "asked": len(ballots)}
    return Place(step, "current", words, len(ballots))


def stepper(
    evaluation: Evaluation, decisions: Sequence[Decision], tasks: Iterable[FlowTask]
) -> list[dict[str, Any]]:
    """The steps for stepper.html: when each was passed, how long the present one still has."""
    own = [decision for decision in decisions if decision.item_id is None]
    tasks = list(tasks)
    found = places(evaluation, own)
    steps = [stepper_step(evaluation, place, own, tasks) for place in found]
    return [*steps, last_step(evaluation, all(place.state in PASSED for place in found), tasks)]


def stepper_step(
    evaluation: Evaluation, place: Place, own: Sequence[Decision], tasks: Iterable[FlowTask]
) -> dict[str, Any]:
    """One step of the policy for stepper.html."""
    step: dict[str, Any] = {"label": label_of(evaluation, place.step), "state": place.state}
    match place.state:
        case "done":
            step["date"] = passed_on(place.step, own)
        case "skipped":
            step["note"] = _("passed by")
        case "current":
            words = filter(None, (time_left(place.step.stage, tasks), place.votes))
            step["note"] = " · ".join(words)
        case "todo" if day := returned_on(place.step, own):
            step |= {"state": "returned", "note": _("returned on %(day)s") % {"day": day}}
    if gets_it_straight_back(evaluation, place.step):
        step["note"] = " · ".join(filter(None, [step.get("note"), _("gets it straight back")]))
    return step


def gets_it_straight_back(evaluation: Evaluation, step: Step) -> bool:
    """Whether a straight way leads back to this step."""
    return any((way["stage"], way["step"]) == step.position for way in evaluation.detours)


def label_of(evaluation: Evaluation, step: Step) -> str:
    """The stage, with whom the step asks where the stage has several."""
    assert step.policy is not None
    several = sum(each.stage == step.stage for each in steps_of(evaluation)) > 1
    label = stage_label(step.stage)
    return f"{label} · {asked_words(evaluation.kind, step.policy)}" if several else label


def last_step(evaluation: Evaluation, is_reached: bool, tasks: Iterable[FlowTask]) -> dict[str, Any]:
    """Rectification, and closed once it is."""
    if evaluation.stage == Stage.CLOSED:
        day = short_date(local_day(evaluation.closed_at))
        return {"label": stage_label(Stage.CLOSED), "state": "done", "date": day}
    step = {"label": stage_label(Stage.RECTIFICATION), "state": "todo"}
    if is_reached:
        step |= {"state": "current", "note": time_left(Stage.RECTIFICATION, tasks)}
    return step


def went_back(decision: Decision) -> bool:
    """Whether the decision led the dossier back: a return, or the vote with which one was decided."""
    if decision.verb in NO_JUDGEMENT or decision.stage not in STAGES or decision.next_stage not in STAGES:
        return False
    left, next = STAGES.index(decision.stage), STAGES.index(decision.next_stage)
    return (next, decision.next_step) < (left, decision.step)


def passed_on(step: Step, decisions: Iterable[Decision]) -> str:
    """The day on which the step was last passed."""
    passed = [
        found
        for found in decisions
        if (found.stage, found.step) == step.position
        and found.verb not in NO_JUDGEMENT
        and not went_back(found)
    ]
    return short_date(local_day(passed[-1].decided_at)) if passed else ""


def returned_on(step: Step, decisions: Sequence[Decision]) -> str:
    """The day of the dossier's last return, when this step returned it."""
    returns = [found for found in decisions if went_back(found)]
    if not returns or (returns[-1].stage, returns[-1].step) != step.position:
        return ""
    return short_date(local_day(returns[-1].decided_at))


def time_left(stage: str, tasks: Iterable[FlowTask]) -> str:
    """The nearest deadline of the open steps at the stage."""
    dues = [task.due for task in tasks if task.due and (task.stage == stage or stage == Stage.RECTIFICATION)]
    return deadline_words(working_days_left(min(dues))) if dues else ""


def local_day(moment: Any) -> Any:
    """The local date of an aware moment."""
    return timezone.localtime(moment).date() if moment else None


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
    stages = [*ITEM_STEPS, ItemStage.CLOSED]
    standing = Counter(item.stage for item in items)
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
