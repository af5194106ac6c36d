"""Every rule type at its boundaries."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.scoring import ScoringError, panel_outcome
from tests.evaluations.scoring.samples import points_of, scheme, scored

BANDS_OF_ACTUAL = {
    "type": "bands",
    "bands": [{"from": "60", "share": "0.5"}, {"from": "90", "share": "1"}, {"from": "80", "share": "0.8"}],
}
BANDS_UP_TO = {"type": "bands", "bands": [{"to": "0.1", "points": "10"}, {"to": "0.5", "points": "4.5"}]}
QUANTITY_OF_2021 = {"type": "linear", "of": "completion", "zero_below": "60", "full_at": "100"}
EXECUTION_OF_SHAOXING = {"type": "linear", "zero_below": "80", "full_at": "95"}


@pytest.mark.parametrize(
    ("target", "actual", "points"),
    [
        ("28", "28", "10.00"),
        ("28", "26", "9.29"),
        ("28", "40", "10.00"),
        ("28", "0", "0.00"),
        ("28", "-3", "0.00"),
        ("3", "1", "3.33"),
        ("3", "2", "6.67"),
        ("800", "0.4", "0.01"),
        ("800", "0.39", "0.00"),
    ],
)
def test_proportional_where_more_is_better(target, actual, points):
    assert points_of(target=target, actual=actual, direction="higher") == points


@pytest.mark.parametrize(
    ("target", "actual", "points"),
    [
        ("10", "10", "10.00"),
        ("10", "0", "10.00"),
        ("10", "-1", "10.00"),
        ("10", "16", "6.25"),
        ("10", "30", "3.33"),
        ("0", "0", "10.00"),
        ("0", "0.01", "0.00"),
        ("0", "5", "0.00"),
        ("0", "-1", "10.00"),
    ],
)
def test_proportional_where_less_is_better(target, actual, points):
    assert points_of(target=target, actual=actual, direction="lower") == points


def test_a_strict_limit_that_is_just_reached_is_unmet_yet_keeps_its_proportion():
    row = scored(target="45", actual="45", comparator=">", direction="higher")
    assert (row.met, row.points) == (False, Decimal("10.00"))


def test_zero_faults_fulfil_a_strict_target_of_zero():
    assert points_of(target="0", actual="0", comparator="<", direction="lower") == "10.00"


def test_no_proportion_is_taken_of_a_negative_target():
    row = scored(target="-5", actual="-10", direction="higher")
    assert (row.points, row.explanation.code) == (None, "no-proportion")
    assert points_of(target="-5", actual="-3", direction="higher") == "10.00"


@pytest.mark.parametrize("details", [{"direction": "higher"}, {"direction": None}, {"comparator": ">="}])
def test_a_target_of_zero_where_more_is_better_is_refused(details):
    with pytest.raises(ScoringError) as refusal:
        scored(target="0", actual="3", **details)
    assert (refusal.value.code, refusal.value.field) == ("target-zero", "target_value")


@pytest.mark.parametrize(
    ("actual", "points"),
    [
        ("79.99", "0.00"),
        ("80", "0.00"),
        ("87.5", "5.00"),
        ("94.99", "9.99"),
        ("95", "10.00"),
        ("97", "10.00"),
    ],
)
def test_linear_goes_from_nothing_to_full_between_its_ends(actual, points):
    assert points_of(target="95", actual=actual, direction="higher", rule=EXECUTION_OF_SHAOXING) == points


@pytest.mark.parametrize(
    ("actual", "points"),
    [("119", "0.00"), ("120", "0.00"), ("150", "3.75"), ("160", "5.00"), ("200", "10.00"), ("300", "10.00")],
)
def test_linear_of_the_completion_rate_where_more_is_better(actual, points):
    assert points_of(target="200", actual=actual, direction="higher", rule=QUANTITY_OF_2021) == points


@pytest.mark.parametrize(
    ("target", "actual", "points"),
    [
        ("10", "8", "10.00"),
        ("10", "12.5", "5.00"),
        ("10", "20", "0.00"),
        ("0", "0", "10.00"),
        ("0", "1", "0.00"),
    ],
)
def test_linear_of_the_completion_rate_where_less_is_better(target, actual, points):
    assert points_of(target=target, actual=actual, direction="lower", rule=QUANTITY_OF_2021) == points


@pytest.mark.parametrize(
    ("actual", "points"),
    [
        ("100", "10.00"),
        ("90", "10.00"),
        ("89.99", "8.00"),
        ("80", "8.00"),
        ("60", "5.00"),
        ("59.99", "0.00"),
    ],
)
def test_bands_take_the_best_band_that_is_reached(actual, points):
    assert points_of(target="90", actual=actual, direction="higher", rule=BANDS_OF_ACTUAL) == points


@pytest.mark.parametrize(
    ("actual", "points"), [("0", "10.00"), ("0.1", "10.00"), ("0.11", "4.50"), ("0.51", "0.00")]
)
def test_bands_up_to_a_figure_where_less_is_better(actual, points):
    assert points_of(target="0.1", actual=actual, direction="lower", rule=BANDS_UP_TO) == points


def test_bands_of_the_completion_rate():
    rule = {"type": "bands", "of": "completion", "bands": [{"from": "80", "share": "0.5"}]}
    assert points_of(target="50", actual="40", direction="higher", rule=rule) == "5.00"
    assert points_of(target="50", actual="39.9", direction="higher", rule=rule) == "0.00"


@pytest.mark.parametrize(
    ("direction", "rule"),
    [("lower", EXECUTION_OF_SHAOXING), ("lower", BANDS_OF_ACTUAL), ("higher", BANDS_UP_TO)],
)
def test_a_rule_that_rewards_the_wrong_way_round_is_refused(direction, rule):
    with pytest.raises(ScoringError) as refusal:
        scored(target="10", actual="9", direction=direction, rule=rule)
    assert refusal.value.code == "rule-direction"


def test_a_band_with_more_points_than_the_weight_is_refused():
    with pytest.raises(ScoringError) as refusal:
        scored(target="0.1", actual="3", weight="8", direction="lower", rule=BANDS_UP_TO)
    assert (refusal.value.code, refusal.value.values["found"]) == ("rule-over-weight", "10")


@pytest.mark.parametrize(
    ("direction", "target", "actual", "points"),
    [
        ("lower", "0", "0", "10.00"),
        ("lower", "0", "1", "7.50"),
        ("lower", "0", "4", "0.00"),
        ("lower", "0", "5", "0.00"),
        ("lower", "3", "3", "10.00"),
        ("lower", "3", "3.5", "8.75"),
        ("higher", "10", "9", "7.50"),
        ("higher", "10", "11", "10.00"),
    ],
)
def test_deduction_takes_points_for_each_unit_missed(direction, target, actual, points):
    rule = {"type": "deduction", "per_unit": "2.5"}
    assert points_of(target=target, actual=actual, direction=direction, rule=rule) == points


@pytest.mark.parametrize(
    ("figures", "points"),
    [
        ({"target": "10", "actual": "10"}, "10.00"),
        ({"target": "10", "actual": "9.99"}, "0.00"),
        ({"target": "10", "actual": None}, None),
        ({"kind": "qualitative", "target_text": "通过", "actual_text": "通过"}, "10.00"),
        ({"kind": "qualitative", "target_text": "通过", "actual_text": "基本通过"}, "0.00"),
        ({"kind": "qualitative", "target_text": "通过", "actual_text": "见附件"}, None),
    ],
)
def test_all_or_nothing(figures, points):
    assert points_of(rule={"type": "all_or_nothing"}, **figures) == points


@pytest.mark.parametrize(
    ("met", "points", "least", "most"),
    [
        ([True, True, True], "10.00", "10.00", "10.00"),
        ([True, False, True], "7.50", "7.50", "7.50"),
        ([False, False, False], "0.00", "0.00", "0.00"),
        ([True, None, False], None, "5.00", "7.50"),
    ],
)
def test_checklist_counts_the_shares_that_are_satisfied(met, points, least, most):
    row = scored(rule={"type": "checklist", "shares": ["2", "1", "1"], "met": met})
    assert row.points == (None if points is None else Decimal(points))
    assert (str(row.least), str(row.most)) == (least, most)


def test_a_checklist_that_nobody_judged_is_open():
    row = scored(rule={"type": "checklist", "shares": ["1", "1"], "texts": ["approved", "archived"]})
    assert (row.points, row.least, row.most) == (None, 0, 10)


@pytest.mark.parametrize(
    ("actual_text", "points", "tier", "least", "most"),
    [
        ("达成预期指标", "10.00", "met", "8.00", "10.00"),
        ("部分完成", None, "partly", "6.00", "8.00"),
        ("未完成", None, "poor", "0.00", "6.00"),
        ("详见报告", None, None, "0.00", "10.00"),
        ("", None, None, "0.00", "10.00"),
    ],
)
def test_qualitative_tiers_fix_only_what_is_met(actual_text, points, tier, least, most):
    row = scored(kind="qualitative", target_text="完成", actual_text=actual_text)
    assert row.points == (None if points is None else Decimal(points))
    assert (row.tier, str(row.least), str(row.most)) == (tier, least, most)


def test_what_nobody_can_tell_from_words_is_explained_with_the_tiers():
    row = scored(kind="qualitative", target_text="完成", actual_text="详见报告")
    assert row.explanation.values == {"met": "8.00–10.00", "partly": "6.00–8.00", "poor": "0.00–6.00"}
    assert "6.00–8.00" in row.explanation.text()


@pytest.mark.parametrize(
    ("points", "trimmed", "mean"),
    [
        (["8"], False, "8.00"),
        (["8", "9"], False, "8.50"),
        (["7", "8", "8"], False, "7.67"),
        (["0", "8", "8", "10"], True, "6.50"),
        (["0", "8", "8", "9", "10"], True, "8.33"),
        (["0", "8", "8", "9", "10"], False, "7.00"),
        ([], False, None),
    ],
)
def test_panel_gives_the_mean_of_the_experts(points, trimmed, mean):
    assert points_of(rule={"type": "panel", "points": points, "trimmed": trimmed}) == mean


@pytest.mark.parametrize("given", ["-0.01", "10.01"])
def test_an_expert_outside_the_weight_is_refused(given):
    with pytest.raises(ScoringError) as refusal:
        panel_outcome([Decimal("5"), Decimal(given)], Decimal(10), subject="modules")
    assert refusal.value.code == "points-out-of-range"


@pytest.mark.parametrize(
    "rule",
    [
        None,
        EXECUTION_OF_SHAOXING,
        QUANTITY_OF_2021,
        BANDS_OF_ACTUAL,
        {"type": "deduction", "per_unit": "1"},
    ],
)
def test_without_an_actual_figure_nothing_is_computed(rule):
    row = scored(target="10", actual=None, direction="higher", rule=rule)
    assert (row.points, row.least, row.most, row.explanation.code) == (None, 0, 10, "actual-missing")


def test_completion_without_a_target_is_not_computed():
    row = scored(target=None, actual="3", rule=QUANTITY_OF_2021)
    assert (row.points, row.explanation.code) == (None, "target-missing")


def test_without_a_weight_there_are_no_points_but_met_is_known():
    row = scored(target="10", actual="10", weight=None)
    assert (row.points, row.met, row.explanation.code) == (None, True, "weight-missing")


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"type": "guess"}, "rule.type"),
        ({"zero_below": "1"}, "rule.type"),
        ({"type": "linear", "zero_below": "80"}, "rule.full_at"),
        ({"type": "linear", "zero_below": "95", "full_at": "80"}, "rule.zero_below"),
        ({"type": "linear", "zero_below": 80, "full_at": "95"}, "rule.zero_below"),
        ({"type": "linear", "zero_below": "80", "full_at": "95", "of": "rate"}, "rule.of"),
        ({"type": "proportional", "slope": "1"}, "rule.slope"),
        ({"type": "bands", "bands": []}, "rule.bands"),
        ({"type": "bands", "bands": [{"from": "1"}]}, "rule.bands"),
        ({"type": "bands", "bands": [{"from": "1", "to": "2", "share": "1"}]}, "rule.bands"),
        ({"type": "bands", "bands": [{"from": "1", "share": "1.1"}]}, "rule.bands"),
        ({"type": "bands", "bands": [{"from": "1", "points": "-1"}]}, "rule.bands"),
        (
            {"type": "bands", "bands": [{"from": "1", "share": "1"}, {"from": "1", "share": "1"}]},
            "rule.bands",
        ),
        (
            {"type": "bands", "bands": [{"from": "1", "share": "1"}, {"from": "2", "share": "0"}]},
            "rule.bands",
        ),
        ({"type": "bands", "bands": [{"from": "1", "share": "1"}, {"to": "2", "share": "0"}]}, "rule.bands"),
        ({"type": "bands", "of": "completion", "bands": [{"to": "1", "share": "1"}]}, "rule.bands"),
        ({"type": "deduction", "per_unit": "0"}, "rule.per_unit"),
        ({"type": "checklist", "shares": []}, "rule.shares"),
        ({"type": "checklist", "shares": ["1", "0"]}, "rule.shares"),
        ({"type": "checklist", "shares": ["1"], "met": [True, False]}, "rule.met"),
        ({"type": "checklist", "shares": ["1"], "texts": ["a", "b"]}, "rule.texts"),
        ({"type": "panel", "points": ["a"]}, "rule.points[0]"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_at_its_key(rule, path):
    with pytest.raises(ScoringError) as refusal:
        scored(target="10", actual="10", rule=rule)
    assert refusal.value.code == "rule-invalid"
    assert refusal.value.values["fault"].startswith(path + ":")


def test_a_scheme_names_rules_for_what_is_measured():
    satisfaction = {
        "type": "bands",
        "bands": [
            {"from": "90", "share": "1"},
            {"from": "80", "share": "0.8"},
            {"from": "60", "share": "0.5"},
        ],
    }
    core = scheme(dimension_rules={"数量": QUANTITY_OF_2021, "满意度": satisfaction})
    assert points_of(core, target="100", actual="80", level2="产出数量") == "5.00"
    assert points_of(core, target="100", actual="80", level2="质量") == "8.00"
    assert points_of(core, target="95", actual="79.9", level1="效益", name="用户满意度") == "5.00"
    assert points_of(core, target="100", actual="80", rule={"type": "all_or_nothing"}) == "0.00"
