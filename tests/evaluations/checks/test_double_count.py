"""A payment that two cost indicators count is found by the sums of whole sets, never of random ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import case_of, findings_of
from evaluations.checks.amounts import double_count
from tests.evaluations.checks.dossiers import correct_dossier, indicator, measured, told
from tests.evaluations.checks.speaking import CARRIED, COSTS, RUNNING, line, speaking_dossier

CODE = "double-count"


def cost(name, target, actual, unit="万元", level1="产出", level2="成本", direction="lower"):
    """An indicator measured in money."""
    comparator = "<=" if direction == "lower" else ">="
    return indicator(level1, level2, name, "10", **measured(comparator, target, actual, unit, direction))


# Targets of 250 in all, actuals of 231.7675 and the messages' 4.3175 once more, under what was carried over.
TWICE = [
    cost("平台运维成本", "80", "76.4"),
    cost("专线成本", "36", "36"),
    cost("短信费用", "12", "4.3175"),
    cost("培训成本", "22", "20.8"),
    cost("结转项目支出", "100", "98.5675"),
]


def counted(*rows, **changes):
    """What is found with these indicators."""
    return told(CODE, speaking_dossier(indicators=list(rows), **changes))


def test_a_payment_that_a_level_2_counts_twice_is_found():
    (found,) = [
        finding
        for finding in findings_of(case_of(speaking_dossier(indicators=TWICE)))
        if finding.code == CODE
    ]
    assert (found.subject.text, found.stated, found.expected) == ("成本", "236.085", "231.7675")
    assert found.severity == "error"
    assert found.message() == (
        "The targets add up to 250, but the actuals to 236.085, 4.3175 more than the 231.7675 paid:"
        " exactly the amount of “短信服务费”, which seems to be counted twice."
    )


def test_nothing_is_counted_twice_when_the_actuals_are_what_was_paid_or_less():
    assert counted(*TWICE[:4], cost("结转项目支出", "100", "94.25")) == []
    assert counted(*TWICE[:4], cost("结转项目支出", "100", "89.9325")) == []


def test_an_excess_that_no_stated_amount_equals_exactly_is_none():
    for actual in ("98.5674", "98.57", "95"):
        assert counted(*TWICE[:4], cost("结转项目支出", "100", actual)) == []


def test_targets_that_do_not_add_up_to_the_budget_or_a_group_are_none():
    assert counted(*TWICE[:4], cost("结转项目支出", "101", "98.5675")) == []
    # A random subset that would: the level has one more indicator.
    assert counted(*TWICE, cost("其他成本", "5", "0")) == []


def test_a_groups_indicators_are_a_set_of_their_own():
    """Only the indicators of the group's lines add up to the group; the level 2 has others."""
    rows = [
        cost("平台运维成本", "60", "58.25"),
        cost("终端成本", "40", "94.25"),
        cost("宣传成本", "3", "3"),
    ]
    assert counted(*rows) == [(CARRIED, "152.5", "94.25")]


def test_a_level_2_may_add_up_to_a_group():
    rows = [
        cost("平台运维成本", "80", "76.4"),
        cost("专线成本", "36", "40.3175"),
        cost("短信费用", "12", "4.3175"),
        cost("培训成本", "22", "20.8"),
    ]
    assert counted(*rows) == [("成本", "141.835", "137.5175")]


def test_all_money_indicators_are_tried_over_several_level_2s():
    rows = [*TWICE[:4], cost("结转项目支出", "100", "98.5675", level1="成本", level2="经济成本")]
    assert [(stated, expected) for _, stated, expected in counted(*rows)] == [("236.085", "231.7675")]


def test_units_are_converted():
    rows = [*TWICE[:4], cost("结转项目支出", "1000000", "985675", "元")]
    assert counted(*rows) == [("成本", "236.085", "231.7675")]


def test_a_missing_actual_target_or_payment_silences_it():
    for change in (
        {"actual": {"value": None, "text": "已支付"}},
        {"target": {"comparator": "<=", "value": None, "unit": "万元", "text": "按合同"}},
    ):
        assert counted(*TWICE[:4], TWICE[4] | change) == []
    budget = {"paid": None, "stated_totals": [], "lines": [line(None, "短信服务费", "12", "4.3175")]}
    assert counted(*TWICE, budget=budget) == []


def test_one_indicator_alone_counts_nothing_twice():
    assert counted(cost("项目总成本", "250", "236.085")) == []


@pytest.mark.parametrize(
    "row",
    [
        cost("带动社会投资", "100", "98.5675", level1="效益", level2="经济效益", direction="higher"),
        cost("节约办公成本", "100", "98.5675"),
        cost("设备单价", "100", "98.5675"),
        cost("人均补助", "100", "98.5675", unit="万元/人"),
    ],
)
def test_money_that_is_not_spent_on_the_project_is_not_added(row):
    assert counted(*TWICE[:4], row) == []


def test_a_dossier_without_money_indicators_is_left_at_once():
    lines = [line(RUNNING, f"第{place}项", "1", "1") for place in range(500)]
    case = case_of(speaking_dossier(indicators=COSTS[3:], budget={"lines": lines}))
    assert double_count.findings(case) == []


def test_five_hundred_lines_and_indicators_are_judged_by_whole_sets():
    """A set per level 2 and per group, not one per subset: this comes to an end."""
    lines = [line(f"第{place % 100}组", f"第{place}项", f"{place}", f"{place}") for place in range(1, 501)]
    rows = [cost(f"第{place}项成本", f"{place}", f"{place}") for place in range(1, 501)]
    budget = {"lines": lines, "stated_totals": [], "annual": "125250", "paid": "125250"}
    assert counted(*rows, budget=budget) == []
    rows[0] = cost("第1项成本", "1", "8")
    assert counted(*rows, budget=budget) == [("成本", "125257", "125250")]


money = st.integers(min_value=1, max_value=10**6).map(lambda figure: Decimal(figure) / 100)


@given(st.lists(st.tuples(money, money), min_size=2, max_size=8))
def test_indicators_that_repeat_their_lines_count_nothing_twice(figures):
    lines = [line("本年", f"第{at}项", str(budget), str(paid)) for at, (budget, paid) in enumerate(figures)]
    rows = [cost(f"第{at}项成本", str(budget), str(paid)) for at, (budget, paid) in enumerate(figures)]
    budget = {
        "lines": lines,
        "stated_totals": [],
        "annual": str(sum(budget for budget, _ in figures)),
        "paid": str(sum(paid for _, paid in figures)),
    }
    assert counted(*rows, budget=budget) == []


def test_the_correct_dossier_gives_none():
    assert told(CODE, correct_dossier()) == []
    assert told(CODE, speaking_dossier()) == []
