"""Each year's notice: how many days are off, which weekend days are worked, and that nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from evaluations.calendar.counting import SATURDAY, Calendar
from evaluations.calendar.shipped import shipped_notices

NOTICES = {notice.year: notice for notice in shipped_notices()}


def days_of(*texts):
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("year", "number", "off_by_name", "worked"),
    [
        (
            2025,
            "国办发明电〔2024〕12号",
            {"元旦": 1, "春节": 8, "清明节": 3, "劳动节": 5, "端午节": 3, "国庆节、中秋节": 8},
            days_of("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        ),
        (
            2026,
            "国办发明电〔2025〕7号",
            {"元旦": 3, "春节": 9, "清明节": 3, "劳动节": 5, "端午节": 3, "中秋节": 3, "国庆节": 7},
            days_of("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
        ),
    ],
)
def test_a_year_has_the_days_of_its_notice(year, number, off_by_name, worked):
    notice = NOTICES[year]
    found = {}
    for marked in notice.days:
        if not marked.works:
            found[marked.name] = found.get(marked.name, 0) + 1
    assert found == off_by_name
    assert [marked.day for marked in notice.days if marked.works] == worked
    assert notice.number == number


def test_every_notice_names_where_and_when_it_was_published():
    for year, notice in NOTICES.items():
        assert notice.published_on.year == year - 1
        assert notice.address.startswith("https://www.gov.cn/")
        assert f"{year}年" in notice.title


@pytest.mark.parametrize(("year", "working_days"), [(2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_law_leaves(year, working_days):
    """A year's weekdays, less 13 statutory days off: what is moved is worked on other days."""
    calendar = Calendar({marked.day: marked.works for marked in NOTICES[year].days})
    assert calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) == working_days


def test_days_worked_are_weekend_days():
    worked = [marked.day for notice in NOTICES.values() for marked in notice.days if marked.works]
    assert all(day.weekday() >= SATURDAY for day in worked)
