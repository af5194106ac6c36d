"""The use of a result as the policy's table names it, for an evaluation as it stands."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.models import ENDED, ResultUse
from evaluations.models import CONCLUDED_STAGES, Evaluation
from evaluations.policies.chosen import policy_of
from evaluations.policies.consequences import (
    ConsequenceTable,
    RectificationState,
    state_of,
)


def table_of(evaluation: Evaluation) -> ConsequenceTable:
    """The table of consequences of the policy that this evaluation runs by."""
    return policy_of(evaluation).consequences


def rectification_of(evaluation: Evaluation) -> RectificationState:
    """How far the evaluation's items are; a proposed one counts as open, for the conclusion assigns it."""
    counted = evaluation.items.aggregate(
        items=Count("pk"), open_items=Count("pk", filter=~Q(stage__in=ENDED))
    )
    return state_of(**counted)


def use_on_record(evaluation: Evaluation) -> ResultUse | None:
    """The use of a concluded result; None before the conclusion, and while it is being concluded anew."""
    return getattr(evaluation, "result_use", None) if evaluation.stage in CONCLUDED_STAGES else None


def may_change_use(user: Any, evaluation: Evaluation) -> bool:
    """Whether ``user`` concludes evaluations where this one is concluded (duties: the action's to check)."""
    return rights_for_reading(user).holds(Right.CONCLUDE, evaluation.evaluator_id)
