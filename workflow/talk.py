"""Services for comments and for opinions asked of colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals import actions
from approvals.actions.comment import PostedFile
from approvals.actions.consult import StepInHand
from approvals.actions.shape import locked
from approvals.models import Comment, Consultation, RectificationItem
from audit_log.errors import NotAllowed
from evaluations.models import Evaluation
from workflow.access import may_act, open_tasks_of
from workflow.attachments import removed_when_refused
from workflow.door import refusals_noted


def add_comment(
    *, evaluation: Evaluation, actor: User, files: Sequence[PostedFile] = (), **details: Any
) -> Comment:
    """Remark something on a dossier. Raises NotFound, NotAllowed, InvalidInput."""
    with (
        refusals_noted("comment", actor, "evaluation", evaluation.pk),
        removed_when_refused() as stored,
    ):
        return actions.comment(evaluation=evaluation, actor=actor, files=files, stored=stored, **details)


def withdraw_comment(*, comment: Comment, actor: User) -> Comment:
    """Withdraw one's own comment. Raises NotFound, NotAllowed, WrongStage."""
    with refusals_noted("withdraw_comment", actor, "comment", comment.pk):
        return actions.withdraw_comment(comment=comment, actor=actor)


def consult(
    *, evaluation: Evaluation, actor: User, item: RectificationItem | None = None, **details: Any
) -> Consultation:
    """Ask a colleague at a step that is the actor's, of the dossier or of ``item``.

    Raises NotFound, NotAllowed, ConflictOfInterest, InvalidInput.
    """
    with refusals_noted("consult", actor, "evaluation", evaluation.pk), transaction.atomic():
        # The lock comes first: a step that is open under it stays open until the question is written.
        step = step_in_hand(locked(evaluation.pk), actor, item)
        if step is None:
            raise NotAllowed(_("Opinions are asked for by whoever has the task in hand."))
        return actions.consult(evaluation=evaluation, actor=actor, step=step, **details)


def step_in_hand(
    evaluation: Evaluation, actor: Any, item: RectificationItem | None = None
) -> StepInHand | None:
    """The open step of the dossier, or of its item, that is the actor's to do."""
    for task in open_tasks_of(evaluation.pk).filter(item=item).select_related("item"):
        if may_act(actor, task):
            return StepInHand(task.right, task.organization_id, task.item)
    return None


def answer_consultation(*, consultation: Consultation, actor: User, answer: str) -> Consultation:
    """Give the opinion that was asked for. Raises NotFound, NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("answer_consultation", actor, "consultation", consultation.pk):
        return actions.answer_consultation(consultation=consultation, actor=actor, answer=answer)


def withdraw_consultation(*, consultation: Consultation, actor: User) -> Consultation:
    """Ask for an opinion no longer. Raises NotFound, NotAllowed, WrongStage."""
    with refusals_noted("withdraw_consultation", actor, "consultation", consultation.pk):
        return actions.withdraw_consultation(consultation=consultation, actor=actor)
