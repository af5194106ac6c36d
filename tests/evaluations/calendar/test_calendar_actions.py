"""Editing the calendar: by hand, from a notice, from what ships; who may, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command

from audit_log.errors import InvalidInput, NotAllowed, Outdated
from audit_log.models import AuditEvent
from evaluations.actions.calendar import (
    NoticeFields,
    chain_of_year,
    enter_calendar_notice,
    set_calendar_day,
)
from evaluations.calendar import calendar_as_stored, calendar_in_force, term_from
from evaluations.calendar.marked import MarkedDay, Period
from evaluations.calendar.planning import digest_of_plan, planned
from evaluations.models import CalendarDay, CalendarNotice

pytestmark = pytest.mark.django_db

# A year of the future and holidays made up for it: no notice says this.
YEAR = 2099
NOTICE = NoticeFields(year=YEAR, number="测试〔2098〕1号", published_on=date(2098, 11, 2))
DAYS = [
    *Period("元旦", date(2099, 1, 1), date(2099, 1, 3)).days(),
    *Period("春节", date(2099, 1, 20), date(2099, 1, 26), (date(2099, 1, 17), date(2099, 1, 31))).days(),
]
MONDAY = date(2099, 3, 2)
SATURDAY = date(2099, 3, 7)


def by_hand(world, **changes):
    values = {"day": MONDAY, "works": False, "name": "停办", "source": "市政府通知"}
    return set_calendar_day(**{"actor": world.sun, **values, **changes})


def last_event(year=YEAR):
    return AuditEvent.objects.filter(chain=chain_of_year(year)).last()


def test_a_day_by_hand_counts_and_is_kept_with_who_and_why(world):
    row = by_hand(world)
    assert not calendar_as_stored().is_working_day(MONDAY)
    assert not calendar_in_force().is_working_day(MONDAY)
    assert row.history.get().history_user == world.sun
    event = last_event()
    assert (event.verb, event.actor_id) == ("set_calendar_day", world.sun.pk)
    assert event.data == {
        "source": "市政府通知",
        "changes": [{"day": "2099-03-02", "before": None, "after": {"works": False, "name": "停办"}}],
    }


def test_a_day_can_be_as_the_week_has_it_again(world):
    by_hand(world)
    by_hand(world, works=None, name="", source="通知已撤销")
    assert calendar_as_stored().is_working_day(MONDAY)
    assert not CalendarDay.objects.filter(day=MONDAY).exists()
    assert last_event().data["changes"][0]["after"] is None
    assert CalendarDay.history.filter(day=MONDAY, history_type="-").get().history_user == world.sun


def test_saying_the_same_again_writes_nothing(world):
    row = by_hand(world)
    by_hand(world, source="另一份通知")
    by_hand(world, day=SATURDAY, works=None, name="")
    assert row.history.count() == 1
    assert AuditEvent.objects.filter(chain=chain_of_year(YEAR)).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"works": True}, "works"),
        ({"name": " "}, "name"),
        ({"name": "长" * 51}, "name"),
        ({"source": " "}, "source"),
        ({"source": "长" * 201}, "source"),
    ],
)
def test_a_day_that_cannot_be_so_is_refused_at_its_field(world, changes, field):
    with pytest.raises(InvalidInput) as refused:
        by_hand(world, **changes)
    assert set(refused.value.fields) == {field}
    assert not CalendarDay.objects.filter(day__year=YEAR).exists()


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "feng", "wu", "wei"])
def test_only_those_who_maintain_schemes_edit_the_calendar(world, name):
    for verb in (
        lambda: by_hand(world, actor=world.people[name]),
        lambda: enter_calendar_notice(actor=world.people[name], notice=NOTICE, days=DAYS),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_notice_makes_its_year_complete_and_its_days_count(world):
    changes = enter_calendar_notice(actor=world.zhou, notice=NOTICE, days=DAYS)
    calendar = calendar_in_force()
    assert YEAR in calendar.years
    assert [change.after for change in changes] == sorted(DAYS, key=lambda marked: marked.day)
    assert term_from(date(2099, 1, 10), 10) == date(2099, 1, 27)
    assert calendar.is_working_day(date(2099, 1, 17))
    row = CalendarNotice.objects.get(year=YEAR)
    assert row.title == "国务院办公厅关于2099年部分节假日安排的通知"
    assert last_event().data["number"] == NOTICE.number
    assert len(last_event().data["changes"]) == len(DAYS)


def test_a_corrected_notice_replaces_what_it_said_before_and_leaves_days_by_hand(world):
    enter_calendar_notice(actor=world.sun, notice=NOTICE, days=DAYS)
    by_hand(world)
    corrected = [marked for marked in DAYS if marked.day != date(2099, 1, 26)]
    changes = enter_calendar_notice(
        actor=world.sun, notice=replace(NOTICE, number="测试〔2098〕2号"), days=corrected
    )
    assert [change.day for change in changes] == [date(2099, 1, 26)]
    assert calendar_as_stored().is_working_day(date(2099, 1, 26))
    assert not calendar_as_stored().is_working_day(MONDAY)
    assert CalendarNotice.objects.get(year=YEAR).number == "测试〔2098〕2号"


def test_a_day_by_hand_that_the_notice_names_becomes_the_notices(world):
    by_hand(world, day=date(2099, 1, 1), name="放假")
    enter_calendar_notice(actor=world.sun, notice=NOTICE, days=DAYS)
    row = CalendarDay.objects.get(day=date(2099, 1, 1))
    assert (row.name, row.is_by_hand, row.notice.year) == ("元旦", False, YEAR)


@pytest.mark.parametrize(
    ("notice", "days", "field"),
    [
        (NOTICE, [], "days"),
        (NOTICE, [MarkedDay(date(2099, 1, 17), True, "元旦")], "days"),
        (NOTICE, [*DAYS, DAYS[0]], "days"),
        (NOTICE, [*DAYS, MarkedDay(date(2098, 5, 1), False, "劳动节")], "days"),
        (replace(NOTICE, number=" "), DAYS, "number"),
        (replace(NOTICE, address="不是地址"), DAYS, "address"),
        (replace(NOTICE, year=3000), DAYS, "year"),
    ],
)
def test_a_notice_is_entered_whole_or_not_at_all(world, notice, days, field):
    with pytest.raises(InvalidInput) as refused:
        enter_calendar_notice(actor=world.sun, notice=notice, days=days)
    assert field in refused.value.fields
    assert not CalendarNotice.objects.filter(year__gt=2026).exists()
    assert not CalendarDay.objects.filter(day__year__gt=2026).exists()


def test_nobody_enters_what_they_have_not_looked_at(world):
    seen = digest_of_plan(planned(CalendarDay.objects.all(), YEAR, DAYS))
    by_hand(world, day=date(2099, 1, 1), name="放假")
    with pytest.raises(Outdated):
        enter_calendar_notice(actor=world.sun, notice=NOTICE, days=DAYS, seen=seen)
    assert not CalendarNotice.objects.filter(year=YEAR).exists()


def test_loading_what_ships_again_overwrites_no_edit(world):
    off, worked = date(2026, 5, 4), date(2026, 5, 9)
    set_calendar_day(actor=world.sun, day=worked, works=None, source="市政府通知")
    set_calendar_day(actor=world.sun, day=off, works=False, name="本地假日", source="市政府通知")
    before = list(CalendarDay.objects.values("day", "works", "name", "source"))
    call_command("load_schemes", verbosity=0)
    assert list(CalendarDay.objects.values("day", "works", "name", "source")) == before
    assert not calendar_as_stored().is_working_day(worked)
    assert CalendarDay.objects.get(day=off).name == "本地假日"


def test_what_ships_is_complete_for_its_years_and_no_other(world):
    assert calendar_as_stored().years == {2025, 2026}
    assert calendar_as_stored().years_without_notice([date(2027, 1, 1)]) == [2027]
