from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit_log.errors import InvalidInput, Outdated
from audit_log.models import AuditEvent
from audit_log.record import chain_of, record
from evaluations.actions.give_scores import fault_of
from evaluations.models import Evaluation, Indicator, Score, ScoreSource
from evaluations.scoring import ScoringError, score_indicator

Faults = dict[str, list[Any]]


@dataclass
class Filling:
    """One person's filling in: the faults at their fields, and whether anything changed."""

    actor: User
    faults: Faults = field(default_factory=dict)
    changed: bool = False

    def save(self, row: Any) -> None:
        """Save a row in the person's name."""
        self.changed |= bool(row._state.adding or row.changed_fields())
        row.save_as(self.actor, "fill in")


@dataclass(frozen=True)
class RowChange:
    """One row of a table: new without ``pk``, changed with it, removed when asked."""

    values: Mapping[str, Any] = field(default_factory=dict)
    pk: int | None = None
    remove: bool = False
    score: Decimal | None = None
    """The stated points, for an indicator."""
    indicator: str = ""
    """The name of the indicator that a problem speaks of, when it may be new itself."""


@dataclass(frozen=True)
class DossierChanges:
    """What the unit filled in. A table left None stays as it is."""

    evaluation: Mapping[str, Any] = field(default_factory=dict)
    budget: Mapping[str, Any] = field(default_factory=dict)
    rows: list[RowChange] | None = None
    lines: list[RowChange] | None = None
    stated_totals: list[RowChange] | None = None
    indicators: list[RowChange] | None = None
    sections: list[RowChange] | None = None
    problems: list[RowChange] | None = None
    suggestions: list[RowChange] | None = None
    seen: int | None = None
    """Which state of the content the person saw (``last_filled``); None does not ask."""

    @property
    def tables(self) -> frozenset[str]:
        """The parts of the dossier that these changes touch.

        The tables by their own names; of the single fields "goal", "report_facts",
        "budget", and "stated_scores" for what the unit scores itself.
        """
        touched = {PART_OF_FIELD.get(name, "stated_scores") for name in self.evaluation}
        touched |= {PART_OF_FIELD.get(name, "budget") for name in self.budget}
        return frozenset(touched | {name for name in TABLES if getattr(self, name) is not None})


WRITES_CONTENT = ("fill_dossier", "migrate_framework", "migrate_scheme")
TABLES = ("rows", "lines", "stated_totals", "indicators", "sections", "problems", "suggestions")
PART_OF_FIELD = {
    "goal_expected": "goal",
    "goal_achieved": "goal",
    "base_date": "report_facts",
    "report_date": "report_facts",
    "team": "report_facts",
    "weight": "stated_scores",
    "stated_score": "stated_scores",
}


@transaction.atomic
def fill_dossier(
    *, evaluation: Evaluation, actor: User, changes: DossierChanges, on_behalf_of: int | None = None
) -> None:
    """Write what the unit filled in, all of it or nothing.

    The caller holds the evaluation's lock and has checked that ``actor`` may act
    at its present stage, and for whom. Raises InvalidInput with a message at each field, named
    as in the form ("indicators-0-actual_value"), and Outdated when the content was
    saved again after the person saw it: rows would be doubled or undone. What changes
    nothing leaves no trace.
    """
    if changes.seen is not None and changes.seen != last_filled(evaluation):
        raise Outdated(_("This was saved again after you opened the page. Nothing of this page was saved."))
    filling = Filling(actor)
    keep(evaluation, changes.evaluation, "", filling)
    budget = evaluation.budget
    keep(budget, changes.budget, "budget-", filling)
    tables: list[tuple[str, QuerySet[Any], dict[str, Any]]] = [
        ("rows", budget.rows.all(), {"budget": budget}),
        ("lines", budget.lines.all(), {"budget": budget}),
        ("stated_totals", budget.stated_totals.all(), {"budget": budget}),
        ("sections", evaluation.sections.all(), {"evaluation": evaluation}),
        ("suggestions", evaluation.suggestions.all(), {"evaluation": evaluation}),
    ]
    for name, existing, parent in tables:
        fill_table(name, existing, parent, getattr(changes, name), filling)
    fill_indicators(evaluation, changes.indicators, filling)
    problems = with_indicators(evaluation, changes.problems)
    fill_table("problems", evaluation.problems.all(), {"evaluation": evaluation}, problems, filling)
    if filling.faults:
        raise InvalidInput(_("Some fields cannot be taken: nothing was saved."), fields=filling.faults)
    if filling.changed:
        record(
            chain=chain_of(evaluation.pk),
            verb="fill_dossier",
            actor=actor,
            object=evaluation,
            on_behalf_of=on_behalf_of,
        )


def last_filled(evaluation: Evaluation) -> int:
    """The place in the audit chain at which the content was filled in last; 0 before that."""
    events = AuditEvent.objects.filter(chain=chain_of(evaluation.pk), verb__in=WRITES_CONTENT)
    return events.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def keep(instance: Model, values: Mapping[str, Any], prefix: str, filling: Filling) -> bool:
    """Set the values and save what changed; note each fault at its field."""
    for name, value in values.items():
        setattr(instance, name, value)
    try:
        instance.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            filling.faults[f"{prefix}{name}"] = list(messages)
        return False
    filling.save(instance)
    return True


def fill_table(
    name: str,
    existing: QuerySet[Any],
    parent: Mapping[str, Any],
    changes: Iterable[RowChange] | None,
    filling: Filling,
) -> list[tuple[Any, RowChange]]:
    """Bring one table in step with its changes; returns the kept rows with their change."""
    if changes is None:
        return []
    by_pk = {row.pk: row for row in existing}
    kept = []
    for place, change in enumerate(changes):
        row = by_pk.get(change.pk) if change.pk else existing.model(**parent)
        if row is None:
            filling.faults[f"{name}-{place}-id"] = [
                _("This row belongs to another evaluation or was removed.")
            ]
        elif change.remove:
            if fault := remove(row, filling):
                filling.faults[f"{name}-{place}-DELETE"] = [fault]
        elif keep(row, change.values, f"{name}-{place}-", filling):
            kept.append((row, change))
    return kept


def remove(row: Any, filling: Filling) -> Any:
    """Delete a row in the person's name; its history stays. Returns why it cannot go, or None."""
    if isinstance(row, Indicator) and row.scores.exclude(source=ScoreSource.STATED).exists():
        return _("This indicator was scored in an earlier round: set its weight to 0 instead.")
    if row.pk:
        row._history_user = filling.actor
        filling.changed = True
        try:
            row.delete()
        except ProtectedError:
            return _("A rectification item rests on this: it cannot be removed.")
    return None


def fill_indicators(evaluation: Evaluation, changes: list[RowChange] | None, filling: Filling) -> None:
    """The indicators with their stated points, checked against the scoring rules."""
    parameters = evaluation.scheme.as_parameters()
    places = {id(change): place for place, change in enumerate(changes or [])}
    kept = fill_table("indicators", evaluation.indicators.all(), {"evaluation": evaluation}, changes, filling)
    for indicator, change in kept:
        prefix = f"indicators-{places[id(change)]}-"
        try:
            score_indicator(indicator.figures(), parameters)
        except ScoringError as error:
            filling.faults[f"{prefix}{error.field}"] = [error.text(gettext)]
        state_score(evaluation, indicator, change.score, prefix, filling)


def with_indicators(evaluation: Evaluation, changes: list[RowChange] | None) -> list[RowChange] | None:
    """The problems with the saved indicators that they name."""
    if not any(change.indicator for change in changes or []):
        return changes
    by_name = {row.name: row for row in evaluation.indicators.all()}
    return [
        replace(change, values={**change.values, "indicator": by_name.get(change.indicator)})
        if change.indicator
        else change
        for change in changes or []
    ]


def state_score(
    evaluation: Evaluation,
    indicator: Indicator,
    points: Decimal | None,
    prefix: str,
    filling: Filling,
) -> None:
    """The unit's own points for this round; the rounds before stay as they were."""
    current = Score.objects.filter(
        indicator=indicator, source=ScoreSource.STATED, round=evaluation.round
    ).first()
    if points is None:
        if current:
            remove(current, filling)
        points = carried_over(evaluation, indicator)
        if points is not None and (fault := fault_of(points, indicator)):
            filling.faults[f"{prefix}score"] = [fault]
        return
    fault = fault_of(points, indicator)
    if fault:
        filling.faults[f"{prefix}score"] = [fault]
        return
    score = current or Score(
        indicator=indicator, source=ScoreSource.STATED, round=evaluation.round, given_by=filling.actor
    )
    score.points = points
    score.given_by = filling.actor
    filling.save(score)


def carried_over(evaluation: Evaluation, indicator: Indicator) -> Decimal | None:
    """The points that count where the unit states none in this round: those it stated last."""
    earlier = Score.objects.filter(
        indicator=indicator, source=ScoreSource.STATED, round__lt=evaluation.round
    ).order_by("-round")
    return earlier.values_list("points", flat=True).first()
