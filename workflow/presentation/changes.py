"""What changed since the dossier was last returned, field by field, out of the rows' history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Decision, Verb
from audit_log.tracking import TrackedModel
from evaluations.models import (
    Budget,
    Evaluation,
    Evidence,
    FundingRow,
    Indicator,
    PaymentLine,
    Problem,
    ReportSection,
    Score,
    ScoreSource,
    Suggestion,
)
from workflow.presentation.figures import plain

Change = dict[str, Any]
UNTOLD = {"id", "evaluation", "budget", "position", "stage", "round", "content_digest", "rule"}
OWN_FIELDS = ("goal_expected", "goal_achieved", "stated_total", "stated_grade")
# The tables of a dossier, with the parent that their rows hang from.
TABLES: tuple[tuple[type[TrackedModel], str], ...] = (
    (Budget, "evaluation"),
    (FundingRow, "budget"),
    (PaymentLine, "budget"),
    (Indicator, "evaluation"),
    (Problem, "evaluation"),
    (Suggestion, "evaluation"),
    (ReportSection, "evaluation"),
)


def last_return(decisions: Iterable[Decision]) -> Decision | None:
    """The decision that opened the present round; None in the first."""
    returns = [found for found in decisions if found.item_id is None and found.verb == Verb.RETURN]
    return returns[-1] if returns else None


def changes_since(evaluation: Evaluation, moment: datetime) -> list[Change]:
    """Every difference between the dossier at ``moment`` and now, for change_list.html."""
    found = list(changes_of(evaluation, state_of(Evaluation, {"id": evaluation.pk}, moment), OWN_FIELDS))
    parents = {"evaluation": evaluation.pk, "budget": evaluation.budget.pk}
    for model, parent in TABLES:
        # By id: a row's history stays when the row goes, so it cannot be joined.
        found += table_changes(model, {f"{parent}_id": parents[parent]}, moment)
    return found + score_changes(evaluation) + file_changes(evaluation, moment)


def state_of(model: type[TrackedModel], rows: dict[str, Any], moment: datetime) -> dict[int, Any]:
    """The rows as they were at ``moment``, by id."""
    state: dict[int, Any] = {}
    entries = model.history.filter(history_date__lte=moment, **rows)
    for entry in entries.order_by("history_date", "history_id"):
        state.pop(entry.id, None)
        if entry.history_type != "-":
            state[entry.id] = entry
    return state


def table_changes(model: type[TrackedModel], rows: dict[str, Any], moment: datetime) -> Iterator[Change]:
    """Rows that were added, changed and removed."""
    before = state_of(model, rows, moment)
    for row in model._default_manager.filter(**rows):
        if row.pk in before:
            yield from changes_of(row, before)
        else:
            yield {"label": _("Added: %(name)s") % {"name": name_of(row)}}
        before.pop(row.pk, None)
    for entry in before.values():
        yield {"label": _("Removed: %(name)s") % {"name": name_of(entry.instance)}}


def changes_of(row: Any, before: dict[int, Any], names: Iterable[str] = ()) -> Iterator[Change]:
    """The fields of one row that differ from its entry."""
    entry = before.get(row.pk)
    for field in row._meta.concrete_fields if entry is not None else ():
        if field.name in UNTOLD or (names and field.name not in names):
            continue
        if getattr(entry, field.attname) != getattr(row, field.attname):
            yield {
                "label": f"{name_of(row)} {field.verbose_name}".strip(),
                "before": words_of(entry, field),
                "after": words_of(row, field),
            }


def name_of(row: Any) -> str:
    """How a change calls its row; the dossier and its money need no name."""
    return "" if isinstance(row, Evaluation | Budget) else str(row)[:60]


def words_of(row: Any, field: Any) -> str:
    """A field's value in words."""
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return plain(value) if isinstance(value, Decimal) else str(value)


def score_changes(evaluation: Evaluation) -> list[Change]:
    """Stated scores that differ from those of the round before."""
    scores = Score.objects.filter(indicator__evaluation=evaluation, source=ScoreSource.STATED)
    by_round: dict[Indicator, dict[int, Decimal]] = {}
    for score in scores.select_related("indicator").order_by("indicator__position", "round"):
        by_round.setdefault(score.indicator, {})[score.round] = score.points
    return [
        {
            "label": f"{indicator.name} {ScoreSource.STATED.label}",
            "before": plain(before),
            "after": plain(points[evaluation.round]),
        }
        for indicator, points in by_round.items()
        if evaluation.round in points
        and (before := earlier(points, evaluation.round)) is not None
        and before != points[evaluation.round]
    ]


def earlier(points: dict[int, Decimal], round: int) -> Decimal | None:
    """The points of the last round before this one."""
    rounds = [number for number in points if number < round]
    return points[max(rounds)] if rounds else None


def file_changes(evaluation: Evaluation, moment: datetime) -> list[Change]:
    """Files that came in or were withdrawn since."""
    files = Evidence.objects.filter(evaluation=evaluation, item_link=None)
    added = files.filter(uploaded_at__gt=moment, withdrawn_at=None)
    withdrawn = files.filter(uploaded_at__lte=moment, withdrawn_at__gt=moment)
    return [
        *({"label": _("File added: %(name)s") % {"name": file.name}} for file in added),
        *({"label": _("File withdrawn: %(name)s") % {"name": file.name}} for file in withdrawn),
    ]


def changes_of_round(evaluation: Evaluation, decisions: Iterable[Decision]) -> dict[str, Any] | None:
    """The changes of the present round with the round they are compared to; None in the first round."""
    returned = last_return(decisions)
    if returned is None:
        return None
    return {"since": returned.round, "changes": changes_since(evaluation, returned.decided_at)}
