"""Weights: do they add up, do they follow the scheme, does one weigh too much."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ERROR, NOTE, WARNING
from evaluations.dossier import Dossier
from evaluations.scoring.shipped import shipped_schemes
from tests.evaluations.checks.dossiers import correct_dossier, found, indicator, told

ROW = {"budget": {"weight": None, "stated_score": None, "rows": []}}
EXECUTION = indicator("过程", "资金管理", "预算执行率", "10")


def dossier_of(*rows: tuple[str, str | None, str, str | None], **changes: Any) -> Dossier:
    """A dossier with these indicators only: level 1, level 2, name, weight."""
    indicators = [indicator(*row, stated={"score": None, "met": None}) for row in rows]
    return correct_dossier(**{"indicators": indicators, "stated": {"level1_weights": {}}, **changes})


def weighing(outputs: str, effects: str, satisfaction: str | None = "10", **changes: Any) -> Dossier:
    """A dossier whose levels weigh so much, in two indicators for outputs and for effects."""
    rows: list[tuple[str, str | None, str, str | None]] = [
        (level1, level2, f"{level1}{part}", str(Decimal(weight) / 2))
        for level1, level2, weight in (("产出", "数量", outputs), ("效益", "社会效益", effects))
        for part in "一二"
    ]
    if satisfaction is not None:
        rows.append(("满意度", "服务对象满意度", "群众满意度", satisfaction))
    return dossier_of(*rows, **changes)


class TestWeightsTotal:
    def test_a_sum_other_than_100_is_an_error(self) -> None:
        (finding,) = found("weights-total", correct_dossier(indicators={0: {"weight": "9"}}))
        assert finding.severity == ERROR
        assert finding.subject.text == "Total of weights"
        assert finding.subject.term
        assert (finding.stated, finding.expected) == ("99", "100")
        assert finding.message() == "The weights add up to 99, not to 100."

    def test_90_without_a_weight_for_execution_says_that_it_is_missing(self) -> None:
        (finding,) = found("weights-total", correct_dossier(**ROW))
        assert "the execution of the budget has no weight" in finding.message()
        assert finding.stated == "90"

    def test_90_with_an_execution_indicator_does_not_blame_execution(self) -> None:
        (finding,) = found(
            "weights-total", dossier_of(("过程", "", "预算执行率", "10"), ("产出", "", "件数", "80"), **ROW)
        )
        assert finding.message() == "The weights add up to 90, not to 100."

    def test_execution_scored_as_indicator_and_in_a_row_is_said_to_count_twice(self) -> None:
        (finding,) = found(
            "weights-total", dossier_of(("过程", "", "预算执行率", "10"), ("产出", "", "件数", "90"))
        )
        assert finding.stated == "110"
        assert "counts twice" in finding.message()

    @pytest.mark.parametrize(
        ("weight", "fires"), [("10.01", False), ("9.99", False), ("10.02", True), ("9.98", True)]
    )
    def test_a_hundredth_is_rounding(self, weight: str, fires: bool) -> None:
        assert bool(found("weights-total", correct_dossier(indicators={0: {"weight": weight}}))) is fires

    def test_an_unknown_weight_silences_it(self) -> None:
        assert not found(
            "weights-total", correct_dossier(indicators={0: {"weight": None}, 1: {"weight": "50"}})
        )

    def test_a_dossier_without_indicators_has_no_sum(self) -> None:
        assert not found("weights-total", correct_dossier(indicators=[]))

    def test_the_execution_weight_may_be_printed_in_the_funding_table_only(self) -> None:
        assert not found("weights-total", correct_dossier(budget={"weight": None, "stated_score": None}))

    def test_100_without_a_row_for_execution_is_right(self) -> None:
        assert not found("weights-total", correct_dossier(indicators={0: {"weight": "20"}}, **ROW))

    @given(st.lists(st.integers(0, 3000), min_size=1, max_size=12))
    def test_it_fires_exactly_when_the_sum_is_off(self, hundredths: list[int]) -> None:
        rows = [
            ("产出", "数量", f"指标{place}", str(Decimal(cents) / 100))
            for place, cents in enumerate(hundredths)
        ]
        fires = bool(found("weights-total", dossier_of(*rows)))
        assert fires == (abs(sum(hundredths) + 1000 - 10000) > 1)


class TestSchemeWeights:
    def test_each_level_off_the_scheme_is_a_warning_of_its_own(self) -> None:
        findings = found("scheme-weights", weighing("40", "40"))
        assert [(finding.subject.text, finding.stated, finding.expected) for finding in findings] == [
            ("产出", "40", "50"),
            ("效益", "40", "30"),
        ]
        assert {finding.severity for finding in findings} == {WARNING}
        assert findings[0].message() == "产出 weighs 40 points; the scheme gives it 50."

    def test_the_execution_row_is_compared_too(self) -> None:
        dossier = correct_dossier(budget={"weight": "20"}, indicators={0: {"weight": "0"}})
        assert told("scheme-weights", dossier) == [("Execution rate", "20", "10"), ("产出", "40", "50")]

    def test_execution_as_an_indicator_counts_as_execution_wherever_it_is_printed(self) -> None:
        rows = [
            ("产出", "数量", "预算执行率", "10"),
            ("产出", "数量", "件数", "50"),
            ("效益", "社会效益", "办理率", "30"),
            ("满意度", "", "群众满意度", "10"),
        ]
        assert not found("scheme-weights", dossier_of(*rows, **ROW))
        heavier = [("产出", "数量", "资金支出率", "20"), ("产出", "数量", "件数", "40"), *rows[2:]]
        assert told("scheme-weights", dossier_of(*heavier, **ROW)) == [
            ("Execution rate", "20", "10"),
            ("产出", "40", "50"),
        ]

    def test_satisfaction_counts_as_satisfaction_under_effects(self) -> None:
        under_effects = [
            ("产出", "数量", "件数", "50"),
            ("项目效果", "社会效益", "办理率", "30"),
            ("项目效果", "服务对象满意度指标", "办事群众评价", "10"),
        ]
        assert not found("scheme-weights", dossier_of(*under_effects))
        by_name = [*under_effects[:2], ("效果", "社会效益", "群众满意度", "10")]
        assert not found("scheme-weights", dossier_of(*by_name))

    def test_without_satisfaction_its_points_belong_to_the_effects(self) -> None:
        assert not found("scheme-weights", weighing("50", "40", None))
        assert told("scheme-weights", weighing("60", "30", None)) == [
            ("产出", "60", "50"),
            ("效益", "30", "40"),
        ]
        assert not found("scheme-weights", weighing("50", "40", "0"))

    def test_without_satisfaction_a_scheme_with_cost_gives_effects_30(self) -> None:
        rows = [
            ("成本", "经济成本", "总成本", "20"),
            ("产出", "", "件数", "40"),
            ("效益", "", "办理率", "30"),
        ]
        assert not found("scheme-weights", dossier_of(*rows, evaluation={"scheme": "core-2021-cost"}))

    def test_cost_under_outputs_is_cost_in_a_scheme_with_a_cost_level(self) -> None:
        rows = [
            ("产出", "成本指标", "总成本", "20"),
            ("产出", "数量", "件数", "40"),
            ("效益", "", "办理率", "20"),
            ("满意度", "", "群众满意度", "10"),
        ]
        assert not found("scheme-weights", dossier_of(*rows, evaluation={"scheme": "ministry-2020-cost"}))

    def test_cost_is_part_of_outputs_in_a_scheme_without_a_cost_level(self) -> None:
        rest = [("效益", "", "办理率", "30"), ("满意度", "", "群众满意度", "10")]
        as_level2 = [("产出", "成本指标", "总成本", "20"), ("产出", "数量", "件数", "30"), *rest]
        as_level1 = [("成本", "经济成本", "总成本", "20"), ("产出", "数量", "件数", "30"), *rest]
        assert not found("scheme-weights", dossier_of(*as_level2))
        assert not found("scheme-weights", dossier_of(*as_level1))

    def test_a_local_scheme_without_satisfaction_counts_it_with_the_effects(self) -> None:
        rows = [
            ("过程", "", "预算执行率", "20"),
            ("产出", "", "件数", "40"),
            ("效益", "", "办理率", "30"),
            ("满意度", "", "群众满意度", "10"),
        ]
        assert not found("scheme-weights", dossier_of(*rows, evaluation={"scheme": "local-20-40-40"}, **ROW))

    def test_a_level_without_indicators_weighs_nothing(self) -> None:
        rows = [("产出", "", "件数", "80"), ("满意度", "", "群众满意度", "10")]
        assert told("scheme-weights", dossier_of(*rows)) == [("产出", "80", "50"), ("效益", "0", "30")]

    def test_a_campaign_sets_the_scheme_of_a_dossier_that_names_none(self) -> None:
        dossier = weighing("40", "40", evaluation={"scheme": None})
        assert not found("scheme-weights", dossier)
        assert found("scheme-weights", dossier, scheme=shipped_schemes()["ministry-2020"])

    def test_a_scheme_that_nobody_knows_is_no_scheme(self) -> None:
        assert not found("scheme-weights", weighing("40", "40", evaluation={"scheme": "某市自定办法"}))

    def test_weights_published_only_in_part_silence_their_level(self) -> None:
        rows = [
            ("产出", "数量", "件数", None),
            ("产出", "质量", "合格率", "60"),
            ("效益", "", "办理率", "40"),
        ]
        known = [("满意度", "", "群众满意度", "10")]
        assert told("scheme-weights", dossier_of(*rows, *known)) == [("效益", "40", "30")]

    def test_an_unknown_weight_of_satisfaction_leaves_the_effects_open(self) -> None:
        rows = [("产出", "", "件数", "50"), ("效益", "", "办理率", "40"), ("满意度", "", "群众满意度", None)]
        assert not found("scheme-weights", dossier_of(*rows))

    def test_printed_level_weights_stand_for_unpublished_ones(self) -> None:
        rows = [("产出", "", "件数", None), ("效益", "", "办理率", None), ("满意度", "", "群众满意度", None)]
        printed = {"level1_weights": {"产出指标": "40", "效益": "30", "满意度": "10"}}
        assert told("scheme-weights", dossier_of(*rows, stated=printed)) == [("产出", "40", "50")]

    def test_printed_level_weights_say_nothing_of_a_level_that_mixes_two(self) -> None:
        rows = [("产出", "", "件数", None), ("效益", "", "办理率", None), ("效益", "", "群众满意度", None)]
        printed = {"level1_weights": {"产出": "50", "效益": "45"}}
        assert not found("scheme-weights", dossier_of(*rows, stated=printed))

    def test_no_weight_for_execution_is_left_to_the_total(self) -> None:
        assert not found("scheme-weights", correct_dossier(**ROW))

    @pytest.mark.parametrize(
        "changes",
        [
            {"goal": {"achieved": "因项目以设备采购为主，一级指标权重作了适当调整。"}},
            {"report": [{"chapter": "二、绩效评价工作开展情况", "text": "经批准，调高产出指标分值。"}]},
        ],
    )
    def test_a_reason_for_the_change_allows_it(self, changes: dict[str, Any]) -> None:
        assert not found("scheme-weights", weighing("40", "40", **changes))

    @pytest.mark.parametrize(
        "text", ["按规定设置各项指标权重。", "未完成的按比例扣减分值。", "权重未调整。", "提高办事效率。"]
    )
    def test_speaking_of_weights_is_no_reason(self, text: str) -> None:
        chapters = [{"chapter": "二、绩效评价工作开展情况", "text": text}]
        assert found("scheme-weights", weighing("40", "40", report=chapters))

    def test_a_wish_for_other_weights_is_no_reason(self) -> None:
        wish = {"problems": ["指标权重设置不合理"], "recommendations": ["建议调整指标权重"]}
        assert found("scheme-weights", weighing("40", "40", **wish))

    @pytest.mark.parametrize("kind", ["department", "finance"])
    def test_an_evaluation_by_framework_gives_outputs_and_effects_60(self, kind: str) -> None:
        def evaluated(decision: str, outputs: str, effects: str) -> Dossier:
            rows = [
                ("决策", "项目立项", "立项依据充分性", decision),
                ("过程", "资金管理", "资金使用合规性", "20"),
                ("产出", "产出数量", "实际完成率", outputs),
                ("效益", "项目效益", "实施效益", effects),
                ("效益", "项目效益", "满意度", "10"),
            ]
            return dossier_of(*rows, evaluation={"kind": kind}, **ROW)

        assert told("scheme-weights", evaluated("25", "25", "20")) == [("Outputs and effects", "55", "≥ 60")]
        assert not found("scheme-weights", evaluated("20", "25", "25"))
        assert not found("scheme-weights", evaluated("10", "40", "20"))

    def test_a_framework_may_name_a_scheme_that_does_not_come_with_the_product(self) -> None:
        rows = [("决策", "", "立项", "50"), ("产出", "", "件数", "30"), ("效益", "", "办理率", "20")]
        dossier = dossier_of(*rows, evaluation={"kind": "finance", "scheme": "某市评价指标体系"}, **ROW)
        assert told("scheme-weights", dossier) == [("Outputs and effects", "50", "≥ 60")]

    def test_execution_among_the_outputs_is_no_output_of_a_framework(self) -> None:
        rows = [("决策", "", "立项", "35"), ("产出", "", "预算执行率", "10"), ("产出", "", "件数", "55")]
        dossier = dossier_of(*rows, evaluation={"kind": "finance"}, **ROW)
        assert told("scheme-weights", dossier) == [("Outputs and effects", "55", "≥ 60")]

    def test_printed_level_weights_of_a_framework_stand_for_unpublished_ones(self) -> None:
        rows = [("决策", "", "立项", None), ("产出", "", "件数", None), ("效益", "", "满意度", None)]
        evaluation = {"kind": "department"}
        low = {"level1_weights": {"决策": "45", "产出": "30", "效益": "25"}}
        assert told("scheme-weights", dossier_of(*rows, evaluation=evaluation, stated=low)) == [
            ("Outputs and effects", "55", "≥ 60")
        ]
        assert not found("scheme-weights", dossier_of(*rows, evaluation=evaluation))

    def test_a_framework_needs_no_scheme_to_give_too_little_to_results(self) -> None:
        rows = [("决策", "", "立项", "50"), ("产出", "", "件数", "30"), ("效益", "", "办理率", "20")]
        assert found("scheme-weights", dossier_of(*rows, evaluation={"kind": "finance", "scheme": None}))


class TestWeightConcentration:
    def test_more_than_25_points_are_a_note(self) -> None:
        dossier = correct_dossier(indicators={0: {"weight": "26"}})
        (finding,) = found("weight-concentration", dossier)
        assert finding.severity == NOTE
        assert (finding.subject.text, finding.subject.indicator) == ("系统模块开发数量", 0)
        assert (finding.stated, finding.expected) == ("26", "≤ 25")

    @pytest.mark.parametrize(("weight", "fires"), [("25", False), ("25.01", True), (None, False)])
    def test_25_is_not_too_much(self, weight: str | None, fires: bool) -> None:
        assert (
            bool(found("weight-concentration", correct_dossier(indicators={0: {"weight": weight}}))) is fires
        )

    def test_execution_may_weigh_more(self) -> None:
        rows = [("过程", "", "预算执行率", "30"), ("过程", "", "管理", "20"), ("产出", "", "件数", "25")]
        assert not found("weight-concentration", dossier_of(*rows))

    def test_a_checklist_may_weigh_more(self) -> None:
        rule = {"type": "checklist", "shares": ["1", "1"], "met": [True, True]}
        dossier = correct_dossier(indicators={0: {"weight": "30", "rule": rule}})
        assert not found("weight-concentration", dossier)

    def test_the_only_indicator_of_a_heavy_level_has_all_its_points(self) -> None:
        rows = [("产出", "", "件数", "50"), ("效益", "", "办理率", "30"), ("效益", "", "群众满意度", "10")]
        assert not found("weight-concentration", dossier_of(*rows))

    def test_the_only_indicator_of_a_light_level_does_not(self) -> None:
        rows = [("决策", "", "立项", "30"), ("产出", "", "件数", "20"), ("产出", "", "合格率", "20")]
        assert told("weight-concentration", dossier_of(*rows)) == [("立项", "30", "≤ 25")]

    def test_effects_without_satisfaction_are_a_heavy_level_in_a_scheme_with_cost(self) -> None:
        rows = [("成本", "", "总成本", "20"), ("产出", "", "件数", "20"), ("产出", "", "合格率", "20")]
        alone = [*rows, ("效益", "", "办理率", "30")]
        scheme = {"evaluation": {"scheme": "core-2021-cost"}}
        assert not found("weight-concentration", dossier_of(*alone, **scheme))
        beside = [*alone, ("满意度", "", "群众满意度", "10")]
        assert told("weight-concentration", dossier_of(*beside, **scheme)) == [("办理率", "30", "≤ 25")]
