"""Proposing several rectification items at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from approvals import actions
from approvals.models import RectificationItem
from audit_log.errors import InvalidInput
from evaluations.models import Evaluation
from workflow.capacity import capacity_of
from workflow.door import refusals_noted
from workflow.models import FlowTask


def raise_items(
    *,
    evaluation: Evaluation,
    actor: User,
    items: Sequence[Mapping[str, Any]],
    task: FlowTask | None = None,
) -> list[RectificationItem]:
    """Propose an item for each of ``items``, in one transaction.

    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput whose fields are named
    with the place of the item that they belong to: ``2-due``.
    """
    with refusals_noted("raise_item", actor, "evaluation", evaluation.pk), transaction.atomic():
        capacity = capacity_of(task, actor)
        return [
            raised(place, evaluation=evaluation, actor=actor, capacity=capacity, **details)
            for place, details in enumerate(items)
        ]


def raised(place: int, **details: Any) -> RectificationItem:
    """One of several; what is wrong with it is said with its place."""
    try:
        return actions.raise_item(**details)
    except InvalidInput as error:
        fields = {f"{place}-{name}": list(found) for name, found in error.fields.items()}
        raise InvalidInput(str(error), fields=fields) from error
