"""When to try again: twice as long each time, spread by lot, never sooner than the receiver asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notices.outward.failing import LONGEST_ASKED, LONGEST_WAIT, MOST_ATTEMPTS, asked_wait, wait_after

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("attempts", "share", "wait"),
    [
        (1, 0, minutes(0.5)),
        (1, 1, minutes(1)),
        (2, 1, minutes(2)),
        (5, 0.5, minutes(12)),
        (9, 1, minutes(256)),
        (10, 1, LONGEST_WAIT),
        (MOST_ATTEMPTS, 1, LONGEST_WAIT),
    ],
)
def test_the_wait_doubles_up_to_six_hours(attempts, share, wait):
    assert wait_after(attempts, share) == wait


def test_all_attempts_together_last_more_than_a_day():
    assert sum((wait_after(number, 0.5) for number in range(1, MOST_ATTEMPTS)), timedelta()) > timedelta(
        days=1
    )


@pytest.mark.parametrize(
    ("asked", "wait"),
    [(minutes(5), minutes(5)), (timedelta(seconds=1), minutes(1)), (timedelta(days=9), LONGEST_ASKED)],
)
def test_what_the_receiver_asks_for_is_the_least(asked, wait):
    assert wait_after(1, 1, asked) == wait


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("120", minutes(2)),
        ("Sat, 21 Nov 2026 08:10:00 GMT", minutes(10)),
        ("Sat, 21 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("999999999999", LONGEST_ASKED),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header, asked):
    assert asked_wait(header, NOW) == asked
