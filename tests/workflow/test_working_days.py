"""Deadlines in working days: weekends, holidays, weekend days worked, and the day on which one is late."""

from datetime import date

import pytest

from workflow.working_days import due_within, last_overdue, working_days_left

MONDAY = date(2026, 9, 7)
FRIDAY = date(2026, 9, 11)
SATURDAY = date(2026, 9, 12)
SUNDAY = date(2026, 9, 13)
NEXT_MONDAY = date(2026, 9, 14)


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
        (None, MONDAY, None),
    ],
)
def test_weekends_do_not_count_and_a_deadline_on_one_ends_on_monday(due, today, left):
    assert working_days_left(due, today) == left


def test_a_public_holiday_does_not_count(settings):
    settings.PUBLIC_HOLIDAYS = ["2026-09-08", "2026-09-09"]
    assert working_days_left(FRIDAY, MONDAY) == 2


def test_a_saturday_that_is_worked_counts(settings):
    settings.EXTRA_WORKING_DAYS = ["2026-09-12"]
    assert working_days_left(NEXT_MONDAY, FRIDAY) == 2
    assert working_days_left(SATURDAY, SATURDAY) == 0


@pytest.mark.parametrize("today", [MONDAY, FRIDAY, SATURDAY, SUNDAY, NEXT_MONDAY])
@pytest.mark.parametrize("due", [MONDAY, FRIDAY, SATURDAY, SUNDAY, NEXT_MONDAY])
def test_queries_call_overdue_what_the_tag_calls_overdue(due, today):
    assert (due <= last_overdue(today)) == (working_days_left(due, today) < 0)


@pytest.mark.parametrize("today", [MONDAY, FRIDAY, SATURDAY, SUNDAY])
@pytest.mark.parametrize("due", [MONDAY, FRIDAY, SATURDAY, SUNDAY, NEXT_MONDAY, date(2026, 9, 16)])
def test_queries_call_soon_what_has_at_most_two_days_left(due, today):
    assert (due <= due_within(2, today)) == (working_days_left(due, today) <= 2)
