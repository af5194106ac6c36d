"""Proposing a rectification item on its own page, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from evaluations.models import Evaluation
from workflow import services
from workflow.access import may_act, open_tasks_of
from workflow.forms.faults import place
from workflow.forms.items import ItemForm
from workflow.models import FlowTask
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
            messages.success(request, _("The item was proposed. The conclusion assigns it."))
            return redirect("dossier", pk)
    status = 422 if form.is_bound else 200
    return render(request, "workflow/item_new.html", {"evaluation": evaluation, "form": form}, status=status)


@require_POST
def drop_item(request: PersonRequest, pk: int, item_id: int) -> HttpResponse:
    """Take a proposed item back. Raises NotFound for another evaluation's."""
    evaluation, task = in_hand(request, pk)
    services.drop_item(item=draft_of(evaluation, item_id), actor=request.user, task=task)
    messages.success(request, _("The proposed item was taken back."))
    return redirect("dossier", pk)


def in_hand(request: PersonRequest, pk: int) -> tuple[Evaluation, FlowTask]:
    """The dossier and the step that the reader may act at, the own before a delegator's. Raises NotFound."""
    evaluation = get_for(request.user, pk)
    steps = [step for step in open_tasks_of(pk).filter(item=None) if may_act(request.user, step)]
    if not steps:
        raise NotFound()
    return evaluation, min(steps, key=lambda step: step.owner_id != request.user.pk)
