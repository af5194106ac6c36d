"""Hypothesis strategies: every dossier that dossier/1 allows, odd ones more often than life has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from evaluations.dossier import (
    ActualFacts,
    BudgetFacts,
    ChapterFacts,
    Dossier,
    EvaluationFacts,
    FundingRowFacts,
    GoalFacts,
    IndicatorFacts,
    PaymentLineFacts,
    ProblemFacts,
    ProjectFacts,
    StatedIndicator,
    StatedResult,
    StatedTotalFacts,
    TargetFacts,
)

ODD_TEXTS = (
    "",
    " ",
    "  两边有空格  ",
    "第一行\n第二行",
    "回车\r换行\r\n",
    "制表\t符",
    "=1+1",
    '=HYPERLINK("http://example.org","看")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "-",
    "—",
    "——",
    "@SUM(A1)",
    "'撇号",
    '"引号"',
    "😀表情👩‍💻",
    "_x0041_",
    "_x005F_",
    "x005F_",
    "\x01控制\x1f",
    "\ufffe\uffff",
    "\u3000全角空格",
    "null",
    "true",
    "12.50",
    "1e5",
    "2023年度",
    "≥735人次",
    "≥９５％",
    "12月底前",
    "达成预期指标",
    "未达成预期指标且效果较差",
    "总分",
    "合计",
    "小计",
    "一级指标",
    "三级指标",
    "项目名称",
    "项目名称：平台",
    "产出指标（50分）",
    "填报人：某人",
    "注：说明",
    "其中：",
    "指标1：",
    "……",
    "重复" * 9_000,
    "<b>&amp;</b>",
    "{{ 7*7 }}",
)
LETTERS = st.characters(codec="utf-8", exclude_characters="\x00")

texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(LETTERS, max_size=30))
figures = st.one_of(
    st.sampled_from(
        [
            Decimal(text)
            for text in (
                "0",
                "-0",
                "0.0",
                "10.00",
                "0.1",
                "96.64",
                "100",
                "999999999999999999.999999999999",
                "-999999999999999999.999999999999",
                "0.000000000001",
                "123456789012345678",
                "1234567890.123456",
            )
        ]
    ),
    st.decimals(min_value=-1000, max_value=1000, places=2),
    st.decimals(min_value=0, max_value=10**17, places=12, allow_nan=False),
)
dates = st.dates(date(1000, 1, 1), date(9999, 12, 31))
rates = st.one_of(st.sampled_from(["96.64%", "97%", "100%", "100.00%", "0%", "９７％", "—"]), texts)
level1s = st.one_of(st.sampled_from(["决策", "过程", "成本", "产出", "效益", "满意度", "产出指标"]), texts)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The strategy, or None."""
    return st.none() | strategy


def tuples_of(strategy: st.SearchStrategy[Any], most: int = 4) -> st.SearchStrategy[Any]:
    """Up to so many of the strategy."""
    return st.lists(strategy, max_size=most).map(tuple)


rules: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from(
        [
            {"type": "proportional"},
            {"type": "all_or_nothing"},
            {"type": "tiers"},
            {"type": "linear", "zero_below": "80", "full_at": "95"},
            {"type": "linear", "zero_below": "60.000", "full_at": "100", "of": "completion"},
            {"type": "deduction", "per_unit": "0.5"},
            {"type": "checklist", "shares": ["0.5", "0.5"], "texts": ["=1+1", "依据_x0041_"]},
            {"type": "panel", "points": ["8.5", "9"], "trimmed": False},
        ]
    )
)
projects = st.builds(
    ProjectFacts,
    unit=texts,
    name=texts,
    fiscal_year=st.integers(-(10**6), 10**6) | st.integers(1990, 2030),
    department=maybe(texts),
    region=maybe(texts),
)
evaluations = st.builds(
    EvaluationFacts,
    kind=st.sampled_from(["self", "department", "finance"]),
    scheme=maybe(texts),
    title=maybe(texts),
    report_date=maybe(dates),
    base_date=maybe(dates),
)
funding_rows = st.builds(
    FundingRowFacts,
    name=st.sampled_from(["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]) | texts,
    initial=maybe(figures),
    annual=maybe(figures),
    paid=maybe(figures),
    weight=maybe(figures),
    rate=maybe(rates),
    score=maybe(figures),
)
budgets = st.builds(
    BudgetFacts,
    declared=maybe(figures),
    initial=maybe(figures),
    annual=maybe(figures),
    received=maybe(figures),
    paid=maybe(figures),
    stated_execution_rates=tuples_of(rates, 2),
    weight=maybe(figures),
    stated_score=maybe(figures),
    rows=tuples_of(funding_rows),
    lines=tuples_of(
        st.builds(
            PaymentLineFacts,
            item=texts,
            group=maybe(texts),
            date=maybe(dates),
            budget=maybe(figures),
            paid=maybe(figures),
        )
    ),
    stated_totals=tuples_of(
        st.builds(
            StatedTotalFacts,
            column=st.sampled_from(["budget", "paid"]),
            amount=figures,
            group=maybe(texts),
        )
    ),
    completed_within_budget=maybe(st.booleans()),
    reason=maybe(texts),
)
indicators = st.builds(
    IndicatorFacts,
    level1=level1s,
    name=texts,
    kind=st.sampled_from(["quantitative", "qualitative"]),
    level2=maybe(st.sampled_from(["数量", "质量", "数量指标"]) | texts),
    weight=maybe(figures),
    direction=maybe(st.sampled_from(["higher", "lower"])),
    target=st.builds(
        TargetFacts,
        comparator=maybe(st.sampled_from([">=", ">", "=", "<=", "<"])),
        value=maybe(figures),
        unit=maybe(texts),
        text=maybe(texts),
    ),
    actual=st.builds(ActualFacts, value=maybe(figures), text=maybe(texts)),
    rule=maybe(rules),
    stated=st.builds(
        StatedIndicator, completion_rate=maybe(rates), met=maybe(st.booleans()), score=maybe(figures)
    ),
    deviation_reason=maybe(texts),
)
points_by_level = st.dictionaries(level1s, figures, max_size=3)
dossiers: st.SearchStrategy[Dossier] = st.builds(
    Dossier,
    format=st.just("dossier/1"),
    project=projects,
    evaluation=evaluations,
    indicators=tuples_of(indicators),
    currency_unit=st.sampled_from(["元", "万元", "亿元"]),
    budget=budgets,
    goal=st.builds(GoalFacts, expected=maybe(texts), achieved=maybe(texts)),
    stated=st.builds(
        StatedResult,
        total=maybe(figures),
        grade=maybe(st.sampled_from(["优", "良"]) | texts),
        by_level1=points_by_level,
        level1_weights=points_by_level,
    ),
    problems=tuples_of(
        st.builds(ProblemFacts, text=texts, owner=maybe(texts), due=maybe(texts), indicator=maybe(texts))
    ),
    recommendations=tuples_of(texts),
    team=tuples_of(texts),
    report=tuples_of(st.builds(ChapterFacts, chapter=texts, text=maybe(texts))),
)
