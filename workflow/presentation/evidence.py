"""The files of a dossier by what they back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluations.models import Evidence, Indicator
from workflow.presentation.procedure import local_day
from workflow.presentation.words import short_date


def files_of_indicators(files: Iterable[Evidence], indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Every indicator with its files, also without any."""
    by_indicator: dict[int, list[dict[str, Any]]] = {}
    for file in files:
        if file.indicator_id and not file.withdrawn_at:
            by_indicator.setdefault(file.indicator_id, []).append(file_row(file))
    return [{"indicator": indicator, "files": by_indicator.get(indicator.pk, [])} for indicator in indicators]


def other_files(files: Iterable[Evidence]) -> list[dict[str, Any]]:
    """The files of the whole dossier, of each rectification item, and those withdrawn."""
    groups: dict[str, dict[str, Any]] = {}
    for file in sorted(files, key=place_of_file):
        if file.indicator_id and not file.withdrawn_at:
            continue
        title = title_of_file(file)
        groups.setdefault(title, {"title": title, "files": []})["files"].append(file_row(file))
    return list(groups.values())


def place_of_file(file: Evidence) -> tuple[bool, str]:
    """The dossier's files first, then the items' by number, the withdrawn last."""
    return bool(file.withdrawn_at), item_number(file)


def title_of_file(file: Evidence) -> str:
    if file.withdrawn_at:
        return _("Withdrawn, kept for the record")
    number = item_number(file)
    return _("Rectification item %(number)s") % {"number": number} if number else _("The whole dossier")


def item_number(file: Evidence) -> str:
    """The number of the rectification item that the file backs."""
    link = getattr(file, "item_link", None)
    return link.item.number if link else ""


def file_row(file: Evidence) -> dict[str, Any]:
    """A file as file_list.html takes it: by whom, when, in which round."""
    about = [
        file.description,
        str(file.uploaded_by),
        short_date(local_day(file.uploaded_at)),
        _("Round %(number)s") % {"number": file.round},
    ]
    return {
        "name": file.name,
        "url": reverse("evidence_file", args=[file.pk]),
        "size": file.size,
        "about": " · ".join(filter(None, about)),
        "demo": file.is_demonstration,
    }
