"""A notice printed: as a PDF the way reports are, and as a Word document, from the same words."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from approvals.documents.fonts import names_by_family
from approvals.documents.letter import letter_of
from approvals.documents.notice import NoticeContents
from approvals.documents.rendering import Limits, print_pdf
from approvals.documents.word import letter_docx

# Columns of a table are as wide as the letter says, in percent.
SHARES = "".join(f"col.share-{share} {{ width: {share}% }}\n" for share in range(1, 101))


def notice_pdf(contents: NoticeContents, language: str = "zh-hans", limits: Limits | None = None) -> bytes:
    """The PDF of a notice in one language ("zh-hans" or "en"). Raises what ``print_pdf`` raises."""
    with translation.override(language):
        html = notice_html(contents)
    style = render_to_string("documents/document.css") + render_to_string("documents/notice.css") + SHARES
    return print_pdf(html, style, limits or Limits())


def notice_html(contents: NoticeContents) -> str:
    """The document as HTML, in the language that is active."""
    return render_to_string("documents/notice.html", {"letter": letter_of(contents)})


def notice_docx(contents: NoticeContents, language: str = "zh-hans") -> bytes:
    """The same as a Word document, with the office's fonts by name."""
    folder = settings.DOCUMENT_FONT_FOLDER
    with translation.override(language):
        return letter_docx(letter_of(contents), names_by_family(Path(folder) if folder else None))
