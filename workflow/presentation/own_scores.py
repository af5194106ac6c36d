"""An own column in the table of scores: a field for each indicator, with its reason under it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from evaluations.models import Indicator
from workflow.forms.review import ScoresForm
from workflow.presentation.score_sheet import ScoreSheet, sum_of_known


def add_own_scores(
    table: dict[str, Any], sheet: ScoreSheet, form: ScoresForm, label: str, *, reason_label: str = ""
) -> dict[str, Any]:
    """The same table with one more column, whose cells are the form's fields."""
    table["columns"].append({"label": label})
    for level, group in zip(sheet.levels, table["groups"], strict=False):
        indicators = [sheet.indicators[place] for place in level.places]
        for indicator, row in zip(indicators, group["rows"], strict=True):
            row["cells"].append(own_cell(form, indicator))
            row["words"] = reason(form, indicator, reason_label or _("Reason"))
        group["subtotals"].append(sum_of_known([typed_points(form, row) for row in indicators]))
    if sheet.has_execution_row:
        add_execution(table["groups"][-1], sheet.budget.stated_score)
    table["totals"].append(sum_of_known([group["subtotals"][-1] for group in table["groups"]]))
    return table


def add_execution(group: dict[str, Any], points: Decimal | None) -> None:
    """Nobody scores the execution row anew: the stated points stand."""
    group["subtotals"].append(points)
    group["rows"][0]["cells"].append({"value": points})


def own_cell(form: ScoresForm, indicator: Indicator) -> dict[str, Any]:
    """The field as score_table_row.html takes it; a dash where nothing can be scored."""
    name = f"score-{indicator.pk}"
    if name not in form.fields:
        return {"value": None}
    field = form[name]
    errors = list(field.errors)
    return {
        "value": None,
        "input": {
            "name": field.html_name,
            "value": field.field.widget.format_value(field.value()),
            "max": indicator.weight,
            "error": errors[0] if errors else "",
        },
    }


def reason(form: ScoresForm, indicator: Indicator, label: str) -> dict[str, Any]:
    """The reason's field under the row."""
    name = f"reason-{indicator.pk}"
    if name not in form.fields:
        return {}
    field = form[name]
    return {
        "name": field.html_name,
        "value": field.value() or "",
        "label": label,
        "about": indicator.name,
        "open": bool(field.value() or form[f"score-{indicator.pk}"].errors),
    }


def typed_points(form: ScoresForm, indicator: Indicator) -> Decimal | None:
    """The points in the field, when they can be read."""
    name = f"score-{indicator.pk}"
    if name not in form.fields:
        return None
    try:
        return form.fields[name].clean(form[name].value())
    except ValidationError:
        return None
