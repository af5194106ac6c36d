"""Completion rates, missing reasons, targets far exceeded, and status against figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluations.checks import case_of
from evaluations.checks.status import word_of_failure
from tests.evaluations.checks.dossiers import correct_dossier, found, in_words, measured, stated, told

ROW, FAULTS, EFFECT = 1, 3, 6
LESS = ("<=", "lower")


def row(comparator: str | None, target: str, actual: str, direction: str | None = "higher", **changes: Any):
    """The correct dossier whose second indicator (操作培训人次) has these figures."""
    figures = measured(comparator, target, actual, "人次") | {"direction": direction}
    return correct_dossier(indicators={ROW: figures | changes})


def rate(
    comparator: str | None,
    target: str,
    actual: str,
    printed: str | None,
    direction: str | None = "higher",
    **changes: Any,
):
    return told(
        "completion-rate",
        row(comparator, target, actual, direction, stated={"completion_rate": printed}, **changes),
    )


# completion-rate


@pytest.mark.parametrize(
    ("target", "actual", "printed"),
    [
        ("18", "16", "88.89%"),
        ("18", "16", "88.9%"),
        ("18", "16", "89%"),
        ("18", "16", "88.89"),
        ("18", "16", "８８．８９％"),
        ("45", "52", "115.56%"),
        ("200", "201", "101%"),  # 100.5 %, half-up
        ("1000", "1004", "100%"),
        ("8", "1", "12.5%"),
        ("735", "0", "0%"),
    ],
)
def test_a_rate_is_right_at_its_printed_places(target, actual, printed):
    assert rate(">=", target, actual, printed) == []


@pytest.mark.parametrize(
    ("target", "actual", "printed", "expected"),
    [
        ("45", "52", "100%", "115.56%"),  # over 100 %, printed 100 %
        ("18", "16", "88.8%", "88.89%"),
        ("18", "16", "100%", "88.89%"),
        ("200", "201", "100%", "100.5%"),
        ("1000", "1005", "100%", "100.5%"),
        ("18", "16", "112.5%", "88.89%"),  # the wrong way round
        ("3", "1", "33.334%", "33.333%"),
    ],
)
def test_another_rate_is_found(target, actual, printed, expected):
    assert rate(">=", target, actual, printed) == [("操作培训人次", printed, expected)]


@pytest.mark.parametrize("printed", ["11.20%", "893.11%", "100%"])
def test_where_less_is_better_three_readings_are_right(printed):
    assert rate(*LESS[:1], "10", "1.119689", printed, "lower") == []


def test_where_less_is_better_another_rate_is_found():
    assert rate("<=", "10", "8", "120%", "lower") == [("操作培训人次", "120%", "100%")]
    assert rate("<=", "10", "12", "100%", "lower") == [("操作培训人次", "100%", "83.33%")]
    assert rate("<=", "10", "12", "83.33%", "lower") == rate("<=", "10", "12", "120%", "lower") == []


def test_none_at_all_where_less_is_better_is_complete():
    assert rate("<=", "5", "0", "100%", "lower") == rate("<=", "5", "0", "0%", "lower") == []
    assert rate("<=", "5", "0", "50%", "lower") == [("操作培训人次", "50%", "100%")]


def test_less_is_better_by_the_comparator_the_direction_or_as_a_cost():
    assert rate("<=", "10", "8", "125%", None) == rate("=", "10", "8", "125%", "lower") == []
    assert rate(None, "10", "8", "125%", None, level2="成本指标") == []
    assert rate(None, "10", "8", "125%", None) == [("操作培训人次", "125%", "80%")]


@pytest.mark.parametrize("printed", [None, "", "—", "≥100%", "约100%", "超100%", "100%以上", "已完成"])
def test_what_is_no_rate_or_only_a_bound_is_silent(printed):
    assert rate(">=", "45", "52", printed) == []


def test_missing_figures_a_target_of_zero_and_words_are_silent():
    wrong = {"stated": {"completion_rate": "7%"}}
    assert (
        told("completion-rate", correct_dossier(indicators={ROW: wrong | {"target": {"value": None}}})) == []
    )
    assert (
        told("completion-rate", correct_dossier(indicators={ROW: wrong | {"actual": {"value": None}}})) == []
    )
    assert told("completion-rate", row("<=", "0", "0", "lower", **wrong)) == []
    assert told("completion-rate", row(">=", "10", "8", **wrong, kind="qualitative")) == []


def test_an_actual_in_another_unit_is_converted_first():
    changes = {
        "target": {"comparator": ">=", "value": "13", "unit": "万家", "text": "≥13万家"},
        "actual": {"value": "165604", "text": "165604家"},
    }
    dossier = correct_dossier(indicators={ROW: changes | {"stated": {"completion_rate": "127.39%"}}})
    assert told("completion-rate", dossier) == told("over-achieved", dossier) == []


@given(target=st.integers(1, 10**6), actual=st.integers(0, 10**6), places=st.integers(0, 3))
def test_a_rate_rounded_half_up_is_never_found_and_its_neighbour_always(target, actual, places):
    step = Decimal(1).scaleb(-places)
    right = Decimal((2 * actual * 100 * 10**places + target) // (2 * target)).scaleb(-places)
    assert rate(">=", str(target), str(actual), f"{right:f}%") == []
    assert len(rate(">=", str(target), str(actual), f"{right + step:f}%")) == 1


# reason-missing


@pytest.mark.parametrize("reason", [None, "", "无", "—", "-", "不适用", "同上", "无。"])
def test_an_unmet_target_needs_a_reason(reason):
    dossier = row(">=", "735", "700", deviation_reason=reason)
    assert told("reason-missing", dossier) == [("操作培训人次", "700人次", "≥735人次")]
    assert found("reason-missing", dossier)[0].severity == "error"


@pytest.mark.parametrize("reason", [None, "无"])
def test_an_over_achieved_target_needs_a_reason_too(reason):
    dossier = row(">=", "500", "650", deviation_reason=reason)
    assert told("reason-missing", dossier) == [("操作培训人次", "130%", "< 130%")]
    assert found("reason-missing", dossier)[0].severity == "warning"


def test_a_reason_is_enough():
    reason = "年初按上年规模申报，年中增加班次。"
    assert told("reason-missing", row(">=", "735", "700", deviation_reason=reason)) == []
    assert told("reason-missing", row(">=", "500", "650", deviation_reason=reason)) == []


@pytest.mark.parametrize(
    ("comparator", "target", "actual", "direction", "unmet"),
    [
        (">=", "10", "10", "higher", False),
        (">", "10", "10", "higher", True),
        ("<=", "10", "10", "lower", False),
        ("<", "10", "10", "lower", True),
        ("=", "10", "11", "higher", False),
        ("=", "10", "9", "lower", False),
        ("=", "10", "11", "lower", True),
        (None, "10", "9", None, True),
        (None, "10", "11", "lower", True),
        (None, "10", "11", "higher", False),
    ],
)
def test_met_is_what_the_comparator_says(comparator, target, actual, direction, unmet):
    assert bool(told("reason-missing", row(comparator, target, actual, direction))) is unmet


def test_without_figures_the_status_counts_and_then_the_words():
    words = in_words("建立", "正在建立")
    unmet = correct_dossier(indicators={ROW: words | {"stated": stated("10", met=False)}})
    assert told("reason-missing", unmet) == [("操作培训人次", "正在建立", "建立")]
    met = correct_dossier(indicators={ROW: words | {"stated": stated("10", met=True)}})
    assert told("reason-missing", met) == []
    for text, findings in (("未完成", 1), ("部分完成", 1), ("已完成", 0), ("正在建立", 0)):
        dossier = correct_dossier(indicators={ROW: in_words("建立", text) | {"stated": stated("10")}})
        assert len(told("reason-missing", dossier)) == findings


@pytest.mark.parametrize("level", ["决策", "过程", "投入"])
def test_checklists_of_decision_and_process_need_no_reason(level):
    assert (
        told(
            "reason-missing",
            correct_dossier(
                indicators={
                    ROW: in_words("规范", "未完成") | {"level1": level, "stated": stated("3", met=False)}
                }
            ),
        )
        == []
    )
    checklist = {"type": "checklist", "shares": ["1", "1"], "met": [True, False]}
    assert told("reason-missing", row(">=", "100", "80", level1=level, rule=checklist)) == []


def test_figures_of_process_need_a_reason_like_others():
    assert len(told("reason-missing", row(">=", "100", "80", level1="过程"))) == 1


# over-achieved


@pytest.mark.parametrize(
    ("target", "actual", "findings"),
    [
        ("10", "13", [("操作培训人次", "130%", "< 130%")]),
        ("10", "12.99", []),
        ("7", "9.1", [("操作培训人次", "130%", "< 130%")]),
    ],
)
def test_a_target_is_too_low_from_exactly_130_percent(target, actual, findings):
    assert told("over-achieved", row(">=", target, actual)) == findings


def test_a_reason_does_not_make_the_target_higher():
    dossier = row(">=", "10", "20", deviation_reason="年中增加班次。")
    assert told("over-achieved", dossier) == [("操作培训人次", "200%", "< 130%")]
    assert found("over-achieved", dossier)[0].severity == "warning"


def test_where_less_is_better_no_target_is_too_low():
    for comparator, direction in (("<=", "lower"), (None, "lower"), (">=", "lower"), ("<=", None)):
        assert told("over-achieved", row(comparator, "10", "20", direction)) == []
    assert told("over-achieved", row(None, "10", "20", None, level2="成本指标")) == []


def test_more_is_better_by_the_comparator_where_no_direction_is_given():
    assert len(told("over-achieved", row(">=", "10", "20", None))) == 1
    assert told("over-achieved", row(">=", "0", "20", None)) == []


# status-contradiction


def test_met_beside_figures_that_are_not():
    dossier = row(">=", "735", "700", stated={"met": True}, deviation_reason="学员请假。")
    assert told("status-contradiction", dossier) == [("操作培训人次", "700人次", "≥735人次")]
    assert found("status-contradiction", dossier)[0].severity == "warning"


def test_not_met_beside_figures_that_are():
    dossier = row("<=", "10", "1.119689", "lower", stated={"met": False}, deviation_reason="短信较少。")
    assert told("status-contradiction", dossier) == [("操作培训人次", "1.119689人次", "≤10人次")]


def test_a_status_that_agrees_or_is_not_stated_is_silent():
    assert told("status-contradiction", row(">=", "735", "780", stated={"met": True})) == []
    assert told("status-contradiction", row(">=", "735", "700", stated={"met": False})) == []
    for actual in ("700", "780"):
        dossier = row(">=", "735", actual, stated={"met": None}, deviation_reason="未完成")
        assert told("status-contradiction", dossier) == []


@pytest.mark.parametrize(
    ("actual", "met", "findings"),
    [
        ("未完成", True, 1),
        ("已完成", False, 1),
        ("未完成", False, 0),
        ("已完成", True, 0),
        ("基本完成", True, 0),
        ("略有起色", True, 0),
    ],
)
def test_words_contradict_a_status_only_when_they_are_clear(actual, met, findings):
    dossier = correct_dossier(indicators={ROW: in_words("建立", actual) | {"stated": stated("10", met=met)}})
    assert len(told("status-contradiction", dossier)) == findings


def reason(text: str, **changes: Any):
    return row(">=", "735", "780", stated={"met": True}, deviation_reason=text, **changes)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("受疫情影响，未达预期", "未达"),
        ("部分班次未完成", "未完成"),
        ("故未全面大量推行", "未全面"),
        ("因场地原因未能按计划举办", "未能"),
        ("进度滞后", "滞后"),
        ("合同延期至次年", "延期"),
        ("推迟至12月举办", "推迟"),
        ("师资力量不足", "不足"),
        ("未按期完成", "未按期完成"),
        ("未及时采购导致推迟", "推迟"),
        ("没有及时招标，进度滞后", "滞后"),
        ("因疫情无法开展导致推迟", "推迟"),
        ("为解决场地不足，培训推迟到四季度", "推迟"),
        ("上年度资金滞后拨付", "滞后"),
        ("针对场地不足的问题，培训推迟到四季度", "不足"),
        ("针对师资不足的问题，下一步将增加外聘教师", "不足"),
        ("针对师资不足的问题，增加外聘教师后仍未完成", "不足"),
        ("针对师资不足的问题", "不足"),
    ],
)
def test_met_beside_a_reason_that_says_otherwise(text, word):
    assert told("status-contradiction", reason(text)) == [("操作培训人次", word, "")]


@pytest.mark.parametrize(
    "text",
    [
        "全部按期完成，未出现延期",
        "不存在滞后情况",
        "无延期",
        "未发生推迟",
        "项目没有推迟",
        "未因疫情推迟",
        "有效弥补了基层师资不足",
        "通过线上方式克服场地不足",
        "含上年度未完成任务结转",
        "年初对需求估计不足，实际报名人数较多",
        "偏差不足1%",
        "依据《关于延期缴纳有关费用的通知》增加班次",
        "针对上年监测点不足的问题，今年新增点位，覆盖率提高",
        "针对师资不足的情况，增加外聘教师，报名人数增长",
        "报名踊跃",
        "",
    ],
)
def test_harmless_uses_of_those_words_are_silent(text):
    assert told("status-contradiction", reason(text)) == []


def test_an_estimate_that_fell_short_explains_only_what_was_exceeded():
    dossier = row(">=", "735", "735", stated={"met": True}, deviation_reason="前期考虑不足")
    assert told("status-contradiction", dossier) == [("操作培训人次", "不足", "")]


def test_a_word_of_the_indicators_own_name_is_no_contradiction():
    dossier = reason("延期还本付息业务量增加", name="延期还本付息笔数")
    assert told("status-contradiction", dossier) == []


@given(st.text("未达完成全面能滞后延期推迟不足无没有，。因", max_size=30))
@example("未无不足全面")
def test_any_reason_can_be_read(text):
    word = word_of_failure(case_of(reason(text)).rows[ROW])
    assert word == "" or word in text
