"""How documents print figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override

from approvals.documents.report import ScoreSet, Subtotal
from approvals.documents.tables import rated_party, share
from approvals.templatetags.documents import amount, percent, points, weight
from tests.approvals.documents.sample import SELF


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("119.4", "119.40"),
        ("1.119689", "1.119689"),
        ("476.951200", "476.9512"),
        ("0", "0.00"),
        ("12345678", "12345678.00"),
        ("1E+3", "1000.00"),
    ],
)
def test_amounts_have_two_decimals_at_least_and_are_never_rounded(value: str, printed: str) -> None:
    assert amount(Decimal(value)) == printed


@pytest.mark.parametrize(("value", "printed"), [("10.00", "10"), ("1.50", "1.5"), ("100", "100"), ("0", "0")])
def test_weights_are_written_short(value: str, printed: str) -> None:
    assert weight(Decimal(value)) == printed


def test_scores_and_rates_have_two_decimals() -> None:
    assert points(Decimal("8.7")) == "8.70"
    assert percent(Decimal("96.645")) == "96.65%"


def test_a_missing_amount_is_named_and_a_missing_score_is_a_dash() -> None:
    with override("en"):
        assert amount(None) == "not reported"
    assert points(None) == weight(None) == percent(None) == "—"


def test_the_last_party_that_spoke_awards_the_score() -> None:
    scores = ScoreSet(stated=Decimal(9), computed=Decimal(8), department=Decimal(7))
    assert scores.awarded == 7
    assert ScoreSet(computed=Decimal(8)).awarded == 8
    assert ScoreSet(stated=Decimal(0), computed=Decimal(8)).awarded == 0
    assert ScoreSet().awarded is None


def test_the_score_rate_is_the_share_of_the_weight() -> None:
    assert share(Decimal("37.4"), Decimal(40)) == Decimal("93.5")
    assert share(Decimal(0), Decimal(0)) is None
    assert share(None, Decimal(40)) is None


def test_the_score_rate_is_taken_of_the_last_party_that_scored_every_part() -> None:
    assert rated_party(SELF) == "department"
    unstated = replace(SELF, subtotals=(Subtotal(level1="产出", weight=Decimal(60)), *SELF.subtotals))
    assert rated_party(unstated) == "computed"
