"""Schemes: what ships, what is read, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.scoring import SchemeFaults, SchemeParameters
from tests.evaluations.scoring.samples import SCHEMES, scheme, scheme_document

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
        ({"caps": [{"from": "0.8", "to": "0.7", "most": "89"}]}, "caps"),
        (
            {
                "caps": [
                    {"from": "0.7", "to": "0.8", "most": "89"},
                    {"from": "0.75", "to": "0.9", "most": "95"},
                ]
            },
            "caps",
        ),
        (
            {"execution": {"denominator": "annual", "bands": [{"from": "0", "to": "1", "share": "7"}]}},
            "execution.bands",
        ),
        ({"grades": []}, "grades"),
        ({"grades": GRADES[:3]}, "grades"),
        ({"grades": [*GRADES[:3], {"grade": "差", "from": "0", "to": "59"}]}, "grades"),
        ({"grades": [*GRADES[:3], {"grade": "差", "from": "0", "to": "61"}]}, "grades"),
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


def test_every_tier_must_be_there():
    tiers = [{"tier": "met", "from": "0.5", "to": "1"}, {"tier": "partly", "from": "0", "to": "0.5"}]
    assert [path for path, _ in faults_of(tiers=tiers)] == ["tiers"]


def test_a_missing_key_is_named():
    document = scheme_document()
    del document["grades"]
    with pytest.raises(SchemeFaults) as refusal:
        SchemeParameters.from_json(document)
    assert refusal.value.pairs() == [("grades", "is missing")]
