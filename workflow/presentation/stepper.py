"""The procedure as steps with dates, for stepper.html."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Decision
from approvals.procedure import Step, steps_of
from evaluations.models import Evaluation, Stage
from workflow.models import FlowTask
from workflow.presentation.policies import asked_words
from workflow.presentation.procedure import NEVER_A_RETURN, PASSED, Place, local_day, places, went_back
from workflow.presentation.words import deadline_words, short_date, stage_label
from workflow.working_days import working_days_left


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


def passed_on(step: Step, decisions: Iterable[Decision]) -> str:
    """The day on which the step was last passed."""
    passed = [
        found
        for found in decisions
        if (found.stage, found.step) == step.position
        and found.verb not in NEVER_A_RETURN
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
