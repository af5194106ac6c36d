"""A rectification item on a page: its row in the ledger, its steps, its rounds, its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.documents.notice import document_number
from approvals.models import ENDED, Decision, ItemEvidence, ItemStage, RaisedBy, RectificationItem
from approvals.procedure import ITEM_STEPS
from approvals.words import enumerated
from workflow.blind_scoring import BlindScoring
from workflow.models import FlowTask
from workflow.presentation.diagram import BACKWARD
from workflow.presentation.item_course import in_wan
from workflow.presentation.opinions import entry, title_of, waiting_entry
from workflow.presentation.procedure import local_day
from workflow.presentation.words import deadline_words, item_stage_label, short_date
from workflow.working_days import working_days_left

# How far along an item is at each step, in percent: carrying out is the longest part.
PROGRESS = {
    ItemStage.DRAFT: 0,
    ItemStage.ISSUED: 5,
    ItemStage.PLANNING: 10,
    ItemStage.OBJECTION: 10,
    ItemStage.PLAN_REVIEW: 25,
    ItemStage.CARRYING_OUT: 40,
    ItemStage.DEPARTMENT_VERIFICATION: 70,
    ItemStage.FINANCE_VERIFICATION: 85,
    ItemStage.CLOSED: 100,
    ItemStage.CANCELLED: 100,
}
# An item's page speaks of no expert's scores.
OPEN_TO_ALL = BlindScoring(reader_id=0, sees_all=True)


def ledger_row(item: RectificationItem) -> dict[str, Any]:
    """What the ledger shows of an item."""
    return {
        "item": item,
        "progress": PROGRESS[ItemStage(item.stage)],
        "deadline": deadline_of(item),
    }


def deadline_of(item: RectificationItem) -> dict[str, Any]:
    """What deadline_tag.html takes; a proposed item has no deadline yet."""
    running = item.is_open
    return {
        "days": working_days_left(item.due) if running else None,
        "closed_on": local_day(item.closed_at),
        "note": _("extended") if item.due > item.original_due else "",
    }


def stages_of_item(item: RectificationItem) -> list[str]:
    """The steps that this item passes, in order."""
    skipped = {ItemStage.OBJECTION, ItemStage.FINANCE_VERIFICATION} - {ItemStage(item.stage)}
    if item.needs_finance:
        skipped -= {ItemStage.FINANCE_VERIFICATION}
    end = ItemStage.CANCELLED if item.stage == ItemStage.CANCELLED else ItemStage.CLOSED
    return [stage for stage in (*ITEM_STEPS, end) if stage not in skipped]


def stepper(item: RectificationItem, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """The steps for stepper.html: when each was passed last, and which one sent it back."""
    stages = stages_of_item(item)
    here = stages.index(item.stage) if item.stage in stages else -1
    last_of = {decision.stage: decision for decision in decisions}
    steps = []
    for place, stage in enumerate(stages):
        step: dict[str, Any] = {"label": item_stage_label(stage), "state": "todo"}
        last = last_of.get(stage)
        if place < here or item.stage in ENDED:
            step |= {"state": "done", "date": passed_on(item, stage, last)}
        elif place == here:
            step |= {"state": "current", "note": deadline_words(working_days_left(item.due))}
        elif last and last.verb in BACKWARD and last is latest_return(decisions):
            step |= {"state": "returned", "note": _("sent back")}
        steps.append(step)
    return steps


def passed_on(item: RectificationItem, stage: str, last: Decision | None) -> str:
    """The day on which a step was passed; for the last one, on which the item was closed."""
    moment = item.closed_at or item.cancelled_at if stage in ENDED else last and last.decided_at
    return short_date(local_day(moment))


def latest_return(decisions: Sequence[Decision]) -> Decision | None:
    """The last decision that sent the item back."""
    return next((decision for decision in reversed(decisions) if decision.verb in BACKWARD), None)


def rounds(
    item: RectificationItem,
    decisions: Sequence[Decision],
    files: Iterable[ItemEvidence],
    task: FlowTask | None,
) -> list[dict[str, Any]]:
    """The item's decisions and files by round, the latest round first."""
    found: dict[int, dict[str, Any]] = {}

    def in_round(number: int) -> dict[str, Any]:
        return found.setdefault(number, {"number": number, "entries": [], "files": []})

    before = item.assigned_at
    for decision in decisions:
        in_round(decision.round)["entries"].append(entry(decision, before, OPEN_TO_ALL))
        before = decision.decided_at
    if task is not None:
        waiting = waiting_entry(task) | {"title": item_stage_label(task.stage)}
        in_round(task.round)["entries"].append(waiting)
    for link in files:
        in_round(link.round)["files"].append(file_of(link))
    return [found[number] for number in sorted(found, reverse=True)]


def file_of(link: ItemEvidence) -> dict[str, Any]:
    """A file as file_list.html takes it."""
    evidence = link.evidence
    return {
        "name": evidence.name,
        "url": reverse("evidence_file", args=[evidence.pk]),
        "size": evidence.size,
        "about": f"{evidence.uploaded_by} · {short_date(local_day(evidence.uploaded_at))}",
        "demo": evidence.is_demonstration,
    }


def verifications_needed(item: RectificationItem) -> str:
    """Who has to prove the item done, and why."""
    if item.raised_by == RaisedBy.FINANCE:
        return _("the department, then the finance bureau (it raised the item)")
    if item.sampled:
        return _("the department, then the finance bureau (it samples the item)")
    return _("the department; the finance bureau may sample it")


def facts(item: RectificationItem, *, links_evaluation: bool = True) -> list[dict[str, Any]]:
    """What there is to know about an item, for key_values.html.

    Another unit that only has to carry it out does not see the evaluation: no link then.
    """
    return [
        *what_it_is(item, links_evaluation),
        *money_of(item),
        *grounds_of(item, links_evaluation),
        *who_and_when(item),
    ]


def what_it_is(item: RectificationItem, links_evaluation: bool) -> list[dict[str, Any]]:
    """Project, evaluation, kind and weight."""
    evaluation = item.evaluation
    return [
        *notice_of(item, links_evaluation),
        {"label": _("Project"), "value": evaluation.project.name},
        {
            "label": _("From evaluation"),
            "value": evaluation.number,
            "url": reverse("dossier", args=[evaluation.pk]) if links_evaluation else "",
        },
        {"label": _("Kind of rectification"), "value": capfirst(item.get_kind_display())},
        {"label": _("Severity of the problem"), "value": capfirst(item.get_severity_display())},
    ]


def notice_of(item: RectificationItem, links_evaluation: bool) -> list[dict[str, Any]]:
    """The number of the notice by which it went out, which leads to the notice; nothing before it has."""
    notice = item.notice
    if notice is None:
        return []
    page = reverse("rectification_notices", args=[item.evaluation_id])
    return [
        {
            "label": _("Notice of rectification"),
            "value": document_number(notice.issuer.name, notice.year, notice.number),
            "url": f"{page}#notice-{notice.pk}" if links_evaluation else "",
        }
    ]


def money_of(item: RectificationItem) -> list[dict[str, Any]]:
    """The amount involved and what of it is settled; nothing where no money is involved."""
    if item.amount is None:
        return []
    return [
        {"label": _("Amount involved"), "value": in_wan(item.amount)},
        {"label": _("Settled so far"), "value": in_wan(item.settled)},
        {"label": _("Outstanding"), "value": in_wan(item.outstanding)},
    ]


def grounds_of(item: RectificationItem, links_evaluation: bool) -> list[dict[str, Any]]:
    """What the item rests on; links for those who see the dossier, an opinion's words for them only."""
    dossier = item.evaluation_id

    def tab(name: str) -> str:
        return reverse("dossier_tab", args=[dossier, name]) if links_evaluation else ""

    found: list[dict[str, Any]] = [
        {"label": _("From problem"), "value": item.problem.text if item.problem else ""}
    ]
    if item.finding:
        found.append({"label": _("From finding"), "value": item.finding.message, "url": tab("findings")})
    if item.indicator:
        found.append({"label": _("Indicator concerned"), "value": item.indicator.name, "url": tab("scores")})
    if item.ground:
        url = reverse("evidence_file", args=[item.ground_id]) if links_evaluation else ""
        found.append({"label": _("File that shows the problem"), "value": item.ground.name, "url": url})
    if item.opinion and links_evaluation:
        words = f"{item.opinion.by} · {title_of(item.opinion)}"
        found.append({"label": _("Opinion that it rests on"), "value": words, "url": tab("opinions")})
    return found


def who_and_when(item: RectificationItem) -> list[dict[str, Any]]:
    """The people and the dates: the original due date stays beside the current one for ever."""
    helpers = [str(each.unit) for each in item.assisting.select_related("unit")]
    pairs: list[dict[str, Any]] = [
        {"label": _("Raised by"), "value": f"{item.get_raised_by_display()} · {item.raised_by_person}"},
        {"label": _("Responsible unit"), "value": item.responsible_unit.name},
        {"label": _("Responsible person"), "value": item.responsible_person},
    ]
    if helpers:
        pairs.append({"label": _("Assisting units"), "value": enumerated(helpers)})
    if item.received_at:
        pairs.append({"label": _("Receipt signed"), "value": date_format(local_day(item.received_at))})
    if item.measures_due:
        pairs.append({"label": _("Measures due"), "value": date_format(item.measures_due)})
    return [
        *pairs,
        {"label": _("Original due date"), "value": date_format(item.original_due)},
        {"label": _("Current due date"), "value": date_format(item.due)},
        {"label": _("Who verifies"), "value": verifications_needed(item)},
    ]
