"""How the steps of a stage can be arranged while a policy is being written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaluations.policies.grammar import GRAMMAR


def may_stand(kind: str, stage: str, works: Sequence[str]) -> bool:
    """Whether steps of these works, in this order, can be a stage's."""
    return bool(re.fullmatch(GRAMMAR[kind][stage], " ".join(works)))


def works_at(kind: str, stage: str) -> tuple[str, ...]:
    """The works that can stand at a stage."""
    return tuple(dict.fromkeys(re.findall("[a-z]+", GRAMMAR[kind][stage])))


def place_for_one_more(kind: str, stage: str, works: Sequence[str]) -> tuple[int, str] | None:
    """Where one more step can stand, the latest place there is, and of which work; None for nowhere."""
    for work in works_at(kind, stage):
        for place in range(len(works), -1, -1):
            if may_stand(kind, stage, [*works[:place], work, *works[place:]]):
                return place, work
    return None


def may_go(kind: str, stage: str, works: Sequence[str], place: int) -> bool:
    """Whether the step can be left out."""
    return may_stand(kind, stage, [*works[:place], *works[place + 1 :]])


def may_swap(kind: str, stage: str, works: Sequence[str], place: int, other: int) -> bool:
    """Whether two steps can change places."""
    if not (0 <= place < len(works) and 0 <= other < len(works)):
        return False
    swapped = list(works)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    return may_stand(kind, stage, swapped)
