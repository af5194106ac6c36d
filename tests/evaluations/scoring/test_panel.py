"""The experts' panel: mean and trimmed mean, sums of rounded points, spread and outliers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.scoring import PANEL_RULES, PanelRow, panel_points, score_panel
from evaluations.scoring.exact import exact, half_up
from evaluations.scoring.panel import outliers_of, panel_figure, quartile, spread_of

CENTS = st.integers(0, 1000).map(lambda cents: Decimal(cents).scaleb(-2))
"""Points within a weight of 10."""
PANELS = st.lists(CENTS, min_size=1, max_size=9).map(lambda points: dict(enumerate(points, 1)))
WEIGHT = Decimal(10)


def panel(*points: str) -> dict[int, Decimal]:
    """Points by experts 1, 2, 3 …"""
    return {place: Decimal(figure) for place, figure in enumerate(points, 1)}


def row(name: str, *points: str, level1: str = "产出", weight: str | None = "10") -> PanelRow:
    return PanelRow(level1, name, Decimal(weight) if weight else None, panel(*points))


# --- one indicator -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "rule", "found", "arithmetic"),
    [
        (["8"], "mean", "8.00", "(8) ÷ 1 = 8.00"),
        (["8", "9", "10"], "mean", "9.00", "(8 + 9 + 10) ÷ 3 = 9.00"),
        (["7", "8", "8"], "mean", "7.67", "(7 + 8 + 8) ÷ 3 = 7.67"),
        (["0.01", "0.02"], "mean", "0.02", "(0.01 + 0.02) ÷ 2 = 0.02"),
        (["0", "8", "8", "10"], "trimmed_mean", "6.50", "(0 + 8 + 8 + 10) ÷ 4 = 6.50"),
        (["10", "8", "0", "9", "8"], "trimmed_mean", "8.33", "(8 + 9 + 8) ÷ 3 = 8.33"),
        (["8", "8", "8", "8", "8"], "trimmed_mean", "8.00", "(8 + 8 + 8) ÷ 3 = 8.00"),
    ],
)
def test_the_points_are_the_mean_half_up_with_its_arithmetic(points, rule, found, arithmetic):
    figure = panel_figure(panel(*points), rule)
    assert (str(figure.points), figure.explanation.arithmetic) == (found, arithmetic)


def test_a_trimmed_mean_says_whose_points_were_dropped():
    figure = panel_figure(panel("10", "8", "0", "9", "8"), "trimmed_mean")
    assert figure.dropped == (3, 1)
    assert figure.explanation.text() == (
        "The mean of 5 experts without the highest (10) and the lowest (0). (8 + 9 + 8) ÷ 3 = 8.33"
    )


def test_among_equals_only_one_is_dropped_on_each_side():
    assert panel_figure(panel("4", "4", "9", "9", "9"), "trimmed_mean").dropped == (1, 5)


def test_nobody_is_dropped_below_five():
    assert panel_figure(panel("0", "8", "8", "10"), "trimmed_mean").dropped == ()


def test_without_experts_there_are_no_points():
    figure = panel_figure({})
    assert (figure.points, figure.spread, figure.explanation.code) == (None, None, "panel-empty")
    assert panel_points([]) is None


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="median"):
        panel_points([Decimal(1)], "median")


@given(PANELS, st.sampled_from(PANEL_RULES))
def test_the_panel_never_leaves_what_its_experts_gave(points, rule):
    found = panel_figure(points, rule).points
    assert min(points.values()) <= found <= max(points.values())
    assert found == panel_points(list(points.values()), rule)


@given(PANELS, st.sampled_from(PANEL_RULES), st.randoms(use_true_random=False))
def test_the_order_of_the_experts_makes_no_difference(points, rule, random):
    shuffled = list(points.items())
    random.shuffle(shuffled)
    first, second = (
        panel_figure(points, rule, weight=WEIGHT),
        panel_figure(dict(shuffled), rule, weight=WEIGHT),
    )
    assert (first.points, first.spread, first.dropped) == (second.points, second.spread, second.dropped)
    assert {one.expert for one in first.outliers} == {one.expert for one in second.outliers}


@given(PANELS, st.sampled_from(PANEL_RULES), CENTS)
def test_more_points_of_one_expert_never_give_the_panel_less(points, rule, more):
    raised = {**points, 1: max(points[1], more)}
    assert panel_points(list(raised.values()), rule) >= panel_points(list(points.values()), rule)


@given(PANELS)
def test_the_mean_is_within_half_a_hundredth_of_the_exact_one(points):
    whole = Fraction(sum(map(exact, points.values())), len(points))
    assert abs(exact(panel_points(list(points.values()))) - whole) <= Fraction(1, 200)


# --- levels and the total ------------------------------------------------------------------


def test_subtotals_and_the_total_are_sums_of_the_rounded_points():
    thirds = score_panel([row("甲", "7", "8", "8"), row("乙", "7", "8", "8"), row("丙", "1", "2", "2")])
    assert [str(figure.points) for figure in thirds.rows] == ["7.67", "7.67", "1.67"]
    assert str(thirds.total.points) == "17.01"
    assert thirds.total.explanation.arithmetic == "7.67 + 7.67 + 1.67 = 17.01"
    assert thirds.total.given == panel("15", "18", "18")


def test_levels_keep_the_order_of_the_form():
    found = score_panel([row("甲", "7"), row("乙", "5", level1="效益"), row("丙", "2")])
    assert [(level.label, str(level.points)) for level in found.levels] == [
        ("产出", "9.00"),
        ("效益", "5.00"),
    ]


def test_an_indicator_that_nobody_scored_leaves_the_total_open():
    found = score_panel([row("甲", "7"), row("乙")])
    assert (found.total.points, found.levels[0].points) == (None, None)


def test_an_indicator_without_weight_and_points_counts_for_nothing():
    assert str(score_panel([row("甲", "7"), row("乙", weight=None)]).total.points) == "7.00"


def test_without_indicators_there_is_no_total():
    assert score_panel([]).total.points is None


def test_points_that_no_expert_scores_are_in_everybodys_total():
    found = score_panel([row("甲", "7", "9")], besides=Decimal("5"))
    assert (str(found.total.points), found.total.given) == ("13.00", panel("12", "14"))


@given(
    st.lists(st.lists(CENTS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(PANEL_RULES)
)
def test_levels_add_up_to_the_total(tables, rule):
    rows = [
        PanelRow("产出" if place % 2 else "效益", str(place), WEIGHT, dict(enumerate(points)))
        for place, points in enumerate(tables)
    ]
    found = score_panel(rows, rule)
    assert sum(level.points for level in found.levels) == found.total.points
    assert sum(figure.points for figure in found.rows) == found.total.points


# --- spread ---------------------------------------------------------------------------------


def test_the_spread_names_lowest_highest_and_deviation():
    spread = spread_of(panel("8", "9", "10"))
    assert (str(spread.lowest), str(spread.highest), str(spread.deviation)) == ("8", "10", "0.82")
    assert str(spread.width) == "2"
    assert spread.explanation.text() == "From 8 to 10, standard deviation 0.82."


def test_one_expert_has_no_spread():
    assert spread_of(panel("8")) is None


@given(st.lists(CENTS, min_size=2, max_size=9))
def test_the_deviation_is_the_panels_standard_deviation(points):
    found = spread_of(dict(enumerate(points))).deviation
    assert abs(found - pstdev(points)) <= Decimal("0.0050000001")


@given(CENTS, st.integers(2, 9))
def test_experts_who_agree_have_no_deviation_and_no_outlier(points, number):
    figure = panel_figure(dict.fromkeys(range(number), points), weight=WEIGHT)
    assert (figure.spread.width, figure.spread.deviation, figure.outliers) == (0, 0, ())


# --- outliers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "outliers"),
    [
        (["0", "10"], []),
        (["7", "9", "9"], []),
        (["6.99", "9", "9"], [1]),
        (["9", "9", "6.99"], [3]),
        (["2", "8", "9", "10"], [1]),
        (["6", "8", "9", "10"], [1]),
        (["6.5", "8", "9", "10"], []),
        (["0", "0", "10", "10"], []),
        (["0", "5", "10"], []),
    ],
)
def test_up_to_four_experts_a_fifth_of_the_weight_from_the_median_is_far(points, outliers):
    assert [found.expert for found in outliers_of(panel(*points), WEIGHT)] == outliers


@pytest.mark.parametrize(
    ("points", "outliers"),
    [
        (["0", "9", "9", "10", "10"], [1]),
        (["7.5", "9", "9", "10", "10"], []),
        (["7.49", "9", "9", "10", "10"], [1]),
        (["9", "9", "9", "9", "8"], []),
        (["9", "9", "9", "9", "7.99"], [5]),
        (["0", "2", "5", "8", "10"], []),
        (["1", "5", "5", "5", "5", "9"], [1, 6]),
    ],
)
def test_from_five_experts_up_the_fences_and_a_tenth_of_the_weight_decide(points, outliers):
    assert [found.expert for found in outliers_of(panel(*points), WEIGHT)] == outliers


def test_an_outlier_says_why():
    (few,) = outliers_of(panel("6", "9", "9"), WEIGHT)
    assert few.explanation.text() == "6 is more than 2 points away from the median 9."
    (many,) = outliers_of(panel("0", "9", "9", "10", "10"), WEIGHT)
    assert many.explanation.text().startswith("0 lies outside of 7.5 to 11.5")


def test_without_a_weight_only_the_fences_tell():
    assert outliers_of(panel("0", "9", "9"), None) == ()
    assert [found.expert for found in outliers_of(panel("8.9", "9", "9", "9", "9"), None)] == [1]


def test_an_outlier_stays_in_the_mean():
    figure = panel_figure(panel("0", "9", "9"), weight=WEIGHT)
    assert (str(figure.points), len(figure.outliers)) == ("6.00", 1)


@given(PANELS, st.decimals(1, 100, places=2))
def test_an_outlier_is_at_least_a_tenth_of_the_weight_from_the_middle(points, weight):
    figures = sorted(map(exact, points.values()))
    for found in outliers_of(points, weight):
        assert abs(exact(found.points) - quartile(figures, 2)) > exact(weight) / 10


@given(PANELS)
def test_outliers_are_always_the_smaller_part_of_the_panel(points):
    assert 2 * len(outliers_of(points, WEIGHT)) < len(points)


def test_quartiles_are_those_of_a_spreadsheet():
    figures = [Fraction(figure) for figure in (1, 2, 4, 7)]
    assert [half_up(quartile(figures, which)) for which in (1, 2, 3)] == [
        Decimal("1.75"),
        Decimal("3.00"),
        Decimal("4.75"),
    ]
