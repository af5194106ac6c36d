"""Dossiers from files: hand one in, look at what it would do, have it filled in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.procedure import step_at
from audit_log.errors import InvalidInput, NotFound
from evaluations.models import Campaign, Evaluation, Kind
from workflow.access import may_act, task_for
from workflow.forms.faults import place
from workflow.forms.imports import ImportForm
from workflow.importing import verbs
from workflow.importing.access import import_for, imported_dossier_for, imports_of
from workflow.importing.models import DossierImport, ImportedDossier
from workflow.launching import campaign_for
from workflow.models import FlowTask
from workflow.presentation.imports import dossier_row, import_state
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number

LAST_ONES = 5


@require_http_methods(["GET", "HEAD", "POST"])
def import_into_campaign(request: PersonRequest, pk: int) -> HttpResponse:
    """Hand in a file for a campaign that the reader runs. Raises NotFound for another's."""
    campaign = campaign_for(request.user, pk)
    if campaign.kind != Kind.SELF:
        raise NotFound()
    back = {"label": str(campaign), "url": reverse("campaign", args=[campaign.pk])}
    return upload_page(request, back, campaign=campaign)


@require_http_methods(["GET", "HEAD", "POST"])
def import_into_task(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Hand in a file for the self-assessment that the reader fills in. Raises NotFound for any other step."""
    task = task_for(request.user, process_id, task_id)
    if not may_act(request.user, task) or not fills_itself(task):
        raise NotFound()
    assert task.evaluation is not None
    back = {"label": task.evaluation.project.name, "url": reverse("task", args=[process_id, task_id])}
    return upload_page(request, back, evaluation=task.evaluation)


def fills_itself(task: FlowTask) -> bool:
    """Whether the step is the unit's own form."""
    evaluation = task.evaluation
    if evaluation is None or task.item_id or evaluation.kind != Kind.SELF:
        return False
    step = step_at(evaluation)
    return step is not None and step.fills


def upload_page(
    request: PersonRequest,
    back: dict[str, str],
    campaign: Campaign | None = None,
    evaluation: Evaluation | None = None,
) -> HttpResponse:
    """The form that takes the file, with the reader's last ones."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*posted)
    if form.is_valid():
        handed_in = handed_in_or_fault(request, form, campaign=campaign, evaluation=evaluation)
        if handed_in is not None:
            return redirect("import", handed_in.pk)
    last_ones = imports_of(request.user).filter(campaign=campaign, evaluation=evaluation)[:LAST_ONES]
    context = {"form": form, "back": back, "campaign": campaign, "last_ones": last_ones}
    return render(request, "workflow/import_upload.html", context, status=422 if form.errors else 200)


def handed_in_or_fault(request: PersonRequest, form: forms.Form, **target: Any) -> DossierImport | None:
    """The import; None when the file cannot be taken, with the reason at its field."""
    file = form.cleaned_data["file"]
    try:
        return verbs.hand_in_file(actor=request.user, file=file, name=file.name, **target)
    except InvalidInput as error:
        place(error, [form])
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def show_import(request: PersonRequest, pk: int) -> HttpResponse:
    """How far the import is, its preview, and what became of it; a POST has the chosen filled in."""
    handed_in = import_for(request.user, pk)
    if request.method == "POST":
        places = [whole_number(value) for value in request.POST.getlist("places")]
        try:
            verbs.confirm_import(
                handed_in=handed_in,
                actor=request.user,
                places=[place for place in places if place is not None],
            )
        except InvalidInput as error:
            faults = [str(fault) for found in error.fields.values() for fault in found]
            return import_page(request, handed_in, faults, status=422)
        return redirect("import", handed_in.pk)
    return import_page(request, handed_in)


def import_page(
    request: PersonRequest, handed_in: DossierImport, faults: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """The page, or for htmx only the part that changes while the queue is at work."""
    context = {"import": handed_in, "faults": faults or [], **way_back(handed_in)}
    context |= import_state(handed_in, request.user)
    template = "workflow/_import.html" if request.htmx else "workflow/import.html"
    return render(request, template, context, status=status)


def way_back(handed_in: DossierImport) -> dict[str, str]:
    """The matter for which the file was handed in."""
    if handed_in.campaign is not None:
        return {
            "back_label": str(handed_in.campaign),
            "back_url": reverse("campaign", args=[handed_in.campaign_id]),
        }
    assert handed_in.evaluation is not None
    return {
        "back_label": handed_in.evaluation.project.name,
        "back_url": reverse("dossier", args=[handed_in.evaluation_id]),
    }


@require_safe
def show_imported_dossier(request: PersonRequest, pk: int, place: int) -> HttpResponse:
    """Everything that was understood of one file of an import. Raises NotFound."""
    handed_in = import_for(request.user, pk)
    row = dossier_row(imported_dossier_for(request.user, handed_in, place))
    return render(request, "workflow/imported_dossier.html", {"import": handed_in, "row": row})


@require_POST
def discard_import(request: PersonRequest, pk: int) -> HttpResponse:
    """Have nothing of the file filled in."""
    handed_in = import_for(request.user, pk)
    verbs.discard_import(handed_in=handed_in, actor=request.user)
    if handed_in.dossiers.filter(state=ImportedDossier.State.DONE).exists():
        messages.success(request, _("The rest of the file was dropped: nothing more of it is filled in."))
    else:
        messages.success(request, _("Nothing of the file was filled in."))
    return redirect(way_back(handed_in)["back_url"])
