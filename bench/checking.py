"""Measure the checks: ``python -m bench.checking [--rounds 9] [--passes 60]``.

The dossiers are those of the demonstration. Each round takes them in turn, once read
as JSON with nothing done, once checked whole: read, scored, all checks run, every
message written. One process on one core; the figure to compare is the multiple.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluations.checks import CHECKS, case_of, findings_of
from evaluations.dossier import read_dossier

CASES = Path(__file__).resolve().parent.parent / "workflow" / "demo" / "cases"
GOAL = 1000
Work = Callable[[bytes], object]


@dataclass(frozen=True)
class Sample:
    """One dossier of the demonstration."""

    name: str
    content: bytes
    indicators: int


@dataclass(frozen=True)
class Speed:
    """Seconds for one dossier, the median of the rounds: only loaded, read, read and scored, checked."""

    loaded: float
    read: float
    scored: float
    checked: float

    @property
    def multiple(self) -> float:
        """How many times the work of loading the same JSON."""
        return self.checked / self.loaded


def samples() -> list[Sample]:
    """The dossiers of the demonstration."""
    contents = [(path.stem, path.read_bytes()) for path in sorted(CASES.glob("*-*.json"))]
    return [Sample(name, content, len(read_dossier(content).indicators)) for name, content in contents]


def check(content: bytes) -> list[str]:
    """All that ``check_dossier`` does for a file, but for printing."""
    return [finding.message() for finding in findings_of(case_of(read_dossier(content)))]


WORKS: tuple[Work, ...] = (json.loads, read_dossier, lambda content: case_of(read_dossier(content)), check)


def measure(content: bytes, rounds: int, passes: int) -> Speed:
    """Race the four kinds of work on one dossier, taking turns within each round."""
    for work in WORKS:
        work(content)
    times: list[list[float]] = [[] for _ in WORKS]
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for work, spent in zip(WORKS, times, strict=True):
                spent.append(seconds_of(work, content, passes))
    finally:
        gc.enable()
    return Speed(*(statistics.median(spent) for spent in times))


def seconds_of(work: Work, content: bytes, passes: int) -> float:
    """Seconds for one pass."""
    start = time.perf_counter()
    for _ in range(passes):
        work(content)
    return (time.perf_counter() - start) / passes


def table(found: Sequence[tuple[Sample, Speed]]) -> str:
    """The measurement for people, with the mean over the dossiers."""
    head = f"{'Dossier':<20}{'indicators':>10}{'JSON µs':>9}{'read':>7}{'scored':>8}{'checked':>9}{'×JSON':>7}{'per s':>8}"
    lines = [f"{len(CHECKS)} checks, one core", head]
    lines += [row(sample.name, str(sample.indicators), speed) for sample, speed in found]
    speeds = [speed for _sample, speed in found]
    mean = Speed(
        *(
            statistics.mean(getattr(speed, name) for speed in speeds)
            for name in ("loaded", "read", "scored", "checked")
        )
    )
    lines += [
        row("mean", "", mean),
        "",
        f"Goal: {GOAL} dossiers a second on one core; found {1 / mean.checked:.0f}.",
    ]
    return "\n".join(lines)


def row(name: str, indicators: str, speed: Speed) -> str:
    """One line of the table."""
    micro = [1e6 * seconds for seconds in (speed.loaded, speed.read, speed.scored, speed.checked)]
    return (
        f"{name:<20}{indicators:>10}{micro[0]:>9.0f}{micro[1]:>7.0f}{micro[2]:>8.0f}{micro[3]:>9.0f}"
        f"{speed.multiple:>7.1f}{1 / speed.checked:>8.0f}"
    )


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.checking", description=__doc__)
    words.add_argument("--rounds", type=int, default=9, help="how many rounds (9)")
    words.add_argument("--passes", type=int, default=60, help="passes over each dossier in a round (60)")
    asked = words.parse_args()
    print(table([(sample, measure(sample.content, asked.rounds, asked.passes)) for sample in samples()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
