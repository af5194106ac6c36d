"""A cell's figure as its number format shows it: 0.9664 under "0.00%" is "96.64%"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from evaluations.scoring.exact import printed

GENERAL = frozenset({"General", "@", ""})
LITERAL = re.compile(r'"([^"]*)"|\\(.)')
# Colours, conditions and locales; the width of a character; a character that fills the cell.
IDLE = re.compile(r"\[[^\]]*\]|_.|\*.")
DIGITS = re.compile(r"[#0?][#0?,]*(\.[#0?]*)?|\.[#0?]+")
LARGEST_EXPONENT = 40
MOST_PLACES = 30
# A cell's figure has 15 digits, but its places may lie far from the point.
WIDE = Context(prec=100)


@dataclass(frozen=True)
class Format:
    """What a number format adds to a figure, how many places it keeps and whether it is a percentage."""

    before: str
    after: str
    places: int
    least_places: int
    is_percent: bool


def shown(figure: Decimal, number_format: str) -> str:
    """The figure as a spreadsheet prints it; without thousands separators, which a reader drops anyway."""
    style = format_of(number_format)
    if style is None or abs(figure.adjusted()) > LARGEST_EXPONENT:
        return printed(figure)
    value = WIDE.multiply(figure, Decimal(100)) if style.is_percent else figure
    rounded = value.quantize(Decimal(1).scaleb(-style.places), rounding=ROUND_HALF_UP, context=WIDE)
    text = format(rounded, "f")
    if style.places > style.least_places:
        whole, _point, places = text.partition(".")
        kept = places[: style.least_places] + places[style.least_places :].rstrip("0")
        text = f"{whole}.{kept}" if kept else whole
    return f"{style.before}{text}{style.after}"


@lru_cache(maxsize=512)
def format_of(number_format: str) -> Format | None:
    """How a number format shows a positive figure; None when it keeps the figure as it is."""
    if number_format in GENERAL:
        return None
    section = IDLE.sub("", number_format.split(";")[0])
    quoted: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quoted.append(found[1] if found[1] is not None else found[2])
        return chr(0xE000 + len(quoted) - 1)

    pattern = LITERAL.sub(keep, section)
    digits = DIGITS.search(pattern)
    if digits is None or re.search(r"[eE][+-]|[yYhHsSdD/]", pattern):
        return None

    def told(text: str) -> str:
        return "".join(
            quoted[ord(letter) - 0xE000] if 0 <= ord(letter) - 0xE000 < len(quoted) else letter
            for letter in text
        ).strip()

    places = digits[0].partition(".")[2][:MOST_PLACES]
    return Format(
        told(pattern[: digits.start()]),
        told(pattern[digits.end() :]),
        len(places),
        places.count("0"),
        "%" in pattern,
    )
