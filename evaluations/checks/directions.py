"""What an indicator means: is more of it better, and is it a result at all or money put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import WARNING, Finding, Subject
from evaluations.checks.reading import half_width, with_unit
from evaluations.checks.registry import Check, check
from evaluations.checks.units import in_currency, money_multiple
from evaluations.scoring.exact import printed
from evaluations.strict_json import gettext_noop

OPPOSITE = {"≥": "≤", "≤": "≥"}
LOWER, HIGHER = ("<=", "<"), (">=", ">")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕|\s")
NAME_ENDS = r"(?=$|[、,/和及与≤≥<>=:])"

# What an indicator measures stands at the end of its name: 故障处理及时率 is a timely rate,
# 不合格率 a rate of failures. Words are therefore looked for at the end, and not after a negation.
MORE_IS_BETTER = re.compile(
    r"(?<![不未非超])(?<!未按期)(?<!未按时)(?<!未及时)(?<!未如期)(?<!未全部)"
    r"(使用年限|寿命|合格率|达标率|满意度|完成率|覆盖率|及时率|到位率|利用率)"
    r"(?:的?(?:提升|提高|增长)?(?:指标|情况|水平|程度|幅度|率)?)?" + NAME_ENDS
)
FAULTS = "故障|停机|投诉|差错|事故|失业|违规"
HAPPENING = "的|发生|出现|行为|案件|事件|问题|事项|现象|死亡|伤亡|资金|使用|操作|举报|停机|报警"
COUNTED = (
    "率|数|数量|总数|总量|次数|件数|起数|宗数|例数|人数|时间|时长|小时数|频率|频次|比例|占比|比率|量|金额"
    "|次|起|件|宗|例"
)
HANDLING = "处理|修复|恢复|响应|处置|排除|解决|维修|办理|反馈|回复"
LESS_IS_BETTER = re.compile(
    rf"(?P<fault>{FAULTS})(?P<measure>(?:{HAPPENING})*(?:$|(?:{COUNTED})(?:控制)?{NAME_ENDS}))"
    rf"|(?P<handled>{FAULTS})(?:的|平均)*(?:{HANDLING})(?:平均)?(?:时间|时长|时限|周期){NAME_ENDS}"
    rf"|(?P<time>响应时间|办理时限){NAME_ENDS}"
)
# Fewer faults, or none, is what more of it means: 投诉减少数, 无事故 (but not 无线, 无人机, 零售).
FEWER = re.compile(
    "无(?!线|人机|害|偿|缝|障碍|纸|锡)|零(?!售|星|散|工|件)|没有|未发生|未出现|不发生|减少|降低|下降|压降|缩短|压缩|防止|避免"
    "|杜绝|遏制|预防|消除|防范|挽回"
)
# More faults dealt with is more work done: 查处违规行为数, 受理投诉件数.
DEALT_WITH = re.compile(
    "查处|受理|排除|维修|修复|化解|调处|处置|整改|纠正|发现|帮扶|培训|救助|安置|资助|扶持|打击|整治|检查|巡查|排查"
    "|应对|接听|回复|(?:处理|办理|解决)(?!差错)"
)
COST_NAMES = re.compile("成本|费用|经费|造价|单价")
RATES = ("率", "比例", "占比", "频率")


@check("direction-doubtful", WARNING)
def direction_doubtful(case: Case) -> Iterator[Finding]:
    """More of a good thing is better, less of a bad one (财预〔2020〕10号 art. 14: 指标内涵明确).

    Fires when less is to be better (direction or ≤) for 使用年限 寿命 合格率 达标率 满意度 完成率
    覆盖率 及时率 到位率 利用率, or more for 故障 停机 投诉 差错 事故 失业 违规 响应时间 办理时限. Never
    where the name turns the word round or only mentions it: 不合格率, 故障处理及时率, 投诉减少数.
    """
    for row in case.rows:
        if row.facts.kind != "quantitative":
            continue
        good, bad = doubted_words(row.name)
        if _is_lower(row) and (word := good or _satisfaction_word(row)):
            yield _doubted(row, word, MORE_WORDS, "≥")
        elif bad and _is_higher(row):
            yield _doubted(row, bad, LESS_WORDS, "≤")


@check("input-as-output", WARNING)
def input_as_output(case: Case) -> Iterator[Finding]:
    """Outputs and effects are what came of the money, not the money (财预〔2020〕10号 附2).

    Fires for an execution indicator, and for an amount of money equal to the annual
    budget, to what was paid or to a line, under 产出 or 效益. Never under 过程 and 成本.
    """
    amounts: Mapping[Decimal, tuple[str, str]] | None = None
    for row in case.rows:
        if row.level1 not in ("产出", "效益"):
            continue
        if row.is_execution and not row.is_cost:
            words = gettext_noop(
                "The execution of the budget is scored under %(level)s: it is a matter of process."
            )
            yield Finding(_at(row, "level1"), words, {"level": row.facts.level1})
        elif money_multiple(row.target.unit) is not None and not _is_about_cost(row):
            amounts = _amounts(case) if amounts is None else amounts
            yield from _money_put_in(case, row, amounts)


def _is_about_cost(row: Row) -> bool:
    """Whether the indicator is one of cost: by its levels, else, without a level 2, by its name."""
    return row.is_cost or (not row.level2 and COST_NAMES.search(row.name) is not None)


@lru_cache(maxsize=4096)
def doubted_words(name: str) -> tuple[str, str]:
    """The word of which more is better, and the one of which less is, that a name ends with; or empty."""
    head = ASIDE.sub("", half_width(name))
    good = MORE_IS_BETTER.search(head)
    return (good[1] if good else "", _fault_word(head))


def _fault_word(head: str) -> str:
    found = LESS_IS_BETTER.search(head)
    if found is None:
        return ""
    before = head[: found.start()]
    if FEWER.search(before):
        return ""
    counts = found["fault"] is not None and not any(rate in found["measure"] for rate in RATES)
    if counts and DEALT_WITH.search(before + found["fault"]):
        return ""
    return found["fault"] or found["handled"] or found["time"]


def _satisfaction_word(row: Row) -> str:
    """满意度 for a row that stands under it by its levels, unless its name counts complaints."""
    under = "满意度" in f"{row.facts.level1}{row.facts.level2 or ''}"
    return "满意度" if under and not re.search("投诉|不满|差评|意见", row.name) else ""


def _is_lower(row: Row) -> bool:
    return row.facts.direction == "lower" or row.target.comparator in LOWER


def _is_higher(row: Row) -> bool:
    return row.facts.direction == "higher" or row.target.comparator in HIGHER


def _doubted(row: Row, word: str, words: str, sign: str) -> Finding:
    stated = row.target_words or OPPOSITE[sign]
    expected = sign + with_unit(row.target.value, row.target.unit)
    values = {"name": row.name, "word": word, "target": stated}
    return Finding(_at(row, "direction"), words, values, stated=stated, expected=expected)


def _amounts(case: Case) -> Mapping[Decimal, tuple[str, str]]:
    """Every amount of the budget that an indicator may only repeat, with words and a name for it."""
    amounts: dict[Decimal, tuple[str, str]] = {}
    for line in reversed(case.budget.lines):
        for amount in (line.paid, line.budget):
            if amount:
                amounts[amount] = (EQUALS_LINE, line.item)
    if case.budget.paid:
        amounts[case.budget.paid] = (EQUALS_PAID, "")
    if case.budget.annual:
        amounts[case.budget.annual] = (EQUALS_ANNUAL, "")
    return amounts


def _money_put_in(case: Case, row: Row, amounts: Mapping[Decimal, tuple[str, str]]) -> Iterator[Finding]:
    for figure in (row.actual.value, row.target.value):
        amount = None if figure is None else in_currency(figure, row.target.unit, case.dossier.currency_unit)
        if amount is not None and amount in amounts:
            words, line = amounts[amount]
            values = {
                "level": row.facts.level1,
                "amount": f"{printed(amount)} {case.dossier.currency_unit}",
                "line": line,
            }
            yield Finding(_at(row, "level1"), words, values, stated=with_unit(figure, row.target.unit))


def _at(row: Row, field: str) -> Subject:
    return Subject(row.name, indicator=row.place, field=field)


MORE_WORDS = gettext_noop(
    "“%(name)s”: of %(word)s more is better, but it is set as the less the better (%(target)s)."
)
LESS_WORDS = gettext_noop(
    "“%(name)s”: of %(word)s less is better, but it is set as the more the better (%(target)s)."
)
EQUALS_ANNUAL = gettext_noop(
    "Under %(level)s stands %(amount)s, which is the annual budget: money put in, not what came of it."
)
EQUALS_PAID = gettext_noop(
    "Under %(level)s stands %(amount)s, which is what was paid: money put in, not what came of it."
)
EQUALS_LINE = gettext_noop(
    "Under %(level)s stands %(amount)s, which is the amount of “%(line)s”: money put in, not what came of it."
)

CHECKS: tuple[Check, ...] = (direction_doubtful, input_as_output)
