"""Who is asked now and what the reader may do about it; what the history says of handing over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Role
from approvals.actions.withdraw import may_withdraw
from approvals.models import Verb
from audit_log import clock
from audit_log.models import AuditEvent
from workflow.access import left_behind, may_act, runs
from workflow.dossier_reading import DossierReading
from workflow.handing_over import is_overdue
from workflow.models import FlowTask
from workflow.presentation.words import holder_of, item_stage_label, stage_label
from workflow.working_days import working_days_left


def asked_now(reading: DossierReading) -> list[dict[str, Any]]:
    """A line for each open step: whom it asks, until when, and the reader's ways to hurry it."""
    runs_it = runs(reading.reader, reading.evaluation)
    reminds = runs_it or any(
        decision.actor_id == reading.reader.pk and decision.verb != Verb.SCORE
        for decision in reading.decisions
    )
    gone = unable(reading.tasks) if runs_it else set()
    return [
        line(
            task,
            is_own=may_act(reading.reader, task),
            reminds=reminds,
            goes_on=runs_it and may_go_on_without(task, gone),
        )
        for task in reading.tasks
    ]


def line(task: FlowTask, *, is_own: bool, reminds: bool, goes_on: bool) -> dict[str, Any]:
    """One open step for _asked_now.html."""
    place = [task.process_id, task.pk]
    may_remind = reminds and not is_own and task.reminded_on != clock.today()
    label = item_stage_label(task.stage) if task.item else stage_label(task.stage)
    return {
        "title": f"{task.item.number} · {label}" if task.item else label,
        "holder": holder_of(task),
        "is_own": is_own,
        "due": task.due,
        "days_left": working_days_left(task.due),
        "escalated_on": task.escalated_on,
        "reminded_on": task.reminded_on,
        "remind_url": reverse("remind", args=place) if may_remind else "",
        "excuse_url": reverse("excuse", args=place) if goes_on else "",
    }


def may_go_on_without(task: FlowTask, gone: set[int]) -> bool:
    """Whether it is one voice of several, late or of somebody who cannot act any more."""
    return task.ballot_id is not None and (is_overdue(task) or task.pk in gone)


def unable(tasks: Iterable[FlowTask]) -> set[int]:
    """Ids of the steps that ask one of several, who cannot act any more: at most one statement."""
    voices = [task for task in tasks if task.ballot_id is not None and task.owner_id]
    if not voices:
        return set()
    without_right = left_behind().filter(pk__in=[task.pk for task in voices]).values_list("pk", flat=True)
    return {task.pk for task in voices if task.owner and not task.owner.is_active} | set(without_right)


def withdrawal_url(reading: DossierReading) -> str:
    """Where the reader may take their own last decision back; "" when it is not theirs or was acted on."""
    own = [decision for decision in reading.decisions if decision.item_id is None]
    tasks = [task for task in reading.tasks if not task.item_id]
    if not own or not tasks or any("typed" in task.data for task in tasks):
        return ""
    if not may_withdraw(reading.evaluation, own[-1], reading.reader):
        return ""
    return reverse("withdraw_decision", args=[reading.evaluation.pk])


# --- in the history -----------------------------------------------------------------------


def handed_words(event: AuditEvent) -> str:
    """To whom a task was handed, of whom one was reminded, whose voice was gone without; "" otherwise."""
    data = event.data
    if event.verb == "transfer":
        return _("to %(person)s: %(reason)s") % {"person": data.get("name", ""), "reason": data["reason"]}
    if event.verb == "escalate":
        return _("to %(person)s") % {"person": Role(data["to"]).label}
    if event.verb in ("remind", Verb.EXCUSE) and data.get("name"):
        words = _("to %(person)s") if event.verb == "remind" else _("the vote of %(person)s")
        return words % {"person": data["name"]}
    return ""
