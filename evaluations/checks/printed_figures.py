"""Figures in a Chinese text: amounts of money, percentages and counts, as printed.

A figure that is only a limit, a range, a rough number or a price per piece is read,
but not as ``plain``, so that nothing is held against it. Texts must be tidy
(``sentences.tidy``); every pattern is linear in their length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import NamedTuple

from evaluations.checks.reading import PrintedPercent

LONGEST_FIGURE = 18
# Wide enough for the longest figure of a dossier in the smallest unit, exactly.
WIDE = Context(prec=80)

FIGURE = re.compile(
    r"(?<![0-9.])(?P<whole>[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]++)(?P<part>\.[0-9]++)?(?P<some>[余多来几])?"
    r"(?:(?P<percent>%)|(?P<scale>亿|千万|百万|万|千|百)?(?P<more>[余多])?(?P<yuan>元)?)"
)
CHINESE_FIGURE = re.compile(r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{1,20}元")
SCALES = {"": 0, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}
NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
NUMERAL_SCALES = {"十": 10, "百": 100, "千": 1000}
# Figures that count nothing: dates, numbers of documents, places after a name.
NO_COUNT = frozenset("年月日号时〕]﹞】届期版级第")

LIMIT_BEFORE = re.compile(
    r"(?:不超过|不低于|不少于|不高于|不大于|不小于|不多于|不足|不到|不得超|超过|超出|低于|高于|少于|多于|大于|小于"
    r"|至少|至多|最多|最少|最高|最低|多达|上限|下限|突破|限额|大约|大概|将近|接近|(?<![节合预签契履])约|近|逾|超"
    r"|[≥≤><＞＜])(?:人民币|为|:)?$"
)
LIMIT_AFTER = re.compile(
    r"(?:\([^()]{0,8}\))?[及]?(?:以上|以下|以内|以外|之内|左右|上下|之多|有余|封顶|起)|\((?:不?含)"
)
RANGE_MARK = re.compile(r"(?:\([^()]{0,4}\))?(?:--?|[~～—–－]{1,2}|至|到)")
A_PIECE_AFTER = re.compile(r"/(?!年)|每(?!年)")
A_PIECE_BEFORE = re.compile(r"每[^，,;、年]{0,4}$")
LIST_MARK = ("、", "和", "与", "及")
MARKS = frozenset('，,。;；:、)）】」”"的/')


class Amount(NamedTuple):
    """An amount of money as printed, in 元; ``places`` is the power of ten of its last printed digit.

    ``plain`` says that it is a statement of this very amount: no limit, range, rough
    number or price per piece. ``decimals`` are the printed places behind its point.
    """

    value: Decimal
    places: int
    start: int
    end: int
    plain: bool
    decimals: int = 0

    def of(self, multiple: Decimal) -> Decimal:
        """The amount in a unit of so many 元, a power of ten."""
        return WIDE.scaleb(self.value, -multiple.adjusted())

    def agrees(self, amount: Decimal, multiple: Decimal) -> bool:
        """Whether an amount in that unit is this one.

        Amounts agree exactly; a printed amount with decimals, or in a smaller unit,
        may also be the exact one rounded half-up at its last printed place.
        """
        mine, last = self.of(multiple), self.places - multiple.adjusted()
        if mine == amount:
            return True
        return (last < 0 or self.decimals > 0) and amount.quantize(
            Decimal(1).scaleb(last), ROUND_HALF_UP, context=WIDE
        ) == mine


class Count(NamedTuple):
    """A figure that is neither money nor a percentage: 16万条; ``unit`` is the character behind it."""

    value: Decimal
    start: int
    end: int
    unit: str


class Percentage(NamedTuple):
    """A percentage as printed; ``plain`` as for amounts."""

    printed: PrintedPercent
    start: int
    end: int
    plain: bool


class Figures(NamedTuple):
    """What a sentence says in figures, each kind in the sentence's order."""

    amounts: tuple[Amount, ...]
    percentages: tuple[Percentage, ...]
    counts: tuple[Count, ...]


class _Read(NamedTuple):
    """One figure as found, before its neighbours are looked at."""

    value: Decimal
    places: int
    scale: int
    start: int
    end: int
    kind: str
    exact: bool
    printed_places: int


def figures_of(text: str) -> Figures:
    """Every figure of a tidy text, read with what stands around it."""
    amounts: list[Amount] = []
    percentages: list[Percentage] = []
    counts: list[Count] = []
    read = _with_units(text, _joined(list(_read_all(text))))
    ranged = _ranged(text, read)
    for place, figure in enumerate(read):
        plain = figure.exact and place not in ranged and not _limited(text, figure)
        if figure.kind == "percent":
            printed = PrintedPercent(figure.value, figure.printed_places)
            percentages.append(Percentage(printed, figure.start, figure.end, plain))
            continue
        sure = figure.kind == "money"
        if sure or (figure.scale >= 4 and text[figure.end : figure.end + 1] in MARKS | {""}):
            amounts.append(
                Amount(figure.value, figure.places, figure.start, figure.end, plain, figure.printed_places)
            )
        unit = text[figure.end : figure.end + 1]
        if not sure and unit not in NO_COUNT:
            counts.append(Count(figure.value, figure.start, figure.end, unit))
    return Figures(tuple(amounts), tuple(percentages), tuple(counts))


def _read_all(text: str) -> Iterator[_Read]:
    found = [_read(match) for match in FIGURE.finditer(text)]
    if "元" in text:
        found += [
            _read_numerals(match) for match in CHINESE_FIGURE.finditer(text) if _is_no_tail(text, match)
        ]
        found.sort(key=lambda figure: figure.start if figure else -1)
    yield from (figure for figure in found if figure)


def _read(match: re.Match[str]) -> _Read | None:
    digits = match["whole"].replace(",", "")
    if len(digits) > LONGEST_FIGURE or len(match["part"] or "") > LONGEST_FIGURE:
        return None
    places = len(match["part"] or ".") - 1
    scale = SCALES[match["scale"] or ""]
    kind = "percent" if match["percent"] else "money" if match["yuan"] else ""
    value = WIDE.scaleb(Decimal(digits + (match["part"] or "")), scale)
    exact = not (match["some"] or match["more"])
    return _Read(value, scale - places, scale, match.start(), match.end(), kind, exact, places)


def _is_no_tail(text: str, match: re.Match[str]) -> bool:
    """Whether a figure in Chinese numerals is a whole one, not the end of "3百二十元" or "数十万元"."""
    return not match.start() or text[match.start() - 1] not in "0123456789.数几上第余多"


def _read_numerals(match: re.Match[str]) -> _Read:
    value = section = digit = 0
    for character in match[0][:-1]:
        if character in NUMERALS:
            digit = NUMERALS[character]
        elif character in NUMERAL_SCALES:
            section, digit = section + (digit or 1) * NUMERAL_SCALES[character], 0
        else:
            value, section, digit = _scaled(value, section + digit, 10 ** SCALES[character]), 0, 0
    return _Read(Decimal(value + section + digit), 0, 0, match.start(), match.end(), "money", True, 0)


def _scaled(value: int, section: int, scale: int) -> int:
    """What 万 or 亿 makes of the figure so far: all of it, or only the last section (一亿二千万)."""
    return (value + section) * scale if scale > value else value + section * scale


def _joined(read: list[_Read]) -> list[_Read]:
    """Figures written in two scales are one: 1亿2000万元."""
    joined: list[_Read] = []
    for figure in read:
        before = joined[-1] if joined else None
        if before and before.end == figure.start and before.kind == "" and figure.scale < before.scale >= 4:
            value = before.value + figure.value
            joined[-1] = figure._replace(value=value, start=before.start, exact=before.exact and figure.exact)
        else:
            joined.append(figure)
    return joined


def _with_units(text: str, read: list[_Read]) -> list[_Read]:
    """The unit printed once behind a list or a range is the unit of all of it: 3、5万元; 10-20万元."""
    for place in range(len(read) - 2, -1, -1):
        figure, following = read[place], read[place + 1]
        between = text[figure.end : following.start]
        if figure.kind or figure.scale or not following.kind or len(between) > 6:
            continue
        if between in LIST_MARK or RANGE_MARK.fullmatch(between):
            scale = 0 if following.kind == "percent" else following.scale
            read[place] = figure._replace(
                value=figure.value.scaleb(scale, WIDE),
                kind=following.kind,
                scale=following.scale,
                places=following.scale - figure.printed_places,
            )
    return read


def _ranged(text: str, read: list[_Read]) -> set[int]:
    """The places of figures that are the ends of a range."""
    ranged: set[int] = set()
    for place, (figure, following) in enumerate(pairwise(read)):
        if following.start - figure.end <= 8 and RANGE_MARK.fullmatch(text[figure.end : following.start]):
            ranged |= {place, place + 1}
    return ranged


def _limited(text: str, figure: _Read) -> bool:
    before = text[max(0, figure.start - 8) : figure.start]
    return bool(
        LIMIT_BEFORE.search(before)
        or LIMIT_AFTER.match(text, figure.end)
        or A_PIECE_AFTER.match(text, figure.end)
        or A_PIECE_BEFORE.search(before)
        or before.endswith("-")
    )
