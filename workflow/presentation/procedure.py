"""The procedure on a page: as steps with dates, and as a diagram with its ways back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import Decision, ItemStage, RectificationItem, Verb
from approvals.procedure import ITEM_STEPS, Step, stages_of, steps_of
from evaluations.models import Evaluation, Stage
from workflow.models import FlowTask
from workflow.presentation.words import (
    deadline_words,
    item_stage_label,
    role_asked,
    short_date,
    stage_label,
)
from workflow.working_days import working_days_left

BACKWARD = (Verb.RETURN, Verb.SEND_BACK)


def place_of(evaluation: Evaluation) -> int:
    """How many stages lie behind; rectification is the one after the last."""
    stages = stages_of(evaluation)
    if evaluation.stage == Stage.CLOSED:
        return len(stages) + 1
    return stages.index(evaluation.stage) if evaluation.stage in stages else len(stages)


def stepper(
    evaluation: Evaluation, decisions: Sequence[Decision], tasks: Iterable[FlowTask]
) -> list[dict[str, Any]]:
    """The steps for stepper.html: when each was passed, how long the present one still has."""
    here = place_of(evaluation)
    own = [decision for decision in decisions if decision.item_id is None]
    steps = []
    for place, stage in enumerate([*stages_of(evaluation), Stage.RECTIFICATION]):
        step = {"label": stage_label(stage), "state": "todo"}
        if place < here:
            step |= {"state": "done", "date": passed_on(stage, own)}
        elif place == here:
            step |= {"state": "current", "note": time_left(stage, tasks)}
        elif returned_on(stage, own):
            step |= {"state": "returned", "note": _("returned on %(day)s") % {"day": returned_on(stage, own)}}
        steps.append(step)
    if evaluation.stage == Stage.CLOSED:
        steps[-1] |= {"label": stage_label(Stage.CLOSED), "date": short_date(local_day(evaluation.closed_at))}
    return steps


def passed_on(stage: str, decisions: Iterable[Decision]) -> str:
    """The day on which the stage was last passed."""
    passed = [found for found in decisions if found.stage == stage and found.verb not in BACKWARD]
    return short_date(local_day(passed[-1].decided_at)) if passed else ""


def returned_on(stage: str, decisions: Sequence[Decision]) -> str:
    """The day of the dossier's last return, when this stage returned it."""
    returns = [found for found in decisions if found.verb in BACKWARD]
    if not returns or returns[-1].stage != stage:
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
    stages = stages_of(evaluation)
    steps = {step.stage: step for step in reversed(steps_of(evaluation))}
    here = place_of(evaluation)
    nodes = [
        {
            "label": stage_label(stage),
            "office": office_of(steps[stage], evaluation),
            "state": state_at(place, here),
        }
        for place, stage in enumerate(stages)
    ]
    for place, stage in enumerate((Stage.RECTIFICATION, Stage.CLOSED), start=len(stages)):
        # Closed is where everything rests: it is done when it is reached.
        nodes.append({"label": stage_label(stage), "state": state_at(place, here)})
    own = [decision for decision in decisions if decision.item_id is None]
    return {"nodes": nodes, "returns": ways_back(stages, before_each(stages), own)}


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
    gone = Counter((found.stage, found.next_stage) for found in decisions if found.verb in BACKWARD)
    return [
        {
            "column": stages.index(stage) + 1,
            "earlier": stages.index(target) + 1,
            "label": how_often(gone[(str(stage), str(target))]),
        }
        for stage in stages
        for target in returns_to.get(stage, ())
        if target in stages
    ]


def before_each(stages: Sequence[str]) -> dict[str, list[str]]:
    """The usual ways back: to the unit, or to the stage before; others are drawn once they were gone."""
    return {stage: list(dict.fromkeys([stages[0], stages[place]])) for place, stage in enumerate(stages[1:])}


def how_often(times: int) -> str:
    """The words on a way back."""
    if not times:
        return _("may return")
    return ngettext("returned %(times)s time", "returned %(times)s times", times) % {"times": times}


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
