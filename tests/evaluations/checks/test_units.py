"""Units: money into the dossier's unit, actuals into their targets', rates without dividing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks.reading import PrintedPercent
from evaluations.checks.units import in_currency, in_unit_of_target, money_multiple
from evaluations.dossier import ActualFacts, IndicatorFacts, TargetFacts


@pytest.mark.parametrize(
    ("unit", "multiple"),
    [("元", "1"), ("万元", "10000"), ("万元/年", "10000"), ("亿元", "100000000"), ("百万元", "1000000")],
)
def test_units_of_money_are_read(unit, multiple):
    assert money_multiple(unit) == Decimal(multiple)


@pytest.mark.parametrize("unit", [None, "", "万", "元/人", "万家", "单元", "%"])
def test_other_units_are_no_money(unit):
    assert money_multiple(unit) is None


def test_amounts_are_converted_exactly():
    assert in_currency(Decimal("4644200"), "元", "万元") == Decimal("464.42")
    assert in_currency(Decimal("1.2"), "亿元", "万元") == Decimal("12000")
    assert in_currency(Decimal("1.2"), "家", "万元") is None


def actual_of(unit: str | None, target: str, target_text: str | None, actual: str, text: str | None) -> str:
    facts = IndicatorFacts(
        level1="产出",
        name="开户数量",
        kind="quantitative",
        target=TargetFacts(">=", Decimal(target), unit, target_text),
        actual=ActualFacts(Decimal(actual), text),
    )
    return format(in_unit_of_target(facts).actual.value or Decimal(0), "f")


@pytest.mark.parametrize(
    ("unit", "target", "target_text", "actual", "text", "converted"),
    [
        ("万家", "13", "≥13万家", "165604", "165604家", "16.5604"),
        ("家", "130000", "≥130000家", "16.5", "16.5万家", "165000"),
        ("万元", "10", "≤10万元", "98000", "98000元", "9.8"),
        ("万元/年", "10", "≤10万元/年", "98000", "98,000元", "9.8"),
        ("亿元", "1", None, "9000", "9000万元", "0.9"),
    ],
)
def test_an_actual_in_another_multiple_is_converted(unit, target, target_text, actual, text, converted):
    assert Decimal(actual_of(unit, target, target_text, actual, text)) == Decimal(converted)


@pytest.mark.parametrize(
    ("unit", "target", "target_text", "actual", "text"),
    [
        ("家", "130000", ">13万家", "165604", "165604家"),  # the target's figure was written out already
        ("万元/年", "10", "≤10万元/年", "1.119689", "1.119689万元"),
        ("万元", "10", "≤10万元", "9.8", "98000元"),  # the actual's figure was converted already
        ("万条", "18", "≥18万条", "16", "16"),
        ("万人", "5", "≥5万人", "6", "6个"),  # something else is counted
        ("万人", "5", "≥5万人", "6", None),
        ("家", "13", ">13万家", "16.5", "16.5万家"),  # both are printed in tens of thousands
    ],
)
def test_an_actual_is_left_alone_where_its_unit_is_the_targets_or_unclear(
    unit, target, target_text, actual, text
):
    assert actual_of(unit, target, target_text, actual, text) == actual


@given(
    part=st.decimals(0, 10**9, places=4),
    whole=st.decimals("0.0001", 10**9, places=4),
    printed=st.integers(0, 400_00),
    places=st.integers(0, 2),
)
def test_a_share_agrees_without_dividing_just_as_it_does_with(part, whole, printed, places):
    for stated in (printed, int(part / whole * 100 * 10**places)):
        percent = PrintedPercent(Decimal(stated).scaleb(-places), places)
        assert percent.is_share(part, whole) == percent.agrees(Fraction(part) / Fraction(whole))


def test_a_half_is_rounded_up_to_the_printed_place():
    assert PrintedPercent(Decimal("12.5"), 1).is_share(Decimal("12.45"), Decimal(100))
    assert not PrintedPercent(Decimal("12.4"), 1).is_share(Decimal("12.45"), Decimal(100))
