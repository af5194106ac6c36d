"""Subtotals and single scores: within which limits they lie, what they add up to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ERROR
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
NO_WEIGHTS_OR_SCORES = {place: {"weight": None, "stated": {"score": None}} for place in PLACES}
NO_EXECUTION = {"weight": None, "stated_score": None, "rows": []}
EXECUTION_OPEN = {"stated_score": None, "rows": []}


class TestScoreRange:
    @pytest.mark.parametrize(
        ("score", "expected"), [("10.06", "≤ 10"), ("12", "≤ 10"), ("-0.01", "0–10"), ("-3", "0–10")]
    )
    def test_a_score_outside_its_weight_is_an_error(self, score: str, expected: str) -> None:
        (finding,) = found("score-range", correct_dossier(indicators={1: {"stated": {"score": score}}}))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.indicator) == ("操作培训人次", 1)
        assert (finding.stated, finding.expected) == (score, expected)

    @pytest.mark.parametrize("score", ["10.05", "10", "0", None])
    def test_a_score_within_its_weight_is_right(self, score: str | None) -> None:
        assert not found("score-range", correct_dossier(indicators={1: {"stated": {"score": score}}}))

    def test_without_a_weight_only_a_negative_score_is_outside(self) -> None:
        assert not found(
            "score-range", correct_dossier(indicators={1: {"weight": None, "stated": {"score": "60"}}})
        )
        low = correct_dossier(indicators={1: {"weight": None, "stated": {"score": "-1"}}})
        assert told("score-range", low) == [("操作培训人次", "-1", "≥ 0")]

    def test_the_execution_score_stays_within_its_weight(self) -> None:
        assert told("score-range", correct_dossier(budget={"stated_score": "10.5"})) == [
            ("Execution score", "10.5", "≤ 10")
        ]
        assert not found("score-range", correct_dossier(budget={"stated_score": "10.05"}))

    def test_an_execution_score_without_a_weight_is_not_compared(self) -> None:
        budget = {"weight": None, "stated_score": "12", "rows": []}
        assert not found("score-range", correct_dossier(budget=budget))

    @pytest.mark.parametrize(
        ("total", "fires"), [("100.05", False), ("100.06", True), ("0", False), ("-1", True)]
    )
    def test_the_total_lies_between_0_and_100(self, total: str, fires: bool) -> None:
        findings = told("score-range", correct_dossier(stated={"total": total}))
        assert findings == ([("Total", total, "0–100")] if fires else [])

    def test_a_subtotal_stays_within_the_printed_weight_of_its_level(self) -> None:
        dossier = correct_dossier(stated={"by_level1": {"产出": "50", "效益": "30.1", "满意度": "10"}})
        assert told("score-range", dossier) == [("效益", "30.1", "≤ 30")]

    def test_without_a_printed_weight_a_subtotal_stays_within_its_indicators_weights(self) -> None:
        dossier = correct_dossier(stated={"by_level1": {"效益": "31"}, "level1_weights": {}})
        assert told("score-range", dossier) == [("效益", "31", "≤ 30")]
        unknown = correct_dossier(
            stated={"by_level1": {"效益": "31"}, "level1_weights": {}}, indicators={7: {"weight": None}}
        )
        assert not found("score-range", unknown)

    def test_a_subtotal_may_hold_satisfaction_or_execution_too(self) -> None:
        dossier = correct_dossier(
            stated={"by_level1": {"产出": "59.8", "效益": "39.6"}, "level1_weights": {}}
        )
        assert not found("score-range", dossier)


class TestSubtotals:
    def test_a_subtotal_that_is_not_the_sum_is_an_error(self) -> None:
        levels = {"产出": "50", "效益": "28.6", "满意度": "10"}
        (finding,) = found("subtotal-mismatch", correct_dossier(stated={"by_level1": levels}))
        assert finding.severity == ERROR
        assert (finding.subject.text, finding.subject.field) == ("效益", "by_level1")
        assert (finding.stated, finding.expected) == ("28.6", "29.6")
        assert finding.message() == "The subtotal of 效益 is 28.6, but its scores add up to 29.6."

    @pytest.mark.parametrize(
        ("points", "fires"), [("29.65", False), ("29.55", False), ("29.66", True), ("29.54", True)]
    )
    def test_five_hundredths_are_rounding(self, points: str, fires: bool) -> None:
        assert (
            bool(found("subtotal-mismatch", correct_dossier(stated={"by_level1": {"效益": points}}))) is fires
        )

    def test_a_level_whose_subtotal_is_not_printed_is_left_alone(self) -> None:
        scores = {0: {"stated": {"score": "5"}}}
        levels = {"by_level1": {"效益": "29.6"}, "level1_weights": {}}
        assert not found("subtotal-mismatch", correct_dossier(indicators=scores, stated=levels))
        assert not found("subtotal-mismatch", correct_dossier(indicators=scores, stated=NO_LEVELS))

    def test_labels_are_matched_by_their_aliases(self) -> None:
        levels = {"by_level1": {"项目完成": "50", "项目效果指标": "28"}, "level1_weights": {}}
        assert told("subtotal-mismatch", correct_dossier(stated=levels)) == [("项目效果指标", "28", "29.6")]

    def test_missing_scores_leave_their_weights_open(self) -> None:
        missing = {6: {"stated": {"score": None}}}
        for points, expected in (("20", []), ("30", []), ("19", [("效益", "19", "20–30")])):
            dossier = correct_dossier(indicators=missing, stated={"by_level1": {"效益": points}})
            assert told("subtotal-mismatch", dossier) == expected

    def test_missing_scores_of_unknown_weight_leave_the_upper_end_open(self) -> None:
        missing = {6: {"weight": None, "stated": {"score": None}}}
        levels = {"level1_weights": {}}
        high = correct_dossier(indicators=missing, stated={"by_level1": {"效益": "45"}, **levels})
        assert not found("subtotal-mismatch", high)
        low = correct_dossier(indicators=missing, stated={"by_level1": {"效益": "19"}, **levels})
        assert told("subtotal-mismatch", low) == [("效益", "19", "≥ 20")]

    def test_without_scores_the_rules_limit_a_subtotal(self) -> None:
        missing = {place: {"stated": {"score": None}} for place in (6, 7, 8)}
        for points, fires in (("29.6", False), ("25", False), ("30", True)):
            dossier = correct_dossier(
                indicators=missing,
                budget=EXECUTION_OPEN | {"weight": None},
                stated={"by_level1": {"效益": points}},
            )
            assert bool(found("subtotal-mismatch", dossier)) is fires

    def test_without_scores_and_weights_a_framework_level_is_open(self) -> None:
        dossier = correct_dossier(
            indicators=NO_WEIGHTS_OR_SCORES,
            evaluation={"kind": "finance", "scheme": None},
            stated={"by_level1": {"效益": "30"}, "level1_weights": {}},
        )
        assert not found("subtotal-mismatch", dossier)

    def test_satisfaction_may_have_a_subtotal_of_its_own_though_printed_under_effects(self) -> None:
        dossier = correct_dossier(indicators={9: {"level1": "效益指标"}})
        assert not found("subtotal-mismatch", dossier)
        levels = {"by_level1": {"效益": "39.6"}, "level1_weights": {"效益": "40"}}
        assert not found(
            "subtotal-mismatch", correct_dossier(indicators={9: {"level1": "效益指标"}}, stated=levels)
        )

    def test_satisfaction_may_be_counted_with_the_effects_though_printed_apart(self) -> None:
        levels = {"by_level1": {"产出": "50", "效益": "39.6"}, "level1_weights": {"产出": "50", "效益": "40"}}
        assert not found("subtotal-mismatch", correct_dossier(stated=levels))

    def test_cost_may_have_a_subtotal_of_its_own_though_printed_under_outputs(self) -> None:
        levels = {"by_level1": {"产出": "40", "成本": "10"}, "level1_weights": {"产出": "40", "成本": "10"}}
        assert not found("subtotal-mismatch", correct_dossier(stated=levels))

    def test_a_level_may_hold_the_execution_row(self) -> None:
        levels = {"by_level1": {"产出": "59.8"}, "level1_weights": {"产出": "60"}}
        assert not found("subtotal-mismatch", correct_dossier(stated=levels))

    def test_execution_as_a_level_is_compared_with_its_row(self) -> None:
        levels = {"by_level1": {"预算执行率": "9"}, "level1_weights": {"预算执行率": "12"}}
        dossier = correct_dossier(stated=levels)
        assert told("subtotal-mismatch", dossier) == [("预算执行率", "9", "9.8")]
        weight = correct_dossier(stated={"by_level1": {}, "level1_weights": {"预算执行率": "12"}})
        assert told("subtotal-mismatch", weight) == [("预算执行率", "12", "10")]

    def test_an_execution_indicator_may_have_a_level_of_its_own(self) -> None:
        rows = [indicator("产出", "数量", "预算执行率", "10"), indicator("产出", "数量", "件数", "90")]
        levels = {
            "by_level1": {"预算执行": "10", "产出": "90"},
            "level1_weights": {"预算执行": "10", "产出": "90"},
        }
        assert not found(
            "subtotal-mismatch", correct_dossier(indicators=rows, budget=NO_EXECUTION, stated=levels)
        )

    def test_a_printed_level_weight_is_the_sum_of_its_weights(self) -> None:
        levels = {"产出": "50", "效益": "35", "满意度": "10"}
        (finding,) = found("subtotal-mismatch", correct_dossier(stated={"level1_weights": levels}))
        assert (finding.subject.text, finding.subject.field) == ("效益", "level1_weights")
        assert (finding.stated, finding.expected) == ("35", "30")

    def test_an_unknown_weight_leaves_its_level_open(self) -> None:
        levels = {"by_level1": {}, "level1_weights": {"效益": "35"}}
        assert not found(
            "subtotal-mismatch", correct_dossier(indicators={7: {"weight": None}}, stated=levels)
        )

    def test_a_label_without_indicators_is_not_compared(self) -> None:
        levels = {"by_level1": {"决策": "9", "合计": "99.4"}, "level1_weights": {"决策": "10"}}
        assert not found("subtotal-mismatch", correct_dossier(stated=levels))


class TestWaysOfPrinting:
    """The same sums, printed as forms print them: none of it is a fault."""

    @given(
        scores=st.lists(st.integers(0, 1000), min_size=8, max_size=8),
        hidden=st.sets(st.integers(0, 7)),
        execution=st.sampled_from(["row", "row without score", "indicator", "none"]),
        satisfaction_under_effects=st.booleans(),
        satisfaction_apart=st.booleans(),
        labels=st.sampled_from(["{}", "{}指标", "项目{}"]),
        printed=st.sets(st.sampled_from(["过程", "产出", "效益", "满意度"])),
    )
    def test_sums_that_are_right_are_never_doubted(
        self,
        scores: list[int],
        hidden: set[int],
        execution: str,
        satisfaction_under_effects: bool,
        satisfaction_apart: bool,
        labels: str,
        printed: set[str],
    ) -> None:
        points = [Decimal(cents) / 100 for cents in scores]
        satisfaction = "效益" if satisfaction_under_effects else "满意度"
        places = [
            ("过程", "资金管理", "预算执行率" if execution == "indicator" else "资金使用合规性"),
            ("过程", "组织实施", "制度执行有效性"),
            ("产出", "数量", "件数"),
            ("产出", "质量", "合格率"),
            ("产出", "时效", "及时率"),
            ("效益", "社会效益", "办理率"),
            ("效益", "可持续影响", "机制"),
            (satisfaction, "服务对象满意度", "群众满意度"),
        ]
        rows = [
            indicator(
                *place, "10", **in_words(None, None), stated=stated(None if at in hidden else str(points[at]))
            )
            for at, place in enumerate(places)
        ]
        apart = execution in ("row", "row without score")
        subtotals = {"过程": sum(points[:2]), "产出": sum(points[2:5]), "效益": sum(points[5:7])}
        if satisfaction_apart:
            subtotals["满意度"] = points[7]
            if satisfaction_under_effects and "效益" in printed:
                printed = printed | {"满意度"}
        else:
            subtotals["效益"] += points[7]
            printed = printed - {"满意度"}
        dossier = correct_dossier(
            indicators=rows,
            budget={
                "weight": "10" if apart else None,
                "stated_score": "9.8" if execution == "row" else None,
                "rows": [],
            },
            evaluation={"scheme": None},
            stated={
                "total": str(sum(points) + (Decimal("9.8") if apart else 0)),
                "by_level1": {labels.format(level): str(subtotals[level]) for level in sorted(printed)},
                "level1_weights": {},
            },
        )
        for code in ("total-mismatch", "subtotal-mismatch", "score-range"):
            assert told(code, dossier) == []
