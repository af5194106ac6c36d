"""Exact arithmetic: decimals go in and come out, exact fractions lie between.

A quotient such as 1 ÷ 3 is no decimal, and rounding it twice can move the last
printed place. So figures are divided as fractions of whole numbers and rounded
once, half-up, when they are printed (DESIGN: figures).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import lru_cache

ZERO = Decimal(0)
FULL_MARKS = Decimal(100)
POINT_PLACES = 2
RATE_PLACES = 20


@lru_cache(maxsize=8192)
def exact(figure: Decimal) -> Fraction:
    """The figure as a fraction, without loss."""
    return Fraction(figure)


def half_up(value: Fraction, places: int = POINT_PLACES) -> Decimal:
    """Round half-up, away from zero, to so many decimal places."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return Decimal(f"{'-' if value < 0 and whole else ''}{whole}E-{places}")


def points_within(value: Fraction, weight: Decimal) -> Decimal:
    """Points rounded half-up to 2 places, never below zero, never above the weight."""
    if value >= exact(weight):
        return full_points(weight)
    return min(half_up(max(value, Fraction(0))), full_points(weight))


def full_points(weight: Decimal) -> Decimal:
    """The most that can be given for a weight: the weight itself, with two places."""
    return weight.quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def total(points: Iterable[Decimal]) -> Decimal:
    """The sum of rounded points: a printed form must add up."""
    return sum(points, ZERO)


def printed(figure: Decimal) -> str:
    """A figure as a person writes it: no exponent, no idle zeros."""
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def printed_points(points: Decimal) -> str:
    """Points with their two places."""
    return f"{points:.2f}"


def printed_percent(rate: Fraction) -> str:
    """A rate as a percentage with at most two places, such as 96.64%."""
    return printed(half_up(rate * 100)) + "%"
