"""The dossier's files in one list, for the page on which they are added and taken out, and their names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from approvals.documents.notice import document_number
from approvals.models import GeneratedDocument
from evaluations.models import Evaluation, Evidence
from workflow.presentation.evidence import file_row

NOT_IN_NAMES = '\\/:*?"<>|'


def name_for_people(evaluation: Evaluation, suffix: str) -> str:
    """Number and project: what one looks for in a folder of downloads."""
    return safe_name(f"{evaluation.number} {evaluation.project.name}") + suffix


def document_name(document: GeneratedDocument) -> str:
    """What a generated document is called on a reader's disk."""
    suffix, notice = f".{document.form}", document.notice
    if notice is None:
        return name_for_people(document.evaluation, suffix)
    title = (notice.get_kind_display(), document.evaluation.project.name)
    return (
        safe_name(" ".join((document_number(notice.issuer.name, notice.year, notice.number), *title)))
        + suffix
    )


def safe_name(name: str) -> str:
    """Without what a file system or a header cannot hold."""
    return "".join(letter if letter.isprintable() and letter not in NOT_IN_NAMES else "_" for letter in name)


def file_entry(evidence: Evidence) -> dict[str, Any]:
    """A file with what it backs, and the id by which it is taken out."""
    row = file_row(evidence)
    backs = evidence.indicator.name if evidence.indicator else _("The dossier as a whole")
    return {**row, "pk": evidence.pk, "about": f"{backs} · {row['about']}"}
