"""Taking a decision back, handing a task over, reminding, going on without a voice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from approvals.actions.withdraw import WITHDRAWN
from audit_log.errors import InvalidInput, NotFound
from workflow import handing_over
from workflow.access import may_act, runs, task_for
from workflow.door import require_in_hand
from workflow.dossier_reading import DossierReading
from workflow.forms.faults import place
from workflow.forms.handing_over import ExcuseForm, HandOverForm, WithdrawalForm
from workflow.models import FlowTask
from workflow.presentation.handing_over import may_go_on_without, unable, withdrawal_url
from workflow.presentation.words import holder_of, stage_label
from workflow.views.person_request import PersonRequest

READ_AND_POST = ["GET", "HEAD", "POST"]


def waits_at(evaluation_id: int | None) -> str:
    """The list of who is asked now."""
    return reverse("dossier_tab", args=[evaluation_id, "process"]) + "#asked-now"


@require_http_methods(READ_AND_POST)
def withdraw_decision(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's own last decision back, once more asked for.

    Raises NotFound for whoever cannot, and the errors of the verb for who was too late.
    """
    reading = DossierReading(request.user, pk)
    own = [decision for decision in reading.decisions if decision.item_id is None]
    decided = [each for each in own if request.user.pk in (each.actor_id, each.on_behalf_of_id)]
    if not any(each.verb in WITHDRAWN for each in decided):
        raise NotFound()
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        handing_over.withdraw(evaluation=reading.evaluation, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Your decision was withdrawn: the dossier is with you again."))
        return redirect("dossier", pk)
    if request.method != "POST" and not withdrawal_url(reading):
        raise NotFound()
    context = {
        "evaluation": reading.evaluation,
        "decision": decided[-1],
        "stage_label": stage_label(decided[-1].stage),
        "form": form,
        "back_url": reverse("dossier", args=[pk]),
    }
    return shown(request, "withdraw_decision", context)


@require_http_methods(READ_AND_POST)
def hand_over(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Hand one's task over to a colleague.

    Raises NotFound for what is not the reader's or is personal, AlreadyHandled, ConflictOfInterest.
    """
    task = task_for(request.user, process_id, task_id)
    if not task.right or (request.method != "POST" and not may_act(request.user, task)):
        raise NotFound()
    require_in_hand("transfer", request.user, task)
    people = handing_over.receivers(task, request.user)
    form = HandOverForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid() and done(
        form,
        lambda: handing_over.transfer(
            process_id=process_id, task_id=task_id, actor=request.user, **form.cleaned_data
        ),
    ):
        words = _("The task was handed over to %(person)s.") % {"person": form.cleaned_data["to"]}
        messages.success(request, words)
        return redirect("inbox")
    context = {
        **about(task),
        "form": form,
        "people": people,
        "back_url": reverse("task", args=[process_id, task_id]),
    }
    return shown(request, "hand_over", context)


@require_http_methods(READ_AND_POST)
def excuse(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Go on without a voice, for the office that runs the evaluation. Raises NotFound, AlreadyHandled."""
    task = task_for(request.user, process_id, task_id)
    if task.ballot_id is None or task.evaluation is None or not runs(request.user, task.evaluation):
        raise NotFound()
    if task.is_open and not may_go_on_without(task, unable([task])):
        raise NotFound()
    form = ExcuseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: handing_over.excuse(
            process_id=process_id, task_id=task_id, actor=request.user, **form.cleaned_data
        ),
    ):
        messages.success(request, _("The procedure goes on without this vote."))
        return redirect(waits_at(task.evaluation_id))
    context = {**about(task), "form": form, "back_url": waits_at(task.evaluation_id)}
    return shown(request, "excuse", context)


@require_POST
def remind(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Remind whoever a task asks. Raises NotFound, NotAllowed, AlreadyHandled."""
    task = task_for(request.user, process_id, task_id)
    handing_over.remind(process_id=process_id, task_id=task_id, actor=request.user)
    messages.success(request, _("A reminder was sent to %(holder)s.") % {"holder": holder_of(task)})
    return redirect(waits_at(task.evaluation_id))


def about(task: FlowTask) -> dict[str, Any]:
    """What a page about one task says of it."""
    return {
        "task": task,
        "evaluation": task.evaluation,
        "stage_label": stage_label(task.stage),
        "holder": holder_of(task),
    }


def done(form: Any, verb: Any) -> bool:
    """Do it; say at the field why it cannot be done."""
    try:
        verb()
    except InvalidInput as error:
        place(error, [form])
        return False
    return True


def shown(request: PersonRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The page, with 422 when what was typed cannot be taken."""
    status = 422 if context["form"].is_bound else 200
    return render(request, f"workflow/{name}.html", context, status=status)
