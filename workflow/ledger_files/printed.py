"""The ledger as a PDF, laid out in the printing process with its limits of time and memory."""

from __future__ import annotations

from django.template.loader import render_to_string

from approvals.documents.rendering import Limits, print_pdf
from workflow.presentation.ledger import LedgerFile

MOST_ROWS = 300
# Somebody waits for it at a page: less than a report of the job queue is given.
LIMITS = Limits(seconds=60, megabytes=1536)


def ledger_pdf(file: LedgerFile) -> bytes:
    """The PDF. Raises DocumentFontMissing, DocumentTooLarge, DocumentFailed."""
    html = render_to_string("documents/ledger.html", {"file": file})
    style = render_to_string("documents/document.css") + render_to_string("documents/ledger.css")
    return print_pdf(html, style, LIMITS)
