"""Too little spent without a word, too much, not known at all; and a poor result without measures."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.checks import ERROR, WARNING
from evaluations.dossier import Dossier
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import shipped_schemes
from tests.evaluations.checks.dossiers import codes, correct_dossier, found, indicator, stated, told

# Kept quiet: a goal, a problem and a recommendation that say nothing of how much was spent.
QUIET: dict[str, Any] = {"goal": {"expected": None, "achieved": None}}
NO_MEASURES: dict[str, Any] = {"problems": [], "recommendations": []}


def spent(paid: str | None, annual: str | None = "100", changes: Any = None, **budget: Any) -> Dossier:
    """A dossier with no scheme that spent so much of so much."""
    bare: dict[str, Any] = {"rows": [], "lines": [], "stated_totals": [], "stated_execution_rates": []}
    figures = {"initial": annual, "annual": annual, "received": None, "paid": paid}
    return correct_dossier(
        **{"evaluation": {"scheme": None}, "budget": bare | figures | budget, **QUIET, **(changes or {})}
    )


def with_low(rate: str) -> SchemeParameters:
    document: Any = shipped_schemes()["ministry-2020"].to_json()
    return SchemeParameters.from_json(document | {"low_execution": rate})


class TestExecutionLow:
    def test_less_than_90_percent_without_a_reason_is_a_warning(self) -> None:
        (finding,) = found("execution-low", spent("80.66"))
        assert finding.severity == WARNING
        assert (finding.subject.text, finding.subject.term) == ("Execution rate", True)
        assert (finding.stated, finding.expected) == ("80.66%", "≥ 90%")
        assert finding.message() == (
            "Only 80.66% of the budget is spent, less than 90%, and no reason is given."
        )

    @pytest.mark.parametrize(("paid", "fires"), [("89.99", True), ("90", False), ("105", False), ("0", True)])
    def test_the_edge_is_90_percent(self, paid: str, fires: bool) -> None:
        assert bool(told("execution-low", spent(paid))) == fires

    def test_the_figure_is_the_schemes(self) -> None:
        assert told("execution-low", spent("80"), with_low("0.80")) == []
        assert told("execution-low", spent("79"), with_low("0.80")) == [("Execution rate", "79%", "≥ 80%")]

    @pytest.mark.parametrize(("paid", "annual"), [(None, "100"), ("50", None), ("50", "0")])
    def test_a_missing_figure_silences(self, paid: str | None, annual: str | None) -> None:
        assert told("execution-low", spent(paid, annual)) == []

    def test_a_reason_on_an_execution_indicator_is_enough(self) -> None:
        for reason, expected in (("合同尾款次年支付。", 0), ("无", 1), ("—", 1), (None, 1)):
            row = indicator("过程", "资金管理", "资金支出率", "10", deviation_reason=reason)
            assert len(told("execution-low", spent("80", changes={"indicators": [row]}))) == expected

    def test_a_reason_on_another_indicator_is_none(self) -> None:
        row = indicator("产出", "数量", "设备数量", "10", deviation_reason="招标推迟。")
        assert len(told("execution-low", spent("80", changes={"indicators": [row]}))) == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"problems": ["预算执行率偏低，因招标推迟。"]},
            {"recommendations": ["加快支出进度。"]},
            {"goal": {"expected": None, "achieved": "预算执行偏慢。"}},
            {"report": [{"chapter": "二、绩效分析", "text": "执行率80%。"}]},
        ],
    )
    def test_a_sentence_that_names_execution_is_enough(self, changes: Any) -> None:
        assert told("execution-low", spent("80", changes=changes)) == []

    @pytest.mark.parametrize(
        ("reason", "fires"),
        [
            ("尾款按合同于次年支付。", False),
            ("招标推迟，项目未能按期开工。", False),
            ("年中追加20万元。", True),
            ("年中追加20万元，未及支付。", False),
            ("无", True),
        ],
    )
    def test_the_budgets_own_reason_counts_unless_it_speaks_of_the_adjustment_only(
        self, reason: str, fires: bool
    ) -> None:
        assert bool(told("execution-low", spent("80", reason=reason))) == fires

    def test_with_no_scheme_a_rate_stated_of_received_funds_is_the_one_that_counts(self) -> None:
        assert told("execution-low", spent("80", received="82", stated_execution_rates=["97.56%"])) == []
        assert told("execution-low", spent("80", received="82", stated_execution_rates=["80%"])) != []
        assert told("execution-low", spent("80", received="82")) == [("Execution rate", "80%", "≥ 90%")]


class TestOverspent:
    def test_more_than_the_annual_budget_is_an_error(self) -> None:
        (finding,) = found("overspent", spent("100.01"))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.stated, finding.expected) == ("Paid amount", "100.01", "≤ 100")
        assert finding.message() == "100.01 is paid, more than the annual budget of 100."

    def test_more_than_received_is_an_error(self) -> None:
        (finding,) = found("overspent", spent("90", received="89"))
        assert finding.message() == "90 is paid, more than the received funds of 89."

    def test_more_than_both_is_told_once(self) -> None:
        assert told("overspent", spent("120", received="110")) == [("Paid amount", "120", "≤ 100")]

    @pytest.mark.parametrize(
        "budget", [("100", "100", "100"), ("0", "100", None), (None, "100", "100"), ("100", None, None)]
    )
    def test_all_of_it_is_no_more_than_it_and_nulls_are_silent(self, budget: Any) -> None:
        paid, annual, received = budget
        assert told("overspent", spent(paid, annual, received=received)) == []


class TestFigureMissing:
    @pytest.mark.parametrize(
        ("missing", "subject"), [({"annual": None}, "Annual budget"), ({"paid": None}, "Paid amount")]
    )
    def test_the_forms_row_needs_the_annual_budget_and_what_was_paid(
        self, missing: Any, subject: str
    ) -> None:
        (finding,) = found("figure-missing", correct_dossier(budget=missing))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.term) == (subject, True)
        assert (finding.stated, finding.expected) == ("", "")

    def test_both_missing_are_two_subjects(self) -> None:
        assert len(told("figure-missing", spent(None, None))) == 2

    @pytest.mark.parametrize("weight", ["4", None])
    def test_an_execution_indicator_needs_them_too(self, weight: str | None) -> None:
        row = indicator("过程", "资金管理", "预算执行率", weight)
        dossier = spent(None, weight=None, stated_score=None, changes={"indicators": [row]})
        assert told("figure-missing", dossier) == [("Paid amount", "", "")]

    @pytest.mark.parametrize("weight", ["0", None])
    def test_execution_that_is_not_scored_needs_nothing(self, weight: str | None) -> None:
        rows = [indicator("产出", "数量", "设备数量", "100")]
        if weight is not None:
            rows.append(indicator("过程", "资金管理", "预算执行率", weight))
        dossier = spent(None, weight=weight, stated_score=None, changes={"indicators": rows})
        assert told("figure-missing", dossier) == []

    @pytest.mark.parametrize(
        "row", [{"stated_score": "9"}, {"rows": [{"name": "年度资金总额", "weight": "10", "score": "9"}]}]
    )
    def test_a_score_or_the_total_row_shows_that_execution_is_scored(self, row: Any) -> None:
        dossier = spent(None, **({"weight": None, "stated_score": None} | row))
        assert told("figure-missing", dossier) == [("Paid amount", "", "")]

    def test_received_and_initial_are_not_asked_for(self) -> None:
        assert "figure-missing" not in codes(correct_dossier(budget={"received": None, "initial": None}))


class TestPoorResultNoMeasures:
    def poor(self, total: str | None, **changes: Any) -> Dossier:
        return correct_dossier(**{"stated": {"total": total}, **NO_MEASURES, **changes})

    def test_a_total_below_80_without_problem_and_recommendation_is_a_warning(self) -> None:
        (finding,) = found("poor-result-no-measures", self.poor("79.99"))
        assert finding.severity == WARNING
        assert (finding.subject.text, finding.stated, finding.expected) == ("Total", "79.99", "")
        assert "neither problem nor recommendation" in finding.message()

    @pytest.mark.parametrize("total", ["80", "99.4", None])
    def test_80_or_more_or_no_total_is_no_poor_result(self, total: str | None) -> None:
        assert told("poor-result-no-measures", self.poor(total)) == []

    @pytest.mark.parametrize(
        "measures",
        [
            {"problems": ["进度滞后。"]},
            {"recommendations": ["加快进度。"]},
            {"problems": [{"text": "进度滞后。"}]},
        ],
    )
    def test_either_a_problem_or_a_recommendation_is_enough(self, measures: Any) -> None:
        assert told("poor-result-no-measures", self.poor("70", **measures)) == []

    def test_a_problem_that_says_there_is_none_is_none(self) -> None:
        assert len(told("poor-result-no-measures", self.poor("70", problems=["无"]))) == 1
        assert len(told("poor-result-no-measures", self.poor("70", recommendations=["—"]))) == 1

    def test_an_unexplained_low_execution_is_a_poor_result_too(self) -> None:
        rows = [indicator("产出", "数量", "设备数量", "100", stated=stated("100"))]
        dossier = spent("80", changes={"indicators": rows, **NO_MEASURES})
        (finding,) = found("poor-result-no-measures", dossier)
        assert (finding.subject.text, finding.stated) == ("Execution rate", "80%")
        assert "execution-low" in codes(dossier)

    def test_an_explained_low_execution_is_not(self) -> None:
        dossier = spent("80", changes=NO_MEASURES, reason="尾款次年支付。")
        assert told("poor-result-no-measures", dossier) == []
