"""What a scheme would give for a dossier, beside what it has now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from evaluations.computed import computed
from evaluations.models import Evaluation, Indicator
from evaluations.scoring import SchemeParameters, ScoredDossier, ScoringError, grade_of
from evaluations.scoring.exact import printed_points
from workflow.presentation.words import grade_label


def trial(evaluation: Evaluation, scheme: SchemeParameters) -> dict[str, Any]:
    """Each indicator's points by the evaluation's own scheme and by this one; nothing is stored."""
    indicators = list(evaluation.indicators.all())
    present = evaluation.scheme.as_parameters()
    now, then = (computed(evaluation, indicators, parameters) for parameters in (present, scheme))
    rows = [
        trial_row(indicator, old, new)
        for indicator, old, new in zip(indicators, now.indicators, then.indicators, strict=True)
    ]
    if now.execution.weight is not None or then.execution.weight is not None:
        rows.append(execution_row(evaluation, now, then))
    return {
        "rows": rows,
        "now": total_of(now),
        "then": total_of(then),
        "changed": sum(row["differs"] for row in rows),
        "stated": stated_of(evaluation, scheme),
    }


def trial_row(indicator: Indicator, old: Any, new: Any) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "weight": indicator.weight,
        "now": old.points,
        "then": new.points,
        "explanation": new.explanation.text(_),
        "differs": old.points != new.points,
    }


def execution_row(evaluation: Evaluation, now: ScoredDossier, then: ScoredDossier) -> dict[str, Any]:
    return {
        "name": _("Budget execution"),
        "weight": evaluation.budget.weight,
        "now": now.execution.points,
        "then": then.execution.points,
        "explanation": then.execution.explanation.text(_),
        "differs": now.execution.points != then.execution.points,
    }


def total_of(scored: ScoredDossier) -> dict[str, str]:
    """The total with its grade, or between what it lies while scores are open."""
    if scored.total is not None:
        return {"total": printed_points(scored.total), "grade": grade_label(scored.grade or "")}
    ends = {"least": printed_points(scored.least), "most": printed_points(scored.most)}
    return {"total": _("%(least)s to %(most)s") % ends, "grade": ""}


def stated_of(evaluation: Evaluation, scheme: SchemeParameters) -> dict[str, str] | None:
    """The unit's own total, with its grade as it is stated and as the scheme would give it."""
    total = evaluation.stated_total
    if total is None:
        return None
    try:
        grade = grade_of(total, scheme)
    except ScoringError:
        grade = ""
    return {
        "total": printed_points(total),
        "grade": grade_label(evaluation.stated_grade),
        "then": grade_label(grade),
    }
