"""The decisions on a dossier as a vertical line, round by round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.models import Decision, Verb
from approvals.votes import verb_words
from workflow.blind_scoring import BlindScoring
from workflow.models import FlowTask
from workflow.presentation.procedure import local_day
from workflow.presentation.returned import pointed_words
from workflow.presentation.words import deadline_words, holder_of, item_stage_label, stage_label
from workflow.working_days import working_days_left

RED = (Verb.RETURN, Verb.SEND_BACK, Verb.REOPEN)
GREEN = (Verb.CONCLUDE, Verb.VERIFY)


def rounds(
    decisions: Sequence[Decision], tasks: Iterable[FlowTask], blind: BlindScoring
) -> list[dict[str, Any]]:
    """The evaluation's own decisions by round, the latest round first, open steps at its end."""
    own = [decision for decision in decisions if decision.item_id is None]
    lines: dict[int, list[dict[str, Any]]] = {}
    before: datetime | None = None
    for decision in own:
        lines.setdefault(decision.round, []).append(entry(decision, before, blind))
        if decision.next_stage != decision.stage:  # experts score side by side, not one after the other
            before = decision.decided_at
    for task in tasks:
        if task.item_id is None:
            lines.setdefault(task.round, []).append(waiting_entry(task))
    return [{"number": number, "entries": lines[number]} for number in sorted(lines, reverse=True)]


def of_items(decisions: Iterable[Decision], blind: BlindScoring) -> list[dict[str, Any]]:
    """The decisions on the rectification items, in the order of their dates."""
    before: dict[int, datetime] = {}
    lines = []
    for decision in decisions:
        if decision.item is None or decision.item_id is None:
            continue
        line = entry(decision, before.get(decision.item_id), blind)
        line["title"] = f"{decision.item.number} · {line['title']}"
        line["url"] = reverse("item", args=[decision.item_id])
        lines.append(line)
        before[decision.item_id] = decision.decided_at
    return lines


def entry(decision: Decision, before: datetime | None, blind: BlindScoring) -> dict[str, Any]:
    """One decision for timeline.html; ``before`` is when the matter came to this office."""
    return {
        "title": title_of(decision, str(verb_words(decision.evaluation, decision))),
        "office": str(decision.organization or ""),
        "person": decision.by,
        "at": timezone.localtime(decision.decided_at),
        "days_taken": days_between(before, decision.decided_at),
        "opinion": opinion_of(decision, blind),
        "tone": "red" if decision.verb in RED else "green" if decision.verb in GREEN else "blue",
        "demo": decision.is_demonstration,
    }


def title_of(decision: Decision, verb: str = "") -> str:
    """Stage · verb; with the stage that a return leads to."""
    verb = verb or decision.get_verb_display()
    if decision.verb == Verb.RETURN:
        verb = _("returned to %(stage)s") % {"stage": stage_label(decision.next_stage)}
    if decision.straight_back:
        verb = _("%(verb)s, straight back asked") % {"verb": verb}
    if not decision.stage:
        return capfirst(str(verb))
    stage = item_stage_label(decision.stage) if decision.item_id else stage_label(decision.stage)
    return f"{stage} · {verb}"


def opinion_of(decision: Decision, blind: BlindScoring) -> str:
    """The opinion with the total that it gave; closed while experts still score."""
    if not blind.shows_decision(decision):
        return _("Kept closed until every expert has scored.")
    parts = [decision.opinion]
    if decision.total is not None:
        parts.append(_("Total: %(points)s points.") % {"points": f"{decision.total:.2f}"})
    return "\n".join(filter(None, [*parts, pointed_words(decision)]))


def days_between(before: datetime | None, after: datetime) -> int | None:
    """Calendar days from one moment's date to the other's."""
    return (local_day(after) - local_day(before)).days if before else None


def waiting_entry(task: FlowTask) -> dict[str, Any]:
    """An open step, at the end of the line."""
    days = working_days_left(task.due)
    stage = stage_label(task.stage)
    return {
        "title": f"{task.item.number} · {stage}" if task.item else stage,
        "person": _("waiting for %(holder)s") % {"holder": holder_of(task)},
        "at": deadline_words(days),
        "tone": "waiting",
    }
