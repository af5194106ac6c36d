"""Services on rectification items beside their steps: receipts, progress, extensions, notices, the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from approvals import actions
from approvals.actions.voices import Capacity
from approvals.ladder import due_at
from approvals.models import (
    Decision,
    Extension,
    ExtensionAnswer,
    GeneratedDocument,
    ItemStage,
    ProgressEntry,
    RectificationItem,
    RectificationNotice,
    Verb,
)
from evaluations.models import Evaluation
from workflow.attachments import NewFile, attach_all, removed_when_refused
from workflow.content import open_for_files
from workflow.door import open_task_under_lock, refusals_noted, stands_in, task_under_lock
from workflow.flows import JihengFlow, RectificationFlow
from workflow.models import OPEN, FlowProcess, FlowTask
from workflow.services import perform


def receive(*, process_id: int, task_id: int, actor: User, opinion: str = "") -> list[Decision]:
    """Sign the receipt for a notice: for every item of it that waits for the same unit and for the signer.

    One signature, one transaction. An item that asks somebody else of the unit by name goes on with
    that person's own signature. Raises NotAllowed, WrongStage, AlreadyHandled, Busy.
    """
    with refusals_noted(Verb.RECEIVE, actor, "task", task_id), transaction.atomic():
        tasks = waiting_receipts(process_id, task_id, actor)
        # All processes first and in order: two people who sign at once wait for each other in one place.
        processes = [task.process_id for task in tasks]
        list(FlowProcess.objects.select_for_update().filter(pk__in=processes).order_by("pk"))
        return [
            perform(Verb.RECEIVE, process_id=task.process_id, task_id=task.pk, actor=actor, opinion=opinion)
            for task in tasks
        ]


def waiting_receipts(process_id: int, task_id: int, actor: User) -> list[FlowTask]:
    """This step, and those of the same notice that wait for the same unit's signature, not another's."""
    task = FlowTask.objects.select_related("item").filter(pk=task_id, process=process_id).first()
    if task is None or task.item is None or task.item.notice_id is None:
        return [task or FlowTask(pk=task_id, process_id=process_id)]
    same = FlowTask.objects.filter(
        item__notice=task.item.notice_id,
        item__responsible_unit=task.item.responsible_unit_id,
        stage=ItemStage.ISSUED,
        status__in=OPEN,
    )
    waiting = list(same.order_by("process_id"))
    in_hand = [
        each
        for each in waiting
        if each.pk == task.pk or each.owner_id in (None, actor.pk) or stands_in(actor, each)
    ]
    return in_hand or [task]


def note_progress(
    *, process_id: int, task_id: int, actor: User, files: Sequence[NewFile] = (), **details: Any
) -> ProgressEntry:
    """Enter how far an item has come, with the files that show it. Raises what the action raises."""
    with (
        refusals_noted("note_progress", actor, "task", task_id),
        removed_when_refused() as stored,
        JihengFlow.lock(process_id),
    ):
        task = task_under_lock(process_id, task_id, actor)
        if files:
            attach_all(*open_for_files(task, actor), actor, files, stored)
        capacity = Capacity(on_behalf_of=task.owner_id if task.owner_id != actor.pk else None)
        return actions.note_progress(
            item=RectificationItem(pk=task.item_id),
            actor=actor,
            evidence=stored,
            capacity=capacity,
            **details,
        )


def cancel(*, item: RectificationItem, actor: User, **details: Any) -> Decision:
    """End an item without its being put right; its open step is dropped.

    Raises NotAllowed, ConflictOfInterest, WrongStage, InvalidInput, Busy.
    """
    with refusals_noted(Verb.CANCEL, actor, "rectificationitem", item.pk), transaction.atomic():
        task = FlowTask.objects.filter(item=item, status__in=OPEN, flow_task_type="HUMAN").first()
        if task is None:
            return actions.cancel(item=item, actor=actor, **details)
        with JihengFlow.lock(task.process_id):
            task = open_task_under_lock(task.process_id, task.pk)
            decision = actions.cancel(item=item, actor=actor, **details)
            task.process.evaluation, task.process.item = decision.evaluation, decision.item
            task.flow_task.activation_class(task).go_without(decision)
    return decision


def ask_extension(*, item: RectificationItem, actor: User, **details: Any) -> Extension:
    """Ask for a later due date. Raises WrongStage, NotAllowed, InvalidInput."""
    with refusals_noted("ask_extension", actor, "rectificationitem", item.pk):
        return actions.ask_extension(item=item, actor=actor, **details)


def answer_extension(*, extension: Extension, actor: User, **details: Any) -> ExtensionAnswer:
    """Grant or refuse it; a granted one moves the open step, unless its measures are due earlier.

    Raises NotAllowed, ConflictOfInterest, AlreadyHandled, InvalidInput.
    """
    with refusals_noted("answer_extension", actor, "extension", extension.pk), transaction.atomic():
        answer = actions.answer_extension(extension=extension, actor=actor, **details)
        if answer.due is not None:
            item = RectificationItem.objects.get(pk=extension.item_id)
            FlowTask.objects.filter(item=item, status__in=OPEN).update(due=due_at(item, item.stage))
    return answer


def prepare_notice(*, evaluation: Evaluation, actor: User, **details: Any) -> RectificationNotice:
    """Write the particulars of the next notice. Raises NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("prepare_notice", actor, "evaluation", evaluation.pk):
        return actions.prepare_notice(evaluation=evaluation, actor=actor, **details)


def issue_notice(*, evaluation: Evaluation, actor: User, **details: Any) -> list[RectificationItem]:
    """Issue further items: each goes its way. Raises NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("issue_notice", actor, "evaluation", evaluation.pk), transaction.atomic():
        items = actions.issue_notice(evaluation=evaluation, actor=actor, **details)
        for item in items:
            RectificationFlow.start.run(item=item)
    return items


def request_notice_document(
    *, notice: RectificationNotice, actor: User, form: str, language: str
) -> GeneratedDocument:
    """Ask for an issued notice as PDF or Word. Raises NotFound, InvalidInput."""
    with refusals_noted("request_notice_document", actor, "rectificationnotice", notice.pk):
        return actions.request_notice_document(notice=notice, actor=actor, form=form, language=language)
