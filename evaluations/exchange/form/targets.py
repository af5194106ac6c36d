"""Targets and actuals as people write them: "≥735人次", "不低于95%", "12月底前", "达成预期指标".

Only what can be read one way becomes a figure; words, dates and several figures at once
stay words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from evaluations.exchange.form.figures import NUMBER, decimal_of
from evaluations.exchange.form.words import half, is_dash

Comparator = Literal[">=", ">", "=", "<=", "<"]
How = Literal["figure", "words", "date", "several", "bound", "blank"]

BEFORE: tuple[tuple[str, Comparator], ...] = (
    (r"≥|>=|=>|大于等于|大于或等于|不少于|不低于|不小于|不短于|至少|不下于", ">="),
    (r"≤|<=|=<|小于等于|小于或等于|不超过|不高于|不大于|不多于|不晚于|至多|最多|控制在", "<="),
    (r">|大于|多于|高于|超过", ">"),
    (r"<|小于|少于|低于", "<"),
    (r"=|等于", "="),
)
AFTER: tuple[tuple[str, Comparator], ...] = (
    (r"\(含\)以上|及以上|以上|或以上", ">="),
    (r"\(含\)以[内下]|及以[内下]|以内|之内|以下|(?<=[日天时月年钟秒])内", "<="),
)
DATE = re.compile(
    r"(19|20)\d{2}(年|[-/]\d{1,2}([-/]\d{1,2})?$|\.\d{1,2}\.\d{1,2}$)|(?<!\d)\d{1,2}月(?!份?次)|\d{1,2}日前"
    r"|第?[一二三四1-4]季度|年底|年末|月底|月末"
)
ONE = re.compile(rf"(?P<before>[^\d]*?)(?P<figure>{NUMBER})(?P<unit>[^\d]*)")
ANY_FIGURE = re.compile(r"\d+(?:\.\d+)?")
BRACKETED = re.compile(r"\([^()]*\)")
# Words before a figure that say nothing of how it compares.
IDLE_BEFORE = re.compile(r"(已|共|实际|累计|全年|年度|完成|达到|达|达成|实现|为|计|合计|总计|使用|约)*[::]?")
LONGEST_UNIT = 12
LONGEST_TARGET = 200
LARGE = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True)
class Read:
    """What a text says: a figure with unit and comparator, or how it has to be taken instead.

    ``extra`` holds the words beside the figure that were passed over.
    """

    how: How
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str | None = None
    extra: str = ""


def read_figure(text: str) -> Read:
    """Read a target or an actual."""
    plain = half(text)
    if is_dash(text):
        return Read("blank")
    if len(plain) > LONGEST_TARGET:
        return Read("several" if ANY_FIGURE.search(plain) else "words")
    bare = BRACKETED.sub("", plain) or plain
    if not ANY_FIGURE.search(bare):
        return Read("words")
    if DATE.search(bare):
        return Read("date")
    comparator, rest = _comparator(bare)
    if len(ANY_FIGURE.findall(rest.replace(",", ""))) > 1:
        return Read("several", comparator)
    found = ONE.fullmatch(rest)
    if found is None or not _is_unit(found["unit"]):
        return Read("several", comparator)
    extra = "" if IDLE_BEFORE.fullmatch(found["before"]) else found["before"]
    return Read(
        "figure",
        comparator,
        decimal_of(found["figure"]),
        found["unit"] or None,
        extra + (plain[len(bare) :] and "".join(BRACKETED.findall(plain))),
    )


def comparator_of(text: str) -> Comparator | None:
    """The comparator that a text is, such as "≥" or "大于等于"."""
    plain = half(text)
    return next((sign for pattern, sign in BEFORE if re.fullmatch(pattern, plain)), None)


def _comparator(text: str) -> tuple[Comparator | None, str]:
    """The comparator that stands before or behind, and the text without it."""
    for pattern, sign in BEFORE:
        if found := re.match(pattern, text):
            rest = text[found.end() :]
            if sign == "<=":
                rest = re.sub(r"(以内|之内|以下)$", "", rest)
            return sign, rest
    for pattern, sign in AFTER:
        if found := re.search(rf"({pattern})$", text):
            return sign, text[: found.start()]
    return None, text


def _is_unit(text: str) -> bool:
    return len(text) <= LONGEST_UNIT and not re.search(r"[,，。;；:≥≤<>=]", text)


def same_measure(unit: str | None, other: str | None) -> tuple[Decimal, Decimal] | None:
    """What two units are in a common one: "万家" and "家" are 10000 and 1; None when there is none."""
    first, second = _measure(unit or ""), _measure(other or "")
    return (first[0], second[0]) if first[1] == second[1] else None


def _measure(unit: str) -> tuple[Decimal, str]:
    factor = Decimal(1)
    while len(unit) > 1 and unit[0] in LARGE:
        factor, unit = factor * LARGE[unit[0]], unit[1:]
    return factor, unit


def larger_factor(unit: str | None) -> Decimal:
    """10000 for "万家", 1 for "家"."""
    return _measure(unit or "")[0]
