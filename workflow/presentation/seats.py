"""The experts' seats of a department or finance evaluation, for templates/workflow/_seats.html."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from approvals.actions.seating import candidates_of, experts_done, obstacles_in_register
from evaluations.models import PANEL_STAGES, Draw, Evaluation, ExpertConflict, Seat, Stage
from workflow.access import runs
from workflow.forms.experts import DrawForm, RecusalForm, ReplacementForm, SeatForm
from workflow.presentation.experts import how_seated


def seats_context(evaluation: Evaluation, user: Any, **bound: Any) -> dict[str, Any]:
    """Who is seated, how, and who has scored, with forms for whoever may change that.

    Nothing for a self-assessment, which knows no experts. ``bound`` replaces a form by one
    that was filled in wrongly; ``at`` is the seat that it belongs to.
    """
    if evaluation.is_self:
        return {}
    runs_it = runs(user, evaluation)
    may_seat = runs_it and evaluation.stage == Stage.MATERIAL
    barred = obstacles_in_register(evaluation) if runs_it and evaluation.stage in PANEL_STAGES else {}
    forms = {
        "seat_form": SeatForm(None, evaluation=evaluation, barred=barred) if may_seat else None,
        "draw_form": DrawForm(None, evaluation=evaluation) if may_seat else None,
    }
    return {
        "seats": seat_lines(evaluation, user, runs_it, barred, bound),
        "candidates": number_of_candidates(evaluation, barred) if may_seat else None,
        "draws": [draw_lines(draw) for draw in evaluation.draws.all()] if runs_it else [],
        **forms,
        **bound,
    }


def seat_lines(
    evaluation: Evaluation, user: Any, runs_it: bool, barred: Mapping[int, str], bound: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """One line for each seat, recused ones too, with the form for what the reader may do about it."""
    done = experts_done(evaluation)
    conflicts = ExpertConflict.objects.in_force().about(evaluation)
    in_conflict = set(conflicts.values_list("profile__user", flat=True)) if runs_it else set()
    related = ("expert", "seated_by", "replaces__expert", "replacement")
    is_open = evaluation.stage in PANEL_STAGES
    return [
        {
            "seat": seat,
            "how": how_seated(seat),
            "has_scored": seat.expert_id in done,
            "in_conflict": seat.expert_id in in_conflict and not seat.is_recused,
            "shows_reason": runs_it and seat.is_recused,
            "recusal_form": recusal_form(seat, bound)
            if is_open and may_be_recused(seat, done) and (runs_it or seat.expert_id == user.pk)
            else None,
            "replacement_form": replacement_form(evaluation, seat, barred, bound)
            if is_open and runs_it and seat.is_recused and not is_replaced(seat)
            else None,
            "is_faulty": bound.get("at") == seat.pk,
        }
        for seat in evaluation.seats.select_related(*related)
    ]


def may_be_recused(seat: Seat, done: set[int]) -> bool:
    """Whether the expert takes part and has not scored yet."""
    return not seat.is_recused and seat.expert_id not in done


def recusal_form(seat: Seat, bound: Mapping[str, Any]) -> RecusalForm:
    """An empty form, or the one that was filled in for this seat."""
    if bound.get("at") == seat.pk and "recusal_form" in bound:
        form: RecusalForm = bound["recusal_form"]
        return form
    return RecusalForm(auto_id=f"recuse-{seat.pk}-%s")


def replacement_form(
    evaluation: Evaluation, seat: Seat, barred: Mapping[int, str], bound: Mapping[str, Any]
) -> ReplacementForm:
    """The same for the expert who takes the seat's place."""
    if bound.get("at") == seat.pk and "replacement_form" in bound:
        form: ReplacementForm = bound["replacement_form"]
        return form
    return ReplacementForm(None, evaluation=evaluation, auto_id=f"replace-{seat.pk}-%s", barred=barred)


def is_replaced(seat: Seat) -> bool:
    """Whether somebody took the seat's place."""
    return hasattr(seat, "replacement")


def number_of_candidates(evaluation: Evaluation, barred: Mapping[int, str]) -> int:
    """How many of the whole register could be drawn now."""
    return sum(person not in barred for person in candidates_of(evaluation, ()))


def draw_lines(draw: Draw) -> dict[str, Any]:
    """A draw as it can be drawn again: seed, candidates with their numbers, and who came out."""
    people = User.objects.in_bulk([*draw.candidates, *map(int, draw.excluded)])
    return {
        "draw": draw,
        "candidates": [{"number": pk, "person": people[pk]} for pk in draw.candidates],
        "excluded": [people[int(pk)] for pk in draw.excluded],
        "chosen": [people[pk] for pk in draw.chosen],
    }
