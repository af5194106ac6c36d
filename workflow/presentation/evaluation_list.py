"""The rows of the evaluation list."""

from __future__ import annotations

from typing import Any

from evaluations.models import Evaluation
from evaluations.scoring import SchemeParameters
from workflow.presentation.figures import rate_of
from workflow.presentation.words import grade_label
from workflow.working_days import working_days_left


def list_row(evaluation: Any, parameters: dict[int, SchemeParameters]) -> dict[str, Any]:
    """One evaluation, annotated by ``workflow.evaluation_list.listed``.

    ``parameters`` remembers each scheme that was read for an earlier row.
    """
    return {
        "evaluation": evaluation,
        "rate": rate_of(evaluation.budget, scheme_of(evaluation, parameters)),
        "total": evaluation.total,
        "grade": evaluation.grade,
        "grade_label": grade_label(evaluation.grade),
        "is_only_stated": not evaluation.is_concluded and evaluation.total is not None,
        "days": working_days_left(evaluation.due),
    }


def scheme_of(evaluation: Evaluation, parameters: dict[int, SchemeParameters]) -> SchemeParameters:
    if evaluation.scheme_id not in parameters:
        parameters[evaluation.scheme_id] = evaluation.scheme.as_parameters()
    return parameters[evaluation.scheme_id]
