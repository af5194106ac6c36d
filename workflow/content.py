"""Services for what is filled in at a step: drafts, and files that come in or go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.independence import require_independence
from approvals.actions.item_shape import locked_item, place_of
from approvals.actions.shape import locked, standing_of
from approvals.procedure import Step, item_step, step_at
from audit_log.errors import NotAllowed, NotFound, WrongStage
from evaluations.actions import DossierChanges, attach_evidence, fill_dossier, withdraw_evidence
from evaluations.actions.library import library_rows
from evaluations.models import Evaluation, Evidence, Indicator, LibraryIndicator
from workflow.attachments import NewFile, attach_all, removed_when_refused
from workflow.capacity import owner_besides
from workflow.door import refusals_noted, task_under_lock
from workflow.flows import JihengFlow
from workflow.models import FlowTask
from workflow.withdrawal import require_withdrawable


def save_draft(
    *,
    process_id: int,
    task_id: int,
    actor: User,
    changes: DossierChanges,
    files: Sequence[NewFile] = (),
    withdrawn: int | None = None,
    typed: Mapping[str, str] | None = None,
) -> None:
    """Keep what was filled in so far, without handing it in. Raises InvalidInput and the rest.

    ``files`` come in and the file ``withdrawn`` goes out in the same transaction;
    ``typed`` are words that belong to the step, not to the dossier.
    """
    with (
        refusals_noted("save_draft", actor, "task", task_id),
        removed_when_refused() as stored,
        JihengFlow.lock(process_id),
    ):
        task = task_under_lock(process_id, task_id, actor)
        fill_at(task, actor, changes)
        if files:
            attach_all(*open_for_files(task, actor), actor, files, stored)
        if withdrawn is not None:
            take_out(task, actor, withdrawn)
        if typed is not None:
            keep_with(task, typed)


def pick_indicators(
    *, process_id: int, task_id: int, actor: User, entries: Iterable[LibraryIndicator]
) -> int:
    """Put entries of the library behind the dossier's indicators; returns how many it did not have.

    Raises WrongStage, NotAllowed and the rest.
    """
    with refusals_noted("save_draft", actor, "task", task_id), JihengFlow.lock(process_id):
        task = task_under_lock(process_id, task_id, actor)
        rows = library_rows(locked(task.evaluation_id), entries)
        if rows:
            fill_at(task, actor, DossierChanges(indicators=rows))
    return len(rows)


def keep_typed(*, process_id: int, task_id: int, actor: User, typed: Mapping[str, str]) -> None:
    """Keep a reviewer's unfinished words and points with the step.

    Raises NotAllowed unless it is theirs: whoever stands in leaves alone what its owner has begun.
    """
    with refusals_noted("keep_typed", actor, "task", task_id), JihengFlow.lock(process_id):
        task = task_under_lock(process_id, task_id, actor)
        if task.owner_id is None:
            raise NotAllowed(_("Take this task first: a draft belongs to one person."))
        require_no_draft_of_another(task, actor)
        keep_with(task, typed)


def keep_with(task: FlowTask, typed: Mapping[str, str]) -> None:
    """Write the words on the step's row; a returned or decided step starts without them."""
    task.data = {**task.data, "typed": dict(typed)}
    task.save(update_fields=["data"])


def require_no_draft_of_another(task: FlowTask, actor: User) -> None:
    """Raises NotAllowed where the task's owner, for whom the actor stands in, has begun to write."""
    if owner_besides(task, actor) and any(task.data.get("typed", {}).values()):
        raise NotAllowed(
            _("%(person)s has begun to write here: the draft stays theirs.") % {"person": task.owner}
        )


def forget_typed(task: FlowTask) -> None:
    """A draft belongs to one person: whoever takes the step next does not read it."""
    task.data = {name: value for name, value in task.data.items() if name != "typed"}
    task.save(update_fields=["data"])


def fill_at(task: FlowTask, actor: User, changes: DossierChanges) -> None:
    """Write what the step allows of the dossier. Raises WrongStage, NotAllowed, InvalidInput, Outdated."""
    evaluation = locked(task.evaluation_id)
    step = step_at(evaluation)
    if step is None or task.item_id or step.right is None or not (step.fills or step.drafts):
        raise WrongStage(_("The dossier is not open for changes now."), found=evaluation.stage)
    require_of_the_step(task, step)
    place = step.organization_id(evaluation)
    on_behalf_of = standing_of(actor, step.right, place, owner_besides(task, actor), evaluation)
    if step.drafts:
        require_independence(evaluation, actor, on_behalf_of)
    if not changes.tables <= step.tables:
        raise NotAllowed(
            _("This part of the dossier is not written at this step."),
            found=sorted(changes.tables - step.tables),
        )
    fill_dossier(evaluation=evaluation, actor=actor, changes=changes, on_behalf_of=on_behalf_of)


def require_of_the_step(task: FlowTask, step: Step) -> None:
    """Raises WrongStage where the task asks somebody else than whoever fills in at the step.

    The department that answers a draft beside the unit brings in nothing.
    """
    if task.ballot_id and task.right != step.right:
        raise WrongStage(_("The dossier is not open for changes now."), found=task.stage)


def attach(
    *,
    process_id: int,
    task_id: int,
    actor: User,
    file: Any,
    name: str,
    indicator: Indicator | None = None,
    description: str = "",
    is_demonstration: bool = False,
) -> Evidence:
    """Add a file at a step where the unit fills in or reports. Raises InvalidInput and the rest."""
    with (
        refusals_noted("attach_evidence", actor, "task", task_id),
        removed_when_refused() as stored,
        JihengFlow.lock(process_id),
    ):
        task = task_under_lock(process_id, task_id, actor)
        evaluation, on_behalf_of = open_for_files(task, actor)
        stored.append(
            attach_evidence(
                evaluation=evaluation,
                actor=actor,
                file=file,
                name=name,
                indicator=indicator,
                description=description,
                is_demonstration=is_demonstration,
                on_behalf_of=on_behalf_of,
            )
        )
    return stored[0]


def open_for_files(task: FlowTask, actor: User) -> tuple[Evaluation, int | None]:
    """The locked evaluation, when the step is one at which files come in, and for whom the actor brings them.

    Raises WrongStage, NotAllowed.
    """
    if task.item_id:
        item = locked_item(task.item_id)
        evaluation, step = item.evaluation, item_step(item)
        organization_id = place_of(item, step) if step else None
    else:
        evaluation = locked(task.evaluation_id)
        step = step_at(evaluation)
        organization_id = step.organization_id(evaluation) if step else None
    if step is None or not step.fills or step.right is None:
        raise WrongStage(_("The dossier is not open for changes now."), found=evaluation.stage)
    require_of_the_step(task, step)
    return evaluation, standing_of(actor, step.right, organization_id, owner_besides(task, actor), evaluation)


def withdraw(*, process_id: int, task_id: int, actor: User, evidence_id: int) -> Evidence:
    """Take a file out at a step where the unit fills in or reports. Raises NotFound, WrongStage."""
    with refusals_noted("withdraw_evidence", actor, "task", task_id), JihengFlow.lock(process_id):
        task = task_under_lock(process_id, task_id, actor)
        return take_out(task, actor, evidence_id)


def take_out(task: FlowTask, actor: User, evidence_id: int) -> Evidence:
    """Withdraw a file that the step may take out. Raises NotFound for another evaluation's, WrongStage."""
    evaluation, on_behalf_of = open_for_files(task, actor)
    evidence = Evidence.objects.filter(pk=evidence_id, evaluation=evaluation).first()
    if evidence is None:
        raise NotFound()
    require_withdrawable(evidence, evaluation, task.item)
    return withdraw_evidence(evidence=evidence, actor=actor, on_behalf_of=on_behalf_of)
