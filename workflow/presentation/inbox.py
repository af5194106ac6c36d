"""The rows of the inbox: what waits, what was done, what was started."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import Decision
from evaluations.models import Evaluation
from workflow.access import asks_by_name
from workflow.barred import barred_among
from workflow.bulk import passing_verb
from workflow.presentation.acting import acting_for
from workflow.presentation.opinions import title_of
from workflow.presentation.procedure import local_day
from workflow.presentation.words import grade_label, item_stage_label, role_asked, stage_label
from workflow.working_days import working_days_left


def waiting_rows(tasks: Iterable[Any], reader: Any) -> list[dict[str, Any]]:
    """Open steps that the reader may take: a statement to tell those at which the reader had a hand in the
    matter, and one more for whoever acts for others.
    """
    tasks = list(tasks)
    principals, barred = acting_for(reader, tasks), barred_among(reader, tasks)
    return [
        waiting_row(task, reader.pk, principals.get(task.pk, ""), is_barred=task.pk in barred)
        for task in tasks
    ]


def waiting_row(task: Any, reader_id: int, principal: str, *, is_barred: bool) -> dict[str, Any]:
    """An open step that the reader may take, with the way to it, and for whom where it is for another.

    ``is_barred``: the step asks the reader's role, but not the reader; its page says why.
    """
    place = [task.process_id, task.pk]
    is_mine = task.owner_id == reader_id
    return {
        **subject_of(task),
        "url": reverse("task", args=place),
        "tick": task.pk if passing_verb(task) and not is_barred else None,
        "is_barred": is_barred,
        "stage": task.stage,
        "stage_label": stage_label(task.stage),
        "days": working_days_left(task.due),
        "holder": _("you") if is_mine else "" if task.owner_id else role_asked(task.right, task.organization),
        "principal": principal,
        "office": "" if is_mine else str(task.organization or ""),
        "claim_url": "" if task.owner_id or is_barred else reverse("claim", args=place),
        "release_url": reverse("release", args=place) if is_mine and was_claimed(task) else "",
    }


def was_claimed(task: Any) -> bool:
    """Whether the owner took the step from a role, and was not asked by name."""
    return not asks_by_name(task)


def subject_of(row: Any) -> dict[str, Any]:
    """The project with its money, or the rectification item with its unit."""
    evaluation, item = row.evaluation, row.item
    if item:
        return {
            "title": item.requirement,
            "second": f"{item.number} · {evaluation.project.name}",
            "unit": item.responsible_unit.name,
            "amount": None,
        }
    return about(evaluation)


def about(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "title": evaluation.project.name,
        "second": f"{evaluation.number} · {evaluation.get_kind_display()}",
        "unit": evaluation.unit.name,
        "amount": evaluation.budget.annual,
    }


def done_rows(decisions: Iterable[Decision], _reader: Any) -> list[dict[str, Any]]:
    """What the reader decided, or others for the reader."""
    return [done_row(decision) for decision in decisions]


def done_row(decision: Decision) -> dict[str, Any]:
    """Something that was decided, by whom for whom where somebody stood in, and where it stands now."""
    item, evaluation = decision.item, decision.evaluation
    now = item.stage if item else evaluation.stage
    return {
        **subject_of(decision),
        "url": reverse("item", args=[item.pk]) if item else reverse("dossier", args=[evaluation.pk]),
        "done": title_of(decision),
        "by": decision.by if decision.on_behalf_of_id else "",
        "at": local_day(decision.decided_at),
        "stage": now,
        "stage_label": item_stage_label(now) if item else stage_label(now),
    }


def started_rows(evaluations: Iterable[Evaluation], _reader: Any) -> list[dict[str, Any]]:
    """What the reader opened or handed in."""
    return [started_row(evaluation) for evaluation in evaluations]


def started_row(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation that the reader opened or handed in, with its outcome."""
    grade = evaluation.concluded_grade if evaluation.is_concluded else ""
    return {
        **about(evaluation),
        "url": reverse("dossier", args=[evaluation.pk]),
        "at": local_day(evaluation.opened_at),
        "stage": evaluation.stage,
        "stage_label": stage_label(evaluation.stage),
        "total": evaluation.concluded_total if evaluation.is_concluded else None,
        "grade": grade,
        "grade_label": grade_label(grade),
    }
