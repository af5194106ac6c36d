"""Recall and precision together: a correct dossier, spoilt in one place, gives just what that place deserves.

Every check has a line here; the sets are complete, so that a check which fires beside
the right one is found out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from evaluations.checks import CHECKS
from evaluations.dossier import ActualFacts, Dossier, PaymentLineFacts, StatedResult, TargetFacts
from tests.evaluations.checks.dossiers import codes, correct_dossier, measured, stated
from tests.evaluations.checks.varieties import VARIETIES

# The places of the correct dossier's indicators.
MODULES, TRAINED, ACCEPTED, FAULTS, RESPONSE, COST, ONLINE, SERVED, UPKEEP, SATISFIED = range(10)


class Spoilt(NamedTuple):
    """What is wrong, in words; the dossier; the codes that must be found, and no others."""

    fault: str
    dossier: Callable[[], Dossier]
    expected: set[str]


def spoil(fault: str, *expected: str, **changes: Any) -> Spoilt:
    """The correct dossier with changes."""
    return Spoilt(fault, lambda: correct_dossier(**changes), set(expected))


def row(place: int, **changes: Any) -> dict[int, Any]:
    """Changes of one indicator."""
    return {place: changes}


def of(variety: str, **parts: Any) -> Callable[[], Dossier]:
    """Another variety with whole parts replaced."""
    return lambda: replace(VARIETIES[variety](), **parts)


def finance(**parts: Any) -> Callable[[], Dossier]:
    return of("a finance evaluation", **parts)


def finance_money(**changes: Any) -> Callable[[], Dossier]:
    """The finance evaluation with other money."""
    dossier = VARIETIES["a finance evaluation"]()
    return of("a finance evaluation", budget=replace(dossier.budget, **changes))


def double_counted() -> Dossier:
    """Two cost indicators that cover the whole budget, both with the hall's rent in them."""
    dossier = VARIETIES["in yuan with local labels"]()
    books, reading = (
        replace(
            dossier.indicators[5],
            name=name,
            weight=Decimal("2.5"),
            target=TargetFacts("<=", Decimal(amount), "元", f"≤{amount}元"),
            actual=ActualFacts(Decimal(amount), f"{amount}元"),
            stated=replace(dossier.indicators[5].stated, score=Decimal("2.5")),
        )
        for name, amount in (("图书购置及场地费用", "507000"), ("阅读活动及场地费用", "293000"))
    )
    lines = tuple(
        PaymentLineFacts(item, budget=Decimal(budget), paid=Decimal(paid))
        for item, budget, paid in (
            ("图书购置", "500000", "495000"),
            ("阅读活动", "288000", "281000"),
            ("场地租金", "12000", "12000"),
        )
    )
    return replace(
        dossier,
        indicators=(*dossier.indicators[:5], books, reading, *dossier.indicators[6:]),
        budget=replace(dossier.budget, lines=lines),
    )


def one_heavy() -> Dossier:
    """A form without a scheme in which one output weighs thirty points."""
    dossier = VARIETIES["in yuan with local labels"]()
    rows = list(dossier.indicators)
    for place, weight in ((1, "30"), (2, "0")):
        rows[place] = replace(
            rows[place],
            weight=Decimal(weight),
            stated=replace(rows[place].stated, score=Decimal(weight)),
        )
    return replace(dossier, indicators=tuple(rows))


SPOILT = [
    spoil(
        "the grade belongs to another band",
        "grade-mismatch",
        stated={"grade": "良"},
    ),
    spoil("the total is not the sum", "total-mismatch", stated={"total": "99.8"}),
    spoil(
        "a subtotal is not the sum of its level",
        "subtotal-mismatch",
        "total-mismatch",
        stated={"by_level1": {"产出": "49", "效益": "29.6", "满意度": "10"}},
    ),
    spoil(
        "a level's weight is not the sum of its indicators'",
        "subtotal-mismatch",
        stated={"level1_weights": {"产出": "55", "效益": "30", "满意度": "10"}},
    ),
    spoil(
        "a score above its weight",
        "score-range",
        indicators=row(MODULES, stated=stated("11", met=True)),
        stated={"total": "100.4", "grade": "优", "by_level1": {"产出": "51", "效益": "29.6", "满意度": "10"}},
    )._replace(expected={"score-range", "score-off-rule"}),
    spoil("the execution rate is another", "execution-rate", budget={"stated_execution_rates": ["97%"]}),
    spoil(
        "the execution score is full although the rate is not",
        "execution-score",
        budget={"stated_score": "10", "rows": {0: {"score": "10"}}},
        stated={"total": "99.6"},
    ),
    spoil(
        "paid is missing",
        "figure-missing",
        budget={"paid": None, "lines": [], "stated_totals": [], "rows": []},
    ),
    spoil(
        "a row of the funding table does not add up",
        "budget-rows",
        budget={"rows": {2: {"initial": "25"}}},
    ),
    spoil(
        "a group's total is not the sum of its lines",
        "budget-total",
        budget={"stated_totals": {0: {"amount": "125"}}},
    ),
    spoil(
        "a line was paid in the following year",
        "payment-out-of-year",
        budget={"lines": {2: {"date": "2024-01-08"}}},
    ),
    spoil(
        "most was paid in December",
        "year-end-payments",
        budget={"lines": {0: {"date": "2023-12-20"}}},
    ),
    spoil(
        "a reason is missing for a missed target",
        "reason-missing",
        indicators=row(ONLINE, deviation_reason="无"),
    ),
    spoil(
        "over-achieved with a reason",
        "over-achieved",
        indicators=row(
            TRAINED,
            **measured(">=", "735", "1100", "人次"),
            deviation_reason="新增两个乡镇参加培训，年初未列入计划。",
        ),
    ),
    spoil(
        "over-achieved without a reason",
        "over-achieved",
        "reason-missing",
        indicators=row(TRAINED, **measured(">=", "735", "1100", "人次")),
    ),
    spoil(
        "full marks for a missed target",
        "unmet-full-score",
        indicators=row(ONLINE, stated=stated("10", met=False, rate="96%")),
        stated={"total": "99.8", "by_level1": {"产出": "50", "效益": "30", "满意度": "10"}},
    ),
    spoil(
        "a score between that no rule gives",
        "score-off-rule",
        indicators=row(ONLINE, stated=stated("8", met=False, rate="96%")),
        stated={"total": "97.8", "by_level1": {"产出": "50", "效益": "28", "满意度": "10"}},
    ),
    spoil(
        "points deducted from a met target without a reason",
        "met-score-deducted",
        indicators=row(ACCEPTED, stated=stated("9", met=True)),
        stated={"total": "98.4", "by_level1": {"产出": "49", "效益": "29.6", "满意度": "10"}},
    ),
    spoil(
        "said to be met although it is not",
        "status-contradiction",
        indicators=row(ONLINE, stated=stated("9.6", met=True, rate="96%")),
    ),
    spoil(
        "said to be missed although it is met",
        "status-contradiction",
        indicators=row(SERVED, stated=stated("10", met=False)),
    ),
    spoil(
        "a completion rate that the figures do not give",
        "completion-rate",
        indicators=row(ONLINE, stated=stated("9.6", met=False, rate="98%")),
    ),
    spoil(
        "the actual is missing",
        "actual-missing",
        indicators=row(SERVED, actual={"value": None, "text": None}, stated=stated("10")),
    ),
    spoil(
        "the target is missing",
        "target-missing",
        indicators=row(
            SERVED,
            target={"comparator": None, "value": None, "unit": None, "text": None},
            stated=stated("10"),
        ),
    ),
    spoil(
        "the actual of a figure is words",
        "actual-not-numeric",
        indicators=row(SERVED, actual={"value": None, "text": "达到预期"}),
    ),
    spoil(
        "the actual repeats the target's bound",
        "actual-repeats-target",
        indicators=row(SERVED, actual={"value": None, "text": "≥20000人次"}),
    ),
    spoil(
        "the target says neither at least nor at most",
        "comparator-missing",
        indicators=row(
            SERVED, target={"comparator": None, "value": "20000", "unit": "人次", "text": "20000人次"}
        ),
    ),
    spoil(
        "fewer faults would be worse",
        "direction-doubtful",
        indicators=row(RESPONSE, **measured(">=", "20", "22", "分钟")),
    ),
    spoil(
        "money spent counted as an effect",
        "input-as-output",
        indicators=row(
            SERVED,
            name="项目投入资金",
            **measured(">=", "117.6", "117.6", "万元"),
            stated=stated("10", met=True),
        ),
    ),
    spoil(
        "two indicators of one name",
        "duplicate-indicator",
        indicators=row(TRAINED, name="系统模块开发数量"),
    ),
    spoil(
        "the weights of the form add up to 105",
        "weights-total",
        "scheme-weights",
        "subtotal-mismatch",
        indicators=row(MODULES, weight="15", stated=stated("10", met=True)),
    )._replace(expected={"weights-total", "scheme-weights", "subtotal-mismatch", "met-score-deducted"}),
    spoil(
        "nobody is to see to the problem",
        "problem-untracked",
        problems=["网上办理率未达到年度指标值，老年群众使用线上渠道的比例偏低。"],
        recommendations=["增设引导岗位。"],
    ),
    spoil(
        "the missed target is no problem",
        "unmet-not-a-problem",
        problems=[{"text": "资产登记不够及时。", "owner": "财务科", "due": "2024-06-30"}],
        recommendations=["由财务科在2024年6月底前补登。"],
    ),
    spoil(
        "the one in charge judges the project",
        "team-not-independent",
        team=["综合科科长（项目负责人）", "财务科会计"],
    ),
    spoil(
        "the goal achieved is empty",
        "section-missing",
        goal={"achieved": None},
    ),
    spoil(
        "a percentage that no two amounts give",
        "percentage-unsupported",
        goal={"achieved": "平台软件开发支出69万元，占支出总额117.6万元的63.5%。"},
    ),
    spoil(
        "a saving that the line does not show",
        "amount-conflict",
        goal={"achieved": "平台按期建成，自助终端购置节约2.6万元。"},
    ),
    Spoilt(
        "more was paid than received",
        finance_money(paid=Decimal("490"), stated_execution_rates=("102.08%",)),
        {"overspent"},
    ),
    Spoilt(
        "little was spent, and nobody says why",
        finance_money(paid=Decimal("384"), stated_execution_rates=("80%",)),
        {"execution-low"},
    ),
    Spoilt(
        "the money grew, and nobody says why",
        finance_money(initial=Decimal("400"), declared=Decimal("400")),
        {"budget-adjusted"},
    ),
    Spoilt(
        "an evaluator out of the unit itself",
        of("a finance evaluation", team=("东岭市第二中学总务处",)),
        {"team-not-independent"},
    ),
    Spoilt(
        "a chapter of the report is missing",
        lambda: replace(
            VARIETIES["a finance evaluation"](), report=VARIETIES["a finance evaluation"]().report[1:]
        ),
        {"section-missing"},
    ),
    Spoilt(
        "half of the money went out in advance while all is delivered",
        lambda: correct_dossier(
            budget={"lines": {0: {"item": "平台软件开发首付款"}}},
            indicators=row(ONLINE, **measured(">=", "85", "86", "%"), stated=stated("10", met=True)),
            stated={"total": "99.8", "by_level1": {"产出": "50", "效益": "30", "满意度": "10"}},
            problems=[],
            recommendations=[],
        ),
        {"advance-payments"},
    ),
    Spoilt(
        "a poor result without a word on it",
        lambda: replace(
            VARIETIES["a finance evaluation"](),
            stated=StatedResult(total=Decimal("75"), grade="中"),
            problems=(),
            recommendations=(),
        ),
        {"poor-result-no-measures"},
    ),
    Spoilt(
        "the money of the lines is counted twice",
        double_counted,
        {"double-count"},
    ),
    Spoilt(
        "no indicator for time",
        lambda: correct_dossier(
            indicators=row(RESPONSE, level2="质量指标", name="数据完整率", **measured(">=", "95", "97", "%"))
        ),
        {"dimension-missing"},
    ),
    spoil(
        "one indicator weighs a third",
        "weight-concentration",
        evaluation={"scheme": "local-20-40-40"},
    )._replace(dossier=lambda: one_heavy(), expected={"weight-concentration"}),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=[spoilt.fault for spoilt in SPOILT])
def test_one_fault_gives_its_own_finding_and_no_other(spoilt):
    assert codes(spoilt.dossier()) == spoilt.expected


def test_every_check_that_a_document_can_set_off_has_a_line_here():
    told = {code for spoilt in SPOILT for code in spoilt.expected}
    # Files are known to the product alone: its own test has them.
    assert {check.code for check in CHECKS} - told == {"evidence-missing"}
