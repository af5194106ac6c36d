"""Measure the checks: ``python -m bench.checking [--rounds 9] [--passes 60]``.

The dossiers are those of the demonstration, each in as many copies as there are passes,
no two with the same words, as in a bureau's year: what is remembered of one text helps
no other. Each round takes them in turn, once read as JSON with nothing done, once checked
whole: read, scored, all checks run, every message written. One process on one core; the
figure to compare is the multiple.
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
    """One dossier of the demonstration, in copies that differ in every text of their own."""

    name: str
    copies: Sequence[bytes]
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


def samples(copies: int) -> list[Sample]:
    """The dossiers of the demonstration."""
    contents = [(path.stem, path.read_bytes()) for path in sorted(CASES.glob("*-*.json"))]
    return [
        Sample(
            name,
            [copy_of(content, number) for number in range(copies)],
            len(read_dossier(content).indicators),
        )
        for name, content in contents
    ]


def copy_of(content: bytes, number: int) -> bytes:
    """The dossier in other words: a mark of its own after each text that a person wrote."""
    document = json.loads(content)
    mark = chr(0x3400 + number)
    for row in document["indicators"]:
        row["name"] += mark
        if row["deviation_reason"]:
            row["deviation_reason"] += mark
    document["problems"] = [problem + mark for problem in document["problems"]]
    document["recommendations"] = [text + mark for text in document["recommendations"]]
    return json.dumps(document, ensure_ascii=False).encode()


def check(content: bytes) -> list[str]:
    """All that ``check_dossier`` does for a file, but for printing."""
    return [finding.message() for finding in findings_of(case_of(read_dossier(content)))]


WORKS: tuple[Work, ...] = (json.loads, read_dossier, lambda content: case_of(read_dossier(content)), check)


def measure(copies: Sequence[bytes], rounds: int) -> Speed:
    """Race the four kinds of work on the copies of one dossier, taking turns within each round."""
    times: list[list[float]] = [[] for _ in WORKS]
    for _ in range(rounds):
        for work, spent in zip(WORKS, times, strict=True):
            forget()
            spent.append(seconds_of(work, copies))
    return Speed(*(statistics.median(spent) for spent in times))


def seconds_of(work: Work, copies: Sequence[bytes]) -> float:
    """Seconds for one copy."""
    work(copies[0])
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        for content in copies:
            work(content)
        return (time.perf_counter() - start) / len(copies)
    finally:
        gc.enable()


def forget() -> None:
    """Empty what is remembered of texts, so that no round helps the next."""
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith("evaluations.") else ():
            parameters = getattr(value, "cache_parameters", dict)()
            if parameters.get("maxsize"):
                value.cache_clear()


def table(found: Sequence[tuple[Sample, Speed]]) -> str:
    """The measurement for people, with the mean over the dossiers."""
    columns = f"{'JSON µs':>9}{'read':>7}{'scored':>8}{'checked':>9}{'×JSON':>7}{'per s':>8}"
    head = f"{'Dossier':<20}{'indicators':>10}{columns}"
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
    words.add_argument("--passes", type=int, default=60, help="copies of each dossier in a round (60)")
    asked = words.parse_args()
    print(table([(sample, measure(sample.copies, asked.rounds)) for sample in samples(asked.passes)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
