"""The stated execution rate and its points: of which denominator, at which places, by which rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ERROR
from evaluations.checks.reading import percent, rate_of
from evaluations.dossier import Dossier
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import shipped_schemes
from tests.evaluations.checks.dossiers import correct_dossier, found, indicator, told

AMOUNTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)


def money(
    *rates: str, kind: str = "self", scheme: str | None = None, indicators: Any = None, **budget: Any
) -> Dossier:
    """The correct dossier with this budget; the funding table and the lines are left out."""
    bare = {"rows": [], "lines": [], "stated_totals": []}
    changes: dict[str, Any] = {} if indicators is None else {"indicators": indicators}
    return correct_dossier(
        evaluation={"kind": kind, "scheme": scheme},
        budget=bare | {"stated_execution_rates": list(rates)} | budget,
        **changes,
    )


def by(denominator: str) -> SchemeParameters:
    """A campaign's scheme that takes the rate of another amount."""
    document: Any = shipped_schemes()["ministry-2020"].to_json()
    return SchemeParameters.from_json(document | {"execution": {"denominator": denominator, "bands": None}})


def execution_indicator(**details: Any) -> dict[str, Any]:
    return indicator("过程", "资金管理", "预算执行率", "10", **details)


class TestExecutionRate:
    def test_a_rate_that_is_not_paid_by_annual_is_an_error(self) -> None:
        (finding,) = found("execution-rate", money("99%", annual="120", paid="117.6"))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.term) == ("Execution rate", True)
        assert (finding.stated, finding.expected) == ("99%", "98%")
        assert finding.message() == "99% is stated, but 117.6 paid of the annual budget of 120 is 98%."

    def test_both_roundings_of_one_rate_agree(self) -> None:
        rates = money(
            "96.64%", "97%", "96.6%", initial="152.96", annual="125.46", received=None, paid="121.25"
        )
        assert told("execution-rate", rates) == []

    def test_each_of_several_rates_is_a_subject_of_its_own(self) -> None:
        rates = money("96.64%", "96%", "95%", initial="125.46", annual="125.46", received=None, paid="121.25")
        assert told("execution-rate", rates) == [("96%", "96%", "96.64%"), ("95%", "95%", "96.64%")]

    @pytest.mark.parametrize(("stated", "fires"), [("0.13%", False), ("0.12%", True), ("0.125%", False)])
    def test_halves_are_rounded_up_at_the_printed_places(self, stated: str, fires: bool) -> None:
        assert bool(told("execution-rate", money(stated, annual="800", received=None, paid="1"))) == fires

    @pytest.mark.parametrize("stated", ["98％", " 98.00 % ", "９８%", "98", "98.00", "0.98", "执行率为98%"])
    def test_a_rate_is_read_however_it_is_printed(self, stated: str) -> None:
        assert told("execution-rate", money(stated)) == []
        assert len(told("execution-rate", money(stated, paid="100", received=None))) == 1

    @pytest.mark.parametrize(
        "stated", ["—", "", "/", "≥90%", "90%以上", "约90%", "超过90%", "80%，90%", "0.9"]
    )
    def test_a_bound_a_guess_or_no_figure_states_no_rate(self, stated: str) -> None:
        assert told("execution-rate", money(stated)) == []

    def test_paid_more_than_annual_is_a_rate_over_100_percent(self) -> None:
        assert told("execution-rate", money("105%", annual="100", received=None, paid="105")) == []
        assert told("execution-rate", money("100%", annual="100", received=None, paid="105")) == [
            ("Execution rate", "100%", "105%")
        ]

    @pytest.mark.parametrize("missing", [{"paid": None}, {"annual": None}, {"annual": "0"}])
    def test_a_missing_figure_silences(self, missing: dict[str, Any]) -> None:
        assert told("execution-rate", money("50%", **missing)) == []
        assert told("execution-rate", money("50%", kind="finance", received=None)) == []

    def test_with_no_scheme_paid_by_received_passes_too(self) -> None:
        spent: dict[str, Any] = {"initial": "120", "annual": "120", "received": "100", "paid": "90"}
        assert told("execution-rate", money("75%", "90%", **spent)) == []
        assert told("execution-rate", money("80%", **spent)) == [("Execution rate", "80%", "75%")]

    @pytest.mark.parametrize("scheme", [None, "ministry-2020"])
    def test_paid_by_initial_never_passes_where_annual_differs(self, scheme: str | None) -> None:
        rates = money(
            "79.27%", scheme=scheme, initial="152.96", annual="125.46", received=None, paid="121.25"
        )
        (finding,) = found("execution-rate", rates)
        assert (finding.stated, finding.expected) == ("79.27%", "96.64%")
        assert "79.27% is taken of the initial budget" in finding.message()

    def test_a_named_scheme_has_its_own_denominator(self) -> None:
        spent: dict[str, Any] = {"initial": "150", "annual": "120", "received": "100", "paid": "90"}
        for scheme in shipped_schemes():
            assert told("execution-rate", money("90%", scheme=scheme, **spent)) == [
                ("Execution rate", "90%", "75%")
            ]
        for denominator, rate in (("received", "90%"), ("initial", "60%"), ("annual", "75%")):
            assert told("execution-rate", money(rate, **spent), by(denominator)) == []
            (finding,) = found("execution-rate", money("80%", **spent), by(denominator))
            assert finding.expected == rate

    @pytest.mark.parametrize("kind", ["department", "finance"])
    @pytest.mark.parametrize("scheme", [None, "ministry-2020"])
    def test_the_framework_takes_it_of_received_funds(self, kind: str, scheme: str | None) -> None:
        spent: dict[str, Any] = {"annual": "120", "received": "100", "paid": "90"}
        assert told("execution-rate", money("90%", kind=kind, scheme=scheme, **spent)) == []
        (finding,) = found("execution-rate", money("75%", kind=kind, scheme=scheme, **spent))
        assert finding.message() == "75% is stated, but 90 paid of the received funds of 100 is 90%."

    def test_an_execution_indicator_states_a_rate_as_its_actual(self) -> None:
        actual = {"value": "100", "text": "100%"}
        dossier = money(indicators=[execution_indicator(actual=actual)])
        (finding,) = found("execution-rate", dossier)
        assert (finding.subject.text, finding.subject.indicator) == ("预算执行率", 0)
        assert (finding.stated, finding.expected) == ("100%", "98%")

    @pytest.mark.parametrize(
        "actual",
        [{"value": "98", "text": "98％"}, {"value": "98", "text": None}, {"value": None, "text": "已完成"}],
    )
    def test_an_execution_indicator_that_agrees_or_states_no_rate_is_right(self, actual: Any) -> None:
        assert told("execution-rate", money(indicators=[execution_indicator(actual=actual)])) == []

    def test_an_execution_indicator_in_money_states_the_rate_as_its_completion(self) -> None:
        amounts: dict[str, Any] = {
            "target": {"value": "120", "unit": "万元", "text": "120万元"},
            "actual": {"value": "117.6", "text": "117.6万元"},
        }
        for rate, expected in (("100%", [("预算执行率", "100%", "98%")]), ("98%", []), (None, [])):
            row = execution_indicator(**amounts, stated={"completion_rate": rate, "score": "10"})
            assert told("execution-rate", money(indicators=[row])) == expected

    def test_a_rate_stated_twice_is_told_once(self) -> None:
        row = execution_indicator(actual={"value": "99", "text": "99%"})
        assert told("execution-rate", money("99%", indicators=[row])) == [("Execution rate", "99%", "98%")]

    def test_an_indicator_of_another_time_or_other_money_is_not_the_years_rate(self) -> None:
        rows = [
            {**execution_indicator(actual={"value": "60", "text": "60%"}), "name": name}
            for name in (
                "上半年预算执行率",
                "9月底预算执行率",
                "三季度资金支出率",
                "上年结转资金执行率",
                "设备购置预算执行率",
            )
        ]
        assert told("execution-rate", money(indicators=rows)) == []

    @pytest.mark.parametrize(
        "name", ["预算执行率(共性指标)", "2023年度项目预算执行率", "财政资金执行率", "1.专项资金支出率（%）"]
    )
    def test_the_years_rate_is_known_by_its_name_as_printed(self, name: str) -> None:
        row = {**execution_indicator(actual={"value": "60", "text": "60%"}), "name": name}
        assert told("execution-rate", money(indicators=[row])) == [(name, "60%", "98%")]

    @given(paid=AMOUNTS, annual=AMOUNTS, places=st.integers(0, 4))
    def test_no_correctly_rounded_rate_is_ever_doubted(
        self, paid: Decimal, annual: Decimal, places: int
    ) -> None:
        stated = percent(Fraction(paid) / Fraction(annual), places)
        # A printed 97% may have been 97.00%; trailing zeros change the places, never the figure.
        dossier = money(stated, annual=str(annual), paid=str(paid), received=None)
        assert told("execution-rate", dossier) == []


class TestRateOf:
    @pytest.mark.parametrize(
        ("text", "value", "places"),
        [("96.64%", "96.64", 2), ("97％", "97", 0), ("96.64", "96.64", 2), ("0.9664", "96.64", 2)],
    )
    def test_a_rate_has_a_figure_and_its_places(self, text: str, value: str, places: int) -> None:
        rate = rate_of(text)
        assert rate is not None
        assert (rate.value, rate.places) == (Decimal(value), places)

    def test_one_without_a_sign_is_all_of_it(self) -> None:
        rate = rate_of("1")
        assert rate is not None
        assert rate.value == 100

    @pytest.mark.parametrize("text", [None, "", "—", "#DIV/0!", "2", "1.5", "≤100%", "近九成"])
    def test_what_cannot_be_read_for_sure_is_no_rate(self, text: str | None) -> None:
        assert rate_of(text) is None


class TestExecutionScore:
    def test_a_score_that_is_not_weight_by_rate_is_an_error(self) -> None:
        (finding,) = found("execution-score", money("98%", stated_score="10"))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.term) == ("Execution score", True)
        assert (finding.stated, finding.expected) == ("10", "9.8")
        assert (
            finding.message()
            == "The execution score is 10, but 10 points × 98%, at most all of them, is 9.8."
        )

    @pytest.mark.parametrize(
        ("score", "fires"), [("9.85", False), ("9.86", True), ("9.75", False), ("9.74", True)]
    )
    def test_a_twentieth_of_a_point_is_tolerated(self, score: str, fires: bool) -> None:
        assert bool(told("execution-score", money("98%", stated_score=score))) == fires

    def test_a_rate_over_100_percent_gives_the_weight_and_no_more(self) -> None:
        spent: dict[str, Any] = {"annual": "100", "received": None, "paid": "105"}
        assert told("execution-score", money("105%", stated_score="10", **spent)) == []
        assert told("execution-score", money("105%", stated_score="10.5", **spent)) == [
            ("Execution score", "10.5", "10")
        ]

    @pytest.mark.parametrize(
        "missing",
        [{"weight": None}, {"stated_score": None}, {"paid": None}, {"annual": None}, {"annual": "0"}],
    )
    def test_a_missing_figure_silences(self, missing: dict[str, Any]) -> None:
        assert told("execution-score", money(**{"stated_score": "3", **missing})) == []

    def test_execution_as_an_indicator_is_not_looked_at_here(self) -> None:
        assert told("execution-score", money(stated_score="3", indicators=[execution_indicator()])) == []

    def test_a_score_by_the_rounded_rate_that_is_printed_is_right(self) -> None:
        spent: dict[str, Any] = {"annual": "125.46", "received": None, "paid": "121.25", "weight": "20"}
        assert told("execution-score", money("97%", stated_score="19.4", **spent)) == []
        assert told("execution-score", money("96.64%", stated_score="19.4", **spent)) != []

    def test_with_no_scheme_the_score_follows_the_rate_that_is_stated(self) -> None:
        spent: dict[str, Any] = {"annual": "120", "received": "90", "paid": "90"}
        assert told("execution-score", money("100%", stated_score="10", **spent)) == []
        assert told("execution-score", money(stated_score="10", **spent)) == []
        assert told("execution-score", money("75%", stated_score="7.5", **spent)) == []
        assert told("execution-score", money("75%", stated_score="10", **spent)) == [
            ("Execution score", "10", "7.5")
        ]

    def test_department_and_finance_score_it_of_received_funds(self) -> None:
        spent: dict[str, Any] = {"annual": "120", "received": "100", "paid": "90"}
        assert told("execution-score", money(kind="finance", stated_score="9", **spent)) == []
        assert told("execution-score", money(kind="finance", stated_score="8.2", **spent)) == [
            ("Execution score", "8.2", "9")
        ]

    @pytest.mark.parametrize(
        ("paid", "score"),
        [("99.99", "7"), ("80", "7"), ("79.99", "5"), ("60", "5"), ("59.99", "0"), ("0", "0")],
    )
    def test_by_bands_an_uncompleted_project_gets_its_bands_points(self, paid: str, score: str) -> None:
        spent: dict[str, Any] = {"annual": "100", "paid": paid, "completed_within_budget": False}
        right = money(scheme="core-2021", stated_score=score, **spent)
        assert told("execution-score", right) == []
        (finding,) = found("execution-score", money(scheme="core-2021", stated_score="10", **spent))
        assert (finding.stated, finding.expected) == ("10", score)

    def test_by_bands_a_project_completed_within_budget_gets_all_whatever_the_rate(self) -> None:
        spent: dict[str, Any] = {"annual": "100", "paid": "55", "completed_within_budget": True}
        assert told("execution-score", money(scheme="core-2021", stated_score="10", **spent)) == []
        assert told("execution-score", money(scheme="core-2021", stated_score="5.5", **spent)) == [
            ("Execution score", "5.5", "10")
        ]

    def test_by_bands_completion_is_asked_and_never_inferred_from_the_rate(self) -> None:
        spent: dict[str, Any] = {"annual": "100", "paid": "85"}
        for score in ("10", "7"):
            assert told("execution-score", money(scheme="core-2021", stated_score=score, **spent)) == []
        (finding,) = found("execution-score", money(scheme="core-2021", stated_score="8.5", **spent))
        assert (finding.stated, finding.expected) == ("8.5", "10 / 7")
        assert finding.message().endswith("Is it completed?")

    def test_by_bands_all_spent_and_unanswered_gives_all_or_what_no_band_forbids(self) -> None:
        spent: dict[str, Any] = {"annual": "100", "received": None, "paid": "100"}
        for score in ("10", "7"):
            assert told("execution-score", money(scheme="core-2021", stated_score=score, **spent)) == []
        assert told("execution-score", money(scheme="core-2021", stated_score="9", **spent)) == [
            ("Execution score", "9", "10")
        ]

    @pytest.mark.parametrize("completed", [None, False])
    def test_by_bands_nothing_is_said_where_the_scheme_says_nothing(self, completed: bool | None) -> None:
        spent: dict[str, Any] = {"annual": "100", "received": None, "completed_within_budget": completed}
        over = money(scheme="core-2021", stated_score="9", paid="105", **spent)
        assert told("execution-score", over) == []
        all_spent = money(scheme="core-2021", stated_score="9", paid="100", **spent)
        assert bool(told("execution-score", all_spent)) == (completed is None)
        assert told("execution-score", money(scheme="core-2021", stated_score="9", paid=None, **spent)) == []

    @given(paid=AMOUNTS, annual=AMOUNTS)
    def test_no_correctly_rounded_score_is_ever_doubted(self, paid: Decimal, annual: Decimal) -> None:
        score = min(Decimal(10), round(10 * paid / annual, 2))
        dossier = money(annual=str(annual), paid=str(paid), received=None, stated_score=f"{score:f}")
        assert told("execution-score", dossier) == []
