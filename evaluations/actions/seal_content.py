from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from evaluations.models import Evaluation, Indicator

GOALS = (
    "base_date",
    "report_date",
    "team",
    "goal_expected",
    "goal_achieved",
    "stated_total",
    "stated_grade",
    "stated_subtotals",
    "stated_level_weights",
)


def seal_content(evaluation: Evaluation, indicators: Iterable[Indicator] | None = None) -> str:
    """SHA-256 of the dossier with its files and what each backs: what was decided on can be proved.

    Department, finance and expert scores are not in it: each is part of a decision.
    """
    if indicators is None:
        indicators = evaluation.indicators.prefetch_related("scores")
    budget = evaluation.budget
    content = {
        "evaluation": {name: getattr(evaluation, name) for name in GOALS},
        "budget": row(budget),
        "rows": [row(line) for line in budget.rows.order_by("pk")],
        "lines": [row(line) for line in budget.lines.all()],
        "stated_totals": [row(total) for total in budget.stated_totals.order_by("pk")],
        "indicators": [
            {
                **row(indicator),
                "scores": [row(score) for score in indicator.scores.all() if score.source == "stated"],
            }
            for indicator in indicators
        ],
        "sections": [row(section) for section in evaluation.sections.all()],
        "problems": [row(problem) for problem in evaluation.problems.all()],
        "suggestions": [row(suggestion) for suggestion in evaluation.suggestions.all()],
        "evidence": list(
            evaluation.evidence.filter(withdrawn_at=None).order_by("pk").values_list("digest", "indicator_id")
        ),
    }
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def row(instance: Model) -> dict[str, Any]:
    """The row's own fields, by name."""
    return {field.name: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
