"""Which percentages in a text claim to be a share, a rate or a change of the project's own figures.

Most percentages do not: targets, last year's rates, points of a scoring rule, terms of
a contract, other places' averages. They are told apart by the words around them, and
in doubt a percentage claims nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evaluations.checks.printed_figures import LIST_MARK, Percentage
from evaluations.checks.sentences import LOOK_BACK, Sentence, elsewhen

CUE = re.compile("[占为达率]")
# A rate that is called low or high before its figure: 执行率偏低，为88%.
CALLED = r"(?:仍|总体|整体|明显)?(?:(?:偏|较|过)[低高]|不高)"
CALLED_BEFORE = re.compile(rf"率{CALLED}[，,]$")
ONLY_IS = re.compile(r"(?:仅仅|仅|只|实际|也)?(?:为|有|是|达到?)?")
# What may stand between a rate's name and its figure.
TAIL = (
    rf"(?:{CALLED}[，,]?)?"
    r"(?:实际|仅仅|仅|只有|也|均|已|即|就|高达|达到了?|达|为|是|至|到|:|=|只|全部|分别|总体|完成|\([^()]{0,30}\)"
    r"|[“\"(])*+$"
)
MONEY = re.compile(r"资金|预算|经费|支出|总额|金额|投资|拨款|成本|款|(?<![消免浪])费(?![时力])|元|结余|结转")
MONEY_BEFORE = re.compile(
    r"(?:资金|预算|经费|支出|拨款|款|投资|财政|费|费用|成本)(?:总体|综合|实际|全年|年度|累计)?$"
)
ALONE_BEFORE = re.compile(r"(?:^|[^\u4e00-\u9fff]|项目|年度?|总体|综合|实际|累计|整体|年[终末底]|[其的总])$")
RATE = re.compile(r"(?P<of>执行|支出|支付|节约|节支|节省|结转结余|结余|结转|拨付)率" + TAIL)
MONEY_RATE = re.compile(
    r"(?:到位|使用|完成|调整|调剂|下达|沉淀|增长|变动|偏差|偏离|压减|核减|审减|调增|调减)率" + TAIL
)
SHARE = re.compile(r"(?<![侵挤抢独])占(?![用地压领有])(?P<of>[^占]{0,60})$")
BARE_SHARE = re.compile(r"比?例?重?" + TAIL)
PROGRESS = re.compile(
    r"(?:(?:执行|支出|支付|使用|拨付)(?:进度|比例)|(?:节约|节支|节省|结余|结转)(?:比例|比|幅度)"
    r"|(?:预算|资金|支出)(?:调整|完成)(?:比例|幅度)|(?:资金|预算|经费|支出)(?:占比|比重))" + TAIL
)
OF_BUDGET = re.compile(
    r"(?:为|达到?|完成了?)(?P<of>[^为达]{0,20}(?:预算|资金|经费|拨款|支出|总额)[^为达]{0,8})的" + TAIL
)

ANOTHER_MATTER = re.compile(
    r"较(?![低高])|同比|环比|[提升增降下减][高升长加低降少浮幅]|比上|目标|计划[达为将在]|预期|预计|拟|力争|确保|争取|要求|应[当达在为占]|须|需要|不得"
    r"|标准|规定|原则|将[达占为]|权重|分值|得分|满分|总分|扣|评分|计分|全[国省市区县州镇盟]|行业|同类|个别|部分|有些|一些|平均|其他(?:单位|地区|项目)"
    r"|生产总值|GDP|财政收入|公共预算|税|利率|费率|折|合同|质保|保证金|首付|预付|进度款|尾款|中标|控制价|贴息|贷款|存款|余额"
)
RULE_BEHIND = re.compile(
    r"的?(?:比例|标准)?(?:得|扣|计|给|以|预留|支付|缴|配|补|奖|考核)|的(?:质保|首付|预付|目标|要求|税)"
)
RULE = re.compile(
    r"满分|不得分|扣分|按比例得|评分标准|评分规则|计分|得分标准|评价标准|指标解释|指标说明|计算公式"
)
FUTURE = re.compile(r"下一?步|今后|下一?年|明年|建议|力争|确保|争取|使(?!用)|目标")
LEAD = re.compile(r"(?:项目|本年度?|全年|年度|经[^，]{0,6}|最终|实际|本次|[12][0-9]{3}年度?|:|\([0-9]\))*+")
COUNTED = re.compile(r"[\u4e00-\u9fff]{1,3}[，,(]?")
LONGEST_CLAIM = 80


class Claim(NamedTuple):
    """A percentage that claims to follow from the project's figures.

    ``lead`` is its clause before it; ``kind`` "rate", "share", "named" (an indicator's
    own figure) or "count" (a share of things that are counted).
    """

    percentage: Percentage
    sentence: Sentence
    lead: str
    kind: str


def claims(sentence: Sentence, fiscal_year: int, names: Sequence[str], *, advice: bool) -> Iterator[Claim]:
    """The sentence's claims; ``names`` are indicators measured in percent, ``advice`` a recommendation."""
    text = sentence.text
    if "%" not in text or not CUE.search(text) or RULE.search(text):
        return
    lead = ""
    before = 0
    for percentage in sentence.figures.percentages:
        between = text[before : percentage.start]
        lead = lead if before and between in LIST_MARK else _lead(sentence, before, percentage.start)
        before = percentage.end
        kind = _kind(sentence, percentage, lead, names)
        if kind and not _of_another_matter(sentence, percentage, lead, fiscal_year, advice):
            yield Claim(percentage, sentence, lead, kind)


def _lead(sentence: Sentence, before: int, start: int) -> str:
    """The clause up to the percentage, from the percentage before it on."""
    starts = sentence.clause_starts
    place = bisect_right(starts, start) - 1
    clause = starts[place]
    called = CALLED_BEFORE.search(sentence.text[max(0, clause - 10) : clause])
    if called and ONLY_IS.fullmatch(sentence.text[clause:start]):
        clause = starts[max(0, place - 1)]
    return sentence.text[max(clause, before, start - LONGEST_CLAIM) : start]


def _kind(sentence: Sentence, percentage: Percentage, lead: str, names: Sequence[str]) -> str:
    if not percentage.plain or percentage.printed.value in (0, 100) or not CUE.search(lead):
        return ""
    if _is_rate(lead):
        return "rate"
    if share := SHARE.search(lead):
        return _kind_of_share(sentence, percentage, share)
    if PROGRESS.search(lead) or OF_BUDGET.search(lead):
        return "share"
    return "named" if _names_itself(lead, names) else ""


def _is_rate(lead: str) -> bool:
    if rate := RATE.search(lead):
        before = lead[: rate.start()]
        return bool(ALONE_BEFORE.search(before) or MONEY_BEFORE.search(before))
    rate = MONEY_RATE.search(lead)
    return bool(rate and MONEY_BEFORE.search(lead[: rate.start()]))


def _kind_of_share(sentence: Sentence, percentage: Percentage, share: re.Match[str]) -> str:
    whole = share["of"]
    if MONEY.search(whole):
        return "share"
    starts = sentence.clause_starts
    if BARE_SHARE.fullmatch(whole):
        at = bisect_right(starts, percentage.start) - 1
        near = sentence.text[max(starts[max(0, at - 1)], percentage.start - LOOK_BACK) : percentage.start]
        return "share" if MONEY.search(near) else ""
    return "count" if _is_of_counted(sentence, percentage, len(whole)) else ""


def _is_of_counted(sentence: Sentence, percentage: Percentage, length: int) -> bool:
    """Whether it is a share of printed things, said of some of them: 120人，占150人的80%."""
    share_at = percentage.start - length - 1
    at = bisect_right(sentence.figures.counts, percentage.start, key=lambda count: count.start)
    counts = sentence.figures.counts[max(0, at - 2) : at]
    if len(counts) < 2 or counts[1].start < share_at or counts[0].unit != counts[1].unit:
        return False
    return COUNTED.fullmatch(sentence.text[counts[0].end : share_at]) is not None


def _names_itself(lead: str, names: Sequence[str]) -> bool:
    opening = LEAD.match(lead)
    rest = lead[opening.end() if opening else 0 :]
    return any(rest.startswith(name) and re.fullmatch(TAIL, rest[len(name) :]) for name in names)


def _of_another_matter(
    sentence: Sentence, percentage: Percentage, lead: str, fiscal_year: int, advice: bool
) -> bool:
    text = sentence.text
    if ANOTHER_MATTER.search(lead) or RULE_BEHIND.match(text, percentage.end):
        return True
    earlier = text[max(0, percentage.start - LOOK_BACK) : percentage.start]
    wish = not sentence.figures.amounts and (advice or FUTURE.search(earlier))
    return bool(wish) or elsewhen(earlier, fiscal_year)
