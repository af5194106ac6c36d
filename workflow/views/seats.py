"""Seating experts on a department or finance evaluation: named, drawn, recused and replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for, visible_to
from evaluations.models import Evaluation, Seat
from workflow import seating, services
from workflow.access import runs
from workflow.forms.experts import DrawForm, RecusalForm, ReplacementForm, SeatForm
from workflow.forms.faults import place
from workflow.presentation.seats import seats_context
from workflow.views.person_request import PersonRequest


@require_POST
def seat_expert(request: PersonRequest, pk: int) -> HttpResponse:
    """Seat an expert before the scoring begins. Raises NotFound, WrongStage, ConflictOfInterest."""
    evaluation = run_by(request, pk)
    form = SeatForm(request.POST, evaluation=evaluation)

    def act() -> str:
        seat = services.seat_expert(evaluation=evaluation, actor=request.user, **form.cleaned_data)
        return _("%(person)s was seated.") % {"person": seat.expert}

    return decide(request, evaluation, form, act, "seat_form")


@require_POST
def draw_experts(request: PersonRequest, pk: int) -> HttpResponse:
    """Draw experts by lot before the scoring begins. Raises NotFound, WrongStage."""
    evaluation = run_by(request, pk)
    form = DrawForm(request.POST, evaluation=evaluation)

    def act() -> str:
        seats = seating.draw_experts(evaluation=evaluation, actor=request.user, **form.cleaned_data)
        words = ngettext(
            "%(number)s expert was drawn and seated.", "%(number)s experts were drawn and seated.", len(seats)
        )
        return words % {"number": len(seats)}

    return decide(request, evaluation, form, act, "draw_form")


@require_POST
def recuse(request: PersonRequest, pk: int, seat_id: int) -> HttpResponse:
    """End an expert's part in the panel: one's own, or that of an expert on an evaluation that one runs."""
    evaluation = get_for(request.user, pk)
    seat = seat_of(evaluation, seat_id)
    if seat.expert_id != request.user.pk and not runs(request.user, evaluation):
        raise NotFound()
    form = RecusalForm(request.POST)

    def act() -> str:
        recused = seating.recuse(seat=seat, actor=request.user, **form.cleaned_data)
        return _("%(person)s no longer takes part in this evaluation.") % {"person": recused.expert}

    return decide(request, evaluation, form, act, "recusal_form", at=seat.pk)


@require_POST
def replace_expert(request: PersonRequest, pk: int, seat_id: int) -> HttpResponse:
    """Seat somebody in a recused expert's place. Raises NotFound, WrongStage, ConflictOfInterest."""
    evaluation = run_by(request, pk)
    seat = seat_of(evaluation, seat_id)
    form = ReplacementForm(request.POST, evaluation=evaluation)

    def act() -> str:
        taken = seating.replace_expert(seat=seat, actor=request.user, **form.cleaned_data)
        return _("%(person)s was seated.") % {"person": taken.expert}

    return decide(request, evaluation, form, act, "replacement_form", at=seat.pk)


def run_by(request: PersonRequest, pk: int) -> Evaluation:
    """The evaluation, when the reader runs it. Raises NotFound."""
    evaluation = get_for(request.user, pk)
    if not runs(request.user, evaluation):
        raise NotFound()
    return evaluation


def seat_of(evaluation: Evaluation, pk: int) -> Seat:
    """A seat of this evaluation. Raises NotFound."""
    found = evaluation.seats.select_related("evaluation").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def decide(
    request: PersonRequest,
    evaluation: Evaluation,
    form: forms.Form,
    act: Callable[[], str],
    name: str,
    **at: Any,
) -> HttpResponse:
    """Act on a valid form and go back to the seats, or show them again with the message at its field."""
    if form.is_valid():
        try:
            done = act()
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, done)
            # Who was recused may not see the evaluation any more: what was read for this page is older.
            if visible_to(User.objects.get(pk=request.user.pk)).filter(pk=evaluation.pk).exists():
                return redirect(reverse("dossier", args=[evaluation.pk]) + "#seats")
            return redirect("inbox")
    context = {"evaluation": evaluation, **seats_context(evaluation, request.user, **{name: form}, **at)}
    return render(request, "workflow/seats.html", context, status=422)
