"""The before/after list of a move to another scheme or framework."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.migration_plan import KEPT, PlannedIndicator
from evaluations.models import Evaluation, Framework, Scheme
from workflow.presentation.schemes import comparison
from workflow.presentation.trial import trial

WHAT: dict[str, Any] = {
    "kept": gettext_lazy("stays as it is"),
    "changed": gettext_lazy("changes"),
    "added": gettext_lazy("is added"),
    "removed": gettext_lazy("is removed"),
    "weightless": gettext_lazy("stays with a weight of 0: files, problems or scores rest on it"),
}


def scheme_preview(evaluation: Evaluation, scheme: Scheme) -> dict[str, Any]:
    """Every parameter before and after, and what each indicator would score."""
    before, after = evaluation.scheme.as_parameters(), scheme.as_parameters()
    return {
        "sections": comparison(before, after),
        "trial": trial(evaluation, after),
        "before": str(evaluation.scheme),
        "after": str(scheme),
    }


def framework_preview(
    evaluation: Evaluation, framework: Framework, plan: list[PlannedIndicator]
) -> dict[str, Any]:
    """Every indicator before and after."""
    return {
        "sections": [{"title": _("Indicators"), "rows": [row_of(planned) for planned in plan]}],
        "before": str(evaluation.framework or _("no framework")),
        "after": str(framework),
    }


def row_of(planned: PlannedIndicator) -> dict[str, Any]:
    what = str(WHAT[planned.what])
    if planned.loses_score:
        what = _("%(what)s; the stated score is above the new weight and is taken back") % {"what": what}
    return {
        "label": f"{planned.level1} · {planned.name}",
        "what": what,
        "before": in_words(planned.before),
        "after": in_words(planned.after),
        "differs": planned.what != KEPT,
    }


def in_words(columns: dict[str, str]) -> str:
    """What a framework sets of an indicator, one to a line."""
    if not columns:
        return ""
    points = _("%(points)s points") % {"points": columns["weight"] or "—"}
    return "\n".join(filter(None, [columns["level2"], points, columns["target_text"]]))
