"""The dossier's figures and texts in the shapes that the components take."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluations.computed import budget_figures
from evaluations.models import Budget, Comparator, Evaluation, Indicator, PaymentLine, StatedTotal
from evaluations.scoring import SchemeParameters, execution_rate
from workflow.presentation.score_sheet import Figure, sum_of_known


def plain(figure: Figure) -> str:
    """A figure without idle zeros: 10.000000 → 10."""
    if figure is None:
        return ""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_of(rate: Figure) -> str:
    """A part of one as a percentage with at most two decimals."""
    if rate is None:
        return ""
    return plain((rate * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)) + "%"


def target_of(indicator: Indicator) -> str:
    """The target in the unit's words, else comparator, figure and unit of measure."""
    if indicator.target_text or indicator.target_value is None:
        return indicator.target_text
    comparator = Comparator(indicator.comparator).label if indicator.comparator else ""
    return f"{comparator}{plain(indicator.target_value)}{indicator.unit_of_measure}"


def actual_of(indicator: Indicator) -> str:
    """What was reached, in the unit's words, else figure and unit of measure."""
    if indicator.actual_text or indicator.actual_value is None:
        return indicator.actual_text
    return f"{plain(indicator.actual_value)}{indicator.unit_of_measure}"


def rate_of(budget: Budget, parameters: SchemeParameters) -> Figure:
    """The execution rate as a part of one, by the scheme's denominator."""
    return execution_rate(budget_figures(budget), parameters)


def funding_rows(budget: Budget) -> list[dict[str, Any]]:
    """The funding table with each source's own rate."""
    order = {name: place for place, name in enumerate(("total", "appropriation", "carried_over", "other"))}
    rows = sorted(budget.rows.all(), key=lambda row: order[row.name])
    return [
        {
            "name": row.get_name_display(),
            "initial": row.initial,
            "annual": row.annual,
            "paid": row.paid,
            "rate": row.paid / row.annual if row.paid is not None and row.annual else None,
        }
        for row in rows
    ]


def payments(lines: Iterable[PaymentLine], stated: Iterable[StatedTotal]) -> dict[str, Any]:
    """The payment lines by group; columns that nothing stands in are left out."""
    lines = list(lines)
    return {
        "groups": payment_groups(lines, stated),
        "have_dates": any(line.date for line in lines),
        "have_plans": any(line.planned is not None for line in lines),
    }


def payment_groups(lines: Iterable[PaymentLine], stated: Iterable[StatedTotal]) -> list[dict[str, Any]]:
    """The lines by group, with the sum of each beside the total that the unit printed."""
    printed = {(total.group, total.column): total.amount for total in stated}
    groups: dict[str, list[PaymentLine]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return [
        {
            "label": label,
            "lines": rows,
            "planned": sum_of_known([line.planned for line in rows]),
            "paid": sum_of_known([line.paid for line in rows]),
            "stated_planned": printed.get((label, "budget")),
            "stated_paid": printed.get((label, "paid")),
        }
        for label, rows in groups.items()
    ]


def amounts(evaluation: Evaluation, parameters: SchemeParameters) -> list[dict[str, Any]]:
    """The project's money for key_values.html; amounts in 万元 are formatted by the template's filter."""
    budget = evaluation.budget
    return [
        {"label": _("Declared amount"), "amount": budget.declared},
        {"label": _("Initial budget"), "amount": budget.initial},
        {"label": _("Annual budget"), "amount": budget.annual},
        {"label": _("Received funds"), "amount": budget.received},
        {"label": _("Paid amount"), "amount": budget.paid},
        {
            "label": _("Execution rate"),
            "is_rate": True,
            "rate": rate_of(budget, parameters),
            "stated": budget.stated_rates,
        },
    ]
