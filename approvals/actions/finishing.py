"""The end of the procedure: the proposed items are assigned, or the evaluation is closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.item_shape import tell_next_of_item
from approvals.actions.record_use import review_use
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, Stage
from notices import messages
from notices.jobs import announce


def finish(evaluation: Evaluation, actor: User) -> list[RectificationItem]:
    """Put the evaluation behind its last step: in rectification with its items, or closed without any.

    Raises InvalidInput for an item whose due date has passed. Returns the items assigned.
    """
    assigned = assign_items(evaluation, actor)
    evaluation.stage = Stage.RECTIFICATION if assigned else Stage.CLOSED
    evaluation.step = 0
    evaluation.closed_at = None if assigned else clock.now()
    return assigned


def assign_items(evaluation: Evaluation, actor: User) -> list[RectificationItem]:
    """Assign the proposed items: each then waits for its measures. Returns them."""
    assigned = []
    late: dict[str, list[Any]] = {}
    for item in evaluation.items.filter(stage=ItemStage.DRAFT).order_by("pk"):
        if item.due < clock.today():
            late[f"item-{item.pk}"] = [
                _("The due date of “%(item)s” has passed: set a later one.") % {"item": item.requirement[:40]}
            ]
            continue
        item.stage = ItemStage.PLANNING
        item.assigned_at = clock.now()
        item.save_as(actor, "assign")
        record(chain=chain_of(evaluation.pk), verb="assign_item", actor=actor, object=item)
        assigned.append(item)
    if late:
        raise InvalidInput(_("An item's due date has passed."), fields=late)
    return assigned


def tell_of_the_end(evaluation: Evaluation, decision: Decision, assigned: list[RectificationItem]) -> None:
    """Tell the unit what was concluded, and whoever has an item to carry out."""
    if evaluation.concluded_total is not None:
        tell_conclusion(evaluation, decision)
    if decision.verb == Verb.SIGN:  # items may have been proposed since it was concluded
        review_use(evaluation)
    for item in assigned:
        item.evaluation = evaluation
        tell_next_of_item(item, decision)


def tell_conclusion(evaluation: Evaluation, decision: Decision) -> None:
    """Tell the unit's approver and the project's lead what was concluded."""
    values = {
        "project": evaluation.project.name,
        "total": f"{evaluation.concluded_total:.2f}",
        "grade": evaluation.concluded_grade,
    }
    announce(
        message=messages.CONCLUDED,
        values=values,
        path=f"/evaluations/{evaluation.pk}/",
        source=f"concluded:{decision.pk}",
        right=Right.VIEW_EVALUATIONS.value,
        organization_id=evaluation.unit_id,
    )
