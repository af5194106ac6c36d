"""Appointing people to the parts of a department or finance evaluation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from evaluations.models import Appointment, Evaluation
from workflow import appointing
from workflow.forms.appointments import AppointmentEndForm, AppointmentForm
from workflow.forms.faults import place
from workflow.presentation.appointments import appointments_context, may_appoint
from workflow.views.person_request import PersonRequest


@require_POST
def appoint(request: PersonRequest, pk: int) -> HttpResponse:
    """Appoint somebody. Raises NotFound, WrongStage, ConflictOfInterest."""
    evaluation = evaluation_run_by(request, pk)
    form = AppointmentForm(request.POST, evaluation=evaluation)
    if form.is_valid():
        try:
            made = appointing.appoint(evaluation=evaluation, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("%(person)s was appointed.") % {"person": made.person})
            return redirect(back_to(evaluation))
    return shown_again(request, evaluation, form=form)


@require_POST
def end_appointment(request: PersonRequest, pk: int) -> HttpResponse:
    """End an appointment. Raises NotFound, WrongStage."""
    appointment = Appointment.objects.select_related("person").filter(pk=pk).first()
    if appointment is None:
        raise NotFound()
    evaluation = evaluation_run_by(request, appointment.evaluation_id)
    form = AppointmentEndForm(request.POST, auto_id=f"end-{pk}-%s")
    if form.is_valid():
        try:
            appointing.end_appointment(appointment=appointment, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            words = _("The appointment of %(person)s has ended.") % {"person": appointment.person}
            messages.success(request, words)
            return redirect(back_to(evaluation))
    return shown_again(request, evaluation, ending=(pk, form))


def evaluation_run_by(request: PersonRequest, pk: int) -> Evaluation:
    """The evaluation, for somebody who runs it before its conclusion. Raises NotFound."""
    evaluation = get_for(request.user, pk)
    if not may_appoint(request.user, evaluation):
        raise NotFound()
    return evaluation


def shown_again(request: PersonRequest, evaluation: Evaluation, **given: Any) -> HttpResponse:
    context = {"evaluation": evaluation, **appointments_context(evaluation, request.user, **given)}
    return render(request, "workflow/appointments.html", context, status=422)


def back_to(evaluation: Evaluation) -> str:
    return reverse("dossier_tab", args=[evaluation.pk, "figures"]) + "#appointments"
