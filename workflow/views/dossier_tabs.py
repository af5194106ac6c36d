"""What each tab of the dossier shows, put together from ``workflow.presentation``."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import rights_for_reading
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.findings import findings_now
from approvals.models import GeneratedDocument, ItemStage
from approvals.signing import waits_for_signature
from audit_log.errors import NotFound
from evaluations.actions.migrate import OPEN_TO_MIGRATION
from evaluations.models import Framework, Scheme, Stage
from workflow.dossier_reading import DossierReading
from workflow.field_changes import FieldChanges, RowChange
from workflow.presentation import findings as doubts
from workflow.presentation import history as events
from workflow.presentation import opinions as lines
from workflow.presentation import scores as tables
from workflow.presentation import talk
from workflow.presentation.appointments import appointments_context
from workflow.presentation.diagram import diagram, item_diagram
from workflow.presentation.evidence import files_of_indicators, other_files
from workflow.presentation.exchange import exchanges_shown
from workflow.presentation.exports import export_links
from workflow.presentation.figures import amounts, funding_rows, payments, rate_of
from workflow.presentation.handing_over import asked_now
from workflow.presentation.indicators import indicator_rows
from workflow.presentation.items import ledger_row
from workflow.presentation.links import address, known
from workflow.presentation.on_hold import hold_on
from workflow.presentation.returned import straight_way
from workflow.presentation.seats import seats_context
from workflow.presentation.spread import add_spread, panel_summary
from workflow.presentation.stepper import stepper
from workflow.presentation.uses import use_card
from workflow.presentation.votes import votes_shown
from workflow.presentation.words import stage_label
from workflow.whole_numbers import whole_number

ROWS_A_PAGE = 20
COMMENTS_A_PAGE = 50


# --- above the tabs -----------------------------------------------------------------


def heading(reading: DossierReading) -> dict[str, Any]:
    """What stands above every tab: who, what, how much, where it stands, what it scored."""
    evaluation = reading.evaluation
    return {
        "evaluation": evaluation,
        "rate": rate_of(evaluation.budget, reading.parameters),
        "steps": stepper(evaluation, reading.decisions, reading.tasks),
        "straight_way": straight_way(evaluation),
        "cells": totals(reading),
        "documents": [document_row(document) for document in reading.documents],
        "may_print": reading.blind.sees_what_the_evaluator_made,
        "may_move": may_move(reading),
        "use_card": use_card(evaluation, reading.reader),
        "hold": hold_on(evaluation.project, reading.reader),
        "exports": export_links(evaluation) if reading.blind.sees_what_the_evaluator_made else [],
    }


def may_move(reading: DossierReading) -> bool:
    """Whether the reader may move the evaluation to another scheme or framework now."""
    evaluation = reading.evaluation
    rights = rights_for_reading(reading.reader)
    is_ours = rights.holds(Right.RUN_EVALUATION, evaluation.bureau_id)
    return is_ours and evaluation.stage in OPEN_TO_MIGRATION


def totals(reading: DossierReading) -> list[dict[str, Any]]:
    """The totals side by side."""
    own_only = not reading.blind.sees_what_the_evaluator_made
    return tables.score_row(reading.sheet, reading.evaluation, reading.decisions, own_only=own_only)


def next_task(reading: DossierReading) -> dict[str, Any] | None:
    """What the reader may do now, with the way to it; several items are chosen from on their tab.

    Of several votes, their own and those they give for others, the first leads.
    """
    items = [task for task in reading.own_tasks if task.item_id]
    first = next((task for task in reading.own_tasks if not task.item_id), None)
    if first is None and len(items) > 1:
        words = ngettext("%(number)s rectification item", "%(number)s rectification items", len(items))
        url = reverse("dossier_tab", args=[reading.evaluation.pk, "rectification"])
        return {"label": words % {"number": len(items)}, "url": url}
    task = first or next(iter(items), None)
    if task is None:
        return None
    label = task.item.number if task.item else stage_label(task.stage)
    return {"label": label, "url": reverse("task", args=[task.process_id, task.pk])}


def document_row(document: GeneratedDocument) -> dict[str, Any]:
    """A printed report: the file when it is ready, else how far it is."""
    ready = document.status == GeneratedDocument.Status.DONE
    return {
        "document": document,
        "url": reverse("document_file" if ready else "document_status", args=[document.pk]),
        "is_ready": ready,
    }


# --- the tabs -------------------------------------------------------------------------


def figures(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """The money, the goal, the indicators and the texts."""
    evaluation = reading.evaluation
    budget = evaluation.budget
    return {
        "amounts": amounts(evaluation, reading.parameters),
        "funding": funding_rows(budget),
        "payments": payments(budget.lines.all(), budget.stated_totals.all()),
        "indicators": indicator_rows(reading.indicators),
        "shows_stated": any(
            row.stated_completion_rate or row.stated_met is not None for row in reading.indicators
        ),
        "sections": evaluation.sections.all(),
        "problems": evaluation.problems.select_related("indicator"),
        "suggestions": evaluation.suggestions.all(),
        "to_be_signed": waits_for_signature(evaluation),
        **seats_context(evaluation, request.user),
        **appointments_context(evaluation, request.user),
    }


def scores(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """Every party's scores side by side, of this round or of an earlier one."""
    evaluation = reading.evaluation
    chosen = chosen_round(request, evaluation.round)
    is_now = chosen == evaluation.round
    sheet = reading.sheet if is_now else reading.sheet_of_round(chosen)
    url = reverse("dossier_tab", args=[evaluation.pk, "evidence"]) if is_now else ""
    own_only = not reading.blind.sees_what_the_evaluator_made
    return {
        "table": add_spread(tables.score_table(sheet, chosen, evidence_url=url, own_only=own_only), sheet),
        "panel": panel_summary(sheet),
        "totals": tables.totals_side_by_side(sheet, evaluation, totals(reading)) if is_now else [],
        "notes": sheet.notes,
        "is_blind": not reading.blind.sees_all,
        "is_illustrative": any(
            cell.is_illustrative for column in sheet.columns.values() for cell in column.cells
        ),
        "round": chosen,
        "is_now": is_now,
        "rounds": [
            {
                "label": _("Round %(number)s") % {"number": number},
                "url": address(request, round=number),
                "current": number == chosen,
            }
            for number in range(evaluation.round, 0, -1)
        ]
        if evaluation.round > 1
        else [],
    }


def chosen_round(request: HttpRequest, last: int) -> int:
    """The round that was asked for, else the present one. Raises NotFound for no round."""
    asked = whole_number(request.GET.get("round", str(last)))
    if asked is None or not 1 <= asked <= last:
        raise NotFound()
    return asked


def findings(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """What the checks found: now while the unit fills it in, else as it was handed in last."""
    record = reading.findings
    is_now = reading.is_being_filled_in or record.handed_in is None
    lines = (
        doubts.lines_now(findings_now(reading.evaluation, indicators=reading.indicators), record)
        if is_now
        else doubts.lines_on_record(record)
    )
    asked = known(request, "severity", doubts.SEVERITY_NAMES)
    return {
        "lines": [line for line in lines if not asked or line["severity"] == asked],
        "pills": doubts.pills(request, lines, asked),
        "is_now": is_now,
        "handed_in": record.handed_in,
        "is_filtered": bool(asked),
    }


def evidence(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """The files, by what they back."""
    return {
        "rows": files_of_indicators(reading.evidence, reading.indicators),
        "groups": other_files(reading.evidence),
    }


def opinions(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """The decisions round by round, then those on the items."""
    return {
        "votes": votes_shown(reading.evaluation),
        "rounds": lines.rounds(reading.decisions, reading.tasks, reading.blind),
        "item_entries": lines.of_items(reading.decisions, reading.blind),
        "exchanges": [] if reading.evaluation.is_self else exchanges_shown(reading.evaluation),
    }


def comments(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """What people say beside the decisions: comments, and opinions asked of colleagues."""
    reader, evaluation = reading.reader, reading.evaluation
    page = Paginator(talk.thread(reader, evaluation), COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    own = next((task for task in reading.own_tasks if task.right and not task.item_id), None)
    return {
        "page_obj": page,
        "comments": [talk.comment_entry(comment, reader.pk) for comment in page],
        "form": talk.form_for(reader, evaluation),
        "consultations": [talk.consultation_entry(row, reader.pk) for row in reading.consultations],
        "consult_url": talk.consult_url(evaluation, None) if own else "",
    }


def history(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """Who did what when; with ?show=changes what changed in which field."""
    shows_changes = request.GET.get("show") == "changes"
    items = {item.pk for item in reading.items}
    pills = [
        {
            "label": label,
            "url": address(request, show=value),
            "current": (value == "changes") is shows_changes,
        }
        for value, label in (("", _("Who did what")), ("changes", _("What changed in which field")))
    ]
    content = changes_page(reading, request, items) if shows_changes else events_page(reading, request, items)
    return {"pills": pills, "shows_changes": shows_changes, **content}


def events_page(reading: DossierReading, request: HttpRequest, items: set[int]) -> dict[str, Any]:
    page = Paginator(reading.events(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    turns = reading.turns_of({event.object_id for event in page if event.object_type == "findingturn"})
    said = talk.words_of_events(page, reading.reader)
    return {"page_obj": page, "entries": [events.event_entry(event, items, turns, said) for event in page]}


def changes_page(reading: DossierReading, request: HttpRequest, items: set[int]) -> dict[str, Any]:
    found = FieldChanges(reading.evaluation.pk, reading.blind, items)
    page: Page[RowChange] = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    changes = list(page)
    people, organizations = reading.names_of(
        events.ids_of(changes, User), events.ids_of(changes, Organization)
    )
    indicators = {indicator.pk: indicator.name for indicator in reading.indicators}
    names = events.Names(indicators, people, organizations, templates_of(changes))
    return {"page_obj": page, "groups": events.change_groups(changes, names)}


def templates_of(changes: list[RowChange]) -> dict[type, dict[int, str]]:
    """What the schemes and frameworks in these changes are called; no statement without any."""
    found: dict[type, dict[int, str]] = {}
    for model in (Scheme, Framework):
        if ids := events.ids_of(changes, model):
            found[model] = {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)}
    return found


def process(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """Where it stands in its procedure, and where its items stand in theirs."""
    assigned = [item for item in reading.items if item.stage != ItemStage.DRAFT]
    return {
        "diagram": diagram(reading.evaluation, reading.decisions),
        "item_diagram": item_diagram(assigned, reading.decisions) if assigned else None,
        "votes": votes_shown(reading.evaluation),
        "asked": asked_now(reading),
    }


def rectification(reading: DossierReading, request: HttpRequest) -> dict[str, Any]:
    """The items of this evaluation, with the reader's own tasks on them."""
    own = {task.item_id: task for task in reading.own_tasks}
    rows = [{**ledger_row(item), "task": own.get(item.pk)} for item in reading.items]
    return {"rows": rows, "may_propose": may_propose(reading)}


def may_propose(reading: DossierReading) -> bool:
    """Whether the reader proposes further items: the office that runs the evaluation, in rectification."""
    evaluation = reading.evaluation
    rights = rights_for_reading(reading.reader)
    runs_it = rights.holds(Right.RUN_EVALUATION, evaluation.evaluator_id)
    return evaluation.stage == Stage.RECTIFICATION and runs_it
