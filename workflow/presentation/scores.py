"""The score sheet in the shape that score_row.html and score_table.html take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import Decision, Verb
from approvals.procedure import stages_of
from approvals.signing import waits_for_signature
from evaluations.models import Evaluation, Indicator, ScoreSource, Stage
from evaluations.scoring.totals import sum_or_open
from workflow.presentation.figures import actual_of, percent_of, target_of
from workflow.presentation.score_sheet import COMPUTED, Column, Figure, Level, ScoreSheet, sum_of_known
from workflow.presentation.words import grade_label

REVIEWERS = {
    Stage.DEPARTMENT_REVIEW: ScoreSource.DEPARTMENT,
    Stage.FINANCE_REVIEW: ScoreSource.FINANCE,
}
AS_STATED = {Stage.DEPARTMENT_REVIEW: Verb.APPROVE, Stage.FINANCE_REVIEW: Verb.ACCEPT}


def party_label(party: str, *, own_only: bool = False) -> str:
    """The heading of a party's column."""
    if party == COMPUTED:
        return _("Computed score")
    if party == ScoreSource.EXPERT:
        return _("Your own score") if own_only else _("Experts' mean")
    return capfirst(str(ScoreSource(party).label))


def column_label(column: Column, round: int, *, own_only: bool = False) -> str:
    """The heading, with the round where the scores stand from an earlier one."""
    label = party_label(column.party, own_only=own_only)
    if column.round and column.round != round:
        label = _("%(label)s (round %(round)s)") % {"label": label, "round": column.round}
    return label


# --- the row of totals under the heading ----------------------------------------


def score_row(
    sheet: ScoreSheet, evaluation: Evaluation, decisions: Sequence[Decision], *, own_only: bool = False
) -> list[dict[str, Any]]:
    """The totals side by side: none overwrites another."""
    cells = [computed_cell(sheet)] if COMPUTED in sheet.columns else []
    if evaluation.is_self or evaluation.stated_total is not None:
        cells.insert(0, cell(_("Stated score"), evaluation.stated_total, evaluation.stated_grade))
    if evaluation.is_self:
        cells.append(
            reviewed_cell(sheet, evaluation, decisions, ScoreSource.DEPARTMENT, Stage.DEPARTMENT_REVIEW)
        )
        cells.append(reviewed_cell(sheet, evaluation, decisions, ScoreSource.FINANCE, Stage.FINANCE_REVIEW))
    else:
        column = sheet.columns.get(ScoreSource.EXPERT)
        total = column.total if column else None
        cells.append(cell(party_label(ScoreSource.EXPERT, own_only=own_only), total, sheet.grade_of(total)))
        cells.append(cell(_("Draft conclusion"), evaluation.draft_total, evaluation.draft_grade))
    return [*cells, concluded_cell(evaluation)]


def concluded_cell(evaluation: Evaluation) -> dict[str, Any]:
    """What was concluded; before the last signature it says so, and a returned conclusion is none."""
    label, total, grade = _("Concluded score"), evaluation.concluded_total, evaluation.concluded_grade
    if evaluation.is_concluded:
        return cell(label, total, grade)
    if waits_for_signature(evaluation):
        return cell(label, total, grade, note=_("to be signed"))
    return cell(label, None, "")


def cell(label: str, value: Figure, grade: str, note: str = "", explanation: str = "") -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "places": True,
        "grade": grade,
        "grade_label": grade_label(grade),
        "note": note,
        "explanation": explanation,
    }


def computed_cell(sheet: ScoreSheet) -> dict[str, Any]:
    """What the rules give; while it is open, between which points it will lie."""
    scored = sheet.scored
    note = ""
    if scored.total is None:
        note = _("between %(least)s and %(most)s") % {
            "least": f"{scored.least:.2f}",
            "most": f"{scored.most:.2f}",
        }
    return cell(party_label(COMPUTED), scored.total, scored.grade or "", note, scored.explanation.text(_))


def reviewed_cell(
    sheet: ScoreSheet, evaluation: Evaluation, decisions: Sequence[Decision], party: str, stage: str
) -> dict[str, Any]:
    """A reviewer's total; who passed the dossier without own scores agreed with the one before."""
    label = party_label(party)
    column = sheet.columns.get(party)
    if column and (column.counts or not passed_as_stated(evaluation, decisions, stage)):
        note = "" if column.round == evaluation.round else _("round %(round)s") % {"round": column.round}
        return cell(label, column.total, sheet.grade_of(column.total), note)
    if passed_as_stated(evaluation, decisions, stage):
        total = standing_total(sheet, evaluation, party)
        note = _("as stated") if party == ScoreSource.DEPARTMENT else _("accepted for the record")
        return cell(label, total, sheet.grade_of(total), note)
    return cell(label, None, "")


def passed_as_stated(evaluation: Evaluation, decisions: Sequence[Decision], stage: str) -> bool:
    """Whether the stage was passed in this round."""
    return any(
        found.stage == stage and found.round == evaluation.round and found.verb == AS_STATED[Stage(stage)]
        for found in decisions
    )


def standing_total(sheet: ScoreSheet, evaluation: Evaluation, party: str) -> Figure:
    """The total that stood when the party agreed: the department's, else the stated one."""
    department = sheet.columns.get(ScoreSource.DEPARTMENT)
    if party == ScoreSource.FINANCE and department and department.counts:
        return department.total
    return evaluation.stated_total


def skipped_parties(evaluation: Evaluation, decisions: Sequence[Decision]) -> list[str]:
    """The reviewers behind whose stage it stands although they did not decide in this round.

    The straight way led past them: what they gave in an earlier round is shown as such.
    """
    if evaluation.round == 1 or not evaluation.is_self:
        return []
    order = stages_of(evaluation)
    here = order.index(evaluation.stage) if evaluation.stage in order else len(order)
    asked = {found.stage for found in decisions if found.round == evaluation.round and not found.item_id}
    return [
        party
        for stage, party in REVIEWERS.items()
        if stage in order and order.index(stage) < here and stage not in asked
    ]


# --- the table -------------------------------------------------------------------


def score_table(
    sheet: ScoreSheet, round: int, *, evidence_url: str = "", own_only: bool = False
) -> dict[str, Any]:
    """Everything that score_table.html takes; without ``evidence_url`` no column for evidence."""
    columns = list(sheet.columns.values())
    groups = [level_group(sheet, level, columns, evidence_url) for level in sheet.levels]
    if sheet.has_execution_row:
        groups.append(execution_group(sheet, columns))
    return {
        "columns": [{"label": column_label(column, round, own_only=own_only)} for column in columns],
        "groups": groups,
        "total_weight": sum_of_known([group["weight"] for group in groups]),
        "totals": [column.total for column in columns],
        "hide_evidence": not evidence_url,
    }


def level_group(
    sheet: ScoreSheet, level: Level, columns: Sequence[Column], evidence_url: str
) -> dict[str, Any]:
    """A level 1 with its subtotals (open while a score is) and its indicators."""
    return {
        "label": level.label,
        "weight": level.weight,
        "subtotals": [
            sum_or_open([column.cells[place].points for place in level.places]) for column in columns
        ],
        "rows": [indicator_row(sheet, place, columns, evidence_url) for place in level.places],
    }


def indicator_row(
    sheet: ScoreSheet, place: int, columns: Sequence[Column], evidence_url: str
) -> dict[str, Any]:
    indicator = sheet.indicators[place]
    cells = [column.cells[place] for column in columns]
    return {
        "name": indicator.name,
        "level2": indicator.level2,
        "target": target_of(indicator),
        "actual": actual_of(indicator),
        "weight": sheet.scored.indicators[place].weight,
        "reason": indicator.deviation_reason,
        "cells": [{"value": cell.points, "explanation": cell.explanation} for cell in cells],
        "illustrative": any(cell.is_illustrative for cell in cells),
        "evidence": evidence_of(indicator, evidence_url),
    }


def evidence_of(indicator: Indicator, url: str) -> dict[str, Any]:
    """How many files back the indicator, with the way to them."""
    number: int = getattr(indicator, "number_of_files", 0)
    if not number:
        return {"text": _("none")}
    text = ngettext("%(number)s file", "%(number)s files", number) % {"number": number}
    return {"text": text, "url": f"{url}#indicator-{indicator.pk}"}


def execution_group(sheet: ScoreSheet, columns: Sequence[Column]) -> dict[str, Any]:
    """The form's row for the execution of the budget."""
    execution = sheet.scored.execution
    points = [column.execution.points for column in columns]
    row: dict[str, Any] = {
        "name": _("Execution rate of the budget"),
        "actual": percent_of(execution.rate),
        "weight": execution.weight,
        "cells": [
            {"value": column.execution.points, "explanation": column.execution.explanation}
            for column in columns
        ],
        "evidence": {},
    }
    return {
        "label": _("Budget execution"),
        "weight": execution.weight,
        "subtotals": points,
        "rows": [row],
    }


# --- stated against computed -------------------------------------------------------


def totals_side_by_side(
    sheet: ScoreSheet, evaluation: Evaluation, cells: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The totals of every party, the sum behind the printed one, and how far the rules depart from it."""
    rows = [dict(cell) for cell in cells]
    stated = sheet.columns.get(ScoreSource.STATED)
    if stated and stated.total is not None and evaluation.stated_total is not None:
        rows.insert(1, cell(_("Sum of the stated scores"), stated.total, sheet.grade_of(stated.total)))
    if evaluation.stated_total is not None and sheet.scored.total is not None:
        rows.append(cell(_("Stated less computed"), evaluation.stated_total - sheet.scored.total, ""))
    return rows
