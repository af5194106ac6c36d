"""Figures inside Chinese text: sentences, the amounts and percentages in them, what they name.

Read for doubt, not for completeness: what could be said of another year, or only looks
like a name, is left alone. Every pattern is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from evaluations.checks.printed_figures import Figures, figures_of

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

TIME = re.compile(
    r"(?P<span>(?:19|20)[0-9]{2}年?度?(?:[-~—]{1,2}|至|到)(?:19|20)[0-9]{2})"
    r"|截[至止]到?(?:(?P<until_year>(?:19|20)[0-9]{2})年)?(?P<until>1?[0-9])月"
    r"|(?P<year>(?:19|20)[0-9]{2})年度?"
    r"|(?<![0-9])(?P<month>1?[0-9])月(?=底|末|份|2[89]日|3[01]日)|[-~至](?P<to>1?[0-9])月"
    r"|(?P<other>上一?年度?(?!结转)|去年|前年|往年|历年|以前年度|同期|[上下]半年|季度|期初|月度|目前|至今|评价日)"
    r"|(?P<year_end>年末|年底|年终)|(?P<whole>全年|本年|当年|年度)"
)
DECEMBER = "12"
# How far back a time, a limit or a subject is looked for: a person's sentence is not longer.
LOOK_BACK = 200


class Sentence:
    """One sentence, in half-width figures and without spaces."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def figures(self) -> Figures:
        """The figures in it."""
        return figures_of(self.text)

    @cached_property
    def clause_starts(self) -> Sequence[int]:
        """Where its clauses begin, in order; the first is 0."""
        return [0, *(mark.end() for mark in CLAUSE_END.finditer(self.text))]

    @cached_property
    def parts(self) -> Sequence[Sentence]:
        """What stands between its semicolons and columns: statements of their own."""
        texts = [text for text in PART_END.split(self.text) if text]
        return [self] if len(texts) == 1 and texts[0] == self.text else [Sentence(text) for text in texts]


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, by 。！？ and by line, unless a line only wraps."""
    for part in SENTENCE_END.split(_unwrapped(tidy(text))):
        if part:
            yield Sentence(part)


def tidy(text: str) -> str:
    """Half-width figures and marks, no spaces, but those that keep two figures apart become columns."""
    text = WIDE_THOUSANDS.sub(",", text) if "，" in text else text
    return BLANK.sub("", BETWEEN_FIGURES.sub(COLUMN, text.translate(WIDTHS)))


@lru_cache(maxsize=4096)
def tidy_name(name: str) -> str:
    """A name as it is looked for in tidy texts."""
    return tidy(name)


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
    r"(?:^|[^\u4e00-\u9fff]|[的和与及或是为对因将把由从该在中其除含用于即使以]|其中|项目|通过|包括|单位|中心|[本我]局|一是|二是"
    r"|三是|四是|年度?|支付|支出|节约|结余|节省|节约了|结余了|节省了|受|随着|导致|主要)$"
)
WORD_AFTER = re.compile(
    r"$|[^\u4e00-\u9fff]|[的和与及或是为因在其已未可仅将按较由]|中(?!心)|共(?!享)|经(?!营)|(?<=费)用|用于|比(?![例对])"
    r"|采[用取]|实[际行施]|原[定计]|达到|合计|累计|总[计额共支]|节[约省支]|结余|预算|支[出付]|到位|资金|经费|项目|全年|年[初度末]"
    r"|通过|方面|招标|执行|决算|安排|计划|上年|当年|本年|成本|费(?![时力率心尽])|分别|[两二三四五]项|等|价格|超"
    r"|工作(?![站室组量日])|子项|合同(?![价金总款额])"
)
LONG_NAME = 6


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the name at this place is a word of its own; what precedes a long name is not its part."""
    before = end - start >= LONG_NAME or WORD_BEFORE.search(text[max(0, start - 4) : start])
    return bool(before) and WORD_AFTER.match(text, end) is not None
