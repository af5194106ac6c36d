"""Rounding once, half-up, from exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from evaluations.scoring.exact import half_up, points_within, printed, printed_percent


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.00499999999999999999999999999999999999", "0.00"),
        ("2.675", "2.68"),
        ("1.005", "1.01"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("9", "9.00"),
    ],
)
def test_halves_go_up(value, rounded):
    assert str(half_up(Fraction(value))) == rounded


def test_a_quotient_just_below_a_half_is_not_rounded_twice():
    assert half_up(Fraction(10**40 * 5 - 1, 10**43)) == Decimal("0.00")


@pytest.mark.parametrize(
    ("value", "weight", "points"), [("11", "10", "10.00"), ("-1", "10", "0.00"), ("3.335", "3.335", "3.33")]
)
def test_points_stay_between_zero_and_the_weight(value, weight, points):
    assert str(points_within(Fraction(value), Decimal(weight))) == points


@pytest.mark.parametrize(
    ("figure", "text"), [("26.000000", "26"), ("0.10", "0.1"), ("100", "100"), ("1E+3", "1000"), ("0", "0")]
)
def test_figures_are_printed_as_a_person_writes_them(figure, text):
    assert printed(Decimal(figure)) == text


def test_rates_are_printed_as_percentages():
    assert printed_percent(Fraction(12125, 12546)) == "96.64%"
