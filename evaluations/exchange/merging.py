"""A file over a dossier that is there: which rows are the same, what differs, what stays.

What a file leaves empty stays as it was: an Excel form has no place for a payment line or
a scoring rule, and must not erase them. What it states replaces what stood there, and a
table of which it has rows is the file's table afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Model

from evaluations.actions import DossierChanges, RowChange
from evaluations.computed import latest_scores, points_of
from evaluations.models import (
    Evaluation,
    FundingRow,
    Indicator,
    PaymentLine,
    Problem,
    ReportSection,
    Score,
    ScoreSource,
    StatedTotal,
    Suggestion,
)

Key = Callable[[Mapping[str, Any]], Any]
# By what a row of the file is known among the rows that are there; the last resort is its place.
KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "rows": (("name",),),
    "lines": (("group", "item", "date"), ("group", "item")),
    "stated_totals": (("group", "column"),),
    "indicators": (("level1", "level2", "name"), ("name",)),
    "sections": (("chapter",),),
    "problems": (("text",),),
    "suggestions": (("text",),),
}
MODELS: Mapping[str, type[Model]] = {
    "rows": FundingRow,
    "lines": PaymentLine,
    "stated_totals": StatedTotal,
    "indicators": Indicator,
    "sections": ReportSection,
    "problems": Problem,
    "suggestions": Suggestion,
}
BY_PLACE = ("problems", "suggestions", "lines")
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Difference:
    """One thing that the file would change: a field from one value to another, or a whole row."""

    label: str
    before: str = ""
    after: str = ""
    kind: str = "changed"
    """"changed", "added" or "removed"."""

    @property
    def overwrites(self) -> bool:
        """Whether something that somebody entered would be gone."""
        return self.kind == "removed" or (self.kind == "changed" and self.before != "")


@dataclass(frozen=True)
class Merge:
    """The changes that bring the dossier in step with the file, and what they come to."""

    changes: DossierChanges
    differences: tuple[Difference, ...]

    @property
    def overwrites(self) -> bool:
        return any(difference.overwrites for difference in self.differences)


def merge(evaluation: Evaluation, wanted: DossierChanges) -> Merge:
    """Compare a file's changes with the rows that are there. Reads only."""
    found: list[Difference] = []
    budget = evaluation.budget
    tables: dict[str, Any] = {
        "rows": budget.rows.all(),
        "lines": budget.lines.all(),
        "stated_totals": budget.stated_totals.all(),
        "indicators": evaluation.indicators.prefetch_related("scores"),
        "sections": evaluation.sections.all(),
        "problems": evaluation.problems.select_related("indicator"),
        "suggestions": evaluation.suggestions.all(),
    }
    own = _kept(evaluation, wanted.evaluation)
    money = _kept(budget, wanted.budget)
    found += _differences("", evaluation, own)
    found += _differences("", budget, money)
    merged: dict[str, Any] = {
        name: _merged_table(name, list(stored), getattr(wanted, name), evaluation.round, found)
        for name, stored in tables.items()
    }
    changes = replace(wanted, evaluation=own, budget=money, **merged)
    return Merge(changes, tuple(found))


def shown(row: Model, name: str, value: Any) -> str:
    """A value as a person reads it."""
    field: Any = row._meta.get_field(name)
    if value in EMPTY:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)


def _merged_table(
    name: str, stored: list[Any], wanted: list[RowChange] | None, round: int, found: list[Difference]
) -> list[RowChange] | None:
    """The table's changes; None when the file has no row of it, or changes nothing in it."""
    if not wanted:
        return None
    pairs = _paired(name, stored, wanted)
    changes, before = [], len(found)
    for change, row in pairs:
        merged = _merged_row(name, row, change, round)
        changes.append(merged)
        found += _row_differences(MODELS[name], row, merged, round)
    gone = [row for row in stored if all(row is not paired for _, paired in pairs)]
    for row in gone:
        changes.append(RowChange(pk=row.pk, remove=True))
        found.append(Difference(_heading(row), before=str(row), kind="removed"))
    return changes if len(found) > before else None


def _merged_row(name: str, row: Any, change: RowChange, round: int) -> RowChange:
    if row is None:
        return change
    score = change.score
    if name == "indicators":
        score = _score_to_write(row, score, round)
    if name == "problems" and change.indicator == _indicator_of(row):
        change = replace(change, indicator="")
    return replace(change, values=_kept(row, change.values), pk=row.pk, score=score)


def _paired(
    name: str, stored: Sequence[Any], wanted: Sequence[RowChange]
) -> list[tuple[RowChange, Any | None]]:
    """Each row of the file with the stored row that it is, or None."""
    partner: dict[int, Any] = {}
    left = list(stored)
    for columns in KEYS[name]:
        for place, change in enumerate(wanted):
            if place in partner:
                continue
            match = next((row for row in left if _is_same(row, change, columns)), None)
            if match is not None:
                partner[place] = match
                left.remove(match)
    if name in BY_PLACE:
        for place in range(len(wanted)):
            if place not in partner and left:
                partner[place] = left.pop(0)
    return [(change, partner.get(place)) for place, change in enumerate(wanted)]


def _is_same(row: Any, change: RowChange, columns: Iterable[str]) -> bool:
    return all(_equal(getattr(row, column), change.values.get(column, "")) for column in columns)


def _kept(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The file's values, with the stored one where the file's is empty or the same."""
    return {
        name: getattr(row, name) if value in EMPTY or _equal(getattr(row, name), value) else value
        for name, value in values.items()
    }


def _differences(heading: str, row: Any, values: Mapping[str, Any]) -> Iterator[Difference]:
    for name, value in values.items():
        before = getattr(row, name)
        if not _equal(before, value):
            label = f"{heading} {row._meta.get_field(name).verbose_name}".strip()
            yield Difference(label, shown(row, name, before), shown(row, name, value))


def _heading(row: Model) -> str:
    return f"{row._meta.verbose_name}: {row}"[:80]


def _row_differences(model: type[Model], row: Any, change: RowChange, round: int) -> Iterator[Difference]:
    if row is None:
        new = model(**change.values)
        yield Difference(_heading(new), after=str(new), kind="added")
        return
    yield from _differences(str(row)[:60], row, change.values)
    if isinstance(row, Problem) and change.indicator:
        label = f"{str(row)[:60]} {row._meta.get_field('indicator').verbose_name}"  # type: ignore[union-attr]
        yield Difference(label, _indicator_of(row), change.indicator)
    if isinstance(row, Indicator) and (points := change.score) is not None:
        before = _stated_in(row, round)
        if before is None or before.points != points:
            said = _stated_points(row)
            label = f"{row} {ScoreSource.STATED.label}"
            yield Difference(label, "" if said is None else f"{said:f}", f"{points:f}")


def _indicator_of(problem: Problem) -> str:
    """The name of the indicator that a stored problem speaks of."""
    return problem.indicator.name if problem.indicator else ""


def _score_to_write(row: Indicator, wanted: Decimal | None, round: int) -> Decimal | None:
    """The stated points to hand on, so that what counts already is not stated again."""
    current = _stated_in(row, round)
    if wanted is None or (current is None and wanted == _stated_points(row)):
        return None if current is None else current.points
    return wanted


def _stated_in(row: Indicator, round: int) -> Score | None:
    """The points that the unit stated in this round."""
    return next(
        (score for score in row.scores.all() if score.source == ScoreSource.STATED and score.round == round),
        None,
    )


def _stated_points(row: Indicator) -> Decimal | None:
    return points_of(latest_scores([row], ScoreSource.STATED)[row.pk])


def _equal(stored: Any, value: Any) -> bool:
    """Whether two values are the same to a person: empty is empty, a line ends as it ends."""
    if stored in EMPTY and value in EMPTY:
        return True
    if isinstance(stored, str) and isinstance(value, str):
        return stored.replace("\r\n", "\n") == value.replace("\r\n", "\n")
    return bool(stored == value)
