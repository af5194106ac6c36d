"""Ranges that a scheme names: grades, tiers, caps and execution bands.

All are half-open: ``from_`` belongs to the range, ``to`` does not. Totals are in
points; rates and shares are parts of one (0.80 is 80 %).
"""

from __future__ import annotations

import itertools
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
    """Faults of ranges that are empty or share a figure."""
    ordered = sorted(ranges, key=lambda band: band.from_)
    faults = [
        Fault(path, gettext_noop("the range from %(low)s to %(high)s is empty"), _ends(band.from_, band.to))
        for band in ordered
        if band.from_ >= band.to
    ]
    faults += [
        Fault(
            path, gettext_noop("ranges overlap between %(low)s and %(high)s"), _ends(after.from_, before.to)
        )
        for before, after in itertools.pairwise(ordered)
        if after.from_ < before.to
    ]
    return faults


def coverage_faults(path: str, ranges: Sequence[Range], low: Decimal, high: Decimal) -> list[Fault]:
    """Faults of ranges that do not cover everything from low to high exactly once."""
    ordered = sorted(ranges, key=lambda band: band.from_)
    edges = [low, *(edge for band in ordered for edge in (band.from_, band.to)), high]
    gaps = [
        (edges[index], edges[index + 1])
        for index in range(0, len(edges), 2)
        if edges[index] != edges[index + 1]
    ]
    faults = overlap_faults(path, ranges)
    faults += [
        Fault(path, gettext_noop("nothing covers what lies between %(low)s and %(high)s"), _ends(start, end))
        for start, end in gaps
        if start < end
    ]
    if ordered and (ordered[0].from_ < low or ordered[-1].to > high):
        faults.append(
            Fault(path, gettext_noop("ranges must lie between %(low)s and %(high)s"), _ends(low, high))
        )
    return faults


def _ends(low: Decimal, high: Decimal) -> dict[str, str]:
    return {"low": format(low, "f"), "high": format(high, "f")}
