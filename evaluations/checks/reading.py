"""Figures and words as people print them: percentages, reasons, normalised texts."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from evaluations.scoring.exact import half_up, printed

NO_REASON = frozenset({"", "无", "—", "——", "-", "--", "/", "不适用", "同上"})
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
PERCENT = re.compile(r"(?<![\d.])(-?\d+(?:\.\d+)?)%")
BARE_FIGURE = re.compile(r"\d+(?:\.\d+)?")
INEXACT = re.compile(r"[≥≤<>约近超]|不低于|不少于|不高于|以上|以下|以内|左右")
IDLE = re.compile(r"[\s，,。.；;、！!：:“”\"'（）()]+")


WIDE = Context(prec=200)


class PrintedPercent(NamedTuple):
    """A percentage as printed: 96.64 with two places."""

    value: Decimal
    places: int

    def agrees(self, rate: Fraction) -> bool:
        """Whether an exact rate (1 is 100 %), rounded half-up to the printed places, is this one."""
        return half_up(rate * 100, self.places) == self.value

    def is_share(self, part: Decimal, whole: Decimal) -> bool:
        """Whether part ÷ whole, rounded half-up to the printed places, is this percentage.

        The same as ``agrees`` for a part of zero or more and a whole above zero, without dividing.
        """
        half = Decimal((0, (5,), -self.places - 1))
        return (self.value - half) * whole <= part * 100 < (self.value + half) * whole

    def is_rounded(self, percents: Decimal) -> bool:
        """Whether another percentage (96.6412), rounded half-up to the printed places, is this one."""
        places = Decimal((0, (1,), -self.places))
        try:
            return percents.quantize(places, ROUND_HALF_UP, WIDE) == self.value
        except InvalidOperation:  # hundreds of digits are no rate
            return False

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
    found = PERCENT.findall(THOUSANDS.sub("", half_width(text or "").replace(" ", "")))
    return printed_percent_of(found[0]) if len(found) == 1 else None


@lru_cache(maxsize=4096)
def rate_of(text: str | None) -> PrintedPercent | None:
    """The rate that a text states: "96.64%", or 96.64 and 0.9664 where the sign was left off.

    None where no one rate is stated ("—"), only a bound or a guess ("≥95%", "约95%"), or
    where a bare figure can be read both ways.
    """
    if not text or INEXACT.search(half_width(text)):
        return None
    bare = half_width(text).strip()
    if not BARE_FIGURE.fullmatch(bare):
        return percent_of(text)
    figure = printed_percent_of(bare)
    if figure.value > 2:
        return figure
    if figure.value == 1 or figure.places >= 2:
        return PrintedPercent(figure.value * 100, max(figure.places - 2, 0))
    return None


def printed_percent_of(figure: str) -> PrintedPercent:
    """A percentage from its digits ("96.64")."""
    return PrintedPercent(Decimal(figure), len(figure.partition(".")[2]))


def percent(rate: Fraction, places: int = 2) -> str:
    """A rate as a person would write it: 0.9664… is "96.64%"."""
    return f"{printed(half_up(rate * 100, places))}%"


def with_unit(figure: Decimal | None, unit: str | None) -> str:
    """A figure with its unit ("16万条"); empty without a figure."""
    return "" if figure is None else f"{printed(figure)}{unit or ''}"


def is_reason(text: str | None) -> bool:
    """Whether a deviation reason says anything: not blank, nor 无, —, -, 不适用, 同上."""
    return text is not None and plain(text) not in NO_REASON


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Half-width, without spaces and punctuation: for comparing words."""
    return IDLE.sub("", half_width(text))
