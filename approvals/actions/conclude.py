from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import tell_next_of_item
from approvals.actions.question import require_no_open_question
from approvals.actions.shape import Entry, enter, leave, require_text
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.actions import grade_for, require_total, seal_content
from evaluations.models import Evaluation, Stage
from notices import messages
from notices.jobs import announce


@transaction.atomic
def conclude(
    *, evaluation: Evaluation, actor: User, total: Decimal, conclusion: str, is_demonstration: bool = False
) -> Decision:
    """Conclude a score and a grade; proposed rectification items are assigned with it.

    ``total`` in points out of 100; the grade is its band in the evaluation's
    scheme. Without items the evaluation is closed. Raises WrongStage, NotAllowed,
    ConflictOfInterest, and InvalidInput for a total out of range, no text, an
    item whose due date has passed, or a question that waits for its answer.
    """
    entry = enter(evaluation, actor, Verb.CONCLUDE)
    require_no_open_question(entry)
    evaluation = entry.evaluation
    evaluation.concluded_total = require_total(total)
    evaluation.concluded_grade = grade_for(evaluation, total)
    evaluation.conclusion = require_text(conclusion, "conclusion", _("Write the conclusion."))
    evaluation.concluded_at = clock.now()
    assigned = assign_items(entry, actor)
    if not assigned:
        evaluation.closed_at = clock.now()
    evaluation.content_digest = seal_content(evaluation)
    decision = leave(
        entry,
        actor,
        Verb.CONCLUDE,
        Stage.RECTIFICATION if assigned else Stage.CLOSED,
        opinion=evaluation.conclusion,
        total=total,
        is_demonstration=is_demonstration,
        data={"grade": evaluation.concluded_grade, "items": [item.pk for item in assigned]},
    )
    tell_unit(evaluation, decision)
    for item in assigned:
        tell_next_of_item(item, decision)
    return decision


def assign_items(entry: Entry, actor: User) -> list[RectificationItem]:
    """Assign the proposed items: each then waits for its measures. Returns them."""
    assigned = []
    late: dict[str, list[Any]] = {}
    for item in entry.evaluation.items.filter(stage=ItemStage.DRAFT).order_by("pk"):
        if item.due < clock.today():
            late[f"item-{item.pk}"] = [
                _("The due date of “%(item)s” has passed: set a later one.") % {"item": item.requirement[:40]}
            ]
            continue
        item.stage = ItemStage.PLANNING
        item.assigned_at = clock.now()
        item.save_as(actor, "assign")
        record(chain=chain_of(entry.evaluation.pk), verb="assign_item", actor=actor, object=item)
        assigned.append(item)
    if late:
        raise InvalidInput(_("An item's due date has passed."), fields=late)
    return assigned


def tell_unit(evaluation: Evaluation, decision: Decision) -> None:
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
        right="view_evaluations",
        organization_id=evaluation.unit_id,
    )
