"""What a notice says: stretches of days off with a name, and the weekend days worked for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from evaluations.calendar.counting import DAY, SATURDAY
from evaluations.strict_json import Fault, gettext_noop

DECEMBER = 12
# A New Year's holiday can begin in December, and then stands in the notice of the new year.
FIRST_IN_DECEMBER = 20
LONGEST_NAME = 50


@dataclass(frozen=True)
class MarkedDay:
    """A day of which the calendar says whether it is worked."""

    day: date
    works: bool
    name: str
    """Of the holiday: 春节."""


@dataclass(frozen=True)
class Period:
    """A stretch of days off, first and last day included, and the weekend days worked for it."""

    name: str
    first: date
    last: date
    worked: tuple[date, ...] = ()

    def days(self) -> Iterator[MarkedDay]:
        """Every day that the period speaks of."""
        for number in range((self.last - self.first).days + 1):
            yield MarkedDay(self.first + DAY * number, works=False, name=self.name)
        for day in self.worked:
            yield MarkedDay(day, works=True, name=self.name)


def faults_of_days(year: int, days: Iterable[MarkedDay]) -> list[Fault]:
    """What cannot be right in the days of a year's notice; each fault's path is the day."""
    faults, seen = [], set()
    for marked in days:
        for words in words_against(year, marked):
            faults.append(Fault(marked.day.isoformat(), words, {"year": str(year)}))
        if marked.day in seen:
            faults.append(Fault(marked.day.isoformat(), gettext_noop("is there twice")))
        seen.add(marked.day)
    return faults


def words_against(year: int, marked: MarkedDay) -> Iterator[str]:
    """Why this day cannot stand in the notice of ``year``."""
    day = marked.day
    begins_early = (day.year, day.month) == (year - 1, DECEMBER) and day.day >= FIRST_IN_DECEMBER
    if day.year != year and not begins_early:
        yield gettext_noop("lies outside of %(year)s")
    if marked.works and day.weekday() < SATURDAY:
        yield gettext_noop("is worked in any case: only a Saturday or Sunday is worked for a day off")
    if not marked.name.strip():
        yield gettext_noop("has no name")
    elif len(marked.name) > LONGEST_NAME:
        yield gettext_noop("has too long a name")
