"""What happened to an item beside its steps: plan, progress, extensions, settlements, objection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from approvals.models import (
    Decision,
    Extension,
    ExtensionAnswer,
    ItemEvidence,
    ItemStage,
    Measure,
    ProgressEntry,
    RectificationItem,
    Verb,
)
from approvals.models.decisions import in_the_name_of
from audit_log.models import AuditEvent
from workflow.presentation.figures import plain
from workflow.presentation.procedure import local_day

Outcome = ExtensionAnswer.Outcome
TONES: dict[str, str] = {Outcome.GRANTED: "green", Outcome.REFUSED: "red", Outcome.LAPSED: ""}


def in_wan(amount: Decimal | None) -> str:
    """An amount with its unit, 万元; empty where there is none."""
    return "" if amount is None else f"{plain(amount)} {pgettext('after an amount', '×10,000 yuan')}"


def by(row: Any) -> str:
    """Who did it: “A for B” where A acted for B."""
    return in_the_name_of(str(row.actor), str(row.on_behalf_of) if row.on_behalf_of else "")


def latest_plan(item: RectificationItem) -> list[Measure]:
    """The measures of the last plan that was handed in."""
    rows = list(item.plan.all())
    return [row for row in rows if row.decision_id == max(row.decision_id for row in rows)]


def progress_of(item: RectificationItem, files: Sequence[ItemEvidence]) -> list[dict[str, Any]]:
    """The progress entries with their files, the latest first."""
    entries = item.progress_entries.select_related("actor", "on_behalf_of").order_by("-pk")
    return [
        {
            "entry": entry,
            "by": by(entry),
            "words": percent_words(entry),
            "files": [link for link in files if link.progress_id == entry.pk],
        }
        for entry in entries
    ]


def percent_words(entry: ProgressEntry) -> str:
    """How far it had come, in words."""
    words = {"percent": entry.percent, "day": date_format(entry.day)}
    return _("%(percent)s%% done on %(day)s") % words


def extensions_of(item: RectificationItem) -> list[dict[str, Any]]:
    """The extensions that were asked for, each with its answer."""
    related = ("actor", "on_behalf_of", "answer__actor", "answer__on_behalf_of")
    return [extension_row(extension) for extension in item.extensions.select_related(*related)]


def extension_row(extension: Extension) -> dict[str, Any]:
    """One extension: what was asked, and what became of it."""
    answer = getattr(extension, "answer", None)
    row = {"extension": extension, "by": by(extension), "asked_on": local_day(extension.asked_at)}
    if answer is None:
        return {**row, "outcome": _("waiting for the finance bureau's answer"), "tone": "amber"}
    return {
        **row,
        "answer": answer,
        "answered_by": by(answer),
        "answered_on": local_day(answer.answered_at),
        "outcome": outcome_words(answer),
        "tone": TONES[answer.outcome],
    }


def outcome_words(answer: ExtensionAnswer) -> str:
    """What finance said to an extension."""
    if answer.outcome == Outcome.GRANTED and answer.due:
        return _("granted until %(day)s") % {"day": date_format(answer.due)}
    return str(answer.get_outcome_display())


def settlements_of(item: RectificationItem) -> list[dict[str, Any]]:
    """The parts of the amount that verifications proved settled; only the last of a round counts."""
    if item.amount is None:
        return []
    rows = item.settlements.select_related(
        "decision__actor", "decision__on_behalf_of", "decision__organization"
    )
    found = list(rows.order_by("pk"))
    return [
        {
            "amount": row.amount,
            "day": local_day(row.decision.decided_at),
            "office": row.decision.organization or "",
            "by": row.decision.by,
            "counts": row.counts,
            # Once finance has verified or sent back, the department's row waits for nothing.
            "waits": row is found[-1] and item.stage == ItemStage.FINANCE_VERIFICATION,
        }
        for row in found
    ]


def objection_of(decisions: Sequence[Decision]) -> dict[str, Any] | None:
    """The unit's objection with the answer to it; None where nobody has objected."""
    objection = next((each for each in decisions if each.verb == Verb.DISPUTE), None)
    if objection is None:
        return None
    answer = next((each for each in decisions if each.verb == Verb.ANSWER_DISPUTE), None)
    return {
        "text": objection.opinion,
        "by": objection.by,
        "day": local_day(objection.decided_at),
        "answer": answer and answered(answer),
    }


def answered(answer: Decision) -> dict[str, Any]:
    """What was said to an objection; whether it was adopted stands in the answer's event."""
    event = AuditEvent.objects.filter(
        verb=Verb.ANSWER_DISPUTE.value, object_type="decision", object_id=answer.pk
    ).first()
    data = event.data if event else {}
    adopted = bool(data.get("adopted"))
    return {
        "text": answer.opinion,
        "by": answer.by,
        "day": local_day(answer.decided_at),
        "adopted": adopted,
        "words": _("adopted") if adopted else _("not adopted"),
        "before": data.get("requirement_before", "") if adopted else "",
        "amount": amount_change(data) if adopted else "",
    }


def amount_change(data: Mapping[str, Any]) -> str:
    """How an adopted objection changed the amount involved, in words; "" where it did not."""
    before, after = (in_wan(amount_of(data.get(name))) for name in ("amount_before", "amount"))
    if before == after:
        return ""
    if not after:
        return _("%(before)s before; now no money is involved") % {"before": before}
    if not before:
        return _("%(after)s; before, no money was involved") % {"after": after}
    return _("%(after)s, %(before)s before") % {"after": after, "before": before}


def amount_of(stored: str | None) -> Decimal | None:
    """An amount as an event keeps it; an event from before amounts could be corrected has none."""
    return None if stored is None else Decimal(stored)


def course_of(
    item: RectificationItem, decisions: Sequence[Decision], files: Sequence[ItemEvidence]
) -> dict[str, Any]:
    """All of it, for the item's page and for each of its steps."""
    progress = progress_of(item, files)
    return {
        "plan": latest_plan(item),
        "progress": progress,
        "latest_progress": progress[0] if progress else None,
        "extensions": extensions_of(item),
        "settlements": settlements_of(item),
        "objection": objection_of(decisions),
    }
