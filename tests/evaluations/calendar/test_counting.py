"""Counting in working days: weekends, days off, weekend days worked, and terms that end on them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.calendar.counting import Calendar

MONDAY = date(2026, 9, 7)
FRIDAY = date(2026, 9, 11)
SATURDAY = date(2026, 9, 12)
SUNDAY = date(2026, 9, 13)
NEXT_MONDAY = date(2026, 9, 14)
PLAIN = Calendar()

near = st.dates(date(2026, 8, 1), date(2026, 11, 30))
calendars = st.builds(Calendar, st.dictionaries(near, st.booleans(), max_size=40))


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        (MONDAY, MONDAY, 0),
        (FRIDAY, MONDAY, 4),
        (NEXT_MONDAY, FRIDAY, 1),
        (FRIDAY, SATURDAY, -1),
        (FRIDAY, NEXT_MONDAY, -1),
        (FRIDAY, date(2026, 9, 15), -2),
        (SATURDAY, FRIDAY, 1),
        (SATURDAY, SUNDAY, 1),
        (SATURDAY, NEXT_MONDAY, 0),
    ],
)
def test_weekends_do_not_count_and_a_deadline_on_one_ends_on_monday(due, today, left):
    assert PLAIN.left(due, today) == left


def test_a_day_off_does_not_count():
    calendar = Calendar({date(2026, 9, 8): False, date(2026, 9, 9): False})
    assert calendar.left(FRIDAY, MONDAY) == 2


def test_a_saturday_that_is_worked_counts():
    calendar = Calendar({SATURDAY: True})
    assert calendar.left(NEXT_MONDAY, FRIDAY) == 2
    assert calendar.left(SATURDAY, SATURDAY) == 0


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 9, 1), 30, date(2026, 10, 8)),  # 1 October begins a week off
        (date(2026, 9, 7), 4, FRIDAY),
        (date(2026, 9, 7), 5, NEXT_MONDAY),
        (date(2026, 9, 7), 0, MONDAY),
    ],
)
def test_a_term_of_calendar_days_ends_on_a_working_day(start, days, last):
    week_off = Calendar({date(2026, 10, 1) + timedelta(days=place): False for place in range(7)})
    assert week_off.term_from(start, days) == last


def test_so_many_working_days_before_a_deadline_is_counted_from_its_last_day():
    assert PLAIN.working_days_before(FRIDAY, 3) == date(2026, 9, 8)
    assert PLAIN.working_days_before(SUNDAY, 0) == NEXT_MONDAY
    assert PLAIN.working_days_before(SUNDAY, 1) == FRIDAY


def test_a_year_without_a_notice_is_told():
    calendar = Calendar(years=frozenset({2025, 2026}))
    days = [date(2027, 3, 1), date(2026, 12, 31), date(2028, 1, 1), date(2027, 9, 1)]
    assert calendar.years_without_notice(days) == [2027, 2028]


@given(calendars, near)
def test_a_deadline_ends_on_the_first_working_day_that_is_not_before_it(calendar, due):
    end = calendar.end_of_deadline(due)
    assert end >= due
    assert calendar.is_working_day(end)
    assert not any(calendar.is_working_day(due + timedelta(days=n)) for n in range((end - due).days))


@given(calendars, near, st.integers(0, 60))
def test_a_term_is_never_shorter_than_its_days(calendar, start, days):
    last = calendar.term_from(start, days)
    assert (last - start).days >= days
    assert calendar.is_working_day(last)


@given(calendars, near, st.integers(0, 30))
def test_on_the_day_so_many_before_just_so_many_are_left(calendar, due, number):
    day = calendar.working_days_before(due, number)
    assert calendar.is_working_day(day)
    assert calendar.left(due, day) == number


@given(calendars, near, st.integers(1, 30))
def test_so_many_working_days_after_a_day_are_just_so_many(calendar, start, number):
    end = calendar.working_day_after(start, number)
    assert calendar.between(start, end) == number
    assert calendar.is_working_day(end)


@given(calendars, near, near)
def test_queries_call_overdue_what_the_tag_calls_overdue(calendar, due, today):
    assert (due <= calendar.last_overdue(today)) == (calendar.left(due, today) < 0)


@given(calendars, near, near, st.integers(1, 10))
def test_queries_call_soon_what_has_at_most_so_many_days_left(calendar, due, today, number):
    assert (due <= calendar.working_day_after(today, number)) == (calendar.left(due, today) <= number)


@given(calendars, near, near)
def test_a_later_deadline_never_has_fewer_days_left(calendar, due, today):
    assert calendar.left(due, today) <= calendar.left(due + timedelta(days=1), today)
