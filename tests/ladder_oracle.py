"""What the ladder of reminders should do, said in the plainest way: by counting on a list of days.

Nothing here uses the product's calendar or ladder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)


def days_between(first: date, last: date) -> Iterable[date]:
    """Every day from the first to the last."""
    return (first + DAY * number for number in range((last - first).days + 1))


def working_days(is_worked: Callable[[date], bool]) -> list[date]:
    """Every working day of four years."""
    return [day for day in days_between(FIRST, LAST) if is_worked(day)]


def in_2026(day: date) -> bool:
    """Whether a day was worked; for 2026 by the published notice (国办发明电〔2025〕7号)."""
    month_and_day = day.strftime("%m-%d")
    off = [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ]
    worked = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    if day.year == 2026 and any(first <= month_and_day <= last for first, last in off):
        return False
    return day.weekday() < 5 or (day.year == 2026 and month_and_day in worked)


def day_of(worked: list[date], due: date, offset: int) -> date:
    """The day so many working days after the deadline (before it where the number is negative)."""
    ends = next(place for place, day in enumerate(worked) if day >= due)
    return worked[ends + offset]


@dataclass
class Ladder:
    """One ladder: groups with their offsets, and what was told already, deadline by deadline."""

    worked: list[date]
    groups: dict[str, list[int]]
    reached: dict[tuple[object, str], int] = field(default_factory=dict)

    def told(self, key: object, due: date, today: date) -> dict[str, int]:
        """Whom to tell today about a deadline, and of which rung."""
        found = {}
        for group, offsets in self.groups.items():
            passed = [offset for offset in offsets if day_of(self.worked, due, offset) <= today]
            if passed and max(passed) > self.reached.get((key, group), -10_000):
                self.reached[key, group] = max(passed)
                found[group] = max(passed)
        return found
