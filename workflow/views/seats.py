"""Seating experts on a department or finance evaluation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from workflow import services
from workflow.forms.faults import place
from workflow.forms.opening import SeatForm
from workflow.presentation.seats import seats_context
from workflow.views.person_request import PersonRequest


@require_POST
def seat_expert(request: PersonRequest, pk: int) -> HttpResponse:
    """Seat an expert before the scoring begins. Raises NotFound, WrongStage, ConflictOfInterest."""
    evaluation = get_for(request.user, pk)
    if not rights_for_reading(request.user).holds(Right.RUN_EVALUATION, evaluation.evaluator_id):
        raise NotFound()
    form = SeatForm(request.POST, evaluation=evaluation)
    if form.is_valid():
        try:
            seat = services.seat_expert(evaluation=evaluation, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("%(person)s was seated.") % {"person": seat.expert})
            return redirect("dossier", pk)
    context = {"evaluation": evaluation, **seats_context(evaluation, request.user, form)}
    return render(request, "workflow/seats.html", context, status=422)
