"""Drawing by lot: reproducible, fair, and by a seed that nobody chose."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.drawing import drawn, lot_of, new_seed

PEOPLE = st.sets(st.integers(1, 10_000), min_size=1, max_size=30)
SEEDS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(PEOPLE, SEEDS, st.data())
def test_the_same_seed_draws_the_same_people_whatever_the_order(people, seed, data):
    number = data.draw(st.integers(1, len(people)))
    found = drawn(sorted(people), number, seed)
    assert found == drawn(sorted(people, reverse=True), number, seed)
    assert len(set(found)) == number
    assert set(found) <= people


@given(PEOPLE, SEEDS)
def test_drawing_fewer_gives_the_first_of_those_who_come_out(people, seed):
    assert drawn(people, 1, seed) == drawn(people, len(people), seed)[:1]


def test_the_lot_is_what_any_other_program_computes():
    assert lot_of(7, "ab") == sha256(b"ab:7").hexdigest()
    assert drawn([5, 6, 7, 8], 2, "ab") == [5, 7]


def test_over_many_seeds_everybody_is_drawn_about_as_often():
    times = Counter(person for seed in range(3000) for person in drawn(range(1, 7), 2, str(seed)))
    assert all(900 < times[person] < 1100 for person in range(1, 7))


@pytest.mark.parametrize("number", [0, -1, 4])
def test_nobody_draws_none_or_more_than_there_are(number):
    with pytest.raises(ValueError, match="cannot be drawn out of 3"):
        drawn([1, 2, 3], number, "ab")


def test_seeds_do_not_repeat():
    seeds = {new_seed() for _ in range(100)}
    assert len(seeds) == 100
    assert {len(seed) for seed in seeds} == {64}
