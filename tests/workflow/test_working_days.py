"""What pages and queries ask of the calendar: counted from the clock's day, by the rows in force."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from audit_log import clock
from evaluations.actions.calendar import set_calendar_day
from workflow.working_days import due_within, last_overdue, working_days_left

pytestmark = pytest.mark.django_db

MAY_DAY = date(2026, 5, 1)


def on(day):
    """Noon of a day, as the clock would have it."""
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone()))


def test_without_a_deadline_no_days_are_left():
    assert working_days_left(None) is None


def test_days_off_and_the_saturday_worked_for_them_count_as_the_notice_says():
    with on(date(2026, 4, 30)):
        assert working_days_left(MAY_DAY) == 1
        assert working_days_left(date(2026, 5, 9)) == 4
        assert due_within(1) == date(2026, 5, 6)
    with on(date(2026, 5, 6)):
        assert working_days_left(MAY_DAY) == 0
        assert last_overdue() == date(2026, 4, 30)


def test_a_day_that_an_administrator_changes_counts_at_once(world, django_assert_num_queries):
    with on(date(2026, 9, 7)):
        assert working_days_left(date(2026, 9, 11)) == 4
        set_calendar_day(actor=world.sun, day=date(2026, 9, 8), works=False, name="停办", source="市政府通知")
        assert working_days_left(date(2026, 9, 11)) == 3
        with django_assert_num_queries(0):
            assert working_days_left(date(2026, 9, 11)) == 3
