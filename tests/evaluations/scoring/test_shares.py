"""Equal shares for forms that publish no weights."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.scoring import BudgetFigures, equal_shares, level_in, scheme_for, score_dossier
from tests.evaluations.scoring.samples import MINISTRY, indicator, scheme

COST_SCHEME = scheme("ministry-2020-cost")
BUDGET = BudgetFigures(annual=Decimal(100), paid=Decimal(80))


def unweighted(*rows: tuple[str, str]):
    """Indicators without weights, all met, by level 1 and level 2."""
    return [
        indicator(level1=level1, level2=level2, weight=None, target="1", actual="1", name=f"measure {place}")
        for place, (level1, level2) in enumerate(rows)
    ]


def weights_of(result):
    return [None if row.weight is None else str(row.weight) for row in result.indicators]


@pytest.mark.parametrize(
    ("amount", "count", "shares"),
    [
        ("12.50", 4, ["3.13", "3.13", "3.13", "3.11"]),
        ("12.50", 8, ["1.56"] * 7 + ["1.58"]),
        ("10", 3, ["3.33", "3.33", "3.34"]),
        ("50", 1, ["50"]),
        ("0.10", 15, ["0.01"] * 10 + ["0.00"] * 5),
        ("0", 3, ["0.00", "0.00", "0"]),
    ],
)
def test_shares_are_equal_and_the_last_takes_the_rest(amount, count, shares):
    found = equal_shares(Decimal(amount), count)
    assert sum(found) == Decimal(amount)
    assert min(found) >= 0
    if amount != "0.10":
        assert found == [Decimal(share) for share in shares]


def test_a_level_is_split_over_its_level_2s_then_over_their_indicators():
    result = score_dossier(
        unweighted(("产出", "数量"), ("产出", "质量"), ("产出", "产出数量"), ("效益", ""), ("满意度", "")),
        BUDGET,
        MINISTRY,
    )
    assert weights_of(result) == ["12.50", "25.00", "12.50", "30.00", "10.00"]
    assert (result.assigned_weights, result.execution.points, result.total) == (
        True,
        Decimal("8.00"),
        Decimal("98.00"),
    )
    assert [note.code for note in result.notes] == ["equal-shares"]


def test_without_satisfaction_its_points_go_to_effects():
    result = score_dossier(unweighted(("产出", "数量"), ("项目效果", "")), BUDGET, MINISTRY)
    assert weights_of(result) == ["50.00", "40.00"]
    assert [note.code for note in result.notes] == ["equal-shares", "satisfaction-to-effects"]


def test_satisfaction_under_effects_takes_the_weight_of_satisfaction():
    result = score_dossier(
        unweighted(("产出", ""), ("效益", "社会效益"), ("效益", "服务对象满意度")), BUDGET, MINISTRY
    )
    assert weights_of(result) == ["50.00", "30.00", "10.00"]


def test_another_absent_level_is_left_out_with_a_note_never_redistributed():
    result = score_dossier(unweighted(("产出", "数量")), BUDGET, MINISTRY)
    assert weights_of(result) == ["50.00"]
    assert [(note.code, note.values.get("level")) for note in result.notes] == [
        ("equal-shares", None),
        ("level-absent", "效益"),
        ("level-absent", "满意度"),
    ]
    assert result.total == Decimal("58.00")


def test_a_level_that_the_scheme_does_not_know_gets_no_weight_and_leaves_the_total_open():
    result = score_dossier(
        unweighted(("产出", ""), ("效益", ""), ("满意度", ""), ("管理", "")), BUDGET, MINISTRY
    )
    assert weights_of(result)[-1] is None
    assert "level-not-in-scheme" in [note.code for note in result.notes]
    assert (result.total, result.indicators[-1].explanation.code) == (None, "weight-missing")


def test_an_execution_indicator_takes_the_execution_weight_and_the_row_is_not_scored_again():
    rows = [*unweighted(("产出", ""), ("效益", ""), ("满意度", ""), ("过程", ""))]
    rows[-1] = indicator(name="预算执行率", level1="过程", weight=None, target="100", actual="80")
    result = score_dossier(rows, BUDGET, MINISTRY)
    assert (weights_of(result)[-1], result.execution.points, result.total) == (
        "10.00",
        None,
        Decimal("98.00"),
    )


def test_the_weight_of_the_forms_own_execution_row_is_kept():
    budget = BudgetFigures(annual=Decimal(100), paid=Decimal(50), weight=Decimal(20))
    result = score_dossier(unweighted(("产出", ""), ("效益", ""), ("满意度", "")), budget, MINISTRY)
    assert (result.assigned_weights, result.execution.weight) == (True, 20)


def test_cost_under_outputs_is_cost_only_where_the_scheme_has_cost():
    row = indicator(level1="产出", level2="成本指标")
    assert (level_in(MINISTRY, row), level_in(COST_SCHEME, row)) == ("产出", "成本")


def test_a_form_with_cost_as_level_1_follows_the_scheme_with_cost():
    assert scheme_for(["产出", "成本指标"]) == "ministry-2020-cost"
    assert scheme_for(["产出", "效益"]) == "ministry-2020"
