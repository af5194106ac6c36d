"""The execution rate and the form's execution row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.scoring import BudgetFigures, ScoringError, execution_rate, score_execution
from tests.evaluations.scoring.samples import MINISTRY, figure, scheme

BANDS = [
    {"from": "0.80", "to": "1.00", "share": "0.7"},
    {"from": "0.60", "to": "0.80", "share": "0.5"},
    {"from": "0", "to": "0.60", "share": "0"},
]
CORE = scheme(execution={"denominator": "annual", "bands": BANDS})


def budget(paid: str | None, weight: str | None = "10", **amounts: str) -> BudgetFigures:
    known = {name: Decimal(amount) for name, amount in amounts.items()}
    return BudgetFigures(paid=figure(paid), weight=figure(weight), **known)


@pytest.mark.parametrize(
    ("denominator", "rate"), [("annual", "0.5"), ("received", "0.8"), ("initial", "0.25")]
)
def test_the_scheme_says_what_is_divided_by(denominator, rate):
    figures = budget("40", annual="80", received="50", initial="160")
    assert execution_rate(figures, scheme(execution={"denominator": denominator})) == Decimal(rate)


def test_the_rate_of_shaoxing_has_no_binary_dust():
    figures = budget("121.25", initial="152.96", annual="125.46")
    assert execution_rate(figures, MINISTRY) == Decimal("0.96644348796429140762")


@pytest.mark.parametrize(
    ("paid", "annual", "points", "arithmetic"),
    [
        ("476.9512", "591.299", "8.07", "10 × 476.9512 ÷ 591.299 = 8.07"),
        ("464.42", "464.42", "10.00", "10 × 464.42 ÷ 464.42 = 10.00"),
        ("500", "464.42", "10.00", "10 × 500 ÷ 464.42 = 10.77 → 10.00"),
        ("0", "464.42", "0.00", "10 × 0 ÷ 464.42 = 0.00"),
    ],
)
def test_execution_scores_weight_by_rate_and_never_more_than_the_weight(paid, annual, points, arithmetic):
    row = score_execution(budget(paid, annual=annual), MINISTRY)
    assert (str(row.points), row.explanation.arithmetic) == (points, arithmetic)


@pytest.mark.parametrize(
    ("paid", "amounts"),
    [(None, {"annual": "5"}), ("5", {}), ("5", {"annual": "0"}), ("5", {"received": "5"})],
)
def test_without_figures_there_is_no_rate_and_no_score(paid, amounts):
    row = score_execution(budget(paid, **amounts), MINISTRY)
    assert (row.rate, row.points, row.explanation.code) == (None, None, "execution-no-rate")
    assert (row.least, row.most) == (0, 10)


def test_a_form_without_an_execution_row_has_a_rate_but_no_points():
    row = score_execution(budget("4", weight=None, annual="5"), MINISTRY)
    assert (row.rate, row.points, row.weight) == (Decimal("0.8"), None, None)


@pytest.mark.parametrize(
    ("paid", "completed", "points", "code"),
    [
        ("30", True, "10.00", "execution-completed"),
        ("100", True, "10.00", "execution-completed"),
        ("99.99", False, "7.00", "execution-band"),
        ("80", False, "7.00", "execution-band"),
        ("79.99", False, "5.00", "execution-band"),
        ("60", False, "5.00", "execution-band"),
        ("59.99", False, "0.00", "execution-band"),
        ("100", False, None, "execution-no-band"),
        ("100", None, None, "execution-unasked"),
        (None, False, None, "execution-no-rate"),
    ],
)
def test_bands_ask_whether_the_project_was_completed_within_the_budget(paid, completed, points, code):
    figures = BudgetFigures(
        annual=Decimal(100), paid=figure(paid), weight=Decimal(10), completed_within_budget=completed
    )
    row = score_execution(figures, CORE)
    assert (row.points, row.explanation.code) == (figure(points), code)


@pytest.mark.parametrize(
    ("field", "found", "code"),
    [
        ("paid", "-1", "amount-negative"),
        ("annual", "-0.01", "amount-negative"),
        ("weight", "-1", "weight-negative"),
        ("weight", "100.01", "weight-over-100"),
        ("received", "NaN", "not-finite"),
    ],
)
def test_impossible_amounts_are_refused_at_their_field(field, found, code):
    with pytest.raises(ScoringError) as refusal:
        score_execution(BudgetFigures(**{field: Decimal(found)}), MINISTRY)
    assert (refusal.value.code, refusal.value.field) == (code, field)
