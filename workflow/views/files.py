"""Evidence: handed out only through the permission check, added and withdrawn at a step that asks for it."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from approvals.access import evidence_for
from approvals.models import CommentFile
from audit_log.errors import InvalidInput, NotFound
from evaluations.models import Evidence
from workflow import services
from workflow.access import may_act, task_for
from workflow.attachments import NewFile
from workflow.forms.files import EvidenceForm
from workflow.models import FlowTask
from workflow.presentation.words import stage_label
from workflow.views.person_request import PersonRequest
from workflow.withdrawal import require_withdrawable

# Nothing in a stranger's file may run, load or frame anything, should a browser show it after all.
CLOSED_POLICY = "default-src 'none'; sandbox"
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")


@require_safe
def evidence_file(request: PersonRequest, pk: int) -> FileResponse:
    """The file as a download, never shown in the browser. Raises NotFound."""
    return as_download(evidence_for(request.user, pk))


def as_download(stored: Evidence | CommentFile) -> FileResponse:
    """A stored file that the reader may have. Raises NotFound when the storage has lost it."""
    try:
        content = stored.file.open("rb")
    except OSError as error:
        raise NotFound(
            _("“%(name)s” is listed here but missing from the storage. Please tell the administrator.")
            % {"name": stored.name}
        ) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=CONTROL_CHARACTERS.sub("_", stored.name),
        content_type=stored.media_type,
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": CLOSED_POLICY},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Add files at a step where the unit fills in; faults stand at the field. NotFound at an item's step."""
    task = task_for(request.user, process_id, task_id)
    if task.item_id:
        raise NotFound()  # the report takes its files itself, and says what each is proof of
    form = file_form(task, request)
    if form.is_valid() and keep_each(request, task, form):
        return redirect(back_to(task))
    require_own(request, task)
    context = {"task": task, "form": form, "back_url": back_to(task), "stage": stage_label(task.stage)}
    template = "evidence_form_fields" if request.htmx else "evidence_form"  # type: ignore[attr-defined]
    return render(request, f"workflow/{template}.html", context, status=422 if form.is_bound else 200)


def require_own(request: PersonRequest, task: FlowTask) -> None:
    """The form is for whoever may act at the step; what is posted the service judges. Raises NotFound."""
    if not may_act(request.user, task):
        raise NotFound()


def back_to(task: FlowTask) -> str:
    return reverse("task", args=[task.process_id, task.pk])


def file_form(task: FlowTask, request: PersonRequest) -> EvidenceForm:
    """The form of the step, with the indicators that a file may back."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    assert task.evaluation is not None
    return EvidenceForm(*posted, indicators=list(task.evaluation.indicators.all()))


def keep_each(request: PersonRequest, task: FlowTask, form: EvidenceForm) -> bool:
    """Keep every file that can be taken; say at the field why another cannot. True when all were kept."""
    files = form.new_files()
    if not files:
        form.add_error("file", _("Choose a file first."))
    faults = [fault for file in files for fault in keep(request, task, file)]
    for fault in faults:
        form.add_error("file", fault)
    kept = len(files) - len(faults)
    if kept:
        text = ngettext("%(number)s file was added.", "%(number)s files were added.", kept)
        messages.success(request, text % {"number": kept})
    return not form.errors


def keep(request: PersonRequest, task: FlowTask, new: NewFile) -> list[str]:
    """Keep one file; the reason when it cannot be taken. Every other refusal is raised."""
    try:
        services.attach(
            process_id=task.process_id,
            task_id=task.pk,
            actor=request.user,
            file=new.file,
            name=new.name,
            indicator=new.indicator,
            description=new.description,
        )
    except InvalidInput as refusal:
        return [f"{new.name}: {refusal}"]
    return []


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, process_id: int, task_id: int, pk: int) -> HttpResponse:
    """Take a file out of the dossier, once more asked for; the file itself is kept for the record."""
    task = task_for(request.user, process_id, task_id)
    evidence = file_of(request, task, pk)
    if request.method != "POST":
        require_own(request, task)
        assert task.evaluation is not None
        require_withdrawable(evidence, task.evaluation, task.item)
        context = {"evidence": evidence, "task": task, "back_url": back_to(task)}
        return render(request, "workflow/evidence_withdraw.html", context)
    services.withdraw(process_id=process_id, task_id=task_id, actor=request.user, evidence_id=pk)
    messages.success(request, _("“%(name)s” was withdrawn.") % {"name": evidence.name})
    return redirect(back_to(task))


def file_of(request: PersonRequest, task: FlowTask, pk: int) -> Evidence:
    """The file, when it belongs to the step's evaluation. Raises NotFound."""
    evidence = evidence_for(request.user, pk)
    if evidence.evaluation_id != task.evaluation_id:
        raise NotFound()
    return evidence
