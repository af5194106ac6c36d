"""Printing documents in the job queue."""

from __future__ import annotations

import logging

from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from approvals.documents.builder import report_of
from approvals.documents.errors import DocumentFailed
from approvals.documents.notice import NoticeContents
from approvals.documents.notice_builder import notice_contents
from approvals.documents.notice_printing import notice_docx, notice_pdf
from approvals.documents.rendering import render_pdf
from approvals.documents.report import EvaluationReport
from approvals.models import GeneratedDocument
from audit_log import clock

logger = logging.getLogger(__name__)

# In percent: what is done when the step begins. Printing is nearly all of the work.
BEGUN, READ, PRINTED, DONE = 5, 20, 90, 100


@app.task(queue="documents", retry=RetryStrategy(max_attempts=3, wait=10))
def build_report(*, document_id: int) -> str:
    """Print one document and return its status; twice is once.

    A document that cannot be printed is marked with the reason and not tried
    again. Any other error leaves it marked as failed until the queue's next try.
    """
    document = GeneratedDocument.objects.select_related("evaluation").get(pk=document_id)
    if document.status == GeneratedDocument.Status.DONE:
        return document.status
    with translation.override(document.language):
        try:
            build(document)
        except DocumentFailed as failure:
            logger.warning("document %s: %s %s", document.pk, failure, failure.data)
            fail(document, str(failure))
        except Exception:
            fail(document, _("Printing the document failed."))
            raise
    return document.status


def build(document: GeneratedDocument) -> None:
    """Read, print and store, telling the page how far it is."""
    advance(document, GeneratedDocument.Status.RUNNING, BEGUN)
    contents = notice_contents(document.notice_id) if document.notice_id else report_of(document.evaluation)
    advance(document, GeneratedDocument.Status.RUNNING, READ)
    written = write(contents, document)
    advance(document, GeneratedDocument.Status.RUNNING, PRINTED)
    number = document.evaluation.number + (f"-notice-{document.notice_id}" if document.notice_id else "")
    store(document, f"{number}-{document.language}-{document.pk}.{document.form}", written)
    document.finished_at = clock.now()
    advance(document, GeneratedDocument.Status.DONE, DONE)


def write(contents: EvaluationReport | NoticeContents, document: GeneratedDocument) -> bytes:
    """The file, in the language and the format that were asked for."""
    if isinstance(contents, EvaluationReport):
        return render_pdf(contents, document.language)
    made = notice_docx if document.form == GeneratedDocument.Form.WORD else notice_pdf
    return made(contents, document.language)


def store(document: GeneratedDocument, name: str, written: bytes) -> None:
    """Put the file in its place, over the one of a try that broke off here."""
    place = document.file.field.generate_filename(document, name)
    document.file.storage.delete(place)
    document.file.save(name, ContentFile(written), save=False)


def advance(document: GeneratedDocument, status: str, progress: int) -> None:
    document.status, document.progress, document.error = status, progress, ""
    document.save(update_fields=["status", "progress", "error", "file", "finished_at"])


def fail(document: GeneratedDocument, reason: str) -> None:
    """Tell whoever asked why there is no document."""
    document.status, document.error, document.finished_at = (
        GeneratedDocument.Status.FAILED,
        reason,
        clock.now(),
    )
    document.save(update_fields=["status", "error", "finished_at"])
