"""The service by which the use of a result is changed."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from approvals import actions
from approvals.models import ResultUse
from evaluations.models import Evaluation
from workflow.door import refusals_noted


def change_use(*, evaluation: Evaluation, actor: User, **details: Any) -> ResultUse:
    """Decide anew what a result is used for.

    Raises NotFound, WrongStage, NotAllowed, ConflictOfInterest, InvalidInput.
    """
    with refusals_noted("change_use", actor, "evaluation", evaluation.pk):
        return actions.change_use(evaluation=evaluation, actor=actor, **details)
