"""The weighted lots of re-checks: reproducible, of the size asked for, and heavier means likelier."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.sampling import (
    RecheckWeights,
    RiskFacts,
    chances_of,
    drawn_by_weight,
    in_order_of_lots,
    size_of,
    weight_of,
)

WEIGHTS = st.dictionaries(
    st.integers(1, 10_000), st.decimals("0.0001", "5000", places=4), min_size=1, max_size=30
)
SEEDS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(WEIGHTS, SEEDS, st.data())
def test_a_draw_can_be_drawn_again_and_gives_nobody_twice(weights, seed, data):
    number = data.draw(st.integers(1, len(weights)))
    drawn = drawn_by_weight(weights, number, seed)
    assert len(drawn) == len(set(drawn)) == number
    assert set(drawn) <= set(weights)
    assert drawn_by_weight(dict(reversed(weights.items())), number, seed) == drawn


@given(WEIGHTS, SEEDS)
def test_whoever_is_drawn_first_is_drawn_in_a_larger_draw_too(weights, seed):
    order = in_order_of_lots(weights, seed)
    assert all(drawn_by_weight(weights, size, seed) == order[:size] for size in range(1, len(order) + 1))


@given(WEIGHTS, SEEDS, st.data())
def test_more_weight_never_brings_a_candidate_out_later(weights, seed, data):
    one = data.draw(st.sampled_from(sorted(weights)))
    heavier = {**weights, one: weights[one] * 3}
    assert in_order_of_lots(heavier, seed).index(one) <= in_order_of_lots(weights, seed).index(one)


def test_a_draw_comes_out_as_it_did_when_this_was_written():
    weights = {place: Decimal(place) for place in range(1, 9)}
    assert drawn_by_weight(weights, 4, "0" * 64) == [7, 2, 6, 3]


def test_over_many_seeds_a_project_is_first_as_often_as_its_weight_says():
    weights = {1: Decimal(1), 2: Decimal(3), 3: Decimal(6)}
    firsts = [drawn_by_weight(weights, 1, f"seed {turn}")[0] for turn in range(2000)]
    shares = {candidate: firsts.count(candidate) / 2000 for candidate in weights}
    assert shares == pytest.approx({1: 0.1, 2: 0.3, 3: 0.6}, abs=0.035)


def test_the_chances_shown_are_about_how_often_each_is_drawn():
    weights = {1: Decimal(1), 2: Decimal(1), 3: Decimal(2), 4: Decimal(5), 5: Decimal(1)}
    counts = dict.fromkeys(weights, 0)
    for turn in range(2000):
        for candidate in drawn_by_weight(weights, 2, f"seed {turn}"):
            counts[candidate] += 1
    shown = dict(zip(weights, chances_of(list(weights.values()), 2), strict=True))
    assert {one: count / 2000 for one, count in counts.items()} == pytest.approx(shown, abs=0.06)


@given(WEIGHTS, st.data())
def test_the_chances_add_up_to_the_size_and_follow_the_weights(weights, data):
    number = data.draw(st.integers(1, len(weights)))
    figures = sorted(weights.values())
    chances = chances_of(figures, number)
    assert sum(chances) == pytest.approx(number, rel=1e-6)
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(low <= high + 1e-12 for low, high in pairwise(chances))


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_size_that_cannot_be_drawn_is_refused(number):
    with pytest.raises(ValueError, match="cannot be drawn"):
        drawn_by_weight({1: Decimal(1), 2: Decimal(1)}, number, "seed")


def test_a_weight_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        in_order_of_lots({1: Decimal(1), 2: Decimal(0)}, "seed")


@pytest.mark.parametrize(
    ("facts", "weight"),
    [
        (RiskFacts(), "1"),
        (RiskFacts(annual=Decimal(350), paid=Decimal(350)), "4.5"),
        (RiskFacts(annual=Decimal(-5)), "1"),
        (RiskFacts(errors=2, warnings=3), "6.5"),
        (RiskFacts(annual=Decimal(100), paid=Decimal("79.99")), "4"),
        (RiskFacts(annual=Decimal(100), paid=Decimal(80)), "2"),
    ],
)
def test_a_weight_is_one_and_what_money_and_risk_add(facts, weight):
    assert weight_of(facts, RecheckWeights()) == Decimal(weight)


def test_weights_are_read_back_as_they_were_kept():
    weights = RecheckWeights(amount=Decimal("0.25"), error=Decimal(0))
    assert RecheckWeights.from_json(weights.as_json()) == weights


@pytest.mark.parametrize(("percent", "candidates", "size"), [("10", 1, 1), ("10", 101, 11), ("100", 7, 7)])
def test_a_percentage_is_rounded_up(percent, candidates, size):
    assert size_of(Decimal(percent), candidates) == size
