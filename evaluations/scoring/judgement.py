"""Whether a target is met: by its figures, else by the words of the form.

Words are read conservatively. What is not one of the field's own phrases is not
judged at all, so that a person does (财预〔2020〕10号 names three tiers:
达成预期指标, 部分达成预期指标并具有一定效果, 未达成预期指标且效果较差).
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal

from evaluations.scoring.figures import IndicatorFigures, better, is_judged_by_words

MET, PARTLY, POOR = "met", "partly", "poor"

COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}

DONE = "(完成|完工|竣工|达成|达到|达标|实现|通过|落实|符合|建成|建立|开展|实施|启动|验收|到位)"
PARTLY_WORDS = re.compile(
    rf"^(大?部分|基本|大体)$|部分(已|能|尚未|未能|未)?{DONE}|(基本|大体)(已|能)?{DONE}|未(能)?(全面|完全|全部){DONE}"
)
# Not "no unfinished items", nor "rate of unfinished items".
DENIED = r"(?<!无)(?<!没有)(?<!不存在)(?<!避免)(?<!杜绝)(?<!减少)"
POOR_WORDS = re.compile(
    rf"{DENIED}未(能|予)?{DONE}(?!率|数|事项|情况)"
    rf"|^(不达标|不合格|不符合|没有{DONE})|效果较差"
    # What is not so at all, as the whole of what is said: 不健全, 尚不规范, 效果不明显, 不够及时.
    r"|^(机制|制度|体系|效果|成效|作用|管理|资料|手续|程序|质量)?(尚|仍|还|均|较)?(不|未见|不够|不太)"
    r"(健全|完善|完整|规范|及时|明显|显著|明显改善|改善|充分|合理|到位|准确|满意|理想|稳定)$"
)
# Late, or still at it: something was reached, not what was asked.
LATE_WORDS = re.compile(
    rf"{DENIED}未能?(按期|按时|如期|及时|按计划|按要求){DONE}(?!率|数|事项|情况)"
    r"|^已?(延期|推迟|延迟|延后)(至|到|完成|验收|交付|上线|竣工|完工|实施|开工|投入)"
    r"|^(正在|尚在|仍在)(实施|建设|施工|开展|推进|进行)中?$"
)
MET_WORDS = re.compile(
    r"(已|已经|均|均已|全部|全面|按时|按期|按要求|如期|及时|圆满|顺利)*"
    r"(完成|达成|达到|达标|实现|通过|落实|符合|(显著|明显|大幅)(提升|提高|改善|增强|优化))"
    r"了?(年度|预期|全部|既定|计划|设定|规定|目标|指标|任务|要求|标准|验收)*"
)
BOUNDS = re.compile(r"≥|>|≤|<|不少于|不低于|不高于|不超过|以上|以内|以下|前$")
IDLE_MARKS = re.compile(r"[\s，,。.；;、！!“”\"'：:]+")


def is_met(figures: IndicatorFigures) -> bool | None:
    """Whether the target is met; None when neither figures nor words say so.

    Figures are compared by the comparator; without one, or with "=", by what is
    better: at least the target, or at most. Words are placed in a tier.
    """
    if is_judged_by_words(figures):
        tier = tier_of(figures.actual_text, figures.target_text)
        return None if tier is None else tier == MET
    if figures.actual_value is None or figures.target_value is None:
        return None
    return COMPARISONS[comparison_of(figures)](figures.actual_value, figures.target_value)


def comparison_of(figures: IndicatorFigures) -> str:
    """How actual and target are compared: >=, >, <= or <."""
    if figures.comparator is not None and figures.comparator in COMPARISONS:
        return figures.comparator
    return "<=" if better(figures) == "lower" else ">="


def tier_of(actual_text: str, target_text: str) -> str | None:
    """The tier that the words name: "met", "partly", "poor", or None when unsure.

    The same words as the target's mean that it is met, unless they carry a bound
    ("≥90%"): those repeat the target and say nothing of what was reached.
    """
    actual, target = normalized(actual_text), normalized(target_text)
    if not actual:
        return None
    if actual == target:
        return None if BOUNDS.search(actual) else MET
    if PARTLY_WORDS.search(actual) or LATE_WORDS.search(actual):
        return PARTLY
    if POOR_WORDS.search(actual):
        return POOR
    return MET if MET_WORDS.fullmatch(actual) else None


def normalized(text: str) -> str:
    """Half-width, without spaces and punctuation."""
    return IDLE_MARKS.sub("", unicodedata.normalize("NFKC", text))
