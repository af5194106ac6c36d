"""The dossier as it stands in a form that is being filled in: nothing of it is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from evaluations.dossier import (
    ActualFacts,
    ChapterFacts,
    Dossier,
    FundingRowFacts,
    GoalFacts,
    IndicatorFacts,
    PaymentLineFacts,
    ProblemFacts,
    StatedIndicator,
    StatedResult,
    TargetFacts,
)
from evaluations.exchange.chapters import HEADINGS
from evaluations.exchange.from_rows import dossier_of, plain
from evaluations.exchange.funding_names import NAMES
from evaluations.models import FundingRow, ReportSection, ScoreSource
from evaluations.scoring import ScoringError, grade_of
from workflow.forms.dossier import DossierForm, counts, filled
from workflow.forms.indicators import IndicatorForm


@dataclass(frozen=True)
class Typed:
    """A dossier as typed, with the ids of its stored indicators and problems (None for new ones)."""

    dossier: Dossier
    indicators: list[int | None]
    problems: list[int | None]


def dossier_as_typed(form: DossierForm, source: ScoreSource = ScoreSource.STATED) -> Typed:
    """The dossier with what is typed in place of what is stored.

    Fields that cannot be read count as they are stored: their own fault says enough.
    ``source`` says whose points count as stated.
    """
    stored = list(form.evaluation.indicators.order_by("position", "pk").prefetch_related("scores"))
    dossier = dossier_of(form.evaluation, stored, source)
    ids: list[int | None] = [row.pk for row in stored]
    problems: list[int | None] = [problem.pk for problem in form.evaluation.problems.all()]
    if form.data is None:
        return Typed(dossier, ids, problems)
    by_id = dict(zip(ids, dossier.indicators, strict=True))
    if "indicators" in form.parts:
        rows = form.indicator_forms()
        ids = [own_id(row, by_id) for row in rows]
        indicators = tuple(
            indicator_of(row, by_id.get(pk), form.evaluation.round) for row, pk in zip(rows, ids, strict=True)
        )
        dossier = dataclasses.replace(dossier, indicators=indicators, stated=stated_of(form, dossier.stated))
    if "problems" in form.parts:
        problems = [row.get("id") for row in typed_rows(form, "problems")]
    return Typed(with_the_rest(dossier, form), ids, problems)


def own_id(row: IndicatorForm, known: Mapping[int | None, Any]) -> int | None:
    """The id of the stored row; None for a new one and for one that is not of this dossier."""
    pk = filled(row).get("id")
    return pk if pk in known else None


def with_the_rest(dossier: Dossier, form: DossierForm) -> Dossier:
    """Everything but the indicators, as typed."""
    changes: dict[str, Any] = {}
    if "goal" in form.parts:
        goal = readable(form["goal"])
        changes["goal"] = GoalFacts(goal.get("goal_expected") or None, goal.get("goal_achieved") or None)
    if "problems" in form.parts:
        names = {row.pk: row.name for row in form.evaluation.indicators.all()}
        changes["problems"] = tuple(problem_of(row, names) for row in typed_rows(form, "problems"))
    if "suggestions" in form.parts:
        rows = typed_rows(form, "suggestions")
        changes["recommendations"] = tuple(row["text"] for row in rows if row.get("text"))
    if "sections" in form.parts:
        changes["report"] = chapters_of(form)
    return dataclasses.replace(dossier, budget=budget_of(form, dossier), **changes)


def budget_of(form: DossierForm, dossier: Dossier) -> Any:
    """The money as typed: amounts, funding rows, payment lines."""
    values = readable(form["budget"]) if "budget" in form.parts else {}
    changes: dict[str, Any] = {
        name: figure(value) if isinstance(value, Decimal) else value or None
        for name, value in values.items()
        if name != "completed_within_budget"
    }
    if "completed_within_budget" in values:
        changes["completed_within_budget"] = values["completed_within_budget"]
    if "rows" in form.parts:
        changes["rows"] = funding_of(form, dossier)
    if "lines" in form.parts:
        rows = [row for row in typed_rows(form, "lines") if row.get("item")]
        changes["lines"] = tuple(
            PaymentLineFacts(
                row["item"],
                row.get("group") or None,
                row.get("date"),
                figure(row.get("planned")),
                figure(row.get("paid")),
            )
            for row in rows
        )
    return dataclasses.replace(dossier.budget, **changes)


def funding_of(form: DossierForm, dossier: Dossier) -> tuple[FundingRowFacts, ...]:
    """The rows of the funding table that have an amount; what is printed beside them stays."""
    stored = {row.name: row for row in dossier.budget.rows}
    rows = []
    for key, row in zip(FundingRow.Name, form["rows"].forms, strict=True):
        values = readable(row)
        amounts: dict[str, Any] = {name: figure(values.get(name)) for name in ("initial", "annual", "paid")}
        name = NAMES[key.value]
        if name in stored or any(amount is not None for amount in amounts.values()):
            known = stored.get(name) or FundingRowFacts(name=cast(Any, name))
            rows.append(dataclasses.replace(known, **amounts))
    order = list(NAMES.values())
    return tuple(sorted(rows, key=lambda row: order.index(row.name)))


def chapters_of(form: DossierForm) -> tuple[ChapterFacts, ...]:
    """The chapters that have a text."""
    texts = {
        key.value: readable(row).get("text")
        for key, row in zip(ReportSection.Chapter, form["sections"].forms, strict=True)
    }
    return tuple(ChapterFacts(HEADINGS[code], texts[code]) for code in HEADINGS if texts.get(code))


def problem_of(row: Mapping[str, Any], names: Mapping[int, str]) -> ProblemFacts:
    """A problem as typed."""
    about = names.get(row.get("indicator") or 0)
    return ProblemFacts(row.get("text") or "", row.get("owner") or None, row.get("due") or None, about)


def indicator_of(form: IndicatorForm, stored: IndicatorFacts | None, round: int) -> IndicatorFacts:
    """An indicator as typed; its rule is not in the form, so it stays."""
    row = form.as_typed()
    values = readable(form)
    score = values.get("score")
    if score is None and stored is not None and round > 1:
        score = stored.stated.score  # what the unit stated in the round before counts on
    return IndicatorFacts(
        level1=row.level1,
        name=row.name,
        kind=cast(Any, row.kind),
        level2=row.level2 or None,
        weight=figure(values.get("weight")),
        direction=cast(Any, row.direction or None),
        target=TargetFacts(
            cast(Any, row.comparator or None),
            figure(values.get("target_value")),
            row.unit_of_measure or None,
            row.target_text or None,
        ),
        actual=ActualFacts(figure(values.get("actual_value")), row.actual_text or None),
        rule=stored.rule if stored else None,
        stated=StatedIndicator(row.stated_completion_rate or None, row.stated_met, figure(score)),
        deviation_reason=row.deviation_reason or None,
    )


def stated_of(form: DossierForm, stored: StatedResult) -> StatedResult:
    """The total that the typed scores give, with its grade; what is printed besides stays."""
    total = form.stated_total()
    if total is None:
        return stored
    try:
        grade: str | None = grade_of(total, form.evaluation.scheme.as_parameters())
    except ScoringError:
        grade = None
    return dataclasses.replace(stored, total=figure(total), grade=grade)


def typed_rows(form: DossierForm, name: str) -> list[dict[str, Any]]:
    """The readable fields of the rows that count."""
    return [readable(row) for row in form[name].forms if counts(row)]


def readable(form: Any) -> dict[str, Any]:
    """The fields as typed; those that cannot be read, as stored."""
    values = filled(form)
    return {**{name: form.initial.get(name) for name in form.errors}, **values}


def figure(value: Any) -> Decimal | None:
    """A typed figure, without idle zeros."""
    return plain(value) if isinstance(value, Decimal) else None
