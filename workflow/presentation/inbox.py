"""The rows of the inbox: what waits, what was done, what was started."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import Decision
from evaluations.models import Evaluation
from workflow.access import asks_by_name
from workflow.bulk import passing_verb
from workflow.presentation.opinions import title_of
from workflow.presentation.procedure import local_day
from workflow.presentation.words import grade_label, item_stage_label, role_asked, stage_label
from workflow.working_days import working_days_left


def waiting_row(task: Any, reader_id: int) -> dict[str, Any]:
    """An open step that the reader may take, with the way to it."""
    place = [task.process_id, task.pk]
    is_mine = task.owner_id == reader_id
    return {
        **subject_of(task),
        "url": reverse("task", args=place),
        "tick": task.pk if passing_verb(task) else None,
        "stage": task.stage,
        "stage_label": stage_label(task.stage),
        "days": working_days_left(task.due),
        "holder": _("you") if is_mine else role_asked(task.right, task.organization),
        "office": "" if is_mine else str(task.organization or ""),
        "claim_url": "" if task.owner_id else reverse("claim", args=place),
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


def done_row(decision: Decision, _reader_id: int) -> dict[str, Any]:
    """Something that the reader decided, and where the matter stands now."""
    item, evaluation = decision.item, decision.evaluation
    now = item.stage if item else evaluation.stage
    return {
        **subject_of(decision),
        "url": reverse("item", args=[item.pk]) if item else reverse("dossier", args=[evaluation.pk]),
        "done": title_of(decision),
        "at": local_day(decision.decided_at),
        "stage": now,
        "stage_label": item_stage_label(now) if item else stage_label(now),
    }


def started_row(evaluation: Evaluation, _reader_id: int) -> dict[str, Any]:
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
