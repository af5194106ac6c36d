"""The use of a result as the policy's table names it, for an evaluation as it stands."""

from __future__ import annotations

from django.db.models import Count, Q

from approvals.models import ItemStage
from evaluations.models import Evaluation
from evaluations.policies.consequences import (
    DEFAULT_TABLE,
    Consequence,
    ConsequenceTable,
    RectificationState,
    state_of,
)


def table_of(evaluation: Evaluation) -> ConsequenceTable:
    """The table of consequences that binds this evaluation."""
    return DEFAULT_TABLE


def rectification_of(evaluation: Evaluation) -> RectificationState:
    """How far the evaluation's items are; a proposed one counts as open, for the conclusion assigns it."""
    counted = evaluation.items.aggregate(
        items=Count("pk"), open_items=Count("pk", filter=~Q(stage=ItemStage.CLOSED))
    )
    return state_of(**counted)


def named_now(evaluation: Evaluation) -> Consequence:
    """What the table names for the concluded grade and the items as they stand."""
    return table_of(evaluation).named(evaluation.concluded_grade, rectification_of(evaluation))
