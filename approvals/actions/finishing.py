"""The end of the procedure: the proposed items are assigned, or the evaluation is closed."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Right
from approvals.actions.issuing import issue_proposed
from approvals.actions.item_shape import tell_issued
from approvals.actions.record_use import review_use
from approvals.models import Decision, NoticeKind, RectificationItem, Verb
from audit_log import clock
from evaluations.models import Evaluation, Stage
from notices import messages
from notices.jobs import announce


def finish(evaluation: Evaluation, actor: User, *, is_demonstration: bool = False) -> list[RectificationItem]:
    """Put the evaluation behind its last step: in rectification with its items, or closed without any.

    Raises InvalidInput for a day that the notice would name and that has passed. Returns the items
    assigned.
    """
    assigned = issue_proposed(evaluation, actor, is_demonstration=is_demonstration)
    evaluation.stage = Stage.RECTIFICATION if assigned else Stage.CLOSED
    evaluation.step = 0
    evaluation.closed_at = None if assigned else clock.now()
    return assigned


def tell_of_the_end(evaluation: Evaluation, decision: Decision, assigned: list[RectificationItem]) -> None:
    """Tell the unit what was concluded, and with which letter, and whoever has an item to carry out."""
    if evaluation.concluded_total is not None:
        tell_conclusion(evaluation, decision)
        if not assigned:
            tell_feedback(evaluation)
    if decision.verb == Verb.SIGN:  # items may have been proposed since it was concluded
        review_use(evaluation)
    tell_issued(evaluation, assigned)


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


def tell_feedback(evaluation: Evaluation) -> None:
    """Tell the unit of the letter of feedback that went out: nothing has to be put right."""
    letter = evaluation.rectification_notices.filter(kind=NoticeKind.FEEDBACK).latest("pk")
    announce(
        message=messages.FEEDBACK,
        values={"project": evaluation.project.name},
        path=f"/evaluations/{evaluation.pk}/rectification/notices/",
        source=f"notice:{letter.pk}:{letter.addressee_id}",
        right=Right.VIEW_EVALUATIONS.value,
        organization_id=letter.addressee_id,
    )
