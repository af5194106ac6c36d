"""Schemes: what ships, what is read, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.scoring import BudgetFigures, SchemeFaults, SchemeParameters, score_execution
from evaluations.scoring.shares import assign_weights
from tests.evaluations.scoring.samples import SCHEMES, indicator, points_of, scheme, scheme_document

GRADES = scheme_document()["grades"]


def faults_of(**changes):
    with pytest.raises(SchemeFaults) as refusal:
        scheme(**changes)
    return refusal.value.pairs()


@pytest.mark.parametrize("path", sorted(SCHEMES.glob("*.json")), ids=lambda path: path.stem)
def test_every_shipped_scheme_is_valid_and_named_like_its_file(path):
    shipped = scheme(path.stem)
    assert shipped.code == path.stem
    assert SchemeParameters.from_json(shipped.to_json()) == shipped


def test_the_ministrys_scheme_weighs_as_10_50_30_10_and_with_cost_as_10_20_40_20_10():
    assert scheme().level_weights == {"execution": 10, "产出": 50, "效益": 30, "满意度": 10}
    with_cost = scheme("ministry-2020-cost")
    assert with_cost.level_weights == {"execution": 10, "成本": 20, "产出": 40, "效益": 20, "满意度": 10}


def test_the_ministrys_scheme_divides_by_the_annual_budget_and_marks_130_percent():
    assert (scheme().execution.denominator, scheme().over_achievement_threshold) == (
        "annual",
        Decimal("1.30"),
    )
    assert (scheme().caps, scheme().execution.bands) == ((), None)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"version": "1"}, "version"),
        ({"tolerance": 0.05}, "tolerance"),
        ({"tolerance": "-0.01"}, "tolerance"),
        ({"over_achievement_threshold": "1"}, "over_achievement_threshold"),
        (
            {"over_achievement_deduction": {"by": "share", "amount": "1.01"}},
            "over_achievement_deduction.amount",
        ),
        (
            {"over_achievement_deduction": {"by": "points", "amount": "0"}},
            "over_achievement_deduction.amount",
        ),
        ({"over_achievement_deduction": {"by": "rank", "amount": "1"}}, "over_achievement_deduction.by"),
        ({"level2": {"管理": ["业务管理"]}}, "level2.管理"),
        ({"low_execution": "90"}, "low_execution"),
        ({"required_dimensions": ["人员"]}, "required_dimensions"),
        ({"execution": {"denominator": "declared"}}, "execution.denominator"),
        ({"execution": {"denominator": "annual", "bonus": "1"}}, "execution.bonus"),
        ({"level_weights": {"execution": "10", "产出": "89.99"}}, "level_weights"),
        ({"level_weights": {"execution": "110", "产出": "-10"}}, "level_weights.产出"),
        ({"level_weights": {"管理": "100"}}, "level_weights.管理"),
        ({"without_satisfaction": "成本"}, "without_satisfaction"),
        ({"without_satisfaction": "满意度"}, "without_satisfaction"),
        ({"default_rule": {"type": "guess"}}, "default_rule.type"),
        (
            {"dimension_rules": {"数量": {"type": "linear", "zero_below": "1"}}},
            "dimension_rules.数量.full_at",
        ),
        ({"caps": [{"from": "0.7", "to": "0.8", "most": "101"}]}, "caps"),
        ({"caps": [{"from": "0.8", "to": "0.7", "most": "89"}]}, "caps[0].from"),
        (
            {
                "caps": [
                    {"from": "0.7", "to": "0.8", "most": "89"},
                    {"from": "0.75", "to": "0.9", "most": "95"},
                ]
            },
            "caps[1].from",
        ),
        (
            {"execution": {"denominator": "annual", "bands": [{"from": "0", "to": "1", "share": "7"}]}},
            "execution.bands",
        ),
        ({"grades": []}, "grades"),
        ({"grades": GRADES[:3]}, "grades"),
        ({"grades": [*GRADES[:3], {"grade": "差", "from": "0", "to": "59"}]}, "grades"),
        ({"grades": [*GRADES[:3], {"grade": "差", "from": "0", "to": "61"}]}, "grades[3].from"),
        ({"grades": [*GRADES[:3], {"grade": "差", "from": "-1", "to": "60"}]}, "grades"),
        ({"grades": [*GRADES[:3], {"grade": "中", "from": "0", "to": "60"}]}, "grades"),
        ({"grades": [*GRADES[:3], {"grade": "E", "from": "0", "to": "60"}]}, "grades[3].grade"),
        ({"tiers": [{"tier": "met", "from": "0.5", "to": "1"}]}, "tiers"),
    ],
)
def test_a_faulty_scheme_is_refused_at_its_key(changes, path):
    assert path in [found for found, _ in faults_of(**changes)]


def test_all_faults_of_a_scheme_are_reported_together():
    found = faults_of(tolerance="-1", caps=[{"from": "0", "to": "1", "most": "200"}], grades=GRADES[1:])
    assert [path for path, _ in found] == ["grades", "caps", "tolerance"]


def test_grades_out_of_order_are_one_fault_at_the_first_that_is_wrong():
    lows = {"优": "90", "良": "60", "中": "80", "差": "0"}
    uppers = ["100", *lows.values()]
    grades = [
        {"grade": name, "from": low, "to": upper}
        for (name, low), upper in zip(lows.items(), uppers, strict=False)
    ]
    assert [path for path, _ in faults_of(grades=grades)] == ["grades[2].from"]


def test_every_tier_must_be_there():
    tiers = [{"tier": "met", "from": "0.5", "to": "1"}, {"tier": "partly", "from": "0", "to": "0.5"}]
    assert [path for path, _ in faults_of(tiers=tiers)] == ["tiers"]


def test_a_missing_key_is_named():
    document = scheme_document()
    del document["grades"]
    with pytest.raises(SchemeFaults) as refusal:
        SchemeParameters.from_json(document)
    assert refusal.value.pairs() == [("grades", "is missing")]


CORE = ["core-2021", "core-2021-cost"]


@pytest.mark.parametrize("code", CORE)
@pytest.mark.parametrize(
    ("paid", "completed", "points"),
    [
        ("35", True, "10.00"),
        ("99.99", False, "7.00"),
        ("80", False, "7.00"),
        ("79.99", False, "5.00"),
        ("60", False, "5.00"),
        ("59.99", False, "0.00"),
    ],
)
def test_the_core_schemes_ask_whether_the_project_was_completed(code, paid, completed, points):
    budget = BudgetFigures(
        annual=Decimal(100), paid=Decimal(paid), weight=Decimal(10), completed_within_budget=completed
    )
    assert str(score_execution(budget, scheme(code)).points) == points


@pytest.mark.parametrize("code", CORE)
@pytest.mark.parametrize(
    ("actual", "points"), [("59.99", "0.00"), ("60", "0.00"), ("80", "5.00"), ("100", "10.00")]
)
def test_the_core_schemes_give_a_quantity_nothing_below_60_percent(code, actual, points):
    assert points_of(scheme(code), target="100", actual=actual, level2="数量指标") == points


@pytest.mark.parametrize("code", CORE)
@pytest.mark.parametrize(
    ("actual", "points"),
    [("90", "10.00"), ("89.99", "8.00"), ("80", "8.00"), ("60", "5.00"), ("59.9", "0.00")],
)
def test_the_core_schemes_grade_satisfaction_by_its_thresholds(code, actual, points):
    assert points_of(scheme(code), target="95", actual=actual, level1="满意度", level2="服务对象") == points


@pytest.mark.parametrize(("code", "effects"), [("core-2021", 40), ("core-2021-cost", 30)])
def test_without_satisfaction_the_core_schemes_give_its_points_to_effects(code, effects):
    rows = [
        indicator(target="1", actual="1", weight=None, level1=level1, level2=level2)
        for level1, level2 in [("成本", "经济成本"), ("产出", "数量"), ("效益", "社会效益")]
        if level1 in scheme(code).level_weights
    ]
    found = assign_weights(rows, scheme(code))
    assert found.weights[-1] == effects


def test_the_core_scheme_with_cost_names_economic_social_and_ecological_cost():
    assert scheme("core-2021-cost").level2 == {"成本": ("经济成本", "社会成本", "生态环境成本")}


@pytest.mark.parametrize("code", CORE)
def test_timeliness_and_satisfaction_are_optional_in_the_core_schemes(code):
    assert {"时效", "满意度"} <= set(scheme(code).optional_dimensions)


def test_the_local_scheme_weighs_as_20_40_40():
    assert scheme("local-20-40-40").level_weights == {"过程": 20, "产出": 40, "效益": 40}


def test_a_document_stored_before_the_newest_keys_reads_with_their_defaults():
    old = scheme()
    assert old.over_achievement_deduction is None
    assert (old.level2, old.low_execution, old.budget_adjustment) == ({}, Decimal("0.90"), Decimal("0.05"))
