"""How far the experts lie apart: a column of the table of scores, and what the panel comes to as a whole."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from evaluations.models import ScoreSource
from evaluations.scoring.panel import TRIMMED_FROM, TRIMMED_MEAN, Outlier, PanelFigure
from workflow.presentation.score_sheet import Cell, ScoreSheet


def add_spread(table: dict[str, Any], sheet: ScoreSheet) -> dict[str, Any]:
    """The same table with the highest less the lowest points of the panel, for each indicator."""
    if not has_spread(sheet):
        return table
    table["columns"].append({"label": _("Spread")})
    for level, group in zip(sheet.levels, table["groups"], strict=False):
        for place, row in zip(level.places, group["rows"], strict=True):
            cell = spread_cell(sheet, sheet.panel.rows[place])
            row["cells"].append({"value": cell.points, "explanation": cell.explanation})
        group["subtotals"].append(None)
    if sheet.has_execution_row:
        table["groups"][-1]["rows"][0]["cells"].append({"value": None})
        table["groups"][-1]["subtotals"].append(None)
    table["totals"].append(None)
    return table


def has_spread(sheet: ScoreSheet) -> bool:
    """Whether the points of more than one expert are before the reader."""
    return ScoreSource.EXPERT in sheet.columns and len(sheet.experts) > 1


def spread_cell(sheet: ScoreSheet, figure: PanelFigure) -> Cell:
    """The width of the spread in points, with its ends, the deviation and whoever lies far out."""
    if figure.spread is None:
        return Cell(None)
    lines = [figure.spread.explanation.text(_), *(outlier_line(sheet, one) for one in figure.outliers)]
    return Cell(figure.spread.width, "\n".join(lines))


def outlier_line(sheet: ScoreSheet, outlier: Outlier) -> str:
    """Who lies far from the others, and why that counts as far."""
    words = _("%(expert)s lies far from the others: %(reason)s")
    reason = outlier.explanation.text(_)
    return words % {"expert": sheet.experts.get(outlier.expert, ""), "reason": reason}


def panel_summary(sheet: ScoreSheet) -> dict[str, Any] | None:
    """The panel as a whole, for templates/workflow/_panel.html; None for fewer than two experts."""
    if not has_spread(sheet):
        return None
    total = sheet.panel.total
    return {
        "rule": rule_words(sheet.panel_rule),
        "total": total.points,
        "experts": [
            {"name": sheet.experts[expert], "total": points} for expert, points in total.given.items()
        ],
        "spread": total.spread.explanation.text(_) if total.spread else "",
        "outliers": [
            {"where": figure.label or _("Total"), "words": outlier_line(sheet, outlier)}
            for figure in (total, *sheet.panel.rows)
            for outlier in figure.outliers
        ],
    }


def rule_words(rule: str) -> str:
    """By which rule the panel's points are put together."""
    if rule == TRIMMED_MEAN:
        words = _("mean without the highest and the lowest, from %(number)s experts up")
        return words % {"number": TRIMMED_FROM}
    return _("mean of the experts")
