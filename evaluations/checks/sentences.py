"""Figures inside Chinese text: sentences, the amounts and percentages in them, what they name.

Read for doubt, not for completeness: a figure that is only a limit, a range, a rough
number or a price per piece is read, but not as ``plain``, so that nothing is held
against it. Every pattern is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import NamedTuple

from evaluations.checks.reading import PrintedPercent

LONGEST_FIGURE = 18
# Wide enough for the longest figure of a dossier in the smallest unit, exactly.
WIDE = Context(prec=80)

WIDTHS = str.maketrans(
    "０１２３４５６７８９％﹪．：；（）！？～／＝≧≦", "0123456789%%.:;()!?~/=≥≤", "\u2009\u202f"
)
WIDE_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
BETWEEN_FIGURES = re.compile(r"(?<=[0-9])[ \u3000\xa0]+(?=[0-9])")
BLANK = re.compile(r"[ \u3000\xa0\u200b\ufeff]+")
COLUMN = "\t"
# A wrapped line goes on in the next one; a short line is a heading.
WRAPPED_LENGTH = 20
UNFINISHED = ("，", ",", "、", ":", "的", "为", "和", "及")
SENTENCE_END = re.compile(r"[。!?\n]+")
CLAUSE_END = re.compile(r"[，;\t|]|,(?![0-9]{3}(?![0-9]))|(?<![0-9]),")
PART_END = re.compile(r"[;\t|]")

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

TIME = re.compile(
    r"(?P<span>(?:19|20)[0-9]{2}年?度?(?:[-~—]{1,2}|至|到)(?:19|20)[0-9]{2})"
    r"|截[至止]到?(?:(?P<until_year>(?:19|20)[0-9]{2})年)?(?P<until>1?[0-9])月"
    r"|(?P<year>(?:19|20)[0-9]{2})年度?"
    r"|(?<![0-9])(?P<month>1?[0-9])月(?=底|末|份|2[89]日|3[01]日)|[-~至](?P<to>1?[0-9])月"
    r"|(?P<other>上一?年度?|去年|前年|往年|历年|以前年度|同期|[上下]半年|季度|期初|月度|目前|至今|评价日)"
    r"|(?P<year_end>年末|年底|年终)|(?P<whole>全年|本年|当年|年度)"
)
DECEMBER = "12"
# How far back a time, a limit or a subject is looked for: a person's sentence is not longer.
LOOK_BACK = 200


class Amount(NamedTuple):
    """An amount of money as printed, in 元; ``places`` is the power of ten of its last printed digit.

    ``plain`` says that it is a statement of this very amount: no limit, range, rough
    number or price per piece. ``sure`` says that 元 is printed.
    """

    value: Decimal
    places: int
    start: int
    end: int
    plain: bool
    sure: bool = True

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
        return last < 0 and amount.quantize(Decimal(1).scaleb(last), ROUND_HALF_UP, context=WIDE) == mine


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


class Sentence:
    """One sentence, in half-width figures and without spaces."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def figures(self) -> Figures:
        """The figures in it."""
        return _figures(self.text)

    @cached_property
    def clause_starts(self) -> Sequence[int]:
        """Where its clauses begin, in order; the first is 0."""
        return [0, *(mark.end() for mark in CLAUSE_END.finditer(self.text))]

    def parts(self) -> Iterator[Sentence]:
        """What stands between its semicolons and columns: statements of their own."""
        yield from (Sentence(text) for text in PART_END.split(self.text) if text)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, by 。！？ and by line, unless a line only wraps."""
    for part in SENTENCE_END.split(_unwrapped(tidy(text))):
        if part:
            yield Sentence(part)


def tidy(text: str) -> str:
    """Half-width figures and marks, no spaces, but those that keep two figures apart become columns."""
    text = WIDE_THOUSANDS.sub(",", text) if "，" in text else text
    return BLANK.sub("", BETWEEN_FIGURES.sub(COLUMN, text.translate(WIDTHS)))


def _unwrapped(text: str) -> str:
    """The text with a line feed between lines, where the next one does not merely go on."""
    lines: list[str] = []
    last = ""
    for line in text.splitlines():
        goes_on = bool(last and line) and (len(last) >= WRAPPED_LENGTH or last.endswith(UNFINISHED))
        if not goes_on or COLUMN in line or COLUMN in last:
            lines.append("\n")
        lines.append(line)
        last = line
    return "".join(lines)


def elsewhen(before: str, fiscal_year: int) -> bool:
    """Whether the last time named before a figure is another than the fiscal year as a whole."""
    other = other_year = False
    year_end = -1
    for time in TIME.finditer(before[-LOOK_BACK:]):
        if year := time["year"] or time["until_year"]:
            other = other_year = int(year) != fiscal_year
            year_end = time.end()
        if month := time["until"] or time["month"] or time["to"]:
            other = other_year or month != DECEMBER
        elif time["span"] or time["other"]:
            other = True
        elif time["year_end"]:
            other = other_year
        elif time["whole"] and time.start() != year_end:
            other = other_year = False
    return other


def named_in(text: str, names: Sequence[str]) -> list[tuple[int, int, str]]:
    """Which of the names a text names, with their places, the longest name at each place.

    Chinese has no spaces: a name that only ends a longer word ("维护费" in "软件维护费") or
    begins one is none. Names must be tidy.
    """
    found: list[tuple[int, int, str]] = []
    for name in names:
        place = text.find(name) if name else -1
        while place >= 0:
            found.append((place, place + len(name), name))
            place = text.find(name, place + len(name))
    return sorted(_longest(text, found)) if found else []


def _longest(text: str, found: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    taken: set[int] = set()
    for start, end, name in sorted(found, key=lambda place: (place[0] - place[1], place)):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            if _stands_alone(text, start, end):
                yield start, end, name


WORD_BEFORE = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[的和与及或是为对因将把由从该在中其除含用于即使以]|其中|项目|通过|包括|单位|[本我]局|一是|二是"
    r"|三是|四是|年度?|支付|支出|节约|结余|节省|节约了|结余了|节省了|受|随着|导致|主要)$"
)
WORD_AFTER = re.compile(
    r"$|[^\u4e00-\u9fff]|[的和与及或是为因由在中其共已未可仅将按经较比原实约达合累]|用[于]?|节|结余|省|预算|支|到位|资金|经费"
    r"|项目|全年|年|通过|方面|采购|招标|执行|决算|安排|计划|上年|当年|本年|总|成本|费用|分别|两项|三项|等|价格|超"
)
LONG_NAME = 6


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the name at this place is a word of its own; what precedes a long name is not its part."""
    before = end - start >= LONG_NAME or WORD_BEFORE.search(text[max(0, start - 4) : start])
    return bool(before) and WORD_AFTER.match(text, end) is not None


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


def _figures(text: str) -> Figures:
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
            amounts.append(Amount(figure.value, figure.places, figure.start, figure.end, plain, sure))
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
            value = (
                figure.value if following.kind == "percent" else figure.value.scaleb(following.scale, WIDE)
            )
            read[place] = figure._replace(
                value=value,
                kind=following.kind,
                scale=following.scale,
                places=following.scale - figure.printed_places,
            )
    return read


def _ranged(text: str, read: list[_Read]) -> set[int]:
    """The places of figures that are the ends of a range."""
    ranged: set[int] = set()
    for place, (figure, following) in enumerate(zip(read, read[1:], strict=False)):
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
