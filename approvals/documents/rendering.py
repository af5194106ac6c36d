"""A report printed: templates to HTML, HTML to PDF in a process with limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from approvals.documents import outline, tables
from approvals.documents.errors import DocumentFailed, DocumentFontMissing, DocumentTooLarge
from approvals.documents.exit_codes import NO_CHINESE_FONT, OUT_OF_MEMORY
from approvals.documents.report import EvaluationReport, ReportKind

# What the printing process sees of our environment: where things are, no secrets.
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)


@dataclass(frozen=True)
class Limits:
    """What one document may take: a dossier of 200 indicators needs a tenth of each."""

    seconds: int = 120
    megabytes: int = 2048
    html_characters: int = 5_000_000


def render_pdf(report: EvaluationReport, language: str = "zh-hans", limits: Limits | None = None) -> bytes:
    """The PDF of a report in one language ("zh-hans" or "en").

    :raises DocumentFontMissing: no Chinese font is installed.
    :raises DocumentTooLarge: a limit was reached.
    :raises DocumentFailed: the renderer stopped for another reason.
    """
    with translation.override(language):
        html, style = html_of(report), style_of(report)
    return print_pdf(html, style, limits or Limits())


def html_of(report: EvaluationReport) -> str:
    """The document as HTML, in the language that is active."""
    name = "self_assessment" if report.kind == ReportKind.SELF else "evaluation"
    columns = tables.score_columns(report)
    aspects = {
        part.code: tables.Analysis(outline.indicators_of(report, part.code))
        for chapter in outline.OUTLINE
        for part in chapter.parts
    }
    return render_to_string(
        f"documents/{name}.html",
        {
            "report": report,
            "outline": [
                (
                    chapter.heading,
                    [(part, report.section(part.code), aspects[part.code]) for part in chapter.parts],
                )
                for chapter in outline.OUTLINE
            ],
            "told_by_lists": outline.told_by_lists(report),
            "other_indicators": tables.Analysis(outline.indicators_of(report, "")),
            "rate_heading": tables.COLUMNS[tables.rated_party(report)],
            "score_columns": columns,
            "execution_figures": tables.figures(report.money.scores, columns),
            "score_table": tables.score_table(report),
            "total": tables.total_of(report),
            "indicator_blocks": tables.indicator_blocks(report),
        },
    )


def style_of(report: EvaluationReport) -> str:
    """The style sheets of the document's kind."""
    name = "self_assessment" if report.kind == ReportKind.SELF else "evaluation"
    return render_to_string("documents/document.css") + render_to_string(f"documents/{name}.css")


def print_pdf(html: str, style: str, limits: Limits) -> bytes:
    """Run the printing process on an HTML page and its style sheet."""
    if len(html) > limits.html_characters:
        raise DocumentTooLarge(_("The document is too long to print."), characters=len(html))
    job = {
        "html": html,
        "style": style,
        "font_folder": settings.DOCUMENT_FONT_FOLDER,
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
    }
    try:
        process = subprocess.run(
            [sys.executable, "-m", "approvals.documents.printing"],
            input=json.dumps(job).encode(),
            capture_output=True,
            cwd=Path(settings.BASE_DIR),
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as reached:
        raise DocumentTooLarge(_("Printing the document took too long."), seconds=limits.seconds) from reached
    if process.returncode:
        raise failure(process.returncode, process.stderr.decode(errors="replace"))
    return process.stdout


def failure(code: int, words: str) -> DocumentFailed:
    """What a printing process that stopped with ``code`` means for people."""
    detail = words.strip()[-2000:]
    if code == NO_CHINESE_FONT:
        return DocumentFontMissing(
            _("No Chinese font is installed on this server. Install the package fonts-noto-cjk."),
            detail=detail,
        )
    if code == OUT_OF_MEMORY:
        return DocumentTooLarge(_("The document is too long to print."), detail=detail)
    return DocumentFailed(_("Printing the document failed."), detail=detail, exit_code=code)
