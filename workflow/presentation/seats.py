"""The experts' seats of a department or finance evaluation, for templates/workflow/_seats.html."""

from __future__ import annotations

from typing import Any

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.models import Decision, Verb
from evaluations.models import Evaluation, Stage
from workflow.forms.opening import SeatForm


def seats_context(evaluation: Evaluation, user: Any, form: SeatForm | None = None) -> dict[str, Any]:
    """Who is seated and who has scored, with a form for whoever may still seat somebody.

    Nothing for a self-assessment, which knows no experts.
    """
    if evaluation.is_self:
        return {}
    runs = rights_for_reading(user).holds(Right.RUN_EVALUATION, evaluation.evaluator_id)
    may_seat = runs and evaluation.stage == Stage.MATERIAL
    scored = Decision.objects.filter(evaluation=evaluation, verb=Verb.SCORE, round=evaluation.round)
    done = set(scored.values_list("actor_id", flat=True))
    seats = evaluation.seats.select_related("expert", "seated_by")
    return {
        "seats": [{"seat": seat, "has_scored": seat.expert_id in done} for seat in seats],
        "seat_form": (form or SeatForm(None, evaluation=evaluation)) if may_seat else None,
    }
