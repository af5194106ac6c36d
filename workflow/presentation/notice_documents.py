"""A notice's own documents, for the part of a page that offers them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import User
from approvals.documents.notice import document_number
from approvals.models import GeneratedDocument, RectificationNotice

MOST_SHOWN = 6


def notice_documents(notice: RectificationNotice, reader: User) -> dict[str, Any]:
    """The context of ``_notice_documents.html``: the notice, its number, and what the reader had made of it.

    The caller has made sure that the reader may read the notice (``approvals.access.notice_for``).
    """
    made = notice.documents.filter(requested_by=reader)[:MOST_SHOWN]
    return {
        "notice": notice,
        "number": document_number(notice.issuer.name, notice.year, notice.number),
        "documents": [row_of(document) for document in made],
    }


def row_of(document: GeneratedDocument) -> dict[str, Any]:
    """One document: the file when it is ready, else how far it is."""
    ready = document.status == GeneratedDocument.Status.DONE
    return {
        "document": document,
        "url": reverse("document_file" if ready else "document_status", args=[document.pk]),
        "is_ready": ready,
    }
