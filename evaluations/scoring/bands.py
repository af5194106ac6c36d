"""Ranges that a scheme names: grades, tiers, caps and execution bands.

All are half-open: ``from_`` belongs to the range, ``to`` does not. Totals are in
points; rates and shares are parts of one (0.80 is 80 %).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from evaluations.strict_json import Fault, gettext_noop

Grade = Literal["优", "良", "中", "差"]


@dataclass(frozen=True)
class GradeBand:
    """The totals that earn a grade; the highest band includes 100."""

    grade: Grade
    from_: Decimal
    to: Decimal


@dataclass(frozen=True)
class TierBand:
    """A qualitative tier and the shares of the weight between which it is judged."""

    tier: Literal["met", "partly", "poor"]
    from_: Decimal
    to: Decimal


@dataclass(frozen=True)
class Cap:
    """Execution rates that allow a total of at most ``most`` points."""

    from_: Decimal
    to: Decimal
    most: Decimal


@dataclass(frozen=True)
class ExecutionBand:
    """The share of the execution weight at these rates when not completed."""

    from_: Decimal
    to: Decimal
    share: Decimal


class Range(Protocol):
    """Anything with two ends."""

    @property
    def from_(self) -> Decimal: ...

    @property
    def to(self) -> Decimal: ...


def overlap_faults(path: str, ranges: Sequence[Range]) -> list[Fault]:
    """The first range that is empty or shares a figure with one below it, at its lower end.

    One fault only: a range out of order makes its neighbours look wrong as well.
    """
    faulty = _first_faulty(ranges)
    if faulty is None:
        return []
    place, words, ends = faulty
    return [Fault(f"{path}[{place}].from", words, ends)]


def _first_faulty(ranges: Sequence[Range]) -> tuple[int, str, dict[str, str]] | None:
    """The place of the first wrong range as it stands in the document, and what is wrong with it."""
    for place, band in enumerate(ranges):
        if band.from_ >= band.to:
            ends = _ends(band.from_, band.to)
            return place, gettext_noop("the range from %(low)s to %(high)s is empty"), ends
    for place, band in enumerate(ranges):
        for before in ranges[:place]:
            low, high = max(band.from_, before.from_), min(band.to, before.to)
            if low < high:
                return place, gettext_noop("ranges overlap between %(low)s and %(high)s"), _ends(low, high)
    return None


def coverage_faults(path: str, ranges: Sequence[Range], low: Decimal, high: Decimal) -> list[Fault]:
    """The first fault of ranges that do not cover everything from low to high exactly once."""
    if faults := overlap_faults(path, ranges):
        return faults
    ordered = sorted(ranges, key=lambda band: band.from_)
    if ordered and (ordered[0].from_ < low or ordered[-1].to > high):
        return [Fault(path, gettext_noop("ranges must lie between %(low)s and %(high)s"), _ends(low, high))]
    edges = [low, *(edge for band in ordered for edge in (band.from_, band.to)), high]
    words = gettext_noop("nothing covers what lies between %(low)s and %(high)s")
    gaps = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return [Fault(path, words, _ends(*gap)) for gap in gaps[:1]]


def _ends(low: Decimal, high: Decimal) -> dict[str, str]:
    return {"low": format(low, "f"), "high": format(high, "f")}
