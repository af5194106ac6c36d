"""Approving several at once as pages show it: what to tick, what would happen, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import Verb
from audit_log.errors import AlreadyHandled
from evaluations.checks import ERROR, WARNING
from workflow.bulk import MOST, BulkResult, Kind, Preview, is_vote, kind_of, passing_verb
from workflow.bulk_facts import Facts
from workflow.models import FlowTask
from workflow.presentation.findings import number_words, severity_of
from workflow.presentation.inbox import about
from workflow.presentation.links import address, kept
from workflow.presentation.words import stage_label

FILTERS = ("q", "stage", "amount", "due")


def inbox_bar(request: HttpRequest, tasks: Sequence[FlowTask], count: int) -> dict[str, Any] | None:
    """What stands under the inbox's table; None where no row can be approved with others.

    With the filter on one stage all ``count`` rows are of one kind: then they can be
    taken together, however many pages they fill.
    """
    stages = list(dict.fromkeys(task.stage for task in tasks if passing_verb(task)))
    if not stages:
        return None
    is_one_stage = request.GET.get("stage") in stages
    return {
        "hidden": kept(request, *FILTERS),
        "all_label": all_label(stages[0], count) if is_one_stage else "",
        "kinds": []
        if is_one_stage
        else [{"label": stage_label(stage), "url": address(request, stage=stage)} for stage in stages],
    }


def all_label(stage: str, count: int) -> str:
    """The button that takes every row of the filter."""
    if count > MOST:
        words = _("Agree to the first %(most)s of %(number)s at “%(stage)s”…")
    else:
        words = _("Agree to all %(number)s at “%(stage)s”…")
    return words % {"most": MOST, "number": count, "stage": stage_label(stage)}


def of_one_kind(
    task_ids: Iterable[int], tasks: Mapping[int, FlowTask]
) -> tuple[list[int], list[dict[str, Any]]]:
    """The ids of the kind that has most, and the other kinds, each with the way to its own page.

    Rows that are of no kind stay with the first: it says why they cannot be taken.
    """
    kinds: dict[Kind, list[int]] = {}
    of_none: list[int] = []
    for task_id in dict.fromkeys(task_ids):
        kind = kind_of(tasks[task_id]) if task_id in tasks else None
        (kinds.setdefault(kind, []) if kind else of_none).append(task_id)
    by_size = sorted(kinds.items(), key=lambda pair: -len(pair[1]))
    links = [
        {"label": kind_label(kind), "number": len(ids), "url": look_over_url(ids)}
        for kind, ids in by_size[1:]
    ]
    return [*(by_size[0][1] if by_size else []), *of_none], links


def kind_label(kind: Kind) -> str:
    """The stage, and that it is voted on there."""
    label = stage_label(kind.stage)
    return _("%(stage)s, by vote") % {"stage": label} if kind.is_vote else label


def look_over_url(task_ids: Sequence[int]) -> str:
    """The page that shows what would happen to these."""
    query = QueryDict(mutable=True)
    query.setlist("task", [str(task_id) for task_id in task_ids])
    return f"{reverse('look_over_several')}?{query.urlencode()}"


def words_of(stage: str, kind: Kind | None) -> dict[str, Any]:
    """The heading and the button, in the words of the verb: one of several who agree votes for it."""
    votes = kind is not None and kind.is_vote
    if votes:
        heading, button = _("Vote for several"), _("Vote for the ticked ones")
    elif kind is not None and kind.verb == Verb.ACCEPT:
        heading, button = _("Accept several for the record"), _("Accept the ticked ones for the record")
    else:
        heading, button = _("Approve several"), _("Approve the ticked ones")
    return {
        "heading": heading,
        "button": button,
        "stage": stage,
        "stage_label": stage_label(stage),
        "votes": votes,
    }


def preview_row(preview: Preview) -> dict[str, Any]:
    """A row of the page that asks: what would happen, and what to know."""
    result, facts = preview.result, preview.facts
    return {
        **matter_of(result),
        "task_id": result.task_id,
        "passes": result.has_passed,
        "passes_label": _("Your vote would count")
        if result.task and is_vote(result.task)
        else _("Would pass"),
        "chosen": preview.is_chosen_at_first,
        "reason": "" if result.refusal is None else str(result.refusal),
        "facts": facts,
        "seen": facts.seen if facts else "",
        "findings": findings_of(facts) if facts else [],
    }


def findings_of(facts: Facts) -> list[dict[str, str]]:
    """How many errors and warnings nobody has settled, in words."""
    numbers = {ERROR: facts.errors, WARNING: facts.warnings}
    return [
        {**severity_of(severity), "words": number_words(severity, number)}
        for severity, number in numbers.items()
        if number
    ]


def result_row(result: BulkResult) -> dict[str, Any]:
    """A row of the page that tells: what happened, with the way on."""
    if result.refusal is None:
        tone, tag, reason = "green", _("Done"), ""
    elif isinstance(result.refusal, AlreadyHandled):
        tone, tag, reason = "amber", _("Handled already"), str(result.refusal)
    else:
        tone, tag, reason = "red", _("Refused"), str(result.refusal)
    return {
        **matter_of(result),
        "url": dossier_url(result),
        "tone": tone,
        "tag": tag,
        "reason": reason,
        "next_stage": result.next_stage,
        "next_label": stage_label(result.next_stage) if result.next_stage else "",
    }


def dossier_url(result: BulkResult) -> str:
    """The dossier, which is there whoever has the step now; empty for a row that is not the reader's."""
    return reverse("dossier", args=[result.task.evaluation_id]) if result.task else ""


def matter_of(result: BulkResult) -> dict[str, Any]:
    """What a row is about, with the way to it; a row that is not the reader's says nothing."""
    task = result.task
    if task is None or task.evaluation is None:
        return {"title": _("Not found"), "second": "", "unit": "", "amount": None, "url": ""}
    return {**about(task.evaluation), "url": reverse("task", args=[task.process_id, task.pk])}
