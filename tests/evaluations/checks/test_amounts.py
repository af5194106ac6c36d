"""Amounts that indicators, lines and sentences give differently are found; right ones never are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import case_of, findings_of
from evaluations.checks.amounts import amount_conflict
from tests.evaluations.checks.dossiers import correct_dossier, indicator, measured, told
from tests.evaluations.checks.said_amounts import ALSO_WRONG, RIGHT, WRONG
from tests.evaluations.checks.speaking import CARRIED, COSTS, RUNNING, doubts, line, speaking_dossier

CODE = "amount-conflict"


def cost(name, target, actual, unit="万元", **changes):
    """A cost indicator."""
    row = indicator("产出", "成本", name, "10", **measured("<=", target, actual, unit, "lower"))
    return row | changes


def conflicts(*rows, **changes):
    """What is found with these indicators."""
    return told(CODE, speaking_dossier(indicators=list(rows), **changes))


@pytest.mark.parametrize("text", RIGHT)
def test_an_amount_that_is_right_or_of_something_else_is_no_conflict(text):
    assert doubts(CODE, text) == []


@pytest.mark.parametrize(("text", "found"), WRONG)
def test_an_amount_that_the_figures_contradict_is_found_with_what_they_say(text, found):
    assert doubts(CODE, text) == found


@pytest.mark.parametrize("text", ALSO_WRONG)
def test_every_way_of_saying_it_is_found(text):
    assert len(doubts(CODE, text)) >= 1


@pytest.mark.parametrize(
    ("name", "target", "actual", "found"),
    [
        # A line by its name, a group by its name, and a figure that is no coincidence.
        ("短信费用", "12", "5.3175", [("短信费用", "5.3175", "4.3175")]),
        ("上年结转项目成本", "100", "95.25", [("上年结转项目成本", "95.25", "94.25")]),
        ("线路成本", "36", "35", [("线路成本", "35", "36")]),
        ("短信费用", "12", "4.3175", []),
        ("短信费用", "12", "4.32", [("短信费用", "4.32", "4.3175")]),
        ("上年结转项目成本", "100", "94.25", []),
        # No line and no group has this budget.
        ("短信费用", "12.5", "5", []),
        # Another line has the name; the same round budget is chance.
        ("培训成本", "12", "11", []),
        # The whole project: its budget, and what was paid of it.
        ("项目总成本", "250", "231.7675", []),
        ("项目总成本", "240", "231.7675", []),
        # Money that is earned, saved or paid per piece.
        ("节约短信成本", "12", "11", []),
        ("短信单价", "12", "11", []),
    ],
)
def test_a_money_indicator_with_a_lines_budget_as_target_must_have_its_payment_as_actual(
    name, target, actual, found
):
    assert conflicts(cost(name, target, actual)) == found


def test_the_finding_names_the_indicator_its_field_and_all_figures():
    dossier = speaking_dossier(indicators=[cost("短信费用", "12", "5.3175")])
    (found,) = [finding for finding in findings_of(case_of(dossier)) if finding.code == CODE]
    assert (found.subject.indicator, found.subject.field, found.severity) == (0, "actual", "error")
    assert found.message() == (
        "The target of 12 is the budget of “短信服务费”,"
        " but the actual of 5.3175 is not the 4.3175 paid on it."
    )


def test_units_are_converted_before_amounts_are_compared():
    assert conflicts(cost("短信费用", "120000", "43175", "元")) == []
    assert conflicts(cost("短信费用", "120000", "53175", "元/年")) == [("短信费用", "5.3175", "4.3175")]
    assert conflicts(cost("短信费用", "12", "5", "万元/人")) == []


def test_one_agreeing_candidate_is_enough():
    """Two groups have a line of the same name and budget."""
    lines = [line(RUNNING, "短信服务费", "12", "4.3175"), line(CARRIED, "短信服务费", "12", "11.5")]
    budget = {"lines": lines, "stated_totals": []}
    assert conflicts(cost("短信费用", "12", "11.5"), budget=budget) == []
    assert conflicts(cost("短信费用", "12", "4.3175"), budget=budget) == []
    assert conflicts(cost("短信费用", "12", "15.8175"), budget=budget) != []


def test_a_missing_payment_or_actual_silences_it():
    lines = [line(None, "短信服务费", "12", None)]
    budget = {"lines": lines, "stated_totals": []}
    assert conflicts(cost("短信费用", "12", "5"), budget=budget) == []
    assert doubts(CODE, "短信服务费节约3万元。", budget=budget) == []
    assert doubts(CODE, "短信服务费支出3万元。", budget=budget) == []
    row = cost("短信费用", "12", "5") | {"actual": {"value": None, "text": "5万元"}}
    assert conflicts(row) == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("项目年初预算300万元。", "initial"),
        ("项目申报预算300万元。", "declared"),
        ("项目全年预算300万元。", "annual"),
        ("项目到位资金300万元。", "received"),
        ("项目实际支出300万元。", "paid"),
    ],
)
def test_a_label_is_held_against_its_field_and_a_missing_field_silences_it(text, field):
    assert [stated for _, stated, _ in doubts(CODE, text)] == ["300"]
    assert doubts(CODE, text, budget={field: None, "stated_totals": [], "lines": []}) == []
    assert doubts(CODE, text, budget={field: "300"}) == []


def test_the_subject_of_a_label_is_the_forms_own_word():
    dossier = speaking_dossier(report=[{"chapter": "资金", "text": "项目实际支出300万元。"}])
    (found,) = [finding for finding in findings_of(case_of(dossier)) if finding.code == CODE]
    assert (found.subject.text, found.subject.term, found.subject.field) == ("Paid amount", True, "report")
    assert found.message() == "The text gives 300, the form 231.7675: “项目实际支出300万元”."


def test_the_same_amount_said_wrong_twice_is_found_once():
    text = "项目实际支出300万元。本项目实际支出310万元。短信服务费节约9万元，短信服务费节约9.5万元。"
    assert sorted(doubts(CODE, text)) == [
        ("Paid amount", "300", "231.7675"),
        ("短信服务费", "9", "7.6825"),
    ]


def test_a_reason_of_an_indicator_speaks_of_lines_but_not_of_the_project():
    rows = [cost("短信费用", "12", "4.3175", deviation_reason="项目预算12万元，实际支出4万元。")]
    assert conflicts(*rows) == []
    rows = [cost("短信费用", "12", "4.3175", deviation_reason="短信服务费节约9万元。")]
    assert conflicts(*rows) == [("短信服务费", "9", "7.6825")]


@pytest.mark.parametrize("text", ["执行数221万元。", "截至年底，实际支出221万元。"])
def test_a_problem_may_open_with_the_payments_of_a_part_but_what_was_achieved_is_the_projects(text):
    assert told(CODE, speaking_dossier(problems=[text])) == []
    assert told(CODE, speaking_dossier(goal={"achieved": text})) == [("Paid amount", "221", "231.7675")]


def test_a_line_that_the_project_is_named_for_may_be_the_project():
    lines = [line(None, "设备采购", "120", "115"), line(None, "安装调试", "130", "116.7675")]
    changes = {"budget": {"lines": lines, "stated_totals": []}}
    text = "设备采购项目结余18.2325万元。"
    assert doubts(CODE, text, **changes) == [("设备采购", "18.2325", "5")]
    assert doubts(CODE, text, project={"name": "水质监测设备采购项目"}, **changes) == []


def test_the_dossiers_unit_may_be_yuan():
    lines = [line(None, "短信服务费", "120000", "43175")]
    dossier = correct_dossier(
        currency_unit="元",
        budget={"lines": lines, "stated_totals": [], "rows": [], "paid": "43175", "annual": "120000"},
        indicators=[],
        goal={"achieved": "短信服务费节约7.6825万元，项目实际支出4.3175万元。"},
    )
    assert told(CODE, dossier) == []


savings = st.integers(min_value=1, max_value=10**8).map(lambda figure: Decimal(figure) / 10_000)


@given(paid=savings, saved=savings)
def test_the_saving_that_a_line_shows_is_never_a_conflict(paid, saved):
    lines = [line(None, "短信服务费", str(paid + saved), str(paid))]
    budget = {"lines": lines, "stated_totals": []}
    for text in (f"短信服务费节约资金{saved}万元。", f"短信服务费共结余{saved * 10_000:f}元。"):
        assert doubts(CODE, text, budget=budget, indicators=COSTS[3:]) == []
    wrong = f"短信服务费节约资金{saved + 7}万元。"
    assert doubts(CODE, wrong, budget=budget, indicators=COSTS[3:]) != []


def test_a_large_dossier_of_savings_is_read_to_its_end():
    """500 lines, 100,000 characters, and one sentence that never ends."""
    lines = [
        line(f"第{place % 5}组", f"第{place}号设备运维费", f"{place}.5", f"{place}")
        for place in range(1, 501)
    ]
    right = "".join(f"第{place}号设备运维费节约0.5万元。" for place in range(1, 501)) * 11
    endless = right.replace("。", "，")
    budget = {"lines": lines, "stated_totals": []}
    for text in (right, endless):
        assert doubts(CODE, text[:100_000], budget=budget) == []
    assert len(doubts(CODE, right.replace("0.5", "0.7")[:100_000], budget=budget)) == 500


def test_a_text_without_any_amount_is_not_read():
    case = case_of(speaking_dossier(goal={"achieved": "平台按期建成。"}))
    assert amount_conflict.findings(case) == []
    assert not any("sentences" in vars(passage) for passage in case.passages)


def test_the_correct_dossier_gives_none():
    assert told(CODE, correct_dossier()) == []
    assert told(CODE, speaking_dossier()) == []
