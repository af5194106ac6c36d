"""Drawing by lot so that anybody can draw it again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256


def new_seed() -> str:
    """A seed that nobody chose: 256 bits of the machine's own randomness, in hexadecimal."""
    return secrets.token_hex(32)


def drawn(candidates: Iterable[int], number: int, seed: str) -> list[int]:
    """``number`` of the candidates, in the order in which they come out.

    Each candidate's lot is the SHA-256 of "seed:candidate"; the smallest lots win. So the
    outcome does not depend on the order of the list nor on a language's generator of random
    numbers, and ``printf '%s' SEED:ID | sha256sum`` shows anybody's lot. Raises ValueError
    when there are too few.
    """
    lots = sorted(set(candidates), key=lambda candidate: lot_of(candidate, seed))
    if not 0 < number <= len(lots):
        raise ValueError(f"{number} cannot be drawn out of {len(lots)}")
    return lots[:number]


def lot_of(candidate: int, seed: str) -> str:
    """The candidate's lot, in hexadecimal."""
    return sha256(f"{seed}:{candidate}".encode()).hexdigest()
