"""What changed since a reviewer saw the dossier last, field by field, out of the rows' history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.actions.independence import NO_JUDGEMENT
from approvals.models import Decision
from approvals.procedure import Position, step_of
from approvals.returns import own_of, returns_of
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
OWN_FIELDS = (
    "goal_expected",
    "goal_achieved",
    "stated_total",
    "stated_grade",
    "draft_total",
    "draft_grade",
    "draft_conclusion",
)
# Whose points are compared; the experts' are closed to some readers.
COMPARED = (ScoreSource.STATED, ScoreSource.DEPARTMENT, ScoreSource.FINANCE)
# Whoever does this work looks at the dossier again: what changed is told since the last look.
LOOKING_AGAIN = ("review", "file", "consider", "sign", "conclude")
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


def seen_last(
    evaluation: Evaluation, decisions: Sequence[Decision], position: Position | None
) -> Decision | None:
    """Up to which decision the reader knows the dossier; None where it was never returned.

    That is the last return; for a reviewer who looks at it again the own step's last decision
    in a round before, where that was earlier: other steps may have returned it since.
    """
    returns = returns_of(decisions, evaluation.round)
    if not returns:
        return None
    last = returns[-1].decision
    step = step_of(evaluation, *position) if position else None
    if step is None or step.policy is None or step.policy.work not in LOOKING_AGAIN:
        return last
    own = [
        found
        for found in own_of(decisions)
        if (found.stage, found.step) == position
        and found.round < evaluation.round
        and found.verb not in NO_JUDGEMENT
    ]
    return min(own[-1], last, key=lambda found: (found.decided_at, found.pk)) if own else last


def changes_since(evaluation: Evaluation, moment: datetime, round: int) -> list[Change]:
    """Every difference between the dossier at ``moment``, in that round, and now, for change_list.html."""
    found = list(changes_of(evaluation, state_of(Evaluation, {"id": evaluation.pk}, moment), OWN_FIELDS))
    parents = {"evaluation": evaluation.pk, "budget": evaluation.budget.pk}
    for model, parent in TABLES:
        # By id: a row's history stays when the row goes, so it cannot be joined.
        found += table_changes(model, {f"{parent}_id": parents[parent]}, moment)
    return found + score_changes(evaluation, round) + file_changes(evaluation, moment)


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


Points = dict[int, dict[int, Decimal]]
"""Points by round and indicator."""


def score_changes(evaluation: Evaluation, round: int) -> list[Change]:
    """The points that the unit, the department and finance gave after ``round``, against those before."""
    scores = Score.objects.filter(indicator__evaluation=evaluation, source__in=COMPARED)
    given: dict[str, Points] = {}
    for score in scores:
        given.setdefault(score.source, {}).setdefault(score.round, {})[score.indicator_id] = score.points
    rows = list(evaluation.indicators.all())
    return [
        change
        for source in COMPARED
        if source in given
        for change in differences(source, rows, *before_and_after(source, given[source], round))
    ]


def before_and_after(source: str, given: Points, round: int) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """The points that stood in ``round``, and those that stand now, by indicator.

    What the unit stated stands until it states something else; a reviewer scores a round as a whole.
    """
    rounds = sorted(given)
    if source == ScoreSource.STATED:
        before = {pk: points for number in rounds if number <= round for pk, points in given[number].items()}
        after = {pk: points for number in rounds for pk, points in given[number].items()}
        # A new row is told as added, with everything in it.
        return before, {pk: points for pk, points in after.items() if pk in before}
    if rounds[-1] <= round:
        return {}, {}
    earlier = [number for number in rounds if number <= round]
    return given[earlier[-1]] if earlier else {}, given[rounds[-1]]


def differences(
    source: str, rows: Iterable[Indicator], before: dict[int, Decimal], after: dict[int, Decimal]
) -> Iterator[Change]:
    """Each indicator whose points differ."""
    for row in rows:
        if before.get(row.pk) != after.get(row.pk):
            yield {
                "label": f"{row.name} {ScoreSource(source).label}",
                "before": plain(before[row.pk]) if row.pk in before else "",
                "after": plain(after[row.pk]) if row.pk in after else "",
            }


def file_changes(evaluation: Evaluation, moment: datetime) -> list[Change]:
    """Files that came in or were withdrawn since."""
    files = Evidence.objects.filter(evaluation=evaluation, item_link=None)
    added = files.filter(uploaded_at__gt=moment, withdrawn_at=None)
    withdrawn = files.filter(uploaded_at__lte=moment, withdrawn_at__gt=moment)
    return [
        *({"label": _("File added: %(name)s") % {"name": file.name}} for file in added),
        *({"label": _("File withdrawn: %(name)s") % {"name": file.name}} for file in withdrawn),
    ]


def changes_of_round(
    evaluation: Evaluation, decisions: Sequence[Decision], position: Position | None = None
) -> dict[str, Any] | None:
    """What changed since whoever acts at ``position`` saw it, and in which round; None without a return."""
    last = seen_last(evaluation, decisions, position)
    if last is None:
        return None
    return {"since": last.round, "changes": changes_since(evaluation, last.decided_at, last.round)}
