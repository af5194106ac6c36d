"""The printed document of a dossier: asked for, watched while it is made, fetched."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.access import document_for, notice_for
from approvals.models import GeneratedDocument
from audit_log.errors import NotFound
from evaluations.access import get_for
from workflow import rectifying, services
from workflow.presentation.files import document_name
from workflow.views.person_request import PersonRequest

Status = GeneratedDocument.Status
CONTENT_TYPES = {
    GeneratedDocument.Form.PDF: "application/pdf",
    GeneratedDocument.Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_POST
def request_document(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for the PDF in the reader's language, or in the one that the form names."""
    document = services.request_document(
        evaluation=get_for(request.user, pk),
        actor=request.user,
        language=request.POST.get("language") or get_language() or "",
    )
    return redirect("document_status", pk=document.pk)


@require_POST
def request_notice_document(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for a notice as PDF or Word, in the reader's language or in the one that the form names."""
    document = rectifying.request_notice_document(
        notice=notice_for(request.user, pk),
        actor=request.user,
        form=request.POST.get("form") or GeneratedDocument.Form.PDF,
        language=request.POST.get("language") or get_language() or "",
    )
    return redirect("document_status", pk=document.pk)


@require_safe
def document_status(request: PersonRequest, pk: int) -> HttpResponse:
    """How far the document is: a page, or for htmx only the part that changes."""
    document = document_for(request.user, pk)
    context: dict[str, Any] = {
        "document": document,
        "evaluation": document.evaluation,
        "under_way": document.status in (Status.QUEUED, Status.RUNNING),
        "ready": document.status == Status.DONE,
        "file_name": document_name(document),
    }
    whole = "workflow/document_status.html"
    return render(request, "workflow/document_progress.html" if request.htmx else whole, context)


@require_safe
def document_file(request: PersonRequest, pk: int) -> FileResponse:
    """The file, for whoever may see its dossier."""
    document = document_for(request.user, pk)
    if document.status != Status.DONE:
        raise NotFound(_("This document is not ready."))
    try:
        content = document.file.open("rb")
    except FileNotFoundError as error:
        raise NotFound(_("The file of this document is gone: please have it made again.")) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=document_name(document),
        content_type=CONTENT_TYPES[GeneratedDocument.Form(document.form)],
    )
