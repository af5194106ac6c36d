"""What it costs to pass a target by too much, where a scheme says so."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from evaluations.scoring import score_indicator
from tests.evaluations.scoring.samples import points_of, scheme, scored
from tests.evaluations.scoring.test_properties import quantities

BY_SHARE = scheme(over_achievement_deduction={"by": "share", "amount": "0.2"})
BY_POINTS = scheme(over_achievement_deduction={"by": "points", "amount": "1.5"})


@pytest.mark.parametrize(
    ("actual", "share", "points"),
    [
        ("99", "9.90", "9.90"),
        ("100", "10.00", "10.00"),
        ("129.99", "10.00", "10.00"),
        ("130", "8.00", "8.50"),
        ("500", "8.00", "8.50"),
    ],
)
def test_a_deduction_begins_at_the_threshold(actual, share, points):
    assert points_of(BY_SHARE, target="100", actual=actual) == share
    assert points_of(BY_POINTS, target="100", actual=actual) == points


def test_nothing_is_deducted_by_default():
    row = scored(target="100", actual="500")
    assert (str(row.points), row.over_achieved, row.explanation.code) == ("10.00", True, "met")


def test_the_explanation_says_what_was_deducted_and_why():
    row = scored(BY_SHARE, target="100", actual="140")
    assert row.explanation.arithmetic == "140 ≥ 100 → 10.00; 10.00 − 10 × 0.2 = 8.00"
    assert "140%, 130% or more: 20% of the weight" in row.explanation.text()
    assert "1.5 points are deducted" in scored(BY_POINTS, target="100", actual="140").explanation.text()


@pytest.mark.parametrize(
    "details",
    [
        {"target": "100", "actual": "10", "direction": "lower"},
        {"target": "0", "actual": "0", "comparator": "<="},
        {"actual_text": "已完成", "kind": "qualitative"},
        {"target": "100", "actual": "500", "rule": {"type": "checklist", "shares": ["1"], "met": [True]}},
        {"target": "100", "actual": "500", "rule": {"type": "panel", "points": ["10"]}},
    ],
)
def test_a_saving_and_what_people_judge_lose_nothing(details):
    assert points_of(BY_SHARE, **details) == "10.00"


def test_no_more_is_deducted_than_was_given():
    all_of_it = scheme(over_achievement_deduction={"by": "points", "amount": "100"})
    assert points_of(all_of_it, target="100", actual="200") == "0.00"


@given(quantities())
def test_a_deduction_never_leaves_zero_to_what_the_rule_gives(figures):
    given_by_rule = score_indicator(figures, scheme()).points
    for by in (BY_SHARE, BY_POINTS):
        row = score_indicator(figures, by)
        assert row.points is not None
        assert given_by_rule is not None
        assert 0 <= row.points <= given_by_rule
        assert row.points == given_by_rule or row.over_achieved


def test_bands_of_an_indicators_own_rule_are_reduced_too():
    rule = {"type": "bands", "bands": [{"from": "100", "share": "1"}, {"from": "0", "share": "0.5"}]}
    row = scored(BY_SHARE, target="100", actual="150", rule=rule)
    assert row.points == Decimal("8.00")
    assert replace(row, points=None).least == Decimal("8.00")
