"""Who did what when, and what changed in which field, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import DateField, DateTimeField, Field, ForeignKey
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from approvals.models import FindingTurn, RectificationItem, ResultUse, Verb
from approvals.models.decisions import in_the_name_of
from approvals.words import enumerated
from audit_log.models import AuditEvent
from audit_log.tracking import TrackedModel
from evaluations.models import Evaluation, Evidence, Indicator, Score, ScoreSource
from workflow.field_changes import RowChange
from workflow.presentation.figures import plain
from workflow.presentation.handing_over import handed_words
from workflow.presentation.words import item_stage_label, stage_label

VERBS = {
    "fill_dossier": gettext_lazy("filled in the dossier"),
    "attach_evidence": gettext_lazy("added a file"),
    "withdraw_evidence": gettext_lazy("withdrew a file"),
    "seat_expert": gettext_lazy("seated an expert"),
    "appoint": gettext_lazy("appointed somebody to a part"),
    "end_appointment": gettext_lazy("ended an appointment"),
    "draw_experts": gettext_lazy("drew experts by lot"),
    "recuse": gettext_lazy("ended an expert's part (recusal)"),
    "replace_expert": gettext_lazy("seated an expert in the place of a recused one"),
    "question_finding": gettext_lazy("asked about a finding"),
    "withdraw_question": gettext_lazy("withdrew a question about a finding"),
    "answer_finding": gettext_lazy("answered a question about a finding"),
    "adjust_by_finding": gettext_lazy("adjusted a score by a finding"),
    "item_from_finding": gettext_lazy("made a finding a rectification item"),
    "drop_item_from_finding": gettext_lazy("opened a finding again with its item taken back"),
    "dismiss_finding": gettext_lazy("dismissed a finding"),
    "raise_item": gettext_lazy("proposed a rectification item"),
    "drop_item": gettext_lazy("took a proposed item back"),
    "assign_item": gettext_lazy("assigned a rectification item"),
    "prepare_notice": gettext_lazy("prepared a notice"),
    "issue_notice": gettext_lazy("issued a notice"),
    "note_progress": gettext_lazy("noted progress"),
    "ask_extension": gettext_lazy("asked for a later due date"),
    "answer_extension": gettext_lazy("answered the request for a later due date"),
    "lapse_extension": gettext_lazy("left a request for a later due date without answer, at the item's end"),
    "sample_item": gettext_lazy("sampled a rectification item"),
    "close_evaluation": gettext_lazy("closed the evaluation"),
    "reopen_evaluation": gettext_lazy("reopened the evaluation"),
    "record_use": gettext_lazy("recorded the use of the result"),
    "change_use": gettext_lazy("changed the use of the result"),
    "request_document": gettext_lazy("asked for the report"),
    "request_notice_document": gettext_lazy("asked for the notice as a document"),
    "comment": gettext_lazy("wrote a comment"),
    "withdraw_comment": gettext_lazy("withdrew a comment"),
    "consult": gettext_lazy("asked a colleague for an opinion"),
    "answer_consultation": gettext_lazy("gave an opinion that was asked for"),
    "withdraw_consultation": gettext_lazy("withdrew a question to a colleague"),
    "claim": gettext_lazy("claimed the task"),
    "release": gettext_lazy("released the task"),
    "take_over": gettext_lazy("took the task over"),
    "transfer": gettext_lazy("handed the task over"),
    "remind": gettext_lazy("sent a reminder"),
    "escalate": gettext_lazy("escalated the task"),
    "migrate_scheme": gettext_lazy("moved it to another scheme"),
    "migrate_framework": gettext_lazy("moved it to another framework"),
}
# What is named beside the verb: files, items, seats, findings; a decision says its stage instead.
NAMED = ("evidence", "rectificationitem", "seat", "appointment", "findingturn")
TYPES = {"+": gettext_lazy("added"), "~": gettext_lazy("changed"), "-": gettext_lazy("removed")}
HIDDEN = {"id", "evaluation", "budget", "position", "file", "digest", "content_digest", "media_type"}
LONGEST = 400


# --- who did what -----------------------------------------------------------------


def event_entry(
    event: AuditEvent,
    items: Container[int],
    turns: Mapping[int, FindingTurn],
    said: Mapping[int, str],
) -> dict[str, Any]:
    """One event for timeline.html; an item is named when it is among those that the reader may see.

    ``said`` is what comments and consultations say, by the id of their event.
    """
    is_named = event.object_type in NAMED and (
        event.object_type != "rectificationitem" or event.object_id in items
    )
    principal: str = getattr(event, "principal", None) or ""
    return {
        "title": capfirst(" · ".join(filter(None, [stage_of(event), verb_of(event)]))),
        "person": in_the_name_of(event.actor_label or _("the program"), principal),
        "at": moment(event.occurred_at),
        "opinion": said.get(event.pk)
        or handed_words(event)
        or (named(event, turns) if is_named else moved(event)),
        "tone": "red" if event.verb in (Verb.RETURN, Verb.SEND_BACK, Verb.REOPEN) else "blue",
    }


def named(event: AuditEvent, turns: Mapping[int, FindingTurn]) -> str:
    """What the event is about: a finding by what it says, not by the code in its label."""
    if event.object_type != "findingturn":
        return event.object_label
    turn = turns.get(event.object_id or 0)
    if turn is None:
        return ""
    words = _("%(subject)s: %(message)s")
    about = words % {"subject": turn.finding.subject_text, "message": turn.finding.message}
    return f"{about} — {turn.text}" if turn.text else about


def moved(event: AuditEvent) -> str:
    """From which scheme or framework to which, why, and how much of it changed; "" for other events."""
    if not event.verb.startswith("migrate_"):
        return ""
    words = _("%(before)s → %(after)s: %(reason)s (%(count)s changes)")
    data = event.data
    return words % {
        "before": data["from"] or "—",
        "after": data["to"],
        "reason": data["reason"],
        "count": len(data["changes"]),
    }


def verb_of(event: AuditEvent) -> str:
    """The verb in words."""
    if event.verb in Verb.values:
        return str(Verb(event.verb).label)
    return str(VERBS.get(event.verb, event.verb.replace("_", " ")))


def stage_of(event: AuditEvent) -> str:
    stage = event.data.get("stage")
    if not stage:
        return ""
    return item_stage_label(stage) if event.data.get("item") else stage_label(stage)


def moment(at: datetime) -> str:
    """Date and time of day, local."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


# --- what changed in which field ----------------------------------------------------


class Names:
    """What the ids in history rows are called; read once for a page."""

    def __init__(
        self,
        indicators: Mapping[int, str],
        people: Mapping[int, str],
        organizations: Mapping[int, str],
        others: Mapping[type, Mapping[int, str]],
    ) -> None:
        self.by_model: dict[type, Mapping[int, str]] = {
            Indicator: indicators,
            User: people,
            Organization: organizations,
            **others,
        }

    def of(self, model: type, pk: int) -> str:
        return self.by_model.get(model, {}).get(pk, f"#{pk}")


def ids_of(changes: Iterable[RowChange], model: type) -> set[int]:
    """The ids of this model's rows that the changes point to."""
    return {
        row[field.attname]
        for change in changes
        for field in change.model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is model
        for row in (change.now, change.before or {})
        if row.get(field.attname)
    }


def change_groups(changes: Iterable[RowChange], names: Names) -> list[dict[str, Any]]:
    """The changes of a page, those that one person made at one moment together."""
    return [
        {
            "at": at,
            "person": person or _("the program"),
            "changes": [line for row in rows for line in lines_of(row, names)],
        }
        for (at, person), rows in groupby(changes, key=lambda change: (moment(change.at), change.person))
    ]


def lines_of(change: RowChange, names: Names) -> list[dict[str, Any]]:
    """The lines of change_list.html: one for each changed field, one for a row added or removed."""
    label = capfirst(label_of(change, names))
    if change.type != "~" or change.before is None:
        about = summary_of(change, names)
        return [{"label": f"{label} · {TYPES[change.type]}", "before": "", "after": "", "about": about}]
    return [
        {
            "label": f"{label} · {field.verbose_name}",
            "before": shown(field, change.before.get(field.attname), names),
            "after": shown(field, change.now.get(field.attname), names),
        }
        for field in change.model._meta.concrete_fields
        if field.name not in HIDDEN and change.before.get(field.attname) != change.now.get(field.attname)
    ]


def label_of(change: RowChange, names: Names) -> str:
    """Which row it was."""
    kind = str(change.model._meta.verbose_name)
    name = NAME_OF[change.model](change.now, names) if change.model in NAME_OF else own_words(change, names)
    return f"{kind} “{shortened(name, 60)}”" if name else kind


def own_words(change: RowChange, names: Names) -> str:
    """The row's own words; a chapter and a source of funds by their labels, not by their codes."""
    fields = {field.name: field for field in change.model._meta.concrete_fields}
    keys = ("name", "chapter", "item", "text", "group")
    return next((shown(fields[key], change.now[key], names) for key in keys if change.now.get(key)), "")


def name_of_score(row: Mapping[str, Any], names: Names) -> str:
    return f"{names.of(Indicator, row['indicator_id'])} · {ScoreSource(row['source']).label}"


NAME_OF: dict[type[TrackedModel], Callable[[Mapping[str, Any], Names], str]] = {
    Evaluation: lambda row, names: "",
    ResultUse: lambda row, names: "",
    Score: name_of_score,
    RectificationItem: lambda row, names: row["number"],
    Evidence: lambda row, names: row["name"],
}
# What a row that was added or removed says for itself.
SUMMARIES: dict[type[TrackedModel], tuple[str, ...]] = {
    Score: ("points", "reason"),
    Indicator: ("weight", "target_text", "actual_text"),
    RectificationItem: ("requirement", "due"),
    ResultUse: ("use", "percent", "reason"),
}


def summary_of(change: RowChange, names: Names) -> str:
    fields = {field.name: field for field in change.model._meta.concrete_fields}
    parts = []
    for name in SUMMARIES.get(change.model, ()):
        field = fields[name]
        value = shown(field, change.now.get(name), names)
        if value:
            parts.append(f"{field.verbose_name}{_(': ')}{value}")
    return " · ".join(parts)


def shown(field: Field[Any, Any], value: Any, names: Names) -> str:
    """A field's value for people: labels for choices, names for ids, local dates."""
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        return names.of(field.related_model, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateTimeField):
        return moment(datetime.fromisoformat(value))
    if isinstance(field, DateField):
        return date_format(date.fromisoformat(value))
    if isinstance(value, Decimal | int):
        return plain(Decimal(value))
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return shortened(enumerated(value), LONGEST)
    if isinstance(value, list | dict):
        return shortened(json.dumps(value, ensure_ascii=False, default=str), LONGEST)
    return shortened(str(value), LONGEST)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
