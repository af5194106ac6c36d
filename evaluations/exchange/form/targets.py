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
BY = r"(?:之?前|以前|底前|止)?$"
DATE = re.compile(
    rf"(19|20)\d{{2}}(年|[-/]\d{{1,2}}([-/]\d{{1,2}})?{BY}|\.\d{{1,2}}\.\d{{1,2}}{BY})"
    rf"|^(19|20)\d{{2}}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]){BY}"
    r"|^(0?[1-9]|1[0-2])\.(0?[1-9]|[12]\d|3[01])[日号]?(之?前|以前|底前|止)$|(?<!\d)\d{1,2}月(?!份?次)|\d{1,2}日前"
    r"|第?[一二三四1-4]季度|年底|年末|月底|月末"
)
ONE = re.compile(rf"(?P<before>[^\d]*?)(?P<figure>{NUMBER})(?P<unit>[^\d]*)")
ANY_FIGURE = re.compile(r"\d+(?:\.\d+)?")
BRACKETED = re.compile(r"\([^()]*\)")
# Words before a figure that say nothing of how it compares.
IDLE_BEFORE = re.compile(r"(已|共|实际|累计|全年|年度|完成|达到|达|达成|实现|为|计|合计|总计|使用|约)*[::]?")
OF_A_YEAR = re.compile(r"(19|20)\d{2}年度?(?=\D)")
NEGATED = re.compile(r"[不未没非]$")
SQUARED = re.compile(r"(?<=\d)(k?m)([23])(?!\d)")
LONGEST_UNIT = 12
LONGEST_TARGET = 200
LARGE = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
# What each measure's units are in a common one; only those that convert exactly.
MEASURES: dict[str, dict[str, str]] = {
    "秒": {"秒": "1", "秒钟": "1", "分钟": "60", "小时": "3600", "天": "86400", "日": "86400"},
    "月": {"月": "1", "季度": "3", "年": "12"},
    "米": {"毫米": "0.001", "厘米": "0.01", "cm": "0.01", "米": "1", "m": "1"}
    | {"千米": "1000", "公里": "1000", "km": "1000"},
    "克": {"克": "1", "g": "1", "千克": "1000", "公斤": "1000", "kg": "1000", "吨": "1000000"},
    "平方米": {"平方米": "1", "m²": "1", "公顷": "10000", "平方公里": "1000000", "km²": "1000000"},
    "立方米": {"立方米": "1", "m³": "1"},
}
EXACT: dict[str, tuple[Decimal, str]] = {
    unit: (Decimal(factor), measure) for measure, units in MEASURES.items() for unit, factor in units.items()
}


@dataclass(frozen=True)
class Read:
    """What a text says: a figure with unit and comparator, or how it has to be taken instead.

    ``extra`` holds the words beside the figure that were passed over; ``before`` all that
    stands before it.
    """

    how: How
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str | None = None
    extra: str = ""
    before: str = ""


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
    year = OF_A_YEAR.match(bare)
    if year and ANY_FIGURE.search(bare[year.end() :]):
        # "2023年完成率≥90%" is a figure for a year; what remains may still be a date.
        bare, of_year = bare[year.end() :], year[0]
    else:
        of_year = ""
    if DATE.search(bare):
        return Read("date")
    comparator, rest = _comparator(SQUARED.sub(_raised, bare))
    if len(ANY_FIGURE.findall(rest.replace(",", ""))) > 1:
        return Read("several", comparator)
    found = ONE.fullmatch(rest)
    if found is None or not _is_unit(found["unit"]):
        return Read("several", comparator)
    if comparator in (">", "<") and NEGATED.search(found["before"]):
        return Read("several", comparator)
    extra = "" if IDLE_BEFORE.fullmatch(found["before"]) else found["before"]
    return Read(
        "figure",
        comparator,
        decimal_of(found["figure"]),
        unit_of(found["unit"]),
        of_year + extra + "".join(BRACKETED.findall(plain) if BRACKETED.sub("", plain) else ()),
        found["before"],
    )


def unit_of(text: str) -> str | None:
    """A unit in one spelling: 百分比 is %, m2 is m²; None for none."""
    return "%" if text in ("百分比", "百分率") else SQUARED.sub(_raised, text) or None


def _raised(found: re.Match[str]) -> str:
    return found[1] + {"2": "²", "3": "³"}[found[2]]


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
    for pattern, sign in BEFORE:
        # "下降率≥5%", "每周不少于2次": words first, and the sign at the figure.
        if found := re.search(rf"({pattern})(?=-?\d)", text):
            rest = re.sub(r"(以内|之内|以下|(?<=[日天时月年钟秒])内)$", "", text[found.end() :])
            return sign, text[: found.start()] + rest
    for pattern, sign in AFTER:
        if found := re.search(rf"({pattern})$", text):
            return sign, text[: found.start()]
    return None, text


def _is_unit(text: str) -> bool:
    return len(text) <= LONGEST_UNIT and not re.search(r"[,，。;；:≥≤<>=]|^[²³¹⁰-⁹]|[①-⒛❶-➓]", text)


def same_measure(unit: str | None, other: str | None) -> tuple[Decimal, Decimal] | None:
    """What two units are in a common one: "万家" and "家" are 10000 and 1; None when there is none.

    Beside 万, 千, 百 and 亿, measures of time, length, mass and area that convert exactly.
    """
    first, second = _measure(unit or ""), _measure(other or "")
    return (first[0], second[0]) if first[1] == second[1] else None


def _measure(unit: str) -> tuple[Decimal, str]:
    factor = Decimal(1)
    unit = re.sub(r"^个(?=小时|月|年|季度)", "", unit)
    if unit in EXACT:
        return EXACT[unit]
    while unit and unit[0] in LARGE and not unit.startswith("百分"):
        factor, unit = factor * LARGE[unit[0]], unit[1:]
    exact = EXACT.get(unit)
    return (factor * exact[0], exact[1]) if exact else (factor, unit)


def larger_factor(unit: str | None) -> Decimal:
    """10000 for "万家", 1 for "家" and for 千米, which is a unit of its own."""
    bare = without_factor(unit)
    return _measure(unit or "")[0] / _measure(bare or "")[0] if bare != unit else Decimal(1)


def without_factor(unit: str | None) -> str | None:
    """ "家" for "万家", None for "万" alone."""
    plain = unit or ""
    return plain if plain in EXACT or plain.startswith("百分") else plain.lstrip("百千万亿") or None
