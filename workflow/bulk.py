"""Agreeing at many steps of one kind, each by itself: a refused row holds up no other.

Never returning: whoever sends a dossier back says why, to one unit about one dossier.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.status import STATUS

from accounts.access import rights_for_reading
from accounts.models import User
from approvals.actions.shape import locked
from approvals.models import Decision, Verb
from approvals.procedure import step_of
from audit_log.errors import AlreadyHandled, InvalidInput, JihengError, NotFound, Outdated, WrongStage
from audit_log.origin import coming_from, current
from evaluations.access import visible_condition
from workflow.bulk_facts import Facts, facts_of, states_seen
from workflow.door import refusals_noted
from workflow.flows import JihengFlow
from workflow.models import OPEN, FlowTask
from workflow.services import perform

logger = logging.getLogger(__name__)

MOST = 200
UNFORESEEN = _(
    "The program failed at this matter, and nothing was decided. "
    "The error is in the log: please tell whoever looks after the system."
)
# What agrees and asks for nothing but an opinion, the first that a step offers.
PASSING = (Verb.APPROVE, Verb.ACCEPT)


@dataclass(frozen=True)
class Chosen:
    """A step that somebody ticked; ``seen`` is what ``Facts.seen`` said when they looked.

    With None nothing is compared: for the first look, and for callers who show nothing.
    """

    task_id: int
    seen: str | None = None


class Kind(NamedTuple):
    """What makes steps alike: one opinion, and one word for the button, fit them all."""

    stage: str
    verb: Verb
    is_vote: bool


@dataclass(frozen=True)
class BulkResult:
    """What became of one row: where the dossier went, or why it stayed.

    ``task`` is None for a row that is not the actor's: nobody learns what it was.
    """

    task_id: int
    task: FlowTask | None = None
    next_stage: str = ""
    refusal: JihengError | None = None

    @property
    def has_passed(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True)
class Preview:
    """What would become of one row, and what to know of it before agreeing."""

    result: BulkResult
    facts: Facts | None = None

    @property
    def is_chosen_at_first(self) -> bool:
        """Whether agreeing unread is reasonable: it would pass, and nothing speaks against it."""
        return self.result.has_passed and self.facts is not None and not self.facts.speaks_against


def bulk_approve(actor: User, tasks: Iterable[Chosen], opinion: str = "") -> list[BulkResult]:
    """Agree at each step in its own transaction, with the checks, the record and the notices of one.

    A refused row leaves its line in the log of refusals and nothing else. Raises
    InvalidInput for steps of several kinds, or for more than 200: then nothing is done.
    """
    with refusals_noted("bulk_approve", actor, "task", None):
        rows = rows_of(actor, tasks)
    with coming_from(f"{current()}, {len(rows)} at once".removeprefix(", ")):
        return [attempt(actor, chosen, task, opinion) for chosen, task in rows]


def dry_run(actor: User, tasks: Iterable[Chosen], opinion: str = "") -> list[Preview]:
    """Do the same, take each row back again at once, and say how it went.

    Nothing stays: no line in the log of refusals, no notice, no event. Raises InvalidInput
    as ``bulk_approve`` does.
    """
    rows = rows_of(actor, tasks)
    facts = facts_of([task for _chosen, task in rows if task], actor)
    return [
        Preview(attempt_and_undo(actor, chosen, task, opinion), facts.get(chosen.task_id))
        for chosen, task in rows
    ]


def attempt_and_undo(actor: User, chosen: Chosen, task: FlowTask | None, opinion: str) -> BulkResult:
    """What would become of one row."""
    with transaction.atomic():
        result = attempt(actor, chosen, task, opinion)
        transaction.set_rollback(True)
    return result


def attempt(actor: User, chosen: Chosen, task: FlowTask | None, opinion: str) -> BulkResult:
    """Agree at one step; a refusal is a result here, and so is what nobody foresaw: it is logged.

    A lost connection is raised: it would fail at every other row, too.
    """
    try:
        decision = pass_on(actor, chosen, task, opinion)
    except JihengError as error:
        return BulkResult(chosen.task_id, task, refusal=error)
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        logger.exception("Task %s could not be agreed to with others.", chosen.task_id)
        return BulkResult(chosen.task_id, task, refusal=JihengError(UNFORESEEN))
    return BulkResult(chosen.task_id, task, next_stage=decision.next_stage)


def pass_on(actor: User, chosen: Chosen, task: FlowTask | None, opinion: str) -> Decision:
    """Agree at one step through the one door.

    The flow's lock is taken here already, so that nothing changes between the comparison
    and the decision.
    """
    verb = passing_verb(task) if task else None
    with refusals_noted(verb or Verb.APPROVE, actor, "task", chosen.task_id):
        if task is None:
            raise NotFound(_("This matter does not exist, or it is not yours."))
        if verb is None:
            raise WrongStage(_("This step asks for more than agreement: open it by itself."))
        with JihengFlow.lock(task.process_id):
            require_as_seen(actor, task, chosen.seen)
            return perform(verb, process_id=task.process_id, task_id=task.pk, actor=actor, opinion=opinion)


def require_as_seen(actor: User, task: FlowTask, seen: str | None) -> None:
    """Raises AlreadyHandled for a second time, and Outdated when the dossier is not what was looked at."""
    status, owner_id = FlowTask.objects.values_list("status", "owner").get(pk=task.pk)
    if status == STATUS.DONE and owner_id == actor.pk:
        raise AlreadyHandled(_("You have handled this already."))
    if status not in OPEN or seen is None:
        return  # what somebody else has handled is refused by the verb
    evaluation = locked(task.evaluation_id)
    if states_seen([evaluation.pk])[evaluation.pk] != seen:
        raise Outdated(_("This changed since you looked at it: look at it again."))


def passing_verb(task: FlowTask) -> Verb | None:
    """The verb that agrees at this step and asks for nothing but an opinion; None where more is asked."""
    if task.item_id or task.evaluation is None:
        return None
    step = step_of(task.evaluation, task.stage, task.step)
    return next((verb for verb in PASSING if step and verb in step.verbs), None)


def rows_of(actor: User, tasks: Iterable[Chosen]) -> list[tuple[Chosen, FlowTask | None]]:
    """Each row once, with its step when that is the actor's to take. Raises InvalidInput."""
    chosen = list({row.task_id: row for row in tasks}.values())
    if len(chosen) > MOST:
        raise InvalidInput(
            _("At most %(most)s matters are decided on at once; you chose %(number)s.")
            % {"most": MOST, "number": len(chosen)}
        )
    found = tasks_for(actor, [row.task_id for row in chosen])
    require_one_kind(list(found.values()))
    return [(row, found.get(row.task_id)) for row in chosen]


def tasks_for(actor: User, task_ids: Sequence[int]) -> Mapping[int, FlowTask]:
    """The steps that are, were, or could have been the actor's, open or done: one statement."""
    rights = rights_for_reading(actor)
    rows = FlowTask.objects.select_related(
        "evaluation__project", "evaluation__unit", "evaluation__budget", "evaluation__policy", "organization"
    ).filter(visible_condition(actor, "evaluation__"), pk__in=task_ids, flow_task_type="HUMAN")
    return {
        task.pk: task
        for task in rows
        if task.owner_id == actor.pk or rights.holds(task.right, task.organization_id)
    }


def kind_of(task: FlowTask) -> Kind | None:
    """Stage, the verb that agrees there, and whether it is one vote of several; None where more is asked."""
    verb = passing_verb(task)
    return Kind(task.stage, verb, is_vote(task)) if verb else None


def is_vote(task: FlowTask) -> bool:
    """Whether several are asked at this step, each with a vote: nobody approves it alone."""
    step = None if task.evaluation is None else step_of(task.evaluation, task.stage, task.step)
    return step is not None and step.is_joint


def require_one_kind(tasks: Sequence[FlowTask]) -> None:
    """Raises InvalidInput for steps of several kinds: one opinion cannot fit them all."""
    if len({kind_of(task) for task in tasks} - {None}) > 1:
        raise InvalidInput(_("Choose matters of one kind: of one stage, and all of them voted on or none."))
