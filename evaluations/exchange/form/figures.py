"""Figures as people write them: "1,234.5万元", "９．５分", "96.64%"."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from evaluations.exchange.form.words import half
from evaluations.strict_json import FIGURE

NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
PLAIN = re.compile(rf"({NUMBER})")
POINTS = re.compile(rf"({NUMBER})(?:分|%)?")
AMOUNT = re.compile(rf"[¥￥]?({NUMBER})(元|百元|千元|万元|百万元|亿元)?")
MONEY = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
LONGEST_NUMBER = 40
MOST_DIGITS = 18
LAST_PLACE = Decimal("1E-12")
WIDE = Context(prec=100)


def decimal_of(number: str) -> Decimal:
    """A figure from its digits, with or without thousands separators."""
    return Decimal(number.replace(",", ""))


def is_figure(value: Decimal) -> bool:
    """Whether dossier/1 can hold the figure: 18 digits before the point, 12 behind it."""
    return bool(FIGURE.fullmatch(format(value, "f")))


def rounded_to_places(value: Decimal) -> Decimal | None:
    """The figure with the places that dossier/1 holds; None when it is too large for it."""
    if value.adjusted() >= MOST_DIGITS:
        return None
    rounded = value.quantize(LAST_PLACE, rounding=ROUND_HALF_UP, context=WIDE)
    return rounded if is_figure(rounded) else None


def points_of(text: str) -> Decimal | None:
    """Points or a weight: "9.5", "9.5分", "10%"; None for anything else."""
    found = POINTS.fullmatch(half(text)[:LONGEST_NUMBER])
    return decimal_of(found[1]) if found else None


def amount_of(text: str) -> tuple[Decimal, str] | None:
    """An amount and the unit that stands with it, "" for none; None for anything else."""
    found = AMOUNT.fullmatch(half(text)[:LONGEST_NUMBER])
    return (decimal_of(found[1]), found[2] or "") if found else None


def converted(amount: Decimal, unit: str, into: str) -> Decimal:
    """An amount in another unit of money."""
    value = amount * MONEY[unit] / MONEY[into]
    return value.normalize() if value == value.to_integral_value() else value


def trimmed(value: Decimal) -> Decimal:
    """A figure without exponent."""
    return Decimal(format(value, "f"))
