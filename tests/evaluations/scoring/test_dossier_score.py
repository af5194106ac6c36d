"""Whole dossiers: subtotals, totals, caps, grades, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.scoring import BudgetFigures, ScoringError, agrees, grade_of, score_dossier
from tests.evaluations.scoring.samples import MINISTRY, indicator, scheme

BUDGET = BudgetFigures(annual=Decimal(100), paid=Decimal(75), weight=Decimal(10))
CAPPED = scheme(
    caps=[{"from": "0.70", "to": "0.80", "most": "89"}, {"from": "0", "to": "0.70", "most": "79"}]
)


def met(weight: str | None, level1: str = "产出", **details):
    return indicator(target="1", actual="1", weight=weight, level1=level1, **details)


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_a_grade_begins_at_its_lower_bound(total, grade):
    assert grade_of(Decimal(total), MINISTRY) == grade


@pytest.mark.parametrize("total", ["-0.01", "100.01", "Infinity"])
def test_a_total_outside_0_to_100_has_no_grade(total):
    with pytest.raises(ScoringError, match="outside 0 to 100"):
        grade_of(Decimal(total), MINISTRY)


def test_scores_agree_within_the_tolerance():
    assert agrees(Decimal("9.34"), Decimal("9.29"), MINISTRY)
    assert not agrees(Decimal("9.35"), Decimal("9.29"), MINISTRY)


def test_total_and_subtotals_are_sums_of_rounded_scores():
    thirds = [indicator(target="3", actual="1", weight="10", direction="higher") for _ in range(3)]
    result = score_dossier([*thirds, met("60", "效益")], BUDGET, MINISTRY)
    assert [(row.level1, row.points, row.weight) for row in result.subtotals] == [
        ("产出", Decimal("9.99"), 30),
        ("效益", Decimal("60.00"), 60),
    ]
    assert (result.total, result.grade) == (Decimal("77.49"), "中")
    assert result.explanation.arithmetic == "3.33 + 3.33 + 3.33 + 60.00 + 7.50 = 77.49"


def test_subtotals_follow_the_forms_order_and_gather_aliases():
    result = score_dossier(
        [met("10", "效果"), met("20", "管理"), met("30", "效益指标"), met("30", "项目完成")], BUDGET, MINISTRY
    )
    assert [(row.level1, row.weight) for row in result.subtotals] == [
        ("效益", 40),
        ("管理", 20),
        ("产出", 30),
    ]


def test_the_execution_rate_caps_the_total():
    result = score_dossier([met("90")], BUDGET, CAPPED)
    assert (result.sum_of_scores, result.total, result.grade) == (Decimal("97.50"), 89, "良")
    assert result.explanation.arithmetic == "90.00 + 7.50 = 97.50 → 89"
    assert result.explanation.text().startswith("Execution rate 75%")


@pytest.mark.parametrize(
    ("paid", "total"), [("69.99", "79"), ("70", "89"), ("79.99", "89"), ("80", "98.00"), ("100", "100.00")]
)
def test_a_cap_begins_at_its_lower_rate(paid, total):
    budget = BudgetFigures(annual=Decimal(100), paid=Decimal(paid), weight=Decimal(10))
    assert score_dossier([met("90")], budget, CAPPED).total == Decimal(total)


def test_a_cap_above_the_sum_changes_nothing():
    result = score_dossier(
        [indicator(target="2", actual="1", weight="90", direction="higher")], BUDGET, CAPPED
    )
    assert (result.total, result.explanation.code) == (Decimal("52.50"), "sum")


def test_an_open_score_leaves_the_total_open_between_its_ends():
    result = score_dossier([met("70"), indicator(target="1", actual=None, weight="20")], BUDGET, MINISTRY)
    assert (result.total, result.grade, result.least, result.most) == (
        None,
        None,
        Decimal("77.50"),
        Decimal("97.50"),
    )
    assert result.subtotals[0].points is None
    assert result.explanation.values == {"open": "1", "least": "77.50", "most": "97.50"}


def test_a_cap_also_holds_for_an_open_total():
    result = score_dossier([met("70"), indicator(target="1", actual=None, weight="20")], BUDGET, CAPPED)
    assert (result.least, result.most) == (Decimal("77.50"), 89)


def test_a_form_without_indicators_has_no_total():
    result = score_dossier([], BUDGET, MINISTRY)
    assert (result.total, result.explanation.code, result.assigned_weights) == (
        None,
        "nothing-to-score",
        False,
    )


def test_an_execution_indicator_silences_the_forms_row():
    result = score_dossier([met("80"), met("20", name="资金支出率")], BUDGET, MINISTRY)
    assert (result.total, result.execution.points, result.execution.rate) == (100, None, Decimal("0.75"))
    assert [note.code for note in result.notes] == ["execution-twice"]


@pytest.mark.parametrize(
    ("weights", "budget", "codes"),
    [
        (["90"], BUDGET, []),
        (["89.99"], BUDGET, []),
        (["89.98"], BUDGET, ["weights-total"]),
        (["90"], BudgetFigures(), ["weights-total"]),
        (["60", None], BUDGET, ["weights-partly-missing"]),
    ],
)
def test_weights_that_do_not_add_up_are_noted(weights, budget, codes):
    result = score_dossier([met(weight) for weight in weights], budget, MINISTRY)
    assert [note.code for note in result.notes] == codes


def test_a_total_over_100_is_shown_without_a_grade():
    result = score_dossier([met("90"), met("20")], BUDGET, MINISTRY)
    assert (result.total, result.grade) == (Decimal("117.50"), None)


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (indicator(target="0", actual="1"), "target-zero", "target_value"),
        (met("-1"), "weight-negative", "weight"),
        (met("100.01"), "weight-over-100", "weight"),
        (met("NaN"), "not-finite", "weight"),
        (indicator(target="Infinity", actual="1"), "not-finite", "target_value"),
        (indicator(target="1", actual="1", kind="numeric"), "unknown-choice", "kind"),
        (indicator(target="1", actual="1", direction="up"), "unknown-choice", "direction"),
        (indicator(target="1", actual="1", comparator="≥"), "unknown-choice", "comparator"),
        (indicator(target="1", actual="1", rule={"type": "guess"}), "rule-invalid", "rule"),
        (
            indicator(
                target="1",
                actual="1",
                direction="lower",
                rule={"type": "linear", "zero_below": "1", "full_at": "2"},
            ),
            "rule-direction",
            "rule",
        ),
        (indicator(rule={"type": "panel", "points": ["11"]}), "points-out-of-range", "points"),
    ],
)
def test_a_dossier_collects_what_cannot_be_scored_and_has_no_total(row, code, field):
    result = score_dossier([met("50"), row, met("40")], BUDGET, MINISTRY)
    assert [(fault.code, fault.field) for fault in result.faults] == [(code, field)]
    assert [scored.points for scored in result.indicators] == [50, None, 40]
    assert (result.total, result.grade) == (None, None)
    assert result.indicators[1].explanation.text() == str(result.faults[0])


def test_impossible_money_leaves_no_total():
    budget = BudgetFigures(annual=Decimal(-1), paid=Decimal(-2), weight=Decimal(10))
    result = score_dossier([met("90")], budget, MINISTRY)
    assert [(fault.code, fault.field) for fault in result.faults] == [
        ("amount-negative", "annual"),
        ("amount-negative", "paid"),
    ]
    assert (result.total, result.sum_of_scores, result.execution.rate) == (None, None, None)


def test_judged_rules_may_have_a_target_of_zero():
    row = indicator(target="0", actual="0", rule={"type": "panel", "points": ["9"]})
    assert score_dossier([row], BUDGET, MINISTRY).indicators[0].points == 9


@pytest.mark.parametrize(
    ("details", "over"),
    [
        ({"actual": "130", "target": "100"}, True),
        ({"actual": "129.99", "target": "100"}, False),
        ({"actual": "50", "target": "100", "direction": "lower"}, False),
        ({"actual": "500", "target": "100", "comparator": "<="}, False),
        ({"actual": None, "target": "100"}, False),
        ({"actual": "3", "target": "-1"}, False),
    ],
)
def test_over_achievement_begins_at_130_percent_where_more_is_better(details, over):
    assert score_dossier([indicator(**details)], BUDGET, MINISTRY).indicators[0].over_achieved is over
