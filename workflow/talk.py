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
from audit_log.errors import NotAllowed, NotFound
from evaluations.models import Evaluation
from workflow.access import may_act, open_tasks_of
from workflow.attachments import removed_when_refused
from workflow.door import refusals_noted, require_in_hand
from workflow.models import FlowTask


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
    task = task_in_hand(evaluation, actor, item)
    return step_of_task(task) if task else None


def task_in_hand(evaluation: Evaluation, actor: Any, item: RectificationItem | None) -> FlowTask | None:
    """The open task that is the actor's to do."""
    tasks = open_tasks_of(evaluation.pk).filter(item=item).select_related("item")
    return next((task for task in tasks if may_act(actor, task)), None)


def step_of_task(task: FlowTask) -> StepInHand:
    """What asking a colleague needs to know of a task."""
    return StepInHand(task.right, task.organization_id, task.item)


def task_asked_at(
    evaluation: Evaluation, actor: User, item: RectificationItem | None, shown_id: int | None
) -> FlowTask:
    """The task in the actor's hands; ``shown_id`` is the one for which the page was shown, when one was.

    Raises AlreadyHandled when somebody was faster with that one, NotFound when none was the actor's.
    """
    task = task_in_hand(evaluation, actor, item)
    if task is None:
        shown = FlowTask.objects.filter(evaluation=evaluation, item=item, flow_task_type="HUMAN")
        task = shown.filter(pk=shown_id).select_related("item").first()
        if task is None:
            raise NotFound()
        require_in_hand("consult", actor, task)
    return task


def answer_consultation(*, consultation: Consultation, actor: User, answer: str) -> Consultation:
    """Give the opinion that was asked for. Raises NotFound, NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("answer_consultation", actor, "consultation", consultation.pk):
        return actions.answer_consultation(consultation=consultation, actor=actor, answer=answer)


def withdraw_consultation(*, consultation: Consultation, actor: User) -> Consultation:
    """Ask for an opinion no longer. Raises NotFound, NotAllowed, WrongStage."""
    with refusals_noted("withdraw_consultation", actor, "consultation", consultation.pk):
        return actions.withdraw_consultation(consultation=consultation, actor=actor)
