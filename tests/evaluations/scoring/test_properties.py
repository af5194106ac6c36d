"""What holds for all figures, whatever the rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from evaluations.scoring import BudgetFigures, IndicatorFigures, equal_shares, score_dossier, score_indicator
from evaluations.scoring.figures import better
from tests.evaluations.scoring.samples import MINISTRY, scheme

CAPPED = scheme(
    caps=[{"from": "0.70", "to": "0.80", "most": "89"}, {"from": "0", "to": "0.70", "most": "79"}]
)


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False, allow_infinity=False)


WEIGHTS = decimals("0", "100", 2)
ACTUALS = decimals("-1000000", "100000000", 6)
TARGETS = decimals("0.000001", "100000000", 6)
SHARES = decimals("0", "1", 3)
RULES_FOR_BOTH = st.one_of(
    st.none(),
    st.just({"type": "proportional"}),
    st.just({"type": "all_or_nothing"}),
    st.builds(lambda per_unit: {"type": "deduction", "per_unit": str(per_unit)}, decimals("0.001", "50", 3)),
    st.builds(
        lambda low, span: {
            "type": "linear",
            "of": "completion",
            "zero_below": str(low),
            "full_at": str(low + span),
        },
        decimals("0", "90", 2),
        decimals("0.01", "60", 2),
    ),
)


@st.composite
def graded_rules(draw: st.DrawFn, end: str) -> dict[str, object]:
    """Bands of the actual whose better figures give no less."""
    bounds = sorted(draw(st.sets(decimals("-10", "1000", 2), min_size=1, max_size=5)), reverse=end == "to")
    shares = sorted(draw(st.lists(SHARES, min_size=len(bounds), max_size=len(bounds))))
    return {
        "type": "bands",
        "bands": [
            {end: str(bound), "share": str(share)} for bound, share in zip(bounds, shares, strict=True)
        ],
    }


def linear_rules() -> st.SearchStrategy[dict[str, object]]:
    return st.builds(
        lambda low, span: {"type": "linear", "zero_below": str(low), "full_at": str(low + span)},
        decimals("-100", "1000", 3),
        decimals("0.001", "1000", 3),
    )


@st.composite
def quantities(draw: st.DrawFn) -> IndicatorFigures:
    """An indicator scored by figures, with any rule that suits its direction."""
    leaning = draw(st.sampled_from(["higher", "lower"]))
    signs = (">=", ">", "=", None) if leaning == "higher" else ("<=", "<", "=", None)
    graded = (graded_rules("from") | linear_rules()) if leaning == "higher" else graded_rules("to")
    return IndicatorFigures(
        level1="产出",
        level2="数量",
        name="quantity",
        weight=draw(WEIGHTS),
        direction=leaning,
        comparator=draw(st.sampled_from(signs)),
        target_value=draw(TARGETS if leaning == "higher" else TARGETS | st.just(Decimal(0))),
        actual_value=draw(ACTUALS),
        rule=draw(RULES_FOR_BOTH | graded),
    )


@given(quantities())
def test_points_never_leave_zero_to_weight_and_have_two_places(figures):
    row = score_indicator(figures, MINISTRY)
    assert isinstance(row.points, Decimal)
    assert 0 <= row.points <= figures.weight
    assert row.points.as_tuple().exponent == -2


@given(quantities(), ACTUALS)
def test_a_better_actual_never_gives_fewer_points(figures, other):
    assert figures.actual_value is not None
    worse, good = sorted([figures.actual_value, other], reverse=better(figures) == "lower")
    fewer = score_indicator(replace(figures, actual_value=worse), MINISTRY).points
    more = score_indicator(replace(figures, actual_value=good), MINISTRY).points
    assert fewer <= more


@given(quantities())
def test_what_is_met_by_the_default_rule_has_its_full_weight(figures):
    row = score_indicator(replace(figures, rule=None), MINISTRY)
    assert not row.met or row.points == figures.weight


@given(quantities(), decimals("0.001", "1000", 3))
def test_the_default_rule_does_not_depend_on_the_unit(figures, factor):
    scaled = replace(
        figures,
        rule=None,
        target_value=figures.target_value * factor,
        actual_value=figures.actual_value * factor,
    )
    assert (
        score_indicator(scaled, MINISTRY).points
        == score_indicator(replace(figures, rule=None), MINISTRY).points
    )


@given(decimals("0", "100", 2), st.integers(1, 400))
def test_equal_shares_add_up_exactly_and_none_is_negative(amount, count):
    shares = equal_shares(amount, count)
    assert len(shares) == count
    assert sum(shares) == amount
    assert min(shares) >= 0
    assert len(set(shares[:-1])) <= 1
    assert all(share == share.quantize(Decimal("0.01")) for share in shares)


@given(
    st.lists(quantities(), min_size=1, max_size=8), TARGETS, ACTUALS.filter(lambda paid: paid >= 0), WEIGHTS
)
def test_a_total_is_the_sum_of_its_rounded_scores_or_its_cap(rows, annual, paid, weight):
    budget = BudgetFigures(annual=annual, paid=paid, weight=weight)
    result = score_dossier(rows, budget, CAPPED)
    printed = [row.points for row in result.indicators] + [result.execution.points]
    assert result.sum_of_scores == sum(printed)
    assert sum(row.points for row in result.subtotals) + result.execution.points == result.sum_of_scores
    assert result.total in (result.sum_of_scores, Decimal(79), Decimal(89))
    assert result.total <= result.sum_of_scores


LEVELS = st.sampled_from(["产出", "效益", "满意度", "项目效果"])
LEVEL2S = st.sampled_from(["", "数量", "产出数量", "质量", "成本", "社会效益", "可持续影响"])


@given(st.lists(st.tuples(LEVELS, LEVEL2S, ACTUALS), min_size=1, max_size=25))
def test_weights_that_are_assigned_add_up_to_the_levels_that_are_there(rows):
    indicators = [
        IndicatorFigures(
            level1=level1,
            level2=level2,
            name="measure",
            weight=None,
            target_value=Decimal(3),
            actual_value=actual,
        )
        for level1, level2, actual in rows
    ]
    result = score_dossier(indicators, BudgetFigures(annual=Decimal(1), paid=Decimal(1)), MINISTRY)
    absent = sum(Decimal(note.values["weight"]) for note in result.notes if note.code == "level-absent")
    assert result.assigned_weights
    assert sum(row.weight for row in result.indicators) == 90 - absent
    assert 0 <= result.total <= 100 - absent
