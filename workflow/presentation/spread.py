"""How far the experts lie apart, as one more column of the table of scores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluations.models import ScoreSource
from workflow.presentation.score_sheet import ScoreSheet


def add_spread(table: dict[str, Any], sheet: ScoreSheet) -> dict[str, Any]:
    """The same table with the highest less the lowest points of the panel, for each indicator."""
    table["columns"].append({"label": _("Spread")})
    for level, group in zip(sheet.levels, table["groups"], strict=False):
        for place, row in zip(level.places, group["rows"], strict=True):
            row["cells"].append({"value": spread_of(sheet, sheet.indicators[place].pk)})
        group["subtotals"].append(None)
    if sheet.has_execution_row:
        table["groups"][-1]["rows"][0]["cells"].append({"value": None})
        table["groups"][-1]["subtotals"].append(None)
    table["totals"].append(None)
    return table


def spread_of(sheet: ScoreSheet, indicator_id: int) -> Decimal | None:
    """In points; None with fewer than two experts."""
    points = [score.points for score in sheet.given[ScoreSource.EXPERT][indicator_id]]
    return max(points) - min(points) if len(points) > 1 else None
