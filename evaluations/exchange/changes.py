"""From a dossier/1 file to the changes that fill a dossier's rows."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from evaluations.actions import DossierChanges, RowChange
from evaluations.dossier import Dossier, IndicatorFacts
from evaluations.exchange.chapters import code_of
from evaluations.exchange.funding_names import funding_code_of
from evaluations.exchange.understanding import Remark
from evaluations.models import Grade
from evaluations.strict_json import gettext_noop

# What one unit of the file is in 万元.
IN_TEN_THOUSAND = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}
GRADES = {"优秀": Grade.EXCELLENT, "良好": Grade.GOOD, "合格": Grade.FAIR, "一般": Grade.FAIR}


def changes_from(dossier: Dossier) -> DossierChanges:
    """Every row anew, amounts in 万元: for a dossier that is still empty."""
    factor = IN_TEN_THOUSAND[dossier.currency_unit]
    budget, known = dossier.budget, named_once(dossier)
    return DossierChanges(
        evaluation=facts_of(dossier),
        budget=money_of(dossier, factor),
        rows=funding_rows(dossier, factor),
        lines=[
            RowChange(
                values={
                    "position": place,
                    "group": line.group or "",
                    "item": line.item,
                    "date": line.date,
                    "planned": scaled(line.budget, factor),
                    "paid": scaled(line.paid, factor),
                }
            )
            for place, line in enumerate(budget.lines)
        ],
        stated_totals=[
            RowChange(values={"group": row.group or "", "column": row.column, "amount": row.amount * factor})
            for row in budget.stated_totals
        ],
        indicators=[indicator_row(place, row) for place, row in enumerate(dossier.indicators)],
        sections=[
            RowChange(values={"chapter": code, "text": text}) for code, text in chapters_of(dossier).items()
        ],
        problems=[
            RowChange(
                values={"position": place, "text": row.text, "owner": row.owner or "", "due": row.due or ""},
                indicator=row.indicator if row.indicator and row.indicator in known else "",
            )
            for place, row in enumerate(dossier.problems)
        ],
        suggestions=[
            RowChange(values={"position": place, "text": text})
            for place, text in enumerate(dossier.recommendations)
        ],
    )


def funding_rows(dossier: Dossier, factor: Decimal) -> list[RowChange]:
    """The funding table, each row once."""
    found: dict[str, RowChange] = {}
    for row in dossier.budget.rows:
        if code := funding_code_of(row.name):
            figures = amounts(row, ("initial", "annual", "paid"), factor)
            stated = {"weight": row.weight, "stated_rate": row.rate or "", "stated_score": row.score}
            found.setdefault(code, RowChange(values={"name": code, **figures, **stated}))
    return list(found.values())


def named_once(dossier: Dossier) -> set[str]:
    """The names that tell one indicator of the file from all the others."""
    counts = Counter(row.name for row in dossier.indicators)
    return {name for name, count in counts.items() if count == 1}


def chapters_of(dossier: Dossier) -> dict[str, str]:
    """The report's texts by the outline's codes; several under one code follow each other."""
    texts: dict[str, list[str]] = {}
    for row in dossier.report:
        if code := code_of(row.chapter):
            texts.setdefault(code, []).append(row.text or "")
    return {code: "\n".join(parts) for code, parts in texts.items()}


def left_out(dossier: Dossier) -> tuple[Remark, ...]:
    """What the product has no place for, so that nothing is dropped in silence."""
    remarks, seen, known = [], set(), named_once(dossier)
    for place, row in enumerate(dossier.budget.rows):
        code = funding_code_of(row.name)
        if code is None or code in seen:
            words = gettext_noop("The funding table has no row of this name, or has it already.")
            remarks.append(Remark(f"budget.rows[{place}]", "left", words, found=row.name))
        seen.add(code)
    for place, chapter in enumerate(dossier.report):
        if code_of(chapter.chapter) is None:
            words = gettext_noop("The outline of the report has no chapter of this name.")
            remarks.append(Remark(f"report[{place}]", "left", words, found=chapter.chapter))
    for place, problem in enumerate(dossier.problems):
        if problem.indicator and problem.indicator not in known:
            words = gettext_noop("The file has no indicator of this name, or several.")
            remarks.append(Remark(f"problems[{place}].indicator", "left", words, found=problem.indicator))
    return tuple(remarks)


def facts_of(dossier: Dossier) -> dict[str, Any]:
    """What the dossier says as a whole."""
    stated = dossier.stated
    return {
        "goal_expected": dossier.goal.expected or "",
        "goal_achieved": dossier.goal.achieved or "",
        "team": list(dossier.team),
        "base_date": dossier.evaluation.base_date,
        "report_date": dossier.evaluation.report_date,
        "stated_total": stated.total,
        "stated_grade": GRADES.get(stated.grade or "", stated.grade or ""),
        "stated_subtotals": {level: str(points) for level, points in stated.by_level1.items()},
        "stated_level_weights": {level: str(points) for level, points in stated.level1_weights.items()},
    }


def money_of(dossier: Dossier, factor: Decimal) -> dict[str, Any]:
    """The budget's own fields, in 万元."""
    budget = dossier.budget
    return {
        **amounts(budget, ("declared", "initial", "annual", "received", "paid"), factor),
        "weight": budget.weight,
        "stated_score": budget.stated_score,
        "stated_rates": list(budget.stated_execution_rates),
        "completed_within_budget": budget.completed_within_budget,
        "reason": budget.reason or "",
    }


def indicator_row(place: int, row: IndicatorFacts) -> RowChange:
    """One indicator with the points that the unit states."""
    values = {
        "position": place,
        "level1": row.level1,
        "level2": row.level2 or "",
        "name": row.name,
        "weight": row.weight,
        "kind": row.kind,
        "direction": row.direction or "",
        "comparator": row.target.comparator or "",
        "target_value": row.target.value,
        "unit_of_measure": row.target.unit or "",
        "target_text": row.target.text or "",
        "actual_value": row.actual.value,
        "actual_text": row.actual.text or "",
        "rule": dict(row.rule) if row.rule else None,
        "stated_completion_rate": row.stated.completion_rate or "",
        "stated_met": row.stated.met,
        "deviation_reason": row.deviation_reason or "",
    }
    return RowChange(values=values, score=row.stated.score)


def amounts(source: Any, names: tuple[str, ...], factor: Decimal) -> dict[str, Decimal | None]:
    """The named amounts in 万元."""
    return {name: scaled(getattr(source, name), factor) for name in names}


def scaled(amount: Decimal | None, factor: Decimal) -> Decimal | None:
    """An amount in 万元."""
    return None if amount is None else amount * factor
