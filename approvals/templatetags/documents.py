"""How documents print figures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.translation import gettext as _

register = template.Library()

NOTHING = "—"
CENT = Decimal("0.01")


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount in 万元 with at least two decimals, never rounded: 119.4, 1.119689."""
    if value is None:
        return _("not reported")
    text = f"{value:f}"
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


@register.filter
def points(value: Decimal | None) -> str:
    """A score, which is rounded to two decimals already."""
    return NOTHING if value is None else f"{value:.2f}"


@register.filter
def weight(value: Decimal | None) -> str:
    """A weight as short as it can be written: 10, 1.5."""
    return NOTHING if value is None else f"{value.normalize():f}"


@register.filter
def percent(value: Decimal | None) -> str:
    """A rate in percent, rounded half up to two decimals."""
    return NOTHING if value is None else f"{value.quantize(CENT, ROUND_HALF_UP)}%"
