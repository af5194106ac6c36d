"""Who takes part by appointment, for templates/workflow/_appointments.html."""

from __future__ import annotations

from typing import Any

from approvals.actions.appointments import parts_missing
from approvals.course import appointments_of
from approvals.procedure import policy_of
from evaluations.models import CONCLUDED_STAGES, Appointment, Evaluation, Part
from evaluations.policies.grammar import PARTS
from workflow.access import runs
from workflow.forms.appointments import AppointmentEndForm, AppointmentForm
from workflow.presentation.procedure import local_day


def appointments_context(
    evaluation: Evaluation,
    user: Any,
    form: AppointmentForm | None = None,
    ending: tuple[int, AppointmentEndForm] | None = None,
) -> dict[str, Any]:
    """Everybody who has or had a part, with the forms for whoever may change that.

    ``ending`` is an appointment with the form that was refused. Nothing for a self-assessment, nor
    where nobody is appointed and the review policy asks for nobody.
    """
    if evaluation.is_self:
        return {}
    found = list(Appointment.objects.filter(evaluation=evaluation).select_related("person", "appointed_by"))
    if not found and form is None and not asks_for_parts(evaluation):
        return {}
    may_change = may_appoint(user, evaluation)
    return {
        "appointments": [entry(each, may_change, ending) for each in found],
        "parts_missing": [Part(part).label for part in parts_missing(evaluation)],
        "appointment_form": (form or AppointmentForm(None, evaluation=evaluation))
        if may_change and some_part_is_free(evaluation)
        else None,
        "shows_appointments": True,
    }


def asks_for_parts(evaluation: Evaluation) -> bool:
    """Whether any step of the review policy asks somebody who is appointed."""
    return any(step.asked in PARTS for stage in policy_of(evaluation).stages for step in stage.steps)


def may_appoint(user: Any, evaluation: Evaluation) -> bool:
    """Whether the reader runs the evaluation, which is not concluded yet."""
    return runs(user, evaluation) and evaluation.stage not in CONCLUDED_STAGES


def some_part_is_free(evaluation: Evaluation) -> bool:
    return appointments_of(evaluation).count() < len(PARTS)


def entry(
    appointment: Appointment, may_change: bool, ending: tuple[int, AppointmentEndForm] | None
) -> dict[str, Any]:
    """One appointment, with the form that ends it."""
    form = (
        ending[1]
        if ending and ending[0] == appointment.pk
        else AppointmentEndForm(auto_id=f"end-{appointment.pk}-%s")
    )
    return {
        "appointment": appointment,
        "ended_on": local_day(appointment.ended_at) if appointment.ended_at else None,
        "form": form if may_change and appointment.ended_at is None else None,
    }
