"""The one door: screens, commands, jobs and the demonstration all come in here.

A service takes the flow's lock, re-reads the task, runs the action and completes
the task, in one transaction. A refused verb rolls back whole; then one line goes
to the log of refusals.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import Organization, User
from accounts.roles import Right
from approvals import actions
from approvals.models import (
    Decision,
    FindingTurn,
    GeneratedDocument,
    RecordedFinding,
    RectificationItem,
    Verb,
)
from audit_log.errors import NotAllowed, WrongStage
from evaluations.actions import (
    DossierChanges,
    common_framework,
    create_project,
    fill_dossier,
    framework_rows,
)
from evaluations.models import Evaluation, Framework, Kind, Project, Seat
from workflow.attachments import NewFile, attach_all, removed_when_refused
from workflow.capacity import capacity_of
from workflow.content import (
    attach,
    fill_at,
    keep_typed,
    open_for_files,
    pick_indicators,
    save_draft,
    withdraw,
)
from workflow.door import refusals_noted, task_under_lock
from workflow.flows import CommissionedEvaluationFlow, JihengFlow, RectificationFlow, SelfEvaluationFlow
from workflow.models import FlowTask
from workflow.taking import claim, release, take_over

__all__ = [
    "ask",
    "attach",
    "claim",
    "dismiss",
    "drop_item",
    "keep_typed",
    "open_evaluation",
    "perform",
    "pick_indicators",
    "raise_item",
    "release",
    "reopen",
    "request_document",
    "sample",
    "save_draft",
    "seat_expert",
    "take_over",
    "withdraw",
    "withdraw_question",
]

VERBS: dict[str, Callable[..., Decision]] = {
    Verb.SUBMIT: actions.submit,
    Verb.APPROVE: actions.approve,
    Verb.RETURN: actions.return_,
    Verb.ACCEPT: actions.accept,
    Verb.RECHECK: actions.recheck,
    Verb.SUPPLY: actions.supply,
    Verb.SCORE: actions.score,
    Verb.DRAFT: actions.draft,
    Verb.ANSWER: actions.answer,
    Verb.CONCLUDE: actions.conclude,
    Verb.OBJECT: actions.object_,
    Verb.CONSIDER: actions.consider,
    Verb.SIGN: actions.sign,
    Verb.RECEIVE: actions.receive,
    Verb.PLAN: actions.plan,
    Verb.ACCEPT_PLAN: actions.accept_plan,
    Verb.DISPUTE: actions.dispute,
    Verb.ANSWER_DISPUTE: actions.answer_dispute,
    Verb.REPORT: actions.report,
    Verb.VERIFY: actions.verify,
    Verb.SEND_BACK: actions.send_back,
}
OF_ITEMS = frozenset(
    {
        Verb.RECEIVE,
        Verb.PLAN,
        Verb.ACCEPT_PLAN,
        Verb.DISPUTE,
        Verb.ANSWER_DISPUTE,
        Verb.REPORT,
        Verb.VERIFY,
        Verb.SEND_BACK,
    }
)
# The lock has opened the transaction already: the savepoint that a nested one would
# set and release is left out.
ACTIONS = {verb: inspect.unwrap(action) for verb, action in VERBS.items()}


def perform(
    verb: str,
    *,
    process_id: int,
    task_id: int,
    actor: User,
    changes: DossierChanges | None = None,
    files: Sequence[NewFile] = (),
    **details: Any,
) -> Decision:
    """Decide at a step and go on.

    ``changes`` is what the unit filled in, ``files`` what it added: both are kept
    in the same transaction, or neither. ``details`` are the action's own
    arguments. Raises every JihengError of the action, and AlreadyHandled or Busy
    for the loser of a race.
    """
    with (
        refusals_noted(verb, actor, "task", task_id),
        removed_when_refused() as stored,
        JihengFlow.lock(process_id),
    ):
        task = task_under_lock(process_id, task_id, actor)
        require_verb_of(task, verb)
        if changes is not None:
            fill_at(task, actor, changes)
        if files:
            attach_all(*open_for_files(task, actor), actor, files, stored)
        if files and task.item_id:
            details["evidence"] = stored
        decision = ACTIONS[verb](**subject_of(task, actor), actor=actor, **details)
        go_on(task, actor, decision)
    return decision


def require_verb_of(task: FlowTask, verb: str) -> None:
    """Raises WrongStage for an item's verb at a dossier's step, and the other way round."""
    if (verb in OF_ITEMS) != bool(task.item_id):
        raise WrongStage(_("This step does not offer “%(verb)s”.") % {"verb": Verb(verb).label}, verb=verb)


def subject_of(task: FlowTask, actor: User) -> dict[str, Any]:
    """What the action is about, and in which capacity; it locks and reads the row itself."""
    capacity = capacity_of(task, actor)
    if task.item_id:
        return {"item": RectificationItem(pk=task.item_id), "capacity": capacity}
    return {"evaluation": Evaluation(pk=task.evaluation_id), "capacity": capacity}


def go_on(task: FlowTask, actor: User, decision: Decision) -> None:
    """Complete the step and create what the decision leads to."""
    task.process.evaluation = decision.evaluation
    task.process.item = decision.item
    activation = task.flow_task.activation_class(task)
    activation.finish(actor, decision)
    activation.activate_next()


def open_evaluation(
    *,
    actor: User,
    changes: DossierChanges | None = None,
    project: Project | None = None,
    new_project: Mapping[str, Any] | None = None,
    framework: Framework | None = None,
    **details: Any,
) -> Evaluation:
    """Open an evaluation and start its flow. Raises NotAllowed, InvalidInput.

    ``changes`` is what the dossier starts with. A department or finance
    evaluation starts with ``framework``, the common one when nothing else is given.
    ``new_project``, the arguments of ``create_project``, is entered with it.
    """
    with refusals_noted("open", actor, "project", project.pk if project else None), transaction.atomic():
        details["project"] = project or entered_project(actor, **(new_project or {}))
        if changes is None and framework is None and details["kind"] != Kind.SELF:
            framework = common_framework()
        evaluation = actions.open_evaluation(actor=actor, framework=framework, **details).evaluation
        if changes is None and framework is not None:
            changes = DossierChanges(indicators=framework_rows(framework.as_content()))
        if changes is not None:
            fill_dossier(evaluation=evaluation, actor=actor, changes=changes)
        flow = SelfEvaluationFlow if evaluation.kind == Kind.SELF else CommissionedEvaluationFlow
        flow.start.run(evaluation=evaluation)
    return evaluation


def entered_project(actor: User, *, unit: Organization, **details: Any) -> Project:
    """A new project of a unit below the organization where the actor runs evaluations."""
    above = {unit.parent_id, unit.parent.parent_id} if unit.parent else set()
    if not above & rights_of(actor).at(Right.RUN_EVALUATION):
        raise NotAllowed(_("You do not run evaluations of this unit."), right=Right.RUN_EVALUATION)
    return create_project(actor=actor, unit=unit, **details)


def seat_expert(*, evaluation: Evaluation, actor: User, expert: User) -> Seat:
    """Seat an expert. Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput."""
    with refusals_noted("seat_expert", actor, "evaluation", evaluation.pk):
        return actions.seat_expert(evaluation=evaluation, actor=actor, expert=expert)


# At these the ``task`` is the one in hand: a voter's tells on which ballot, and for whom.


def raise_item(
    *, evaluation: Evaluation, actor: User, task: FlowTask | None = None, **details: Any
) -> RectificationItem:
    """Propose a rectification item. Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput."""
    with refusals_noted("raise_item", actor, "evaluation", evaluation.pk):
        capacity = capacity_of(task, actor)
        return actions.raise_item(evaluation=evaluation, actor=actor, capacity=capacity, **details)


def drop_item(*, item: RectificationItem, actor: User, task: FlowTask | None = None) -> None:
    """Take a proposed item back. Raises WrongStage, NotAllowed, ConflictOfInterest."""
    with refusals_noted("drop_item", actor, "rectificationitem", item.pk):
        actions.drop_item(item=item, actor=actor, capacity=capacity_of(task, actor))


def ask(
    *, finding: RecordedFinding, actor: User, task: FlowTask | None = None, **details: Any
) -> FindingTurn:
    """Ask the unit about a finding. Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput."""
    with refusals_noted("question_finding", actor, "recordedfinding", finding.pk):
        return actions.ask(finding=finding, actor=actor, capacity=capacity_of(task, actor), **details)


def dismiss(
    *, finding: RecordedFinding, actor: User, task: FlowTask | None = None, **details: Any
) -> FindingTurn:
    """Dismiss a finding with a reason. Raises WrongStage, NotAllowed, ConflictOfInterest, InvalidInput."""
    with refusals_noted("dismiss_finding", actor, "recordedfinding", finding.pk):
        return actions.dismiss(finding=finding, actor=actor, capacity=capacity_of(task, actor), **details)


def withdraw_question(
    *, question: FindingTurn, actor: User, task: FlowTask | None = None, **details: Any
) -> FindingTurn:
    """Withdraw a question to the unit. Raises NotFound, WrongStage, NotAllowed, ConflictOfInterest."""
    with refusals_noted("withdraw_question", actor, "findingturn", question.pk):
        capacity = capacity_of(task, actor)
        return actions.withdraw_question(question=question, actor=actor, capacity=capacity, **details)


def sample(*, item: RectificationItem, actor: User) -> RectificationItem:
    """Finance samples an item. Raises WrongStage, NotAllowed."""
    with refusals_noted("sample_item", actor, "rectificationitem", item.pk):
        return actions.sample(item=item, actor=actor)


def reopen(*, item: RectificationItem, actor: User, **details: Any) -> Decision:
    """Finance reopens a closed item: a new process starts. Raises WrongStage, NotAllowed, InvalidInput."""
    with refusals_noted(Verb.REOPEN, actor, "rectificationitem", item.pk), transaction.atomic():
        decision = actions.reopen(item=item, actor=actor, **details)
        RectificationFlow.start.run(item=decision.item)
    return decision


def request_document(*, evaluation: Evaluation, actor: User, language: str) -> GeneratedDocument:
    """Ask for the evaluation's PDF. Raises NotFound, InvalidInput."""
    with refusals_noted("request_document", actor, "evaluation", evaluation.pk):
        return actions.request_document(evaluation=evaluation, actor=actor, language=language)
