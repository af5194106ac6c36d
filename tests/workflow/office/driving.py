"""Courses from a number: which moves are played with which choices, the same on every machine.

Hypothesis is not asked for them. Its choices depend on every figure in the code and on which modules
are loaded, so that a run would not be the same twice; and it plays many courses nearly alike, which
here, where a move takes a tenth of a second, leaves too few that reach anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tests.workflow.office.watching import Watched

Draw = Callable[[Random], Any]
Function = TypeVar("Function", bound=Callable[..., None])

AT_TIMES = (0, 0, 1, 1, 2, 4)
"""Many courses never have it, so that others come to have it often."""
SOUGHT = (1, 2, 4)
"""What is seldom possible is tried the more often."""
ALWAYS = (4,)


@dataclass(frozen=True)
class Move:
    """One thing that may happen, and how its choices are drawn."""

    name: str
    draws: dict[str, Draw]
    habits: Sequence[int]
    """How often it comes in a course: one of these, drawn for each course."""


def indexes(random: Random) -> int:
    return random.randrange(1_000)


def booleans(random: Random) -> bool:
    return random.random() < 0.5


def one_of(values: Sequence[Any]) -> Draw:
    """One of these."""
    return lambda random: random.choice(values)


def several(values: Sequence[Any], number: int) -> Draw:
    """So many of these, each as it comes."""
    return lambda random: random.choices(values, k=number)


def rule(habits: Sequence[int] = AT_TIMES, **draws: Draw) -> Callable[[Function], Function]:
    """A method that is a move."""

    def mark(method: Function) -> Function:
        vars(method)["move"] = Move(method.__name__, draws, habits)
        return method

    return mark


def moves_of(course: type[Watched]) -> list[Move]:
    """Every move of a kind of course, by name."""
    found = [getattr(getattr(course, name), "move", None) for name in sorted(dir(course))]
    return [move for move in found if move is not None]


def play(course: type[Watched], seeds: Sequence[str], length: int) -> None:
    """Play a course for each seed: others than ever before with EXPLORE=1, a single one with SEED=…"""
    if alone := os.environ.get("SEED"):
        seeds = [alone]
    elif os.environ.get("EXPLORE"):
        seeds = [f"{SystemRandom().getrandbits(40):x}" for _seed in seeds]
    for seed in seeds:
        play_one(course, seed, length)


def play_one(kind: type[Watched], seed: str, length: int) -> None:
    """Begin, make so many moves, and bring all to its end; a failure tells its seed and its last moves."""
    random, made = Random(seed), []  # nothing secret: choices of a test
    course = kind()
    try:
        course.begin(random)
        moves = moves_of(kind)
        weights = [course.habit(move, random) for move in moves]
        for move in random.choices(moves, weights, k=length):
            choices = {name: draw(random) for name, draw in move.draws.items()}
            made.append(f"{move.name}({choices})")
            partial(getattr(course, move.name), **choices)()
        made.append("the end")
        course.end()
    except Exception as error:
        error.add_note("\n".join([f"in the course of SEED={seed}, after {len(made)} moves:", *made[-5:]]))
        raise
    finally:
        course.finish()
