"""Comments and consultations for a page: who said what to whom, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import rights_for_reading
from approvals.audiences import (
    comments_visible_to,
    consultations_visible_to,
    may_comment,
    offices_of,
    waiting_for_opinion_of,
)
from approvals.models import Comment, CommentMention, Consultation
from approvals.words import enumerated
from audit_log.models import AuditEvent
from evaluations.models import Evaluation
from workflow.forms.talk import CommentForm
from workflow.models import FlowTask
from workflow.presentation.words import stage_label

MOST_ASKED = 50
LONGEST_IN_HISTORY = 200


# --- comments ---------------------------------------------------------------------------


def thread(reader: Any, evaluation: Evaluation) -> Any:
    """The comments that the reader may read, the latest first."""
    told = CommentMention.objects.select_related("person")
    return (
        comments_visible_to(reader)
        .filter(evaluation=evaluation, withdraws=None)
        .select_related("author", "item", "withdrawal")
        .prefetch_related("files", Prefetch("mention_rows", told))
        .order_by("-made_at", "-pk")
    )


def comment_entry(comment: Comment, reader_id: int) -> dict[str, Any]:
    """One comment; of a withdrawn one only that it was there."""
    withdrawal = getattr(comment, "withdrawal", None)
    is_own = comment.author_id == reader_id
    stage = stage_label(comment.stage)
    return {
        "pk": comment.pk,
        "author": str(comment.author),
        "at": timezone.localtime(comment.made_at),
        "audience": capfirst(comment.get_audience_display()),
        "place": f"{comment.item.number} · {stage}" if comment.item else stage,
        "round": comment.round,
        "demo": comment.is_demonstration,
        "withdrawn_at": timezone.localtime(withdrawal.made_at) if withdrawal else None,
        "text": "" if withdrawal else comment.text,
        "told": "" if withdrawal else enumerated(str(row.person) for row in comment.mention_rows.all()),
        "files": [] if withdrawal else [file_row(row) for row in comment.files.all()],
        "withdraw_url": reverse("withdraw_comment", args=[comment.pk]) if is_own and not withdrawal else "",
    }


def file_row(row: Any) -> dict[str, Any]:
    """A comment's file for file_list.html."""
    return {"name": row.name, "url": reverse("comment_file", args=[row.pk]), "size": row.size}


def form_for(reader: Any, evaluation: Evaluation) -> CommentForm | None:
    """The empty form, for whoever may write."""
    return CommentForm(evaluation=evaluation, author=reader) if may_comment(reader, evaluation) else None


# --- consultations ----------------------------------------------------------------------


def consultations_of(reader: Any, evaluation: Evaluation) -> list[Consultation]:
    """What was asked of colleagues on this evaluation, as far as the reader may read it: one statement."""
    found = (
        consultations_visible_to(reader)
        .filter(evaluation=evaluation)
        .select_related("asked_by", "colleague", "item")
    )
    rows = list(found)
    for row in rows:
        row.evaluation = evaluation
    return rows


def consultation_entry(row: Consultation, reader_id: int) -> dict[str, Any]:
    """A question with its answer, and what the reader may do about it."""
    stage = stage_label(row.stage)
    url = reverse("consultation", args=[row.pk])
    return {
        "pk": row.pk,
        "asked_by": str(row.asked_by),
        "colleague": str(row.colleague),
        "question": row.question,
        "asked_at": timezone.localtime(row.asked_at),
        "place": f"{row.item.number} · {stage}" if row.item else stage,
        "answer": row.answer,
        "answered_at": timezone.localtime(row.answered_at) if row.answered_at else None,
        "state": state_of(row),
        "demo": row.is_demonstration,
        "url": url,
        "answer_url": url if row.is_open and row.colleague_id == reader_id else "",
        "withdraw_url": reverse("withdraw_consultation", args=[row.pk])
        if row.is_open and row.asked_by_id == reader_id
        else "",
    }


def state_of(row: Consultation) -> str:
    """What became of a question without an answer; empty for one with an answer."""
    if row.answered_at:
        return ""
    if row.withdrawn_at:
        return _("Withdrawn.")
    if row.has_moved_on:
        return _("Not answered before the step was decided.")
    return _("Waiting for the opinion.")


def asked_of(reader: Any) -> list[dict[str, Any]]:
    """What waits for the reader's opinion, for the inbox: one statement."""
    return [
        {
            "title": row.evaluation.project.name,
            "second": f"{row.evaluation.number} · {stage_label(row.stage)}",
            "asked_by": str(row.asked_by),
            "asked_at": timezone.localtime(row.asked_at),
            "question": row.question,
            "url": reverse("consultation", args=[row.pk]),
        }
        for row in waiting_for_opinion_of(reader)[:MOST_ASKED]
    ]


# --- around a task ------------------------------------------------------------------------


def beside_task(reader: Any, evaluation: Evaluation, task: FlowTask) -> dict[str, Any]:
    """The opinions given on the matter, and the ways to ask for one and to comment: one statement."""
    found = [row for row in consultations_of(reader, evaluation) if row.item_id == task.item_id]
    of_an_office = bool(offices_of(rights_for_reading(reader), evaluation))
    may_ask = of_an_office and bool(task.right) and task.is_open
    return {
        "consultations": [consultation_entry(row, reader.pk) for row in found],
        "consult_url": consult_url(evaluation, task.item_id) if may_ask else "",
        "comments_url": reverse("dossier_tab", args=[evaluation.pk, "comments"]) if of_an_office else "",
    }


def consult_url(evaluation: Evaluation, item_id: int | None) -> str:
    """The page on which a colleague is asked, at the dossier's step or at an item's."""
    url = reverse("consult", args=[evaluation.pk])
    return f"{url}?item={item_id}" if item_id else url


# --- in the history -------------------------------------------------------------------------


def words_of_events(events: Iterable[AuditEvent], reader: Any) -> dict[int, str]:
    """What the comments and consultations among these events say, by the event's id: two statements.

    The words come from the rows that the reader may read, never from the event itself.
    """
    shown = list(events)
    comments = comments_visible_to(reader).filter(pk__in=ids_of(shown, "comment"))
    asked = consultations_visible_to(reader).filter(pk__in=ids_of(shown, "consultation"))
    said: dict[tuple[str, int], Any] = {
        ("comment", row.pk): row for row in comments.select_related("withdrawal")
    }
    said |= {("consultation", row.pk): row for row in asked.select_related("asked_by", "colleague")}
    rows = {event: said.get((event.object_type, event.object_id or 0)) for event in shown}
    return {event.pk: words_of(event.verb, row) for event, row in rows.items() if row}


def ids_of(events: Iterable[AuditEvent], object_type: str) -> set[int]:
    """The ids of one kind of object; 0 is none, so that the number of statements does not vary."""
    return {0, *(event.object_id or 0 for event in events if event.object_type == object_type)}


def words_of(verb: str, row: Any) -> str:
    """One line on what was said; of a withdrawn comment nothing but that."""
    if verb == "comment":
        audience = _("seen by: %(audience)s") % {"audience": row.get_audience_display()}
        text = _("withdrawn since") if getattr(row, "withdrawal", None) else shortened(row.text)
        return f"{text} ({audience})"
    if verb == "consult":
        words = {"asker": row.asked_by, "colleague": row.colleague}
        return f"{_('%(asker)s asks %(colleague)s') % words}{_(': ')}{shortened(row.question)}"
    return shortened(row.answer) if verb == "answer_consultation" else ""


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_IN_HISTORY else text[: LONGEST_IN_HISTORY - 1] + "…"
