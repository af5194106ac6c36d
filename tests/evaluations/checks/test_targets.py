"""Targets and actuals: missing, not a figure, a repetition, without a comparator."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.checks import case_of
from evaluations.checks import findings_of as all_findings
from tests.evaluations.checks.dossiers import codes, correct_dossier, found, told

NO_TARGET = {"comparator": None, "value": None, "unit": None, "text": None}
NO_ACTUAL = {"value": None, "text": None}
TRAINING = 1  # 操作培训人次, ≥735人次, 780
EFFECT = 7  # 服务群众人次
SATISFACTION = 9


def with_row(place: int, **changes: Any):
    return correct_dossier(indicators={place: changes})


def test_a_correct_dossier_has_no_findings_of_targets():
    assert all_findings(case_of(correct_dossier())) == ()


# target-missing, actual-missing


@pytest.mark.parametrize(
    ("code", "missing"),
    [("target-missing", {"target": NO_TARGET}), ("actual-missing", {"actual": NO_ACTUAL})],
)
@pytest.mark.parametrize("place", [TRAINING, 5, EFFECT, SATISFACTION])
def test_a_missing_target_or_actual_is_found_for_output_cost_effect_and_satisfaction(code, missing, place):
    dossier = with_row(place, **missing)
    assert told(code, dossier) == [(dossier.indicators[place].name, "", "")]
    assert found(code, dossier)[0].severity == "error"


@pytest.mark.parametrize("dash", ["", "  ", "—", "——", "-", "/"])
def test_a_dash_in_the_cell_is_no_actual(dash):
    assert told("actual-missing", with_row(TRAINING, actual={"value": None, "text": dash})) == [
        ("操作培训人次", "", "")
    ]


def test_none_as_a_word_is_an_actual():
    words = {
        "kind": "qualitative",
        "target": NO_TARGET | {"text": "无"},
        "actual": {"value": None, "text": "无"},
    }
    assert codes(with_row(TRAINING, **words)).isdisjoint({"target-missing", "actual-missing"})


@pytest.mark.parametrize("target", [{"value": None, "text": "有所增加"}, {"value": "735", "text": None}])
def test_a_text_or_a_figure_is_enough_for_a_target(target):
    assert told("target-missing", with_row(TRAINING, target=target)) == []


@pytest.mark.parametrize("actual", [{"value": None, "text": "780人次"}, {"value": "780", "text": None}])
def test_a_text_or_a_figure_is_enough_for_an_actual(actual):
    assert told("actual-missing", with_row(TRAINING, actual=actual)) == []


@pytest.mark.parametrize(("weight", "findings"), [(None, 1), ("0.01", 1), ("0", 0)])
def test_only_a_weight_of_zero_excuses_a_missing_actual(weight, findings):
    assert len(told("actual-missing", with_row(TRAINING, weight=weight, actual=NO_ACTUAL))) == findings


@pytest.mark.parametrize("level", ["决策", "投入", "过程", "过程指标"])
def test_decision_and_process_need_neither_target_nor_actual(level):
    dossier = with_row(TRAINING, level1=level, level2="组织实施", target=NO_TARGET, actual=NO_ACTUAL)
    assert codes(dossier).isdisjoint({"target-missing", "actual-missing"})


@pytest.mark.parametrize("level", ["产出", "项目完成", "效果", "项目效果指标", "成本指标", "满意度"])
def test_the_aliases_of_the_levels_are_known(level):
    dossier = with_row(TRAINING, level1=level, target=NO_TARGET)
    assert [subject for subject, _, _ in told("target-missing", dossier)] == ["操作培训人次"]


def test_satisfaction_is_known_by_its_name_under_a_local_level():
    dossier = with_row(TRAINING, level1="管理", name="服务对象满意度", actual=NO_ACTUAL)
    assert [subject for subject, _, _ in told("actual-missing", dossier)] == ["服务对象满意度"]


def test_another_local_level_is_left_alone():
    assert told("actual-missing", with_row(TRAINING, level1="管理", actual=NO_ACTUAL)) == []


def test_the_message_names_the_points_stated_for_the_row_or_for_its_level():
    own = found("actual-missing", with_row(TRAINING, actual=NO_ACTUAL))[0]
    assert own.message().startswith("10 points are stated")
    level = found(
        "actual-missing",
        with_row(TRAINING, actual=NO_ACTUAL, stated={"score": None, "met": None}),
    )[0]
    assert level.message().startswith("产出 is scored 50 points")


def test_points_of_the_level_count_where_no_row_has_any_of_its_own():
    unscored = {"score": None, "met": None, "completion_rate": None}
    dossier = correct_dossier(
        indicators={
            place: {"stated": unscored, "weight": None, "target": NO_TARGET, "actual": NO_ACTUAL}
            for place in range(10)
        },
    )
    assert len(told("target-missing", dossier)) == len(told("actual-missing", dossier)) == 10


# actual-not-numeric


@pytest.mark.parametrize("text", ["已完成", "达成预期指标", "多人次"])
def test_words_do_not_answer_a_target_in_figures(text):
    dossier = with_row(TRAINING, actual={"value": None, "text": text})
    assert told("actual-not-numeric", dossier) == [("操作培训人次", text, "")]


def test_a_qualitative_target_is_answered_by_words():
    dossier = with_row(TRAINING, kind="qualitative", actual={"value": None, "text": "已完成"})
    assert told("actual-not-numeric", dossier) == []


@pytest.mark.parametrize(
    "date", ["2023年12月底前", "2023-12-31", "2023.12.31", "12月", "12月底前完成", "年底前"]
)
def test_a_date_is_answered_by_words(date):
    dossier = with_row(
        TRAINING,
        target={"comparator": "<=", "value": "12", "unit": "月", "text": date},
        actual={"value": None, "text": "按期完成"},
    )
    assert told("actual-not-numeric", dossier) == []


@pytest.mark.parametrize("figure", ["≥6个月", "2000.5万元", "≥20235人次"])
def test_a_duration_or_an_amount_is_no_date(figure):
    dossier = with_row(TRAINING, target={"text": figure}, actual={"value": None, "text": "已完成"})
    assert len(told("actual-not-numeric", dossier)) == 1


def test_an_actual_that_repeats_the_target_is_found_once():
    dossier = with_row(TRAINING, actual={"value": None, "text": "≥735人次"})
    assert codes(dossier) & {"actual-not-numeric", "actual-repeats-target"} == {"actual-repeats-target"}


def test_a_missing_text_is_no_word_and_a_missing_target_figure_silences():
    assert told("actual-not-numeric", with_row(TRAINING, actual=NO_ACTUAL)) == []
    dossier = with_row(TRAINING, target=NO_TARGET | {"text": "大量"}, actual={"value": None, "text": "很多"})
    assert told("actual-not-numeric", dossier) == []


# actual-repeats-target


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        (">6000GB", ">6000GB"),
        ("≥90%", "≥ 90％"),
        ("≥90%", ">=90%"),
        ("≦30分钟", "≤30分钟"),
        ("不少于12个", "不少于 12 个。"),
        ("不低于80%", "不低于80%"),
        ("90%以上", "90%以上"),
        ("24小时以内", "24小时以内"),
        ("24小时内", "24小时内"),
        ("不超过10万元", "不超过10万元"),
        ("2023年12月底前", "2023年12月底前"),
        ("2023年12月底前完成", "2023年12月底前完成"),
        ("汛期前", "汛期前"),
    ],
)
def test_a_bound_that_is_the_targets_own_says_nothing_of_what_was_reached(target, actual):
    dossier = with_row(TRAINING, target={"text": target}, actual={"value": None, "text": actual})
    assert told("actual-repeats-target", dossier) == [("操作培训人次", actual, "")]


def test_a_bound_is_a_repetition_beside_a_figure_and_for_words_too():
    assert len(told("actual-repeats-target", with_row(TRAINING, actual={"text": "≥735人次"}))) == 1
    words = {
        "kind": "qualitative",
        "target": {"value": None, "text": "90%以上"},
        "actual": {"text": "90%以上"},
    }
    assert len(told("actual-repeats-target", with_row(TRAINING, **words))) == 1


def test_the_target_is_put_together_where_its_text_is_missing():
    dossier = with_row(TRAINING, target={"text": None}, actual={"value": None, "text": "≥735人次"})
    assert len(told("actual-repeats-target", dossier)) == 1


@pytest.mark.parametrize(
    "text", ["14条", "100%", "通过", "提前完成", "目前正常", "前端页面上线", "排名前三", "前3名"]
)
def test_the_same_plain_value_is_no_repetition(text):
    dossier = with_row(TRAINING, target={"text": text}, actual={"text": text})
    assert told("actual-repeats-target", dossier) == []


def test_another_bound_is_no_repetition():
    assert told("actual-repeats-target", with_row(TRAINING, actual={"text": "≥780人次"})) == []
    assert (
        told("actual-repeats-target", with_row(TRAINING, target={"text": None}, actual={"text": None})) == []
    )


# comparator-missing


def test_a_target_in_figures_needs_a_comparator():
    dossier = with_row(TRAINING, target={"comparator": None, "text": "735人次"})
    assert told("comparator-missing", dossier) == [("操作培训人次", "735人次", "≥735人次")]
    assert found("comparator-missing", dossier)[0].severity == "note"


def test_without_a_comparator_less_is_read_as_a_ceiling():
    dossier = with_row(4, target={"comparator": None, "text": "30分钟"})
    assert told("comparator-missing", dossier) == [("故障响应时间", "30分钟", "≤30分钟")]


@pytest.mark.parametrize(
    "target",
    [
        {"value": "100", "unit": "%"},
        {"value": "100.0", "unit": "％"},
        {"value": "100", "unit": None, "text": "100%"},
    ],
)
def test_a_hundred_percent_needs_no_comparator(target):
    assert told("comparator-missing", with_row(2, target={"comparator": None} | target)) == []


@pytest.mark.parametrize("target", [{"value": "100", "unit": "个"}, {"value": "95", "unit": "%"}])
def test_a_hundred_of_something_else_and_another_percentage_do(target):
    assert len(told("comparator-missing", with_row(2, target={"comparator": None} | target))) == 1


def test_equal_is_a_comparator_and_words_need_none():
    assert told("comparator-missing", with_row(TRAINING, target={"comparator": "="})) == []
    assert told("comparator-missing", with_row(TRAINING, target=NO_TARGET | {"text": "通过"})) == []
