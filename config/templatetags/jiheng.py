"""How figures and words look on a page: filters, tones and wrapping tags.

Nothing here computes: a figure arrives final and leaves as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from approvals.models.rectification import ItemStage
from evaluations.models.choices import Grade, Stage

register = template.Library()

NOTHING = "—"
TONE_OF_GRADE: dict[str, str] = {
    Grade.EXCELLENT: "green",
    Grade.GOOD: "blue",
    Grade.FAIR: "amber",
    Grade.POOR: "red",
}
TONE_OF_SEVERITY = {"error": "red", "warning": "amber", "note": "grey"}
TONE_OF_STAGE: dict[str, str] = {
    Stage.RECTIFICATION: "amber",
    Stage.CLOSED: "grey",
    ItemStage.DRAFT: "grey",
    ItemStage.CANCELLED: "grey",
}


def decimal_or_none(value: Any) -> Decimal | None:
    """The figure in ``value``; None where there is none."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def trimmed(figure: Decimal, *, least_places: int) -> str:
    """Grouped thousands, trailing zeros cut down to ``least_places`` decimals."""
    whole, _, decimals = f"{figure:,f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least_places, "0")
    return f"{whole}.{decimals}" if decimals else whole


@register.filter
def points(value: Any) -> str:
    """Points of a score, always with two decimals: 8 → 8.00."""
    figure = decimal_or_none(value)
    return NOTHING if figure is None else str(figure.quantize(Decimal("0.01"), ROUND_HALF_UP))


@register.filter
def plain(value: Any) -> str:
    """A figure without needless zeros, as for a weight: 10.00 → 10, 2.50 → 2.5."""
    figure = decimal_or_none(value)
    return NOTHING if figure is None else trimmed(figure, least_places=0)


@register.filter
def money(value: Any) -> str:
    """An amount in 万元, thousands grouped, at least two decimals: 1234.5 → 1,234.50."""
    figure = decimal_or_none(value)
    return NOTHING if figure is None else trimmed(figure, least_places=2)


@register.filter
def percent(value: Any) -> str:
    """A share where 1 is the whole, with at most two decimals: 0.96644 → 96.64%."""
    figure = decimal_or_none(value)
    if figure is None:
        return NOTHING
    return trimmed((figure * 100).quantize(Decimal("0.01"), ROUND_HALF_UP), least_places=0) + "%"


@register.filter
def dash(value: Any) -> Any:
    """A dash where nothing is known."""
    return NOTHING if value is None or value == "" else value


@register.filter
def without_sign(value: int) -> int:
    """How many, whichever way: −2 days left are 2 days late."""
    return abs(value)


@register.filter
def beside(columns: Sequence[Any], figures: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each column with its figure; the two lists are of one length."""
    return list(zip(columns, figures, strict=True))


@register.filter
def reach_from(column: int, earlier: int) -> int:
    """How many columns a way back crosses on the process diagram."""
    return column - earlier


@register.filter
def label_at(nodes: Sequence[dict[str, Any]], column: int) -> Any:
    """The words of the box in that column of the process diagram, counted from 1."""
    return nodes[column - 1]["label"]


@register.filter
def tone_of_grade(grade: str) -> str:
    return TONE_OF_GRADE.get(grade, "grey")


@register.filter
def tone_of_severity(severity: str) -> str:
    return TONE_OF_SEVERITY.get(severity, "grey")


@register.filter
def tone_of_stage(stage: str) -> str:
    return TONE_OF_STAGE.get(stage, "blue")


@register.simple_block_tag
def section_card(
    content: SafeString, title: str, note: str = "", anchor: str = "", flush: bool = False
) -> SafeString:
    """A section with its heading; ``flush`` for a table that reaches the edges."""
    context = {"content": content, "title": title, "note": note, "anchor": anchor, "flush": flush}
    return render_to_string("components/section_card.html", context)


@register.simple_block_tag
def data_table(content: SafeString, caption: str) -> SafeString:
    """A table that scrolls when too wide and becomes labelled cards on a phone."""
    return render_to_string("components/data_table.html", {"content": content, "caption": caption})
