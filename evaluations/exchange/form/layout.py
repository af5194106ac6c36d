"""The form's words and lines as exports print them: the same for the workbook and the Word document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from evaluations.dossier import Dossier, FundingRowFacts, IndicatorFacts
from evaluations.exchange.funding_names import NAMES, funding_code_of

TITLE = "项目支出绩效自评表"
FUNDING_HEADINGS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
INDICATOR_HEADINGS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)
NO_POINTS = "—"
NOTHING = "—"
# 财预〔2020〕10号 annex 1 prints these with 指标, and readers of the form go by them.
OFFICIAL_LEVELS = frozenset(
    {
        *("成本", "产出", "效益", "满意度", "数量", "质量", "时效"),
        *("经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度"),
    }
)
# The rows that the form prints below the total, for a dossier that has none of them.
BLANK_ROWS = tuple(
    FundingRowFacts(NAMES[code], None, None, None, None, None, None)
    for code in ("appropriation", "carried_over", "other")
)
OF_WHICH = "其中："
FOOT = ("填报人：", "联系电话：", "单位负责人（签字）：")
SEAL = "（单位公章）"


@dataclass(frozen=True)
class Run:
    """Rows with the same label, which the form merges into one cell; places count from 0."""

    label: str
    first: int
    last: int


def year_line(dossier: Dossier) -> str:
    """Such as "（2023年度）"."""
    return f"（{dossier.project.fiscal_year}年度）"


def funding_label(dossier: Dossier) -> str:
    """Such as "项目资金（万元）"."""
    return f"项目资金（{dossier.currency_unit}）"


def date_line(dossier: Dossier) -> str:
    """The date of filling in, blank when there is none."""
    day = dossier.evaluation.report_date
    return "填报日期：" if day is None else f"填报日期：{day.year}年{day.month}月{day.day}日"


def grade_line(dossier: Dossier) -> str:
    return f"评价等级：{dossier.stated.grade}" if dossier.stated.grade else ""


def funding_rows(dossier: Dossier) -> list[FundingRowFacts]:
    """The total first, from the budget where the table has none; then the rows below it.

    Without rows below it they are the official ones, blank (``is_blank``).
    """
    budget = dossier.budget
    rows = list(budget.rows)
    if not (rows and is_total(rows[0])):
        rate = budget.stated_execution_rates[0] if budget.stated_execution_rates else None
        figures = (budget.initial, budget.annual, budget.paid, budget.weight, rate, budget.stated_score)
        rows.insert(0, FundingRowFacts(NAMES["total"], *figures))
    return rows if len(rows) > 1 else [*rows, *BLANK_ROWS]


def is_blank(row: FundingRowFacts) -> bool:
    """Whether a row is only printed, and none of the dossier's."""
    return any(row is blank for blank in BLANK_ROWS)


def printed_level(label: str) -> str:
    """产出 as the form prints it: 产出指标; other labels as they are."""
    return f"{label}指标" if label in OFFICIAL_LEVELS else label


def is_total(row: FundingRowFacts) -> bool:
    return funding_code_of(row.name) == "total"


def funding_name(row: FundingRowFacts, place: int) -> str:
    """The row's name, with 其中： before the first row below the total."""
    return f"{OF_WHICH}{row.name}" if place == 1 else row.name


def level1_runs(indicators: Sequence[IndicatorFacts]) -> list[Run]:
    """Neighbouring indicators of the same level 1."""
    return list(_runs([row.level1 for row in indicators], 0))


def level2_runs(indicators: Sequence[IndicatorFacts]) -> list[Run]:
    """Neighbouring indicators of the same level 2 within one level 1."""
    found: list[Run] = []
    for run in level1_runs(indicators):
        labels = [row.level2 or "" for row in indicators[run.first : run.last + 1]]
        found += _runs(labels, run.first)
    return found


def _runs(labels: Sequence[str], offset: int) -> Iterator[Run]:
    for label, members in groupby(enumerate(labels, start=offset), key=lambda pair: pair[1]):
        places = [place for place, _label in members]
        if label:
            yield Run(label, places[0], places[-1])
        else:
            yield from (Run(label, place, place) for place in places)


def is_summed(dossier: Dossier) -> bool:
    """Whether the total can stand as a sum: every indicator has its score, and execution if it is scored."""
    scores = [row.stated.score for row in dossier.indicators]
    if funding_rows(dossier)[0].weight is not None:
        scores.append(funding_rows(dossier)[0].score)
    return bool(dossier.indicators) and None not in scores


def places_of(figure: Decimal) -> int:
    """How many decimal places a figure has."""
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
