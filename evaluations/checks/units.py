"""Units of figures: money into the dossier's unit, an actual into the unit of its target.

Only tens of thousands and hundreds of millions (万, 亿) are converted, and only where
the printed text leaves no doubt: "98000元" beside a target in 万元 is 9.8.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from evaluations.checks.reading import half_width
from evaluations.dossier import IndicatorFacts

MULTIPLES: Mapping[str, Decimal] = {
    "": Decimal(1),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}
A_YEAR = r"(?:/年度?|/每年|每年)?"
MONEY = re.compile(rf"(?:人民币)?(百万|千万|[千万亿])?元(?:人民币)?{A_YEAR}")
PRINTED_FIGURE = re.compile(r"[^\d]*(\d[\d,]*(?:\.\d+)?)([亿万]?)(.*)")
UNIT = re.compile(r"([亿万]?)(.*)")
YEARLY = re.compile(rf"{A_YEAR}$")


class PrintedUnit(NamedTuple):
    """A unit as printed: 万家 is 家, ten thousand at a time."""

    multiple: str
    base: str


@lru_cache(maxsize=1024)
def money_multiple(unit: str | None) -> Decimal | None:
    """How many 元 a unit of money is (万元/年: 10000); None for a unit of anything else, 元/人 too."""
    found = MONEY.fullmatch(half_width(unit or "").replace(" ", ""))
    return MULTIPLES[found[1] or ""] if found else None


def in_currency(amount: Decimal, unit: str | None, currency_unit: str) -> Decimal | None:
    """An amount in the dossier's currency unit, exactly; None when its unit is no money."""
    multiple, whole = money_multiple(unit), money_multiple(currency_unit)
    return None if multiple is None or whole is None else amount * multiple / whole


def in_unit_of_target(facts: IndicatorFacts) -> IndicatorFacts:
    """The indicator with its actual in the target's unit, where the texts show that it is not.

    A text shows the unit only when the figure in it is the figure of the dossier:
    ">13万家" says nothing of the unit of a target of 130000.
    """
    value, text, target = facts.actual.value, facts.actual.text, facts.target
    if value is None or not text:
        return facts
    beside = target.text or target.unit or ""
    if ("万" in text) == ("万" in beside) and ("亿" in text) == ("亿" in beside):
        return facts
    wanted = _shown_unit(target.text, target.value) or _unit(target.unit or "")
    found = _shown_unit(text, value) or wanted
    if found.multiple == wanted.multiple or found.base not in ("", wanted.base):
        return facts
    converted = value * MULTIPLES[found.multiple] / MULTIPLES[wanted.multiple]
    return dataclasses.replace(facts, actual=dataclasses.replace(facts.actual, value=converted))


def _shown_unit(text: str | None, value: Decimal | None) -> PrintedUnit | None:
    """The unit behind the figure in a text; None when the figure is another one or has no unit."""
    found = PRINTED_FIGURE.fullmatch(half_width(text or "").replace(" ", ""))
    if found is None or value is None or Decimal(found[1].replace(",", "")) != value:
        return None
    return PrintedUnit(found[2], YEARLY.sub("", found[3])) if found[2] or found[3] else None


def _unit(text: str) -> PrintedUnit:
    found = UNIT.fullmatch(half_width(text).replace(" ", ""))
    return PrintedUnit(found[1], YEARLY.sub("", found[2])) if found else PrintedUnit("", text)
