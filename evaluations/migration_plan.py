"""What moving an evaluation to another framework would do, indicator by indicator, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from evaluations.actions.start_framework import framework_rows
from evaluations.frameworks.content import FrameworkContent
from evaluations.models import Evaluation, Indicator, ScoreSource
from evaluations.scoring.exact import printed

KEPT, CHANGED, ADDED, REMOVED, WEIGHTLESS = "kept", "changed", "added", "removed", "weightless"
COLUMNS = ("level2", "weight", "target_text")


@dataclass(frozen=True)
class PlannedIndicator:
    """One indicator before and after: ``what`` is kept, changed, added, removed or weightless.

    Weightless is what the new framework lacks although something rests on it (files,
    problems, others' scores): it stays in the dossier with a weight of zero.
    """

    what: str
    name: str
    level1: str
    before: dict[str, str]
    after: dict[str, str]
    values: dict[str, Any]
    pk: int | None = None
    loses_score: bool = False
    """The stated score of this round is above the new weight, and is taken back."""


def framework_plan(evaluation: Evaluation, content: FrameworkContent) -> list[PlannedIndicator]:
    """Every indicator of the dossier and of the framework, in the framework's order.

    An indicator is the same when level 1 and name are: its actual, its files and its scores stay.
    """
    rows = indicators_with_support(evaluation)
    stated = stated_points(evaluation)
    present = {(row.level1, row.name): row for row in rows}
    planned = []
    for change in framework_rows(content):
        row = present.pop((change.values["level1"], change.values["name"]), None)
        planned.append(planned_row(dict(change.values), row, stated))
    following = len(planned)
    for place, row in enumerate(present.values()):
        planned.append(left_over(row, following + place, stated))
    return planned


def planned_row(
    values: dict[str, Any], row: Indicator | None, stated: dict[int, Decimal]
) -> PlannedIndicator:
    """An indicator of the new framework: added, changed, or kept as it is."""
    if row is None:
        return PlannedIndicator(ADDED, values["name"], values["level1"], {}, described(values), values)
    after = {name: values[name] for name in (*COLUMNS, "position")}
    before = described({name: getattr(row, name) for name in COLUMNS})
    what = KEPT if before == described(after) else CHANGED
    loses = stated.get(row.pk, Decimal(0)) > values["weight"]
    return PlannedIndicator(what, row.name, row.level1, before, described(after), after, row.pk, loses)


def left_over(row: Indicator, position: int, stated: dict[int, Decimal]) -> PlannedIndicator:
    """An indicator that the new framework lacks: removed, unless something rests on it."""
    before = described({name: getattr(row, name) for name in COLUMNS})
    if not row.is_relied_on:  # type: ignore[attr-defined]
        return PlannedIndicator(REMOVED, row.name, row.level1, before, {}, {}, row.pk)
    values = {"weight": Decimal(0), "position": position}
    loses = stated.get(row.pk, Decimal(0)) > 0
    after = {**before, "weight": "0"}
    return PlannedIndicator(WEIGHTLESS, row.name, row.level1, before, after, values, row.pk, loses)


def described(values: dict[str, Any]) -> dict[str, str]:
    """The columns that a framework sets, as texts."""
    return {
        name: printed(value) if isinstance(value := values[name], Decimal) else str(value or "")
        for name in COLUMNS
    }


def stated_points(evaluation: Evaluation) -> dict[int, Decimal]:
    """The points that the unit stated in this round, by the indicator's id."""
    scores = evaluation.indicators.filter(scores__source=ScoreSource.STATED, scores__round=evaluation.round)
    return dict(scores.values_list("pk", "scores__points"))


def indicators_with_support(evaluation: Evaluation) -> list[Indicator]:
    """The indicators, each with whether anything but the unit's own scores rests on it; one statement."""
    relied_on = Q(pk__in=[])
    for relation in Indicator._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        if relation.get_accessor_name() == "scores":
            rows = rows.exclude(source=ScoreSource.STATED)
        relied_on |= Q(Exists(rows))
    is_relied_on = Case(When(relied_on, then=True), default=False, output_field=BooleanField())
    return list(evaluation.indicators.annotate(is_relied_on=is_relied_on))
