"""What filling in would refuse, found before anything is written, in the words of the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model
from django.utils.translation import gettext

from evaluations.actions import DossierChanges, RowChange
from evaluations.actions.give_scores import fault_of
from evaluations.exchange.merging import MODELS
from evaluations.models import Budget, Evaluation, Indicator, Project, Scheme, Score
from evaluations.scoring import ScoringError, score_indicator

# As ``fill_dossier`` names the field of a row: "indicators-0-unit_of_measure".
FIELD_OF_ROW = re.compile(rf"({'|'.join(MODELS)})-(\d+)-(\w+)")
MOST_TOLD = 20
Faults = Iterator[tuple[str, str]]


def faults_in(
    changes: DossierChanges,
    scheme: Scheme,
    *,
    title: str = "",
    new_project: Mapping[str, Any] | None = None,
) -> list[str]:
    """Every fault of the changes with the row and the field it is at; reads and writes nothing.

    ``title`` and ``new_project`` are those of an evaluation that is opened with them.
    """
    own = {**changes.evaluation, **({"title": title} if title else {})}
    found = [*faults_at(Project, new_project or {}), *faults_at(Evaluation, own)]
    found += [(f"budget-{name}", words) for name, words in faults_at(Budget, changes.budget)]
    for table in MODELS:
        for place, change in enumerate(getattr(changes, table) or []):
            if not change.remove:
                found += [
                    (f"{table}-{place}-{name}", words) for name, words in faults_of(table, change, scheme)
                ]
    return labelled(found, changes)


def faults_of(table: str, change: RowChange, scheme: Scheme) -> Faults:
    """The faults of one row, at the fields of its table."""
    found = list(faults_at(MODELS[table], change.values))
    yield from found
    if table == "indicators" and not found:
        yield from faults_of_score(Indicator(**change.values), change, scheme)


def faults_of_score(indicator: Indicator, change: RowChange, scheme: Scheme) -> Faults:
    """Figures that no rule may score, and points that the weight does not allow."""
    try:
        score_indicator(indicator.figures(), scheme.as_parameters())
    except ScoringError as error:
        yield error.field, error.text(gettext)
    if change.score is not None:
        if fault := fault_of(change.score, indicator):
            yield "score", str(fault)
        else:
            yield from (("score", words) for _name, words in faults_at(Score, {"points": change.score}))


def faults_at(model: type[Model], values: Mapping[str, Any]) -> Faults:
    """What the fields of a row do not take; the fields that are not named are left aside."""
    others = {field.name for field in model._meta.get_fields()} - set(values)
    try:
        model(**values).full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield from ((name, message) for message in messages)


def labelled(faults: Iterable[tuple[str, str]], changes: DossierChanges) -> list[str]:
    """The faults as a person reads them; what is beyond the bound is counted."""
    named = ((label_of(name, changes), words) for name, words in faults)
    lines = [gettext(": ").join(part for part in (label, words) if part) for label, words in named]
    more = len(lines) - MOST_TOLD
    return [*lines[:MOST_TOLD], gettext("and %(number)s more") % {"number": more}] if more > 0 else lines


def label_of(name: str, changes: DossierChanges) -> str:
    """The row and the field of a fault: "indicators-0-score" is 上线模块 · score."""
    if match := FIELD_OF_ROW.fullmatch(name):
        table, place, field = match[1], int(match[2]), match[3]
        rows: Sequence[RowChange] = getattr(changes, table) or []
        heading = heading_of(MODELS[table], rows[place].values if place < len(rows) else {}, place)
        return " · ".join(part for part in (heading, field_label(field, MODELS[table])) if part)
    return field_label(name.removeprefix("budget-"), *((Budget,) if "-" in name else (Evaluation, Project)))


def heading_of(model: type[Model], values: Mapping[str, Any], place: int) -> str:
    """A row by its own name, shortened, or by its place."""
    own = str(model(**values)).strip() if values else ""
    kind = f"{model._meta.verbose_name} {place + 1}"
    return f"{kind} “{own[:40]}”" if own else kind


def field_label(name: str, *models: type[Model]) -> str:
    """A field's name for people; what is no field of a model is named as the form does."""
    for model in models:
        try:
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
    return str(Score._meta.verbose_name) if name == "score" else ""
