"""One run: count the statements, time the parts, and race the contestants round by round."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.parts import PARTS, REST, account_for
from bench.subjects import Approval, Contestants, Subjects

NAMES = ("product", "bare", "bare_with_gateway")
WARM_UP = 20
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One part of an approval: its statements, and its median milliseconds."""

    name: str
    statements: int
    milliseconds: float


@dataclass(frozen=True)
class Round:
    """Median milliseconds of one approval in one round, by contestant."""

    milliseconds: dict[str, float]

    def ratio(self, other: str) -> float:
        """The product's rate as a share of the other's."""
        return self.milliseconds[other] / self.milliseconds["product"]


@dataclass(frozen=True)
class Measurement:
    """Everything that a run has found out."""

    statements: dict[str, list[str]]
    parts: list[Part]
    rounds: list[Round]

    def ratio(self, other: str = "bare") -> float:
        """The median of the rounds' ratios of rates."""
        return statistics.median(self.ratios(other))

    def ratios(self, other: str = "bare") -> list[float]:
        """The ratio of rates in each round, the spread of the measurement."""
        return [round.ratio(other) for round in self.rounds]


def measure(rounds: int, approvals: int, progress: Progress) -> Measurement:
    """Race ``rounds`` times ``approvals`` approvals of each contestant on the present database."""
    subjects = Subjects()
    progress(f"Warming up, counting statements and timing the parts of {approvals} approvals")
    for contestants in subjects.make(WARM_UP):
        race_once(contestants, 0)
    statements = statements_of(subjects)
    parts = time_parts(subjects, approvals)
    found = []
    for number in range(1, rounds + 1):
        progress(f"Round {number} of {rounds}: {approvals} approvals of each")
        found.append(race(subjects.make(approvals)))
    return Measurement(statements, parts, found)


def statements_of(subjects: Subjects) -> dict[str, list[str]]:
    """The SQL of one approval of each contestant, BEGIN and COMMIT included."""
    (contestants,) = subjects.make(1)
    return {name: captured(getattr(contestants, name)) for name in NAMES}


def captured(approval: Approval) -> list[str]:
    """The statements that an approval sends, in order."""
    with CaptureQueriesContext(connection) as queries:
        approval()
    return [query["sql"] for query in queries.captured_queries]


def time_parts(subjects: Subjects, approvals: int) -> list[Part]:
    """Where the statements and the time of one approval of the product go."""
    with CaptureQueriesContext(connection):
        statements = account_for(subjects.product()).statements
    accounts = [account_for(approval) for approval in [subjects.product() for _ in range(approvals)]]
    names = [REST, *(name for name, _owner, _attribute in PARTS)]
    return [
        Part(name, statements[name], 1000 * statistics.median(account.seconds[name] for account in accounts))
        for name in names
    ]


def race(field: list[Contestants]) -> Round:
    """One round: the contestants take turns, so that a slow moment of the machine hits all."""
    # The collector would stop whoever is running when it is due.
    gc.collect()
    gc.disable()
    try:
        times = [race_once(contestants, turn) for turn, contestants in enumerate(field)]
    finally:
        gc.enable()
    return Round({name: 1000 * statistics.median(seconds[name] for seconds in times) for name in NAMES})


def race_once(contestants: Contestants, turn: int) -> dict[str, float]:
    """Seconds of one approval of each; another one goes first each time."""
    start = turn % len(NAMES)
    return {name: timed(getattr(contestants, name)) for name in (*NAMES[start:], *NAMES[:start])}


def timed(approval: Callable[[], Any]) -> float:
    """Seconds that the approval takes, until it is committed."""
    began = time.perf_counter()
    approval()
    return time.perf_counter() - began
