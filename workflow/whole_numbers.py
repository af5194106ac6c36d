"""Whole numbers in what was posted or asked for: a key, a place in a table, a round."""

from __future__ import annotations

MOST_DIGITS = 18  # every one of them fits the database's 64-bit integers


def whole_number(text: str) -> int | None:
    """The number that ``text`` is in ASCII digits (at most 18 of them), else None.

    ``str.isdigit`` is no test for this: it takes "²", which ``int`` refuses, and
    ``int`` refuses more than 4,300 digits.
    """
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    return None
