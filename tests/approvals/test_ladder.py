"""The ladder of reminders without rows or clock: which rungs are reached, and which of them are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.ladder import (
    ASKED,
    CHIEF,
    HEAD,
    Arming,
    Rung,
    Standing,
    armings_of,
    horizon,
    newly_reached,
    reached,
    rungs_of,
)
from approvals.models import ItemStage
from evaluations.calendar import Calendar
from evaluations.policies.terms import DEFAULT_LADDER, Rungs
from tests.ladder_oracle import Ladder, days_between, working_days

DAY = timedelta(days=1)
PLAIN = Calendar()
FRIDAY, SATURDAY, MONDAY = date(2026, 9, 11), date(2026, 9, 12), date(2026, 9, 14)
GENERAL = DEFAULT_LADDER.general

near = st.dates(date(2026, 8, 1), date(2026, 11, 30))
calendars = st.builds(Calendar, st.dictionaries(near, st.booleans(), max_size=40))
some_days = st.lists(st.integers(1, 30), max_size=5, unique=True).map(tuple)
rungs = st.builds(
    Rungs,
    before=some_days,
    overdue=some_days,
    head_after=st.none() | st.integers(1, 30),
    chief_after=st.none() | st.integers(1, 30),
)


def at(stage=ItemStage.CARRYING_OUT, due=FRIDAY, **more):
    return Standing(stage, more.pop("round", 1), due, **more)


def keys(found):
    return {(each.arming.key, each.rung.key) for each in found}


def told(found):
    return [each.rung.key for each in found if each.is_told]


def oracle(calendar, ladder):
    """The plain count of the same ladder."""
    offsets = [-days for days in ladder.before] + [0, *ladder.overdue]
    groups = {ASKED: offsets}
    groups |= {HEAD: [ladder.head_after]} if ladder.head_after else {}
    groups |= {CHIEF: [ladder.chief_after]} if ladder.chief_after else {}
    return Ladder(working_days(calendar.is_working_day), groups)


def played(calendar, ladder, due, days):
    """What the product tells on each of these days, when it remembers what it wrote down."""
    written: set[tuple[str, str]] = set()
    for today in days:
        found = newly_reached(at(due=due), ladder, calendar, today, written)
        assert not keys(found) & written
        written |= keys(found)
        yield today, found


# --- which deadline counts -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (ItemStage.PLANNING, "measures"),
        (ItemStage.PLAN_REVIEW, "measures"),
        (ItemStage.OBJECTION, "completion"),
        (ItemStage.CARRYING_OUT, "completion"),
        (ItemStage.DEPARTMENT_VERIFICATION, "completion"),
        (ItemStage.FINANCE_VERIFICATION, "completion"),
    ],
)
def test_measures_have_a_deadline_while_they_are_planned_and_completion_has_one_otherwise(stage, kind):
    (arming,) = armings_of(at(stage, due=MONDAY, measures_due=FRIDAY))
    assert (arming.kind, arming.day) == (kind, FRIDAY if kind == "measures" else MONDAY)


def test_measures_that_would_be_due_after_the_item_do_not_put_its_deadline_off():
    (arming,) = armings_of(at(ItemStage.PLANNING, due=FRIDAY, measures_due=MONDAY))
    assert arming == Arming("completion", FRIDAY, 1)


def test_a_notice_that_is_not_signed_is_reminded_of_and_stops_no_deadline():
    issued = at(ItemStage.ISSUED, due=MONDAY, issued_on=FRIDAY)
    assert [arming.kind for arming in armings_of(issued)] == ["completion", "receipt"]


@pytest.mark.parametrize("stage", [ItemStage.DRAFT, ItemStage.CLOSED, ItemStage.CANCELLED])
def test_an_item_that_does_not_run_has_no_deadline(stage):
    assert armings_of(at(stage, measures_due=FRIDAY, issued_on=FRIDAY)) == []


def test_another_date_or_round_is_another_deadline():
    first = at(due=FRIDAY)
    others = [at(due=MONDAY), at(due=FRIDAY, round=2), at(ItemStage.PLANNING, MONDAY, measures_due=FRIDAY)]
    arming_keys = {arming.key for each in (first, *others) for arming in armings_of(each)}
    assert arming_keys == {
        "completion:2026-09-11:1",
        "completion:2026-09-14:1",
        "completion:2026-09-11:2",
        "measures:2026-09-11:1",
    }


# --- which rungs ---------------------------------------------------------------------------


def test_the_rungs_of_a_ladder_in_their_order():
    assert [rung.key for rung in rungs_of(GENERAL)] == [
        "before:5",
        "before:1",
        "day:0",
        "overdue:1",
        "overdue:5",
        "head:5",
        "overdue:10",
        "chief:15",
    ]


def test_a_deadline_on_a_rest_day_ends_on_the_next_working_day():
    arming = Arming("completion", SATURDAY, 1)
    assert reached(arming, GENERAL, PLAIN, SATURDAY)[-1] == Rung("before", 1)
    assert reached(arming, GENERAL, PLAIN, MONDAY)[-1] == Rung("day", 0)
    assert reached(arming, GENERAL, PLAIN, MONDAY + DAY)[-1] == Rung("overdue", 1)


def test_a_day_worked_on_a_weekend_counts():
    swapped = Calendar({SATURDAY: True, MONDAY: False})
    arming = Arming("completion", FRIDAY, 1)
    assert reached(arming, GENERAL, swapped, SATURDAY)[-1] == Rung("overdue", 1)


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 9, 17), []),
        (date(2026, 9, 18), ["receipt:5"]),
        (date(2026, 9, 24), ["receipt:5"]),
        (date(2026, 9, 25), ["receipt:5", "receipt:10"]),
    ],
)
def test_a_receipt_is_reminded_of_every_five_working_days(today, found):
    ladder = reached(Arming("receipt", FRIDAY, 1), GENERAL, PLAIN, today)
    assert [rung.key for rung in ladder] == found


def test_after_a_standstill_each_group_is_told_the_latest_rung_alone():
    found = newly_reached(at(), GENERAL, PLAIN, FRIDAY + 30 * DAY, set())
    assert told(found) == ["head:5", "overdue:10", "chief:15"]
    assert len(found) == len(rungs_of(GENERAL))


def test_what_is_written_down_comes_no_more():
    found = newly_reached(at(), GENERAL, PLAIN, FRIDAY, set())
    assert newly_reached(at(), GENERAL, PLAIN, FRIDAY + 2 * DAY, keys(found)) == []


# --- properties ----------------------------------------------------------------------------


@given(calendars, rungs, near, st.integers(0, 60), st.integers(1, 120))
def test_asked_every_day_it_tells_what_a_plain_count_tells(calendar, ladder, due, before, length):
    expected = oracle(calendar, ladder)
    start = due - before * DAY
    for today, found in played(calendar, ladder, due, days_between(start, start + length * DAY)):
        plain = expected.told(due, due, today)
        assert {each.rung.group: each.rung.offset for each in found if each.is_told} == plain


@given(calendars, rungs, near, st.lists(st.integers(-60, 60), min_size=1, unique=True).map(sorted))
def test_asked_on_any_days_each_group_hears_once_a_day_at_most_and_each_rung_comes_once(
    calendar, ladder, due, asked_on
):
    expected = oracle(calendar, ladder)
    written: set[tuple[str, str]] = set()
    for today, found in played(calendar, ladder, due, [due + days * DAY for days in asked_on]):
        groups = [each.rung.group for each in found if each.is_told]
        assert len(groups) == len(set(groups))
        assert set(groups) == set(expected.told(due, due, today))
        written |= keys(found)
    last = due + asked_on[-1] * DAY
    arming = Arming("completion", due, 1)
    assert written == {(arming.key, rung.key) for rung in reached(arming, ladder, calendar, last)}


@given(calendars, rungs, near, near)
def test_no_rung_is_reached_of_a_deadline_beyond_the_horizon(calendar, ladder, due, today):
    until = horizon(max(ladder.before, default=0), calendar, today)
    if due > until:
        assert reached(Arming("completion", due, 1), ladder, calendar, today) == []


@given(calendars, near, st.integers(0, 90))
def test_the_rungs_of_a_receipt_are_the_working_days_by_fives(calendar, issued_on, days):
    today = issued_on + days * DAY
    worked = [day for day in days_between(issued_on + DAY, today) if calendar.is_working_day(day)]
    found = reached(Arming("receipt", issued_on, 1), GENERAL, calendar, today)
    assert [rung.day(issued_on, calendar) for rung in found] == worked[4::5]
