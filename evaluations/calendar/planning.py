"""What entering a year's notice would change: looked at before it is done, and done exactly so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.calendar.marked import MarkedDay
from evaluations.models import CalendarDay


@dataclass(frozen=True)
class DayChange:
    """A day as it is and as it would be; None is a day as its place in the week has it."""

    day: date
    before: MarkedDay | None
    after: MarkedDay | None
    by_hand: bool = False
    """Whether somebody had entered or changed it by hand."""

    @property
    def differs(self) -> bool:
        return self.before != self.after


def marked(row: CalendarDay) -> MarkedDay:
    """What a row says of its day."""
    return MarkedDay(row.day, works=row.works, name=row.name)


def planned(stored: Iterable[CalendarDay], year: int, wanted: Iterable[MarkedDay]) -> list[DayChange]:
    """What becomes of every day that the notice of ``year`` speaks of or spoke of, by date.

    The notice is the whole of its year: a day that came from it before and stands in it
    no more is as the week has it again. A day entered by hand stays unless the notice names it.
    """
    rows = {row.day: row for row in stored}
    after = {marked.day: marked for marked in wanted}
    gone = {
        day
        for day, row in rows.items()
        if row.notice is not None and row.notice.year == year and not row.is_by_hand and day not in after
    }
    return [
        DayChange(
            day=day,
            before=marked(rows[day]) if day in rows else None,
            after=after.get(day),
            by_hand=day in rows and rows[day].is_by_hand,
        )
        for day in sorted(gone | after.keys())
    ]


def digest_of_plan(changes: Sequence[DayChange]) -> str:
    """A digest of what somebody has looked at."""
    text = json.dumps([words_of_change(change) for change in changes], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def words_of_change(change: DayChange) -> dict[str, object]:
    """The change as the audit chain keeps it."""
    return {
        "day": change.day.isoformat(),
        "before": _document(change.before),
        "after": _document(change.after),
    }


def _document(day: MarkedDay | None) -> dict[str, object] | None:
    return None if day is None else {"works": day.works, "name": day.name}
