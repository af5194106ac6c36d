"""What is scored: an indicator's and a budget's figures, and how they are classified.

The names of levels vary from place to place; the conventions here are those that
the checks use too (aliases of level 1 and level 2, what counts as an execution
indicator, as satisfaction, as cost).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

OUTPUTS, EFFECTS, SATISFACTION, COST = "产出", "效益", "满意度", "成本"
EXECUTION = "execution"
LEVELS = ("决策", "过程", COST, OUTPUTS, EFFECTS, SATISFACTION)
LEVEL1_ALIASES = {
    "投入": "决策",
    "效果": EFFECTS,
    "项目效果": EFFECTS,
    "项目完成": OUTPUTS,
    # As framework reports print them.
    "项目决策": "决策",
    "项目过程": "过程",
    "项目成本": COST,
    "项目产出": OUTPUTS,
    "项目效益": EFFECTS,
    "项目满意度": SATISFACTION,
}
LEVEL2_ALIASES = {
    "产出数量": "数量",
    "产出质量": "质量",
    "产出时效": "时效",
    "产出成本": COST,
    "可持续性影响": "可持续影响",
}
NUMBER_BEFORE = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[、.](?!\d))")
POINTS_BEHIND = re.compile(r"[(\[](?:权重|分值|共|满分)?[:为]?\d+(?:\.\d+)?(?:分|%|分值)?[)\]]$")
EXECUTION_NAMES = ("预算执行率", "资金支出率", "资金执行率")
PRODUCT_DIMENSIONS = ("数量", "质量", "时效")


@dataclass(frozen=True)
class IndicatorFigures:
    """One indicator as the dossier states it.

    ``weight`` is in points out of 100, None when it is not published. Values are
    in the indicator's ``unit``; a percentage is 95, not 0.95. ``kind`` is
    "quantitative" or "qualitative", ``direction`` "higher", "lower" or None,
    ``comparator`` one of >= > = <= < or None. ``rule`` names the indicator's own
    rule as in the dossier ({"type": "linear", …}); None leaves it to the scheme.
    """

    level1: str
    level2: str
    name: str
    weight: Decimal | None
    kind: str = "quantitative"
    direction: str | None = None
    comparator: str | None = None
    target_value: Decimal | None = None
    target_text: str = ""
    actual_value: Decimal | None = None
    actual_text: str = ""
    rule: Mapping[str, object] | None = None
    unit: str = ""

    def with_weight(self, weight: Decimal | None) -> IndicatorFigures:
        """The same indicator with another weight."""
        # What dataclasses.replace gives, without asking every field again.
        weighted = object.__new__(IndicatorFigures)
        weighted.__dict__.update(self.__dict__, weight=weight)
        return weighted


@dataclass(frozen=True)
class BudgetFigures:
    """The project's money in the year, in the dossier's currency unit (万元).

    ``weight`` is in points when the form scores execution in a row of its own.
    ``completed_within_budget`` is asked of the unit and never inferred from the
    rate; None means that it was not answered.
    """

    declared: Decimal | None = None
    initial: Decimal | None = None
    annual: Decimal | None = None
    received: Decimal | None = None
    paid: Decimal | None = None
    weight: Decimal | None = None
    completed_within_budget: bool | None = None


@lru_cache(maxsize=4096)
def level1_of(label: str) -> str:
    """The level 1 that a printed label stands for; a local label is kept as written."""
    plain = tidy_label(label)
    return LEVEL1_ALIASES.get(plain, plain) if plain else label


@lru_cache(maxsize=4096)
def level2_of(label: str) -> str:
    """The level 2 that a printed label stands for; a local label is kept as written."""
    plain = tidy_label(label)
    return LEVEL2_ALIASES.get(plain, plain)


def tidy_label(label: str) -> str:
    """A level's name without what forms print around it: 一、产出指标（50分） is 产出."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", label))
    plain = POINTS_BEHIND.sub("", NUMBER_BEFORE.sub("", plain))
    return plain.removesuffix("指标").removesuffix("绩效") or plain


def is_execution_indicator(figures: IndicatorFigures) -> bool:
    """Whether the indicator itself scores the budget's execution."""
    return names_execution(figures.name)


@lru_cache(maxsize=4096)
def names_execution(name: str) -> bool:
    """Whether an indicator of this name scores the budget's execution."""
    return any(words in name for words in EXECUTION_NAMES)


def is_satisfaction(figures: IndicatorFigures) -> bool:
    """Whether the indicator measures satisfaction, wherever the form prints it."""
    return SATISFACTION in figures.level1 or SATISFACTION in figures.level2 or SATISFACTION in figures.name


def is_cost(figures: IndicatorFigures) -> bool:
    """Whether the indicator stands under cost, as level 1 or as level 2 of outputs."""
    return level1_of(figures.level1) == COST or COST in level2_of(figures.level2)


def dimension_of(figures: IndicatorFigures) -> str:
    """What is measured: 数量 质量 时效 成本 满意度 execution, or else the level 1."""
    if is_execution_indicator(figures):
        return EXECUTION
    if is_satisfaction(figures):
        return SATISFACTION
    if is_cost(figures):
        return COST
    level2 = level2_of(figures.level2)
    return level2 if level2 in PRODUCT_DIMENSIONS else level1_of(figures.level1)


def better(figures: IndicatorFigures) -> str:
    """ "higher" or "lower": what is better, by the comparator, else by the direction.

    The comparator goes first because it decides what is met: points for an unmet
    target must lean the same way.
    """
    if figures.comparator in ("<=", "<"):
        return "lower"
    if figures.comparator in (">=", ">"):
        return "higher"
    return figures.direction or "higher"


def is_judged_by_words(figures: IndicatorFigures) -> bool:
    """Whether only words can say if the target is met."""
    return figures.kind == "qualitative" or figures.target_value is None
