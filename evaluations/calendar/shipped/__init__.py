"""The calendars of the years whose notice was out when this version of the product was made.

Dates, names and numbers are those of the notices of the State Council's General Office;
a year whose notice has not been published is not guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluations.calendar.marked import MarkedDay, Period, faults_of_days
from evaluations.strict_json import DocumentFaults, read

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Notice:
    """A year's notice on public holidays, and what it says."""

    year: int
    title: str
    number: str
    """Such as 国办发明电〔2025〕7号."""
    published_on: date
    address: str
    periods: tuple[Period, ...]

    @property
    def days(self) -> list[MarkedDay]:
        """Every day that the notice speaks of, in order."""
        return sorted((marked for period in self.periods for marked in period.days()), key=lambda d: d.day)


def shipped_notices() -> Iterator[Notice]:
    """The notices that come with the product, by year. Raises DocumentFaults."""
    for path in sorted(FOLDER.glob("*.json")):
        notice = read(Notice, json.loads(path.read_text("utf-8")))
        if faults := faults_of_days(notice.year, notice.days):
            raise DocumentFaults(faults)
        yield notice
