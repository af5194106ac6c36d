"""Adding, removing and moving steps in what was posted, without JavaScript."""

from __future__ import annotations

from typing import Any

from django.utils.datastructures import MultiValueDict

from evaluations.policies.arrangement import may_go, may_swap, place_for_one_more
from evaluations.policies.grammar import GRAMMAR, may_be_asked
from workflow.whole_numbers import whole_number

MOST_STEPS = 20
Posted = MultiValueDict[str, Any]
Row = dict[str, list[Any]]


def number_of_steps(data: Any, stage: str) -> int:
    """How many steps of a stage were posted; no more than there may be."""
    return min(whole_number(str(data.get(f"{stage}-count", ""))) or 0, MOST_STEPS)


def rearranged(kind: str, data: Posted, verb: str) -> Posted | None:
    """The posted data after a button was pressed; None for a verb that arranges nothing.

    "add:<stage>", "remove:…", "up:…" and "down:<stage>:<place>"; "show" changes nothing. What the
    grammar does not allow changes nothing either.
    """
    name, _colon, rest = verb.partition(":")
    stage, _colon, place = rest.partition(":")
    if name == "show":
        return data
    if name not in ("add", "remove", "up", "down") or stage not in GRAMMAR[kind]:
        return None
    rows = rows_of(data, stage)
    if name == "add":
        return with_rows(data, stage, one_more(kind, stage, rows))
    number = whole_number(place)
    if number is None or number >= len(rows):
        return data
    if name == "remove":
        return with_rows(data, stage, without(kind, stage, rows, number))
    return with_rows(data, stage, swapped(kind, stage, rows, number, number + (1 if name == "down" else -1)))


def rows_of(data: Posted, stage: str) -> list[Row]:
    """The fields of each posted step of a stage."""
    rows: list[Row] = []
    for place in range(number_of_steps(data, stage)):
        prefix = f"{stage}-{place}-"
        rows.append({key.removeprefix(prefix): data.getlist(key) for key in data if key.startswith(prefix)})
    return rows


def works_of(rows: list[Row]) -> list[str]:
    return [str((row.get("work") or [""])[-1]) for row in rows]


def with_rows(data: Posted, stage: str, rows: list[Row]) -> Posted:
    """The data with these steps at the stage."""
    changed: Posted = data.copy()
    for key in list(changed):
        if key.startswith(f"{stage}-"):
            del changed[key]
    changed[f"{stage}-count"] = str(len(rows))
    for place, row in enumerate(rows):
        for name, values in row.items():
            changed.setlist(f"{stage}-{place}-{name}", values)
    return changed


def one_more(kind: str, stage: str, rows: list[Row]) -> list[Row]:
    found = place_for_one_more(kind, stage, works_of(rows))
    if found is None or len(rows) >= MOST_STEPS:
        return rows
    place, work = found
    row: Row = {"work": [work], "asked": [str(may_be_asked(kind, stage, work)[0])], "who": ["any"]}
    return [*rows[:place], row, *rows[place:]]


def without(kind: str, stage: str, rows: list[Row], place: int) -> list[Row]:
    return [*rows[:place], *rows[place + 1 :]] if may_go(kind, stage, works_of(rows), place) else rows


def swapped(kind: str, stage: str, rows: list[Row], place: int, other: int) -> list[Row]:
    if not may_swap(kind, stage, works_of(rows), place, other):
        return rows
    rows = list(rows)
    rows[place], rows[other] = rows[other], rows[place]
    return rows
