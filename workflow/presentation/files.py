"""The dossier's files in one list, for the page on which they are added and taken out, and their names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from evaluations.models import Evaluation, Evidence
from workflow.presentation.evidence import file_row

NOT_IN_NAMES = '\\/:*?"<>|'


def name_for_people(evaluation: Evaluation, suffix: str) -> str:
    """Number and project: what one looks for in a folder of downloads."""
    name = f"{evaluation.number} {evaluation.project.name}"
    return (
        "".join(letter if letter.isprintable() and letter not in NOT_IN_NAMES else "_" for letter in name)
        + suffix
    )


def file_entry(evidence: Evidence) -> dict[str, Any]:
    """A file with what it backs, and the id by which it is taken out."""
    row = file_row(evidence)
    backs = evidence.indicator.name if evidence.indicator else _("The dossier as a whole")
    return {**row, "pk": evidence.pk, "about": f"{backs} · {row['about']}"}
