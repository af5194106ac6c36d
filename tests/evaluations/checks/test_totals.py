"""Totals: what they are the sum of, and which grade they earn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ERROR
from evaluations.dossier import Dossier
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import shipped_schemes
from tests.evaluations.checks.dossiers import (
    CORRECT,
    correct_dossier,
    found,
    in_words,
    indicator,
    stated,
    told,
)

PLACES = range(len(CORRECT["indicators"]))
NO_LEVELS = {"by_level1": {}, "level1_weights": {}}
NO_SCORES = {place: {"stated": {"score": None}} for place in PLACES}
NO_WEIGHTS_OR_SCORES = {place: {"weight": None, "stated": {"score": None}} for place in PLACES}
NO_EXECUTION = {"weight": None, "stated_score": None, "rows": []}
EXECUTION_OPEN = {"stated_score": None, "rows": []}


def capped() -> SchemeParameters:
    """The ministry's scheme with at most 89 points for an execution rate below 99 %."""
    document = shipped_schemes()["ministry-2020"].to_json()
    return SchemeParameters.from_json(document | {"caps": [{"from": "0", "to": "0.99", "most": "89"}]})


class TestTotalAgainstScores:
    def test_a_total_that_is_not_the_sum_is_an_error(self) -> None:
        (finding,) = found("total-mismatch", correct_dossier(stated={"total": "98.4"}))
        assert finding.severity == ERROR
        assert finding.subject.text == "Total"
        assert (finding.stated, finding.expected) == ("98.4", "99.4")
        assert finding.message() == "The total is 98.4, but the scores add up to 99.4."

    @pytest.mark.parametrize(
        ("total", "fires"), [("99.45", False), ("99.35", False), ("99.46", True), ("99.34", True)]
    )
    def test_five_hundredths_are_rounding(self, total: str, fires: bool) -> None:
        assert bool(found("total-mismatch", correct_dossier(stated={"total": total}))) is fires

    def test_without_a_total_there_is_nothing_to_compare(self) -> None:
        assert not found("total-mismatch", correct_dossier(stated={"total": None}))

    def test_without_indicators_or_subtotals_there_is_nothing_to_compare(self) -> None:
        assert not found(
            "total-mismatch", correct_dossier(indicators=[], stated={"total": "50", **NO_LEVELS})
        )

    def test_scores_add_up_even_where_no_weight_is_published(self) -> None:
        bare = {place: {"weight": None} for place in PLACES}
        assert not found("total-mismatch", correct_dossier(indicators=bare, stated=NO_LEVELS))
        wrong = correct_dossier(indicators=bare, stated={"total": "95", **NO_LEVELS})
        assert told("total-mismatch", wrong) == [("Total", "95", "99.4")]

    def test_the_execution_score_may_stand_in_the_funding_table_only(self) -> None:
        assert not found("total-mismatch", correct_dossier(budget={"weight": None, "stated_score": None}))

    def test_an_execution_score_that_is_not_published_leaves_its_weight_open(self) -> None:
        def open_execution(total: str) -> list[tuple[str, str, str]]:
            return told(
                "total-mismatch", correct_dossier(budget=EXECUTION_OPEN, stated={"total": total, **NO_LEVELS})
            )

        assert open_execution("89.6") == []
        assert open_execution("99.6") == []
        assert open_execution("99.7") == [("Total", "99.7", "89.6–99.6")]
        assert open_execution("89.5") == [("Total", "89.5", "89.6–99.6")]

    def test_execution_without_score_and_weight_is_open_where_ten_points_are_left_for_it(self) -> None:
        assert not found("total-mismatch", correct_dossier(budget=NO_EXECUTION, stated=NO_LEVELS))
        wrong = correct_dossier(budget=NO_EXECUTION, stated={"total": "89", **NO_LEVELS})
        assert told("total-mismatch", wrong) == [("Total", "89", "89.6–99.6")]

    def test_execution_that_the_form_does_not_score_adds_nothing(self) -> None:
        heavier = {0: {"weight": "20", "stated": {"score": "20"}}}
        dossier = correct_dossier(
            budget=NO_EXECUTION, indicators=heavier, stated={"total": "99.6", **NO_LEVELS}
        )
        assert not found("total-mismatch", dossier)

    def test_an_execution_indicator_is_counted_once(self) -> None:
        rows = [indicator("过程", "资金管理", "预算执行率", "10"), indicator("产出", "数量", "件数", "90")]
        for total, fires in (("100", False), ("90", True)):
            dossier = correct_dossier(
                indicators=rows, budget=NO_EXECUTION, stated={"total": total, **NO_LEVELS}
            )
            assert bool(found("total-mismatch", dossier)) is fires

    def test_a_row_that_repeats_the_execution_indicator_may_count_or_not(self) -> None:
        rows = [indicator("过程", "资金管理", "预算执行率", "10"), indicator("产出", "数量", "件数", "85")]
        for total, fires in (("95", False), ("104.8", False), ("99", True)):
            dossier = correct_dossier(indicators=rows, stated={"total": total, **NO_LEVELS})
            assert bool(found("total-mismatch", dossier)) is fires

    @given(st.lists(st.integers(0, 2000), min_size=1, max_size=8), st.integers(-30, 30))
    def test_it_fires_exactly_when_the_sum_is_off(self, cents: list[int], off: int) -> None:
        rows = [
            indicator("产出", "数量", f"指标{place}", "20", stated=stated(str(Decimal(points) / 100)))
            for place, points in enumerate(cents)
        ]
        total = Decimal(sum(cents) + 980 + off) / 100
        dossier = correct_dossier(indicators=rows, stated={"total": str(total), **NO_LEVELS})
        assert bool(found("total-mismatch", dossier)) == (abs(off) > 5)


class TestTotalAgainstKnownScores:
    def partly(self, total: str, **row: Any) -> list[tuple[str, str, str]]:
        change = {1: {"stated": {"score": None}, **row}}
        return told(
            "total-mismatch", correct_dossier(indicators=change, stated={"total": total, **NO_LEVELS})
        )

    def test_a_missing_score_is_anything_up_to_its_weight(self) -> None:
        assert self.partly("89.4") == []
        assert self.partly("99.4") == []
        assert self.partly("99.45") == []
        assert self.partly("99.5") == [("Total", "99.5", "89.4–99.4")]
        assert self.partly("89.3") == [("Total", "89.3", "89.4–99.4")]

    def test_a_missing_score_of_unknown_weight_leaves_the_upper_end_open(self) -> None:
        assert self.partly("100", weight=None) == []
        assert self.partly("89", weight=None) == [("Total", "89", "≥ 89.4")]

    def test_a_subtotal_stands_in_for_the_missing_scores_of_its_level(self) -> None:
        effects = {place: {"stated": {"score": None}} for place in (6, 7, 8)}
        for total, fires in (("99.4", False), ("98", True)):
            levels = {"by_level1": {"效益": "29.6"}, "level1_weights": {}}
            dossier = correct_dossier(indicators=effects, stated={"total": total, **levels})
            assert bool(found("total-mismatch", dossier)) is fires

    def test_a_level_without_listed_indicators_counts_with_its_subtotal(self) -> None:
        rows = [indicator("产出", "数量", "件数", "60"), indicator("效益", "社会效益", "办理率", "20")]
        levels = {"by_level1": {"决策": "8", "过程": "9"}, "level1_weights": {}}
        for total, fires in (("97", False), ("96", True)):
            dossier = correct_dossier(indicators=rows, budget=NO_EXECUTION, stated={"total": total, **levels})
            assert bool(found("total-mismatch", dossier)) is fires


class TestTotalAgainstSubtotals:
    LEVELS = (("决策", "10"), ("过程", "20"), ("产出", "40"), ("效益", "30"))

    def scored_by_experts(self, total: str, subtotals: dict[str, str], **changes: Any) -> Dossier:
        rows = [
            indicator(level, "", f"{level}指标", weight, **in_words(None, None))
            for level, weight in self.LEVELS
        ]
        for row in rows:
            row["stated"] = stated(None)
        return correct_dossier(
            **{
                "evaluation": {"kind": "finance", "scheme": None},
                "indicators": rows,
                "budget": NO_EXECUTION,
                "stated": {"total": total, "by_level1": subtotals, "level1_weights": dict(self.LEVELS)},
                **changes,
            }
        )

    SUBTOTALS = {"决策": "8.72", "过程": "17.88", "产出": "37.4", "效益": "26.8"}

    def test_subtotals_of_every_level_add_up_to_the_total(self) -> None:
        assert not found("total-mismatch", self.scored_by_experts("90.8", self.SUBTOTALS))
        (finding,) = found("total-mismatch", self.scored_by_experts("91.8", self.SUBTOTALS))
        assert (finding.stated, finding.expected) == ("91.8", "90.8")

    def test_the_labels_may_be_longer_than_the_levels(self) -> None:
        longer = {f"项目{level}": points for level, points in self.SUBTOTALS.items()}
        assert not found("total-mismatch", self.scored_by_experts("90.8", longer))
        assert told("total-mismatch", self.scored_by_experts("91.8", longer)) == [("Total", "91.8", "90.8")]

    def test_a_level_without_a_subtotal_leaves_the_total_open(self) -> None:
        some = {"决策": "8.72", "过程": "17.88"}
        assert not found("total-mismatch", self.scored_by_experts("80", some))
        assert told("total-mismatch", self.scored_by_experts("99", some)) == [("Total", "99", "26.6–96.6")]

    def test_a_printed_sum_is_no_level(self) -> None:
        assert not found("total-mismatch", self.scored_by_experts("90.8", {**self.SUBTOTALS, "合计": "90.8"}))

    def test_subtotals_are_compared_even_where_scores_add_up(self) -> None:
        levels = {"产出": "49", "效益": "29.6", "满意度": "10"}
        dossier = correct_dossier(stated={"by_level1": levels})
        assert told("total-mismatch", dossier) == [("Total", "99.4", "98.4")]

    def test_execution_may_have_a_subtotal_of_its_own(self) -> None:
        levels = {"预算执行率": "9.8", "产出": "50", "效益": "29.6", "满意度": "10"}
        assert not found("total-mismatch", correct_dossier(stated={"by_level1": levels}))
        assert not found(
            "total-mismatch",
            correct_dossier(budget=NO_EXECUTION, stated={"by_level1": levels, "level1_weights": {}}),
        )

    def test_execution_may_be_part_of_a_level(self) -> None:
        levels = {"产出": "59.8", "效益": "29.6", "满意度": "10"}
        assert not found(
            "total-mismatch", correct_dossier(stated={"by_level1": levels, "level1_weights": {}})
        )

    def test_without_indicators_the_levels_must_make_up_100_points(self) -> None:
        whole = self.scored_by_experts("91.8", self.SUBTOTALS, indicators=[])
        assert told("total-mismatch", whole) == [("Total", "91.8", "90.8")]
        part = self.scored_by_experts("91.8", {"产出": "37.4"}, indicators=[])
        assert not found("total-mismatch", part)


class TestTotalAgainstRules:
    def unscored(self, total: str, indicators: Any = None, **changes: Any) -> list[tuple[str, str, str]]:
        rows = NO_SCORES if indicators is None else indicators
        return told(
            "total-mismatch",
            correct_dossier(indicators=rows, **{"stated": {"total": total, **NO_LEVELS}, **changes}),
        )

    def test_a_total_over_what_the_rules_give_is_an_error(self) -> None:
        assert self.unscored("99.4", budget=EXECUTION_OPEN) == []
        assert self.unscored("99.6", budget=EXECUTION_OPEN) == [("Total", "99.6", "≤ 99.4")]

    def test_a_total_below_it_is_possible(self) -> None:
        assert self.unscored("70", budget=EXECUTION_OPEN) == []

    def test_without_weights_the_levels_are_shared_out_equally(self) -> None:
        # 效益 30 over two level 2s, 社会效益 15 over two indicators: 7.5 × 81.6 ÷ 85 = 7.2, execution 9.8.
        assert self.unscored("99.5", NO_WEIGHTS_OR_SCORES, budget=NO_EXECUTION) == []
        assert self.unscored("100", NO_WEIGHTS_OR_SCORES, budget=NO_EXECUTION) == [("Total", "100", "≤ 99.5")]

    def test_what_figures_do_not_decide_counts_in_full(self) -> None:
        unclear = {**NO_SCORES, 6: {"actual": {"value": None, "text": None}, "stated": {"score": None}}}
        assert self.unscored("99.8", unclear, budget=EXECUTION_OPEN) == []
        words = {**NO_SCORES, 8: {"actual": {"text": "部分完成"}, "stated": {"score": None}}}
        assert self.unscored("99.4", words, budget=EXECUTION_OPEN) == []

    def test_without_amounts_execution_counts_in_full(self) -> None:
        budget = {**EXECUTION_OPEN, "paid": None, "lines": [], "stated_totals": []}
        assert self.unscored("99.6", budget=budget) == []

    def test_received_funds_count_too_where_no_scheme_says_which(self) -> None:
        budget = {**EXECUTION_OPEN, "received": "117.6"}
        assert self.unscored("99.6", budget=budget, evaluation={"scheme": None}) == []
        assert self.unscored("99.6", budget=budget) == [("Total", "99.6", "≤ 99.4")]

    def test_the_2021_scheme_asks_whether_the_project_was_completed(self) -> None:
        scheme = {"scheme": "core-2021"}
        met = {**NO_SCORES, 6: {"actual": {"value": "90", "text": "90%"}, "stated": {"score": None}}}
        assert self.unscored("100", met, budget=EXECUTION_OPEN, evaluation=scheme) == []
        unfinished = {**EXECUTION_OPEN, "completed_within_budget": False}
        assert self.unscored("100", met, budget=unfinished, evaluation=scheme) == [("Total", "100", "≤ 97")]
        finished = {**EXECUTION_OPEN, "completed_within_budget": True}
        assert self.unscored("100", met, budget=finished, evaluation=scheme) == []

    def test_weights_published_in_part_still_count_where_they_are_known(self) -> None:
        some = {**NO_SCORES, 0: {"weight": None, "stated": {"score": None}}}
        assert self.unscored("99.4", some, budget=EXECUTION_OPEN) == []
        assert self.unscored("99.6", some, budget=EXECUTION_OPEN) == [("Total", "99.6", "≤ 99.4")]
        other = {**NO_SCORES, 6: {"weight": None, "stated": {"score": None}}}
        assert self.unscored("99.8", other, budget=EXECUTION_OPEN) == []

    def test_equal_shares_do_not_stand_for_the_weights_of_a_framework(self) -> None:
        finance = {"kind": "finance", "scheme": None}
        assert self.unscored("100", NO_WEIGHTS_OR_SCORES, budget=NO_EXECUTION, evaluation=finance) == []

    def test_equal_shares_do_not_stand_for_levels_that_the_scheme_does_not_have(self) -> None:
        local = {**NO_WEIGHTS_OR_SCORES, 0: {"level1": "管理", "weight": None, "stated": {"score": None}}}
        assert self.unscored("100", local, budget=NO_EXECUTION) == []

    def test_equal_shares_do_not_stand_where_other_level_weights_are_printed(self) -> None:
        printed = {"by_level1": {}, "level1_weights": {"产出": "60", "效益": "20", "满意度": "10"}}
        levels = {"total": "100", **printed}
        assert self.unscored("", NO_WEIGHTS_OR_SCORES, budget=NO_EXECUTION, stated=levels) == []

    def test_a_cap_of_the_scheme_limits_the_total(self) -> None:
        rows = correct_dossier(
            indicators=NO_SCORES, budget=EXECUTION_OPEN, stated={"total": "90", **NO_LEVELS}
        )
        assert told("total-mismatch", rows, scheme=capped()) == [("Total", "90", "≤ 89")]

    def test_a_total_cut_to_the_cap_is_no_mismatch(self) -> None:
        assert not found("total-mismatch", correct_dossier(stated={"total": "89"}), scheme=capped())
        assert found("total-mismatch", correct_dossier(stated={"total": "88"}), scheme=capped())


class TestGrade:
    @pytest.mark.parametrize(
        ("total", "grade"),
        [
            ("100", "优"), ("90", "优秀"), ("89.99", "良"), ("80", "良好"), ("79.99", "中"), ("60", "合格"),
            ("70", "一般"), ("59.99", "差"), ("0", "不合格"), ("30", "较差"), ("95", "优级"), ("70", "中等"),
        ],
    )  # fmt: skip
    def test_the_band_of_the_total_is_the_grade(self, total: str, grade: str) -> None:
        assert not found("grade-mismatch", correct_dossier(stated={"total": total, "grade": grade}))

    @pytest.mark.parametrize(
        ("total", "grade", "expected"),
        [("89.99", "优", "良"), ("90", "良好", "优"), ("60", "不合格", "中"), ("59.9", "合格", "差")],
    )
    def test_another_grade_is_an_error(self, total: str, grade: str, expected: str) -> None:
        (finding,) = found("grade-mismatch", correct_dossier(stated={"total": total, "grade": grade}))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.stated, finding.expected) == ("Grade", grade, expected)

    @pytest.mark.parametrize(
        ("total", "grade"), [(None, "差"), ("99.4", None), ("99.4", ""), ("99.4", "达标"), ("101", "差")]
    )
    def test_without_total_or_grade_nothing_is_compared(self, total: str | None, grade: str | None) -> None:
        assert not found("grade-mismatch", correct_dossier(stated={"total": total, "grade": grade}))

    def test_a_scheme_may_have_other_bands(self) -> None:
        document = shipped_schemes()["ministry-2020"].to_json()
        grades = [
            {"grade": "优", "from": "95", "to": "100"},
            {"grade": "良", "from": "80", "to": "95"},
            {"grade": "中", "from": "60", "to": "80"},
            {"grade": "差", "from": "0", "to": "60"},
        ]
        scheme = SchemeParameters.from_json(document | {"grades": grades})
        dossier = correct_dossier(stated={"total": "92", "grade": "优"})
        assert told("grade-mismatch", dossier, scheme=scheme) == [("Grade", "优", "良")]
