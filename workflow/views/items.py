"""Proposing rectification items on pages of their own, and taking them back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from evaluations.models import Evaluation, Stage
from workflow import proposing, services
from workflow.access import may_act, open_tasks_of
from workflow.forms.faults import faults_of, place, place_in_rows
from workflow.forms.items_from_problems import ItemsFromProblemsForm
from workflow.forms.items_proposed import ItemForm
from workflow.models import FlowTask
from workflow.presentation.calendar import uncounted_words
from workflow.presentation.findings import requirement_from
from workflow.screens.items_proposed import draft_of
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
def raise_item(request: PersonRequest, pk: int) -> HttpResponse:
    """Propose an item during a step that is the reader's. Raises NotFound and the action's errors.

    ``?finding=12`` fills it in with what that finding says, as its ground.
    """
    evaluation, task = in_hand(request, pk)
    asked = whole_number(request.GET.get("finding", ""))
    ground = evaluation.findings.filter(pk=asked).first() if asked else None
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        evaluation=evaluation,
        ground=ground,
        requirement=requirement_from(ground) if ground else "",
    )
    if form.is_valid():
        try:
            services.raise_item(evaluation=evaluation, actor=request.user, task=task, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            return proposed(request, evaluation, 1, due=form.cleaned_data["due"])
    status = 422 if form.is_bound else 200
    return render(request, "workflow/item_new.html", {"evaluation": evaluation, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def raise_items(request: PersonRequest, pk: int) -> HttpResponse:
    """Propose an item for each of the report's problems that is ticked, all of them or none."""
    evaluation, task = in_hand(request, pk)
    form = ItemsFromProblemsForm(request.POST if request.method == "POST" else None, evaluation=evaluation)
    if form.is_valid():
        try:
            made = proposing.raise_items(
                evaluation=evaluation, actor=request.user, task=task, items=form.details()
            )
        except InvalidInput as error:
            place_in_rows(error, form.chosen, form.common)
        else:
            return proposed(request, evaluation, len(made), task)
    context = {
        "evaluation": evaluation,
        "form": form,
        "faults": list(faults_of(form.named())) if form.is_bound else [],
    }
    return render(request, "workflow/items_from_problems.html", context, status=422 if form.is_bound else 200)


def proposed(
    request: PersonRequest,
    evaluation: Evaluation,
    number: int,
    task: FlowTask | None = None,
    due: date | None = None,
) -> HttpResponse:
    """Say what was proposed, and go to where it goes on; only the dossier's page needs ``due``."""
    if evaluation.stage == Stage.RECTIFICATION:
        words = ngettext(
            "%(number)s item was proposed. Issue it with a notice.",
            "%(number)s items were proposed. Issue them with a notice.",
            number,
        )
        messages.success(request, words % {"number": number})
        return redirect("rectification_notices", evaluation.pk)
    words = ngettext(
        "%(number)s item was proposed. The conclusion assigns it.",
        "%(number)s items were proposed. The conclusion assigns them.",
        number,
    )
    messages.success(request, words % {"number": number})
    if task is not None:
        return redirect(reverse("task", args=[task.process_id, task.pk]) + "#items")
    tell_uncounted(request, due)
    return redirect("dossier", evaluation.pk)


def tell_uncounted(request: PersonRequest, *days: date | None) -> None:
    """Say it where holidays of a year are not known yet in which a date was set."""
    if words := uncounted_words(days):
        messages.warning(request, words)


@require_POST
def drop_item(request: PersonRequest, pk: int, item_id: int) -> HttpResponse:
    """Take a proposed item back. Raises NotFound for another evaluation's."""
    evaluation, task = in_hand(request, pk)
    services.drop_item(item=draft_of(evaluation, item_id), actor=request.user, task=task)
    messages.success(request, _("The proposed item was taken back."))
    if evaluation.stage == Stage.RECTIFICATION:
        return redirect("rectification_notices", pk)
    return redirect("dossier", pk)


def in_hand(request: PersonRequest, pk: int) -> tuple[Evaluation, FlowTask | None]:
    """The dossier and the step that the reader may act at, the own before a delegator's.

    In rectification no step asks for it: the office that runs the evaluation goes on
    proposing. Raises NotFound.
    """
    evaluation = get_for(request.user, pk)
    if evaluation.stage == Stage.RECTIFICATION and runs(request, evaluation):
        return evaluation, None
    steps = [step for step in open_tasks_of(pk).filter(item=None) if may_act(request.user, step)]
    if not steps:
        raise NotFound()
    return evaluation, min(steps, key=lambda step: step.owner_id != request.user.pk)


def runs(request: PersonRequest, evaluation: Evaluation) -> bool:
    """Whether the reader is of the office that runs the evaluation."""
    return rights_for_reading(request.user).holds(Right.RUN_EVALUATION, evaluation.evaluator_id)
