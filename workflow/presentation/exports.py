"""The files that a dossier is offered as."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluations.models import Evaluation


def forms_of(evaluation: Evaluation) -> tuple[str, ...]:
    """The official form is the unit's own: a department's or the bureau's evaluation is not one."""
    return ("xlsx", "docx", "json") if evaluation.is_self else ("json",)


def export_links(evaluation: Evaluation) -> list[dict[str, Any]]:
    """A link for each file."""
    words = {
        "xlsx": _("Self-assessment form (Excel)"),
        "docx": _("Self-assessment form (Word)"),
        "json": _("Data file (dossier/1)"),
    }
    return [
        {"label": words[form], "url": reverse("export", args=[evaluation.pk, form])}
        for form in forms_of(evaluation)
    ]
