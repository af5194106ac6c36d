"""Figures and words as people print them: percentages, reasons, normalised texts."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from evaluations.scoring.exact import half_up, printed

NO_REASON = frozenset({"", "无", "—", "——", "-", "--", "/", "不适用", "同上"})
PERCENT = re.compile(r"(?<![\d.])(-?\d+(?:\.\d+)?)%")
IDLE = re.compile(r"[\s，,。.；;、！!：:“”\"'（）()]+")


class PrintedPercent(NamedTuple):
    """A percentage as printed: 96.64 with two places."""

    value: Decimal
    places: int

    def agrees(self, rate: Fraction) -> bool:
        """Whether an exact rate (1 is 100 %), rounded half-up to the printed places, is this one."""
        return half_up(rate * 100, self.places) == self.value

    def text(self) -> str:
        """The percentage as printed."""
        return f"{self.value}%"


@lru_cache(maxsize=4096)
def half_width(text: str) -> str:
    """The text with half-width digits and symbols."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
def percent_of(text: str | None) -> PrintedPercent | None:
    """The only percentage in a text ("96.64%"); None when there is none or more than one."""
    found = PERCENT.findall(half_width(text or "").replace(" ", ""))
    return printed_percent_of(found[0]) if len(found) == 1 else None


def printed_percent_of(figure: str) -> PrintedPercent:
    """A percentage from its digits ("96.64")."""
    return PrintedPercent(Decimal(figure), len(figure.partition(".")[2]))


def percent(rate: Fraction, places: int = 2) -> str:
    """A rate as a person would write it: 0.9664… is "96.64%"."""
    return f"{printed(half_up(rate * 100, places))}%"


def is_reason(text: str | None) -> bool:
    """Whether a deviation reason says anything: not blank, nor 无, —, -, 不适用, 同上."""
    return text is not None and plain(text) not in NO_REASON


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Half-width, without spaces and punctuation: for comparing words."""
    return IDLE.sub("", half_width(text))
