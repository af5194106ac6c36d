"""The funding table and the budget that it breaks down."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ERROR, NOTE
from evaluations.checks.funding import (
    CARRIED_ROW,
    CURRENT_ROW,
    LIKE_CURRENT_ROW,
    OTHER_ROW,
    TOTAL_ROW,
    UNKNOWN_ROW,
    kind_of_row,
)
from evaluations.dossier import Dossier
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import shipped_schemes
from tests.evaluations.checks.dossiers import correct_dossier, found, told

AMOUNTS = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 10000)
NAMES = ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金")


class TestBudgetAdjusted:
    def adjusted(self, initial: str | None, annual: str | None, **changes: Any) -> Dossier:
        budget = {"initial": initial, "annual": annual, "rows": [], **changes.pop("budget", {})}
        return correct_dossier(budget=budget, **changes)

    def test_5_percent_or_more_without_a_word_is_a_note(self) -> None:
        (finding,) = found("budget-adjusted", self.adjusted("152.96", "125.46"))
        assert finding.severity == NOTE
        assert (finding.subject.text, finding.subject.term) == ("Annual budget", True)
        assert (finding.stated, finding.expected) == ("125.46", "")
        assert finding.message() == (
            "The annual budget of 125.46 differs from the initial budget of 152.96 by 17.98%, "
            "and no adjustment is explained."
        )

    @pytest.mark.parametrize(
        ("annual", "fires"),
        [("105", True), ("104.99", False), ("95", True), ("95.01", False), ("100", False), ("0", True)],
    )
    def test_the_edge_is_5_percent_of_the_initial_budget(self, annual: str, fires: bool) -> None:
        assert bool(told("budget-adjusted", self.adjusted("100", annual))) == fires

    def test_the_figure_is_the_schemes(self) -> None:
        document: Any = shipped_schemes()["ministry-2020"].to_json()
        scheme = SchemeParameters.from_json(document | {"budget_adjustment": "0.20"})
        assert told("budget-adjusted", self.adjusted("100", "119"), scheme) == []
        assert told("budget-adjusted", self.adjusted("100", "120"), scheme) != []

    def test_a_budget_out_of_nothing_is_an_adjustment(self) -> None:
        (finding,) = found("budget-adjusted", self.adjusted("0", "50"))
        assert finding.message() == (
            "The initial budget is 0 and the annual budget 50, and no adjustment is explained."
        )
        assert told("budget-adjusted", self.adjusted("0", "0")) == []

    @pytest.mark.parametrize(("initial", "annual"), [(None, "100"), ("100", None), (None, None)])
    def test_a_missing_figure_silences(self, initial: str | None, annual: str | None) -> None:
        assert told("budget-adjusted", self.adjusted(initial, annual)) == []

    @pytest.mark.parametrize("word", ["调增", "调减", "追加", "核减", "收回", "压减", "预算调整"])
    def test_a_sentence_that_names_the_change_is_enough(self, word: str) -> None:
        for changes in (
            {"problems": [f"年中{word}20万元。"]},
            {"goal": {"achieved": f"经批准{word}后完成。"}},
            {"report": [{"chapter": "一、基本情况", "text": f"年中{word}20万元。"}]},
        ):
            assert told("budget-adjusted", self.adjusted("100", "120", **changes)) == []

    @pytest.mark.parametrize("text", ["发放问卷200份，收回196份。", "收回有效问卷196份。", "问卷收回率98%。"])
    def test_questionnaires_taken_back_are_no_money(self, text: str) -> None:
        assert told("budget-adjusted", self.adjusted("100", "120", problems=[text])) != []

    def test_a_sentence_that_denies_any_change_does_not_explain_it(self) -> None:
        for text in ("本年度无追加、未调减。", "本项目未进行预算调整。"):
            assert told("budget-adjusted", self.adjusted("100", "120", problems=[text])) != []

    @pytest.mark.parametrize(("reason", "fires"), [("上级下达专项资金", False), ("尾款未付", True)])
    def test_the_budgets_own_reason_counts_if_it_speaks_of_a_change(self, reason: str, fires: bool) -> None:
        assert bool(told("budget-adjusted", self.adjusted("100", "120", budget={"reason": reason}))) == fires

    def test_what_a_review_cut_from_the_declared_budget_is_no_adjustment(self) -> None:
        assert (
            told("budget-adjusted", self.adjusted("153.455", "153.455", budget={"declared": "219.0615"}))
            == []
        )


def table(*cells: tuple[str, Any, Any, Any], rates: Any = None, **budget: Any) -> Dossier:
    """A dossier with a funding table: name, initial, annual, paid; its first row is the budget."""
    rates = rates or {}
    rows = [
        {"name": name, "initial": initial, "annual": annual, "paid": paid, "rate": rates.get(name)}
        for name, initial, annual, paid in cells
    ]
    figures = {key: rows[0][key] for key in ("initial", "annual", "paid")}
    bare: dict[str, Any] = {"lines": [], "stated_totals": [], "stated_execution_rates": [], "received": None}
    return correct_dossier(budget={**bare, **figures, "rows": rows, **budget})


TOTAL = (NAMES[0], "100", "110", "99")
CURRENT = (NAMES[1], "80", "90", "81")
CARRIED = (NAMES[2], "15", "15", "13.5")
OTHER = (NAMES[3], "5", "5", "4.5")


class TestBudgetRows:
    def test_a_table_that_adds_up_is_right(self) -> None:
        assert told("budget-rows", table(TOTAL, CURRENT, CARRIED, OTHER)) == []

    @pytest.mark.parametrize(
        ("current", "told_of", "words"),
        [
            ((NAMES[1], "81", "90", "81"), ("100", "101"), "initial budgets"),
            ((NAMES[1], "80", "90.01", "81"), ("110", "110.01"), "annual budgets"),
            ((NAMES[1], "80", "90", "80.9"), ("99", "98.9"), "paid amounts"),
        ],
    )
    def test_each_column_adds_up_to_the_total(self, current: Any, told_of: Any, words: str) -> None:
        (finding,) = found("budget-rows", table(TOTAL, current, CARRIED, OTHER))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.term) == ("年度资金总额", False)
        assert (finding.stated, finding.expected) == told_of
        assert finding.message().startswith(f"The rows' {words} add up to {told_of[1]}")

    def test_a_column_with_a_blank_is_not_added_up(self) -> None:
        for blank in (0, 1, 2):
            other: list[Any] = ["7", "7", "6.5"]
            other[blank] = None
            findings = told("budget-rows", table(TOTAL, CURRENT, CARRIED, (NAMES[3], *other)))
            assert len(findings) == 1
        assert told("budget-rows", table(TOTAL, CURRENT, CARRIED, (NAMES[3], None, None, None))) == []
        assert told("budget-rows", table(TOTAL, (NAMES[1], "7", "7", "6"), CARRIED)) == []
        assert told("budget-rows", table(TOTAL, *((name, None, None, None) for name in NAMES[1:]))) == []

    @pytest.mark.parametrize(
        "row",
        [
            ("其中：中央财政资金", "60", "70", "63"),
            ("一般公共预算", "80", "90", "81"),
            ("政府性基金", None, None, None),
        ],
    )
    def test_a_row_within_another_row_is_not_added_twice(self, row: Any) -> None:
        assert told("budget-rows", table(TOTAL, CURRENT, row, CARRIED, OTHER)) == []

    def test_a_source_that_the_form_does_not_name_is_added(self) -> None:
        current = (NAMES[1], "50", "60", "54")
        own = ("自筹资金", "30", "30", "27")
        assert told("budget-rows", table(TOTAL, current, own, CARRIED, OTHER)) == []
        assert (
            told("budget-rows", table(TOTAL, current, ("自筹资金", "31", "30", "27"), CARRIED, OTHER)) != []
        )

    def test_sources_by_another_name_for_the_years_appropriation_add_up_too(self) -> None:
        central, local = ("中央财政补助", "50", "60", "54"), ("地方财政补助", "30", "30", "27")
        assert told("budget-rows", table(TOTAL, central, local, CARRIED, OTHER)) == []
        wrong = ("地方财政补助", "29", "30", "27")
        assert told("budget-rows", table(TOTAL, central, wrong, CARRIED, OTHER)) == [
            ("年度资金总额", "100", "99")
        ]

    @pytest.mark.parametrize(
        ("budget", "told_of"),
        [({"initial": "101"}, "101"), ({"annual": "111"}, "111"), ({"paid": "98"}, "98")],
    )
    def test_the_total_row_is_the_budget(self, budget: Any, told_of: str) -> None:
        (finding,) = found("budget-rows", table(TOTAL, CURRENT, CARRIED, OTHER, **budget))
        assert (finding.subject.text, finding.expected) == ("年度资金总额", told_of)

    def test_what_the_budget_or_the_total_row_leaves_out_is_silent(self) -> None:
        nothing = {"initial": None, "annual": None, "paid": None}
        assert told("budget-rows", table(TOTAL, CURRENT, CARRIED, OTHER, **nothing)) == []
        empty = table(
            (NAMES[0], None, None, None), CURRENT, CARRIED, OTHER, annual="1", paid="1", initial="1"
        )
        assert told("budget-rows", empty) == []

    def test_no_row_pays_more_than_its_annual_budget(self) -> None:
        current, other = (NAMES[1], "80", "90", "79.5"), (NAMES[3], "5", "5", "6")
        assert told("budget-rows", table(TOTAL, current, CARRIED, other)) == [("其他资金", "6", "≤ 5")]

    def test_a_total_row_that_pays_more_than_its_annual_budget_is_wrong_too(self) -> None:
        assert told("budget-rows", table(("年度资金总额", "100", "100", "101"))) == [
            ("年度资金总额", "101", "≤ 100")
        ]

    @pytest.mark.parametrize("rate", ["90%", "90.00%", "90", "0.90", " 90 ％"])
    def test_a_rows_rate_is_paid_by_annual(self, rate: str) -> None:
        assert told("budget-rows", table(TOTAL, CURRENT, CARRIED, OTHER, rates={NAMES[1]: rate})) == []
        (finding,) = found("budget-rows", table(TOTAL, CURRENT, CARRIED, OTHER, rates={NAMES[1]: "91%"}))
        assert (finding.subject.text, finding.stated, finding.expected) == (NAMES[1], "91%", "90%")
        assert finding.message() == "91% is stated in this row, but 81 ÷ 90 is 90%."

    @pytest.mark.parametrize("rate", ["—", "-", "", None])
    def test_a_row_without_a_rate_is_right(self, rate: str | None) -> None:
        assert told("budget-rows", table(TOTAL, CURRENT, CARRIED, OTHER, rates={NAMES[2]: rate})) == []

    @pytest.mark.parametrize("rate", ["0%", "100%", "—"])
    def test_a_row_of_nothing_may_have_any_rate(self, rate: str) -> None:
        nothing = (NAMES[3], "0", "0", "0")
        carried = (NAMES[2], "20", "20", "18")
        assert told("budget-rows", table(TOTAL, CURRENT, carried, nothing, rates={NAMES[3]: rate})) == []

    def test_the_total_rows_rate_may_have_the_dossiers_own_denominator(self) -> None:
        rates = {NAMES[0]: "99%"}
        received = table(TOTAL, CURRENT, CARRIED, OTHER, rates=rates, received="100")
        assert len(told("budget-rows", received)) == 1
        form = correct_dossier(
            evaluation={"scheme": None},
            budget={
                "rows": {0: {"rate": "100%"}},
                "received": "117.6",
                "stated_execution_rates": ["100%"],
                "stated_score": "10",
            },
        )
        assert told("budget-rows", form) == []

    @pytest.mark.parametrize("points", [{"weight": "10"}, {"score": "9.8"}])
    def test_only_the_total_row_carries_points(self, points: Any) -> None:
        (finding,) = found("budget-rows", correct_dossier(budget={"rows": {1: points}}))
        assert (finding.subject.text, finding.stated) == ("其中：当年财政拨款", *points.values())
        assert (
            told("budget-rows", correct_dossier(budget={"rows": {1: {"weight": None, "score": "0"}}})) == []
        )

    def test_a_table_without_a_total_row_is_looked_at_row_by_row(self) -> None:
        rows = [{"name": "财政拨款", "annual": "120", "paid": "121", "weight": "10", "score": "9.8"}]
        assert told("budget-rows", correct_dossier(budget={"rows": rows})) == [("财政拨款", "121", "≤ 120")]

    @given(parts=st.lists(AMOUNTS, min_size=3, max_size=3))
    def test_parts_that_add_up_are_never_doubted(self, parts: list[Decimal]) -> None:
        amounts = [sum(parts, Decimal(0)), *parts]
        rows = [
            (name, f"{amount:f}", f"{amount:f}", f"{amount:f}")
            for name, amount in zip(NAMES, amounts, strict=True)
        ]
        assert told("budget-rows", table(*rows)) == []


class TestKindOfRow:
    @pytest.mark.parametrize(
        ("names", "kind"),
        [
            (
                "年度资金总额 年度资金总额： 年度　资金总额（万元） 资金总额 项目资金总额 总计 本年资金合计",
                TOTAL_ROW,
            ),
            (
                "当年财政拨款 其中：当年财政拨款 其中:本年财政拨款 1.财政拨款 （一）当年财政拨款 财政资金",
                CURRENT_ROW,
            ),
            ("上年结转资金 上年结转 －上年结转 上年财政拨款结转 上年结转资金总额 以前年度结余", CARRIED_ROW),
            ("其他资金 其它资金 其他 —其他资金", OTHER_ROW),
            ("中央财政资金 一般公共预算拨款", LIKE_CURRENT_ROW),
            ("自筹资金 政府性基金", UNKNOWN_ROW),
        ],
    )
    def test_rows_are_known_by_their_names_as_printed(self, names: str, kind: str) -> None:
        for name in names.split(" "):
            assert (name, kind_of_row(name)) == (name, kind)
            assert kind_of_row(f"  {name} ") == kind
