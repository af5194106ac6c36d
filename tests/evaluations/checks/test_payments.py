"""Lines of payments: their sums, their dates, and what was paid in advance."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.checks import ERROR, NOTE, WARNING
from evaluations.dossier import Dossier
from tests.evaluations.checks.dossiers import correct_dossier, found, indicator, stated, told


def line(paid: str | None, date: str | None = None, item: str = "设备款", **details: Any) -> dict[str, Any]:
    return {"item": item, "group": None, "date": date, "budget": None, "paid": paid} | details


def paying(*lines: dict[str, Any], paid: str | None = "100", **changes: Any) -> Dossier:
    """A dossier of 2023 that paid these lines; no total of them is stated."""
    budget = {"annual": "120", "initial": "120", "paid": paid, "rows": [], "stated_totals": []}
    return correct_dossier(budget={**budget, "lines": list(lines), **changes.pop("budget", {})}, **changes)


def stating(*totals: tuple[str | None, str, str]) -> dict[str, Any]:
    """Stated totals: group, column, amount."""
    names = ("group", "column", "amount")
    return {"stated_totals": [dict(zip(names, total, strict=True)) for total in totals]}


SERVICES = [
    line("14.78", item="维保费", group="当年服务费", budget="15.179"),
    line("10.2", item="专线", group="当年服务费", budget="10.2"),
    line("26.28", item="平台服务费", group="结转服务费", budget="26.28"),
    line("2.34", item="专线", group="结转服务费", budget="2.5"),
]


class TestBudgetTotal:
    def test_a_groups_lines_add_up_to_its_stated_total(self) -> None:
        totals = stating(("当年服务费", "paid", "24.98"), ("当年服务费", "budget", "25.379"))
        assert told("budget-total", paying(*SERVICES, budget=totals)) == []
        (finding,) = found("budget-total", paying(*SERVICES, budget=stating(("当年服务费", "paid", "24.97"))))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.term) == ("当年服务费", False)
        assert (finding.stated, finding.expected) == ("24.97", "24.98")
        assert finding.message() == "The lines add up to 24.98, but their total is stated as 24.97."

    def test_each_group_and_each_column_is_added_up_apart(self) -> None:
        totals = stating(
            ("当年服务费", "budget", "25.379"),
            ("结转服务费", "budget", "28.62"),
            ("结转服务费", "paid", "28.62"),
        )
        assert told("budget-total", paying(*SERVICES, budget=totals)) == [("结转服务费", "28.62", "28.78")]

    def test_a_total_without_a_group_is_over_all_lines(self) -> None:
        totals = stating((None, "paid", "53.6"), (None, "budget", "54.159"))
        assert told("budget-total", paying(*SERVICES, paid="53.6", budget=totals)) == []
        (finding,) = found(
            "budget-total", paying(*SERVICES, paid="53.6", budget=stating((None, "budget", "54")))
        )
        assert (finding.subject.text, finding.subject.term) == ("Total of budget items", True)
        assert (finding.stated, finding.expected) == ("54", "54.159")

    @pytest.mark.parametrize("group", ["合计", "总 计"])
    def test_a_total_of_a_group_called_total_is_over_all_lines(self, group: str) -> None:
        right = paying(*SERVICES, paid="53.6", budget=stating((group, "paid", "53.6")))
        assert told("budget-total", right) == []
        wrong = paying(*SERVICES, paid="60", budget=stating((group, "paid", "60")))
        assert told("budget-total", wrong) == [("Total of payments", "60", "53.6")]

    def test_group_names_agree_however_they_are_spaced(self) -> None:
        wrong = paying(*SERVICES, budget=stating(("当年 服务费：", "paid", "24")))
        assert told("budget-total", wrong) == [("当年 服务费：", "24", "24.98")]

    def test_a_group_without_lines_cannot_be_added_up(self) -> None:
        assert told("budget-total", paying(*SERVICES, budget=stating(("硬件", "paid", "9")))) == []
        assert told("budget-total", paying(budget=stating((None, "paid", "9")))) == []

    def test_a_line_without_a_figure_leaves_its_total_unknown(self) -> None:
        lines = [*SERVICES, line(None, item="短信费", group="当年服务费", budget=None)]
        totals = stating(("当年服务费", "paid", "99"), (None, "budget", "99"), (None, "paid", "99"))
        assert told("budget-total", paying(*lines, budget=totals)) == []

    def test_lines_that_pay_more_than_was_paid_are_wrong_even_without_a_total(self) -> None:
        (finding,) = found("budget-total", paying(line("60"), line("40.01"), line(None)))
        assert (finding.subject.text, finding.stated, finding.expected) == (
            "Total of payments",
            "100.01",
            "≤ 100",
        )

    def test_items_budgeted_over_the_annual_budget_are_wrong(self) -> None:
        lines = [line(None, budget="70"), line(None, budget="50.5")]
        assert told("budget-total", paying(*lines)) == [("Total of budget items", "120.5", "≤ 120")]

    @pytest.mark.parametrize("name", ["initial", "declared"])
    def test_items_of_the_initial_or_declared_budget_may_exceed_the_annual_one(self, name: str) -> None:
        lines = [line(None, budget="70"), line(None, budget="60")]
        assert told("budget-total", paying(*lines, budget={name: "130"})) == []

    def test_a_partial_list_without_a_stated_total_is_right(self) -> None:
        assert told("budget-total", paying(line("60", budget="60"), line("30", budget="30"))) == []

    def test_all_lines_add_up_to_paid_where_a_total_of_them_is_stated(self) -> None:
        lines = [line("60"), line("30")]
        (finding,) = found("budget-total", paying(*lines, budget=stating((None, "paid", "90"))))
        assert (finding.subject.text, finding.stated, finding.expected) == ("Total of payments", "90", "100")
        assert told("budget-total", paying(*lines, paid="90", budget=stating((None, "paid", "90")))) == []
        grouped = [line("60", group="一期"), line("30", group="二期")]
        totals = stating(("一期", "paid", "60"), ("二期", "paid", "30"))
        assert told("budget-total", paying(*grouped, budget=totals)) == []

    def test_a_missing_budget_silences(self) -> None:
        lines = [line("60", budget="60"), line("90", budget="90")]
        assert told("budget-total", paying(*lines, paid=None, budget={"annual": None})) == []

    def test_a_printed_sum_and_a_part_of_the_line_above_are_not_added_again(self) -> None:
        lines = [line("60"), line("20", item="其中：安装费"), line("40"), line("100", item="合 计")]
        assert told("budget-total", paying(*lines, budget=stating((None, "paid", "100")))) == []


class TestYearEndPayments:
    def test_half_of_the_money_in_december_is_a_note(self) -> None:
        lines = [line("17.8", "2023-08-03"), line("50", "2023-12-15"), line("32.2", "2023-12-25")]
        (finding,) = found("year-end-payments", paying(*lines))
        assert finding.severity == NOTE
        assert (finding.subject.text, finding.subject.term) == ("Payments", True)
        assert (finding.stated, finding.expected) == ("82.2%", "< 50%")
        assert finding.message() == "82.2 of the 100 in dated payments, 82.2%, fell in December."

    @pytest.mark.parametrize(("december", "fires"), [("50", True), ("49.99", False)])
    def test_the_edge_is_half(self, december: str, fires: bool) -> None:
        rest = str(100 - float(december))
        dossier = paying(line(rest, "2023-11-30"), line(december, "2023-12-01"))
        assert bool(told("year-end-payments", dossier)) == fires

    @pytest.mark.parametrize(("paid", "fires"), [("100", True), ("100.01", False)])
    def test_dated_lines_cover_four_fifths_of_what_was_paid(self, paid: str, fires: bool) -> None:
        lines = [line("30", "2023-05-04"), line("50", "2023-12-20"), line("20", None)]
        assert bool(told("year-end-payments", paying(*lines, paid=paid))) == fires

    def test_a_single_payment_is_no_rush(self) -> None:
        assert told("year-end-payments", paying(line("100", "2023-12-20"))) == []
        assert told("year-end-payments", paying(line("100", "2023-12-20"), line(None, "2023-05-04"))) == []

    def test_another_years_december_is_not_the_years_end(self) -> None:
        lines = [line("50", "2022-12-20"), line("50", "2023-05-04")]
        assert told("year-end-payments", paying(*lines)) == []

    @pytest.mark.parametrize("paid", [None, "0"])
    def test_without_what_was_paid_nothing_is_said(self, paid: str | None) -> None:
        lines = [line("50", "2023-12-20"), line("50", "2023-12-21")]
        assert told("year-end-payments", paying(*lines, paid=paid)) == []


class TestAdvancePayments:
    FULL = (indicator("产出", "数量", "系统数量", "30"), indicator("项目完成", "质量", "验收合格率", "20"))

    def advanced(
        self, *outputs: dict[str, Any], amount: str = "50", item: str = "设备首付款", **changes: Any
    ) -> Dossier:
        return paying(line(amount, item=item), line("20"), indicators=list(outputs), **changes)

    def test_half_of_the_money_in_advance_with_every_output_full_is_a_warning(self) -> None:
        (finding,) = found("advance-payments", self.advanced(*self.FULL))
        assert finding.severity == WARNING
        assert (finding.subject.text, finding.subject.term) == ("Advance payments", True)
        assert finding.stated == "50%"
        assert finding.message() == "50 of the 100 paid, 50%, was paid in advance, yet every output is full."

    def test_the_edge_is_half(self) -> None:
        assert told("advance-payments", self.advanced(*self.FULL, amount="49.99")) == []

    @pytest.mark.parametrize(
        ("item", "fires"),
        [
            ("监理合同首付款", True),
            ("工程预付款", True),
            ("首期款", True),
            ("项目预付60%", True),
            ("预付费电表", False),
            ("合同尾款", False),
            ("进度款", False),
        ],
    )
    def test_advances_are_known_by_their_names(self, item: str, fires: bool) -> None:
        assert bool(told("advance-payments", self.advanced(*self.FULL, item=item))) == fires

    def test_a_group_of_advances_counts(self) -> None:
        lines = [line("60", item="软件", group="预付款"), line("40", item="硬件", group="结算款")]
        assert told("advance-payments", paying(*lines, indicators=list(self.FULL))) != []

    def test_one_output_short_of_its_weight_is_enough_to_say_nothing(self) -> None:
        for score, fires in (("19.95", True), ("19.94", False)):
            short = indicator("产出", "质量", "合格率", "20", stated=stated(score, met=True))
            assert bool(told("advance-payments", self.advanced(self.FULL[0], short))) == fires

    def test_cost_and_execution_are_no_outputs(self) -> None:
        cost = indicator("产出", "成本", "项目成本", "10", stated=stated("6"))
        execution = indicator("产出", None, "预算执行率", "10", stated=stated("6"))
        assert told("advance-payments", self.advanced(*self.FULL, cost, execution)) != []
        assert told("advance-payments", self.advanced(cost, execution)) == []

    @pytest.mark.parametrize(
        ("met", "actual", "fires"),
        [(True, "9", True), (None, "10", True), (None, "9", False), (False, "10", False)],
    )
    def test_without_scores_an_output_is_full_when_it_is_met(
        self, met: bool | None, actual: str, fires: bool
    ) -> None:
        row = indicator(
            "产出",
            "数量",
            "系统数量",
            None,
            target={"comparator": ">=", "value": "10", "unit": "个", "text": "≥10个"},
            actual={"value": actual, "text": f"{actual}个"},
            stated=stated(None, met=met),
        )
        dossier = self.advanced(row, stated={"by_level1": {}, "level1_weights": {}})
        assert bool(told("advance-payments", dossier)) == fires

    @pytest.mark.parametrize(("points", "fires"), [("50", True), ("37.4", False)])
    def test_where_only_a_subtotal_is_scored_it_decides(self, points: str, fires: bool) -> None:
        rows = [{**row, "stated": stated(None, met=not fires)} for row in self.FULL]
        printed = {"by_level1": {"产出": points}, "level1_weights": {"产出": "50"}}
        assert bool(told("advance-payments", self.advanced(*rows, stated=printed))) == fires

    def test_without_what_was_paid_or_without_outputs_nothing_is_said(self) -> None:
        assert told("advance-payments", self.advanced(*self.FULL, paid=None)) == []
        assert told("advance-payments", self.advanced(indicator("效益", "社会效益", "办理率", "30"))) == []
        assert told("advance-payments", paying(indicators=list(self.FULL))) == []


class TestPaymentOutOfYear:
    @pytest.mark.parametrize("day", ["2022-12-31", "2024-01-01"])
    def test_a_line_outside_the_fiscal_year_is_a_warning(self, day: str) -> None:
        (finding,) = found("payment-out-of-year", paying(line("10", day, item="培训费")))
        assert finding.severity == WARNING
        assert (finding.subject.text, finding.subject.term) == ("培训费", False)
        assert (finding.stated, finding.expected) == (day, "2023")
        assert finding.message() == f"This line is dated {day}, outside the fiscal year 2023."

    def test_each_line_is_a_subject(self) -> None:
        lines = [line("10", "2022-05-01", item="甲"), line("10", "2024-05-01", item="乙")]
        assert [subject for subject, _, _ in told("payment-out-of-year", paying(*lines))] == ["甲", "乙"]

    @pytest.mark.parametrize("day", ["2023-01-01", "2023-12-31", None])
    def test_a_line_within_it_or_without_a_date_is_right(self, day: str | None) -> None:
        assert told("payment-out-of-year", paying(line("10", day))) == []

    @pytest.mark.parametrize(
        "details",
        [
            {"group": "上年结转"},
            {"group": "结转2018年购租服务费"},
            {"item": "上年结转设备款"},
            {"item": "以前年度尾款"},
        ],
    )
    def test_a_line_carried_over_may_be_of_another_year(self, details: dict[str, Any]) -> None:
        assert told("payment-out-of-year", paying(line("10", "2022-11-01", **details))) == []
