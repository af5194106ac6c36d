"""Counting in working days over a set of exceptions from the week: no rows, no clock.

A term that ends on a rest day ends with the first working day after it, and the day
on which it begins is not counted (民法典 articles 201 and 203).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked.

    ``exceptions`` says of a day whether it is worked, whatever day of the week it is;
    ``years`` are those whose notice has been entered: of any other year only Monday to
    Friday and single days entered by hand are known.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on ``day``."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def working_days_after(self, day: date) -> Iterator[date]:
        """The working days after ``day``, the next one first, without end."""
        while True:
            day += DAY
            if self.is_working_day(day):
                yield day

    def working_day_after(self, day: date, number: int) -> date:
        """The working day on which ``number`` working days after ``day`` are over (1 or more)."""
        days = self.working_days_after(day)
        for _ in range(number - 1):
            next(days)
        return next(days)

    def end_of_deadline(self, due: date) -> date:
        """The working day on which a deadline ends: ``due`` itself, or the next one after it."""
        return self.working_day_after(due - DAY, 1)

    def term_from(self, start: date, days: int) -> date:
        """The last day of a term of so many calendar days; ``start`` is not counted."""
        return self.end_of_deadline(start + days * DAY)

    def working_days_before(self, due: date, number: int) -> date:
        """The working day on which ``number`` working days are left (0: the deadline's last day)."""
        day = self.end_of_deadline(due)
        while number > 0:
            day = self.last_working_day_before(day)
            number -= 1
        return day

    def last_working_day_before(self, day: date) -> date:
        """The latest working day that lies before ``day``."""
        day -= DAY
        while not self.is_working_day(day):
            day -= DAY
        return day

    def between(self, earlier: date, later: date) -> int:
        """How many working days lie after ``earlier``, up to and including ``later``."""
        days = (later - earlier).days
        return sum(self.is_working_day(earlier + DAY * number) for number in range(1, days + 1))

    def left(self, due: date, today: date) -> int:
        """Working days until the deadline ends: 0 on its last day, negative when it is over."""
        end = self.end_of_deadline(due)
        if today > end:
            # Late on the very next day, even when that is a day off.
            return -max(1, self.between(end, today))
        return self.between(today, end)

    def last_overdue(self, today: date) -> date:
        """The latest due date whose deadline is over on ``today``: for a query, ``due__lte``."""
        return self.last_working_day_before(today)

    def years_without_notice(self, days: Iterable[date]) -> list[int]:
        """The years, in order, in which some of ``days`` lie and for which no notice was entered."""
        return sorted({day.year for day in days} - self.years)
