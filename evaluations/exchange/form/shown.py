"""A cell's figure as its number format shows it: 0.9664 under "0.00%" is "96.64%"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from evaluations.scoring.exact import printed

GENERAL = frozenset({"General", "@", ""})
# "!" stands before a literal character as well as the backslash; Chinese offices write 万元 with it.
LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
# Colours, conditions and locales; the width of a character; a character that fills the cell.
IDLE = re.compile(r"\[[^\]]*\]|_.|\*.")
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
MEETS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
# Literals are kept as characters of this area; between digits they stand within the figure.
KEPT = "\ue000-\uf8ff"
DIGITS = re.compile(rf"[#0?](?:[#0?,]|[{KEPT}]+(?=[#0?]))*(\.[#0?]*)?,*|\.[#0?]+,*")
LARGEST_EXPONENT = 40
MOST_PLACES = 30
# A cell's figure has 15 digits, but its places may lie far from the point.
WIDE = Context(prec=100)


@dataclass(frozen=True)
class Format:
    """What a number format adds to a figure, how many places it keeps and whether it is a percentage.

    ``thousands`` is how often it divides by a thousand; ``within`` holds literals between the
    digits, with the count of digits behind each: "0!.0," prints 4644200 as 464.4.
    """

    before: str
    after: str
    places: int
    least_places: int
    is_percent: bool
    thousands: int = 0
    within: tuple[tuple[int, str], ...] = ()
    least_digits: int = 1

    @property
    def divisor(self) -> Decimal:
        """What the figure is divided by when it is shown; 1 for most formats."""
        point = next((digits for digits, text in self.within if text == "."), 0)
        return Decimal(1).scaleb(3 * self.thousands + point)


def shown(figure: Decimal, number_format: str) -> str:
    """The figure as a spreadsheet prints it; without thousands separators, which a reader drops anyway.

    A figure that its format hides is given as it is stored.
    """
    style = format_of(section_for(figure, number_format))
    if style is None or abs(figure.adjusted()) > LARGEST_EXPONENT:
        return printed(figure)
    value = WIDE.multiply(figure, Decimal(100)) if style.is_percent else figure
    value = value.scaleb(-3 * style.thousands, context=WIDE)
    rounded = value.quantize(Decimal(1).scaleb(-style.places), rounding=ROUND_HALF_UP, context=WIDE)
    text = format(rounded, "f")
    if style.places > style.least_places:
        whole, _point, places = text.partition(".")
        kept = places[: style.least_places] + places[style.least_places :].rstrip("0")
        text = f"{whole}.{kept}" if kept else whole
    return f"{style.before}{_with_literals(text, style)}{style.after}"


def divisor_of(figure: Decimal, number_format: str) -> Decimal:
    """What a figure is divided by when its format shows it: 10000 for "0!.0,", 1000 for "0.00,"."""
    style = format_of(section_for(figure, number_format))
    return style.divisor if style is not None else Decimal(1)


def is_hidden(figure: Decimal, number_format: str) -> bool:
    """Whether a format such as ";;;" shows nothing of the figure."""
    if number_format in GENERAL:
        return False
    section = section_for(figure, number_format)
    return not IDLE.sub("", section).strip() or bool(re.fullmatch(r'(""|\s)+', section))


def section_for(figure: Decimal, number_format: str) -> str:
    """The part of a format that is for the figure: by its condition, else by its sign."""
    sections = number_format.split(";")
    found = [CONDITION.search(section) for section in sections[:2]]
    if any(found):
        for section, condition in zip(sections, found, strict=False):
            if condition is None or MEETS[condition[1]](figure, Decimal(condition[2])):
                return section
        return sections[min(2, len(sections) - 1)]
    if len(sections) > 1 and figure < 0 and not sections[1].strip():
        return ""
    if len(sections) > 2 and figure == 0 and not sections[2].strip():
        return ""
    return sections[0]


def _with_literals(text: str, style: Format) -> str:
    """The figure with the literals that its format has between the digits."""
    if not style.within:
        return text
    sign, plain = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, places = plain.partition(".")
    whole = whole.rjust(style.least_digits, "0")
    for digits, literal in sorted(style.within):
        at = max(len(whole) - digits - sum(len(told) for far, told in style.within if far < digits), 0)
        whole = whole[:at] + literal + whole[at:]
    return f"{sign}{whole}{point}{places}"


@lru_cache(maxsize=512)
def format_of(section: str) -> Format | None:
    """How a part of a number format shows a figure; None when it keeps the figure as it is."""
    if section in GENERAL:
        return None
    quoted: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quoted.append(found[1] if found[1] is not None else found[2])
        return chr(0xE000 + len(quoted) - 1)

    # Literals first: "!_" and "!*" are characters, not spaces and fillers.
    pattern = IDLE.sub("", LITERAL.sub(keep, section))
    digits = DIGITS.search(pattern)
    if digits is None or re.search(r"[eE][+-]|[yYhHsSdD/]", pattern):
        return None

    def told(text: str) -> str:
        return "".join(
            quoted[ord(letter) - 0xE000] if 0 <= ord(letter) - 0xE000 < len(quoted) else letter
            for letter in text
        ).strip()

    plain = digits[0].rstrip(",")
    whole, _point, fraction = plain.partition(".")
    places = fraction[:MOST_PLACES]
    return Format(
        told(pattern[: digits.start()]),
        told(pattern[digits.end() :]),
        len(places),
        places.count("0"),
        "%" in pattern,
        len(digits[0]) - len(plain) + len(whole) - len(whole.rstrip(",")),
        tuple(_within(whole, told)),
        whole.count("0"),
    )


def _within(whole: str, told: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    """The literals between the digits, each with how many digits stand behind it."""
    for found in re.finditer(f"[{KEPT}]+", whole):
        yield len(re.findall("[#0?]", whole[found.end() :])), told(found[0])
