"""Whether a target is met: by figures, else by words."""

from __future__ import annotations

import pytest

from evaluations.scoring import is_met, tier_of
from tests.evaluations.scoring.samples import indicator


@pytest.mark.parametrize(
    ("comparator", "direction", "actual", "met"),
    [
        (">=", "higher", "9.99", False),
        (">=", "higher", "10", True),
        (">", "higher", "10", False),
        (">", "higher", "10.01", True),
        ("<=", "lower", "10", True),
        ("<=", "lower", "10.01", False),
        ("<", "lower", "10", False),
        ("<", "lower", "9.99", True),
        ("=", "higher", "11", True),
        ("=", "higher", "9", False),
        ("=", "lower", "9", True),
        ("=", "lower", "11", False),
        ("=", None, "10", True),
        ("=", None, "9", False),
        (None, "higher", "9", False),
        (None, "higher", "10", True),
        (None, "lower", "10", True),
        (None, "lower", "11", False),
        (None, None, "11", True),
        (None, None, "9", False),
        ("<=", None, "9", True),
        ("<=", None, "11", False),
        ("<=", "higher", "9", True),
    ],
)
def test_figures_are_compared_by_comparator_then_direction(comparator, direction, actual, met):
    figures = indicator(target="10", actual=actual, comparator=comparator, direction=direction)
    assert is_met(figures) is met


def test_a_missing_actual_is_neither_met_nor_unmet():
    assert is_met(indicator(target="10", actual=None, target_text="≥10", actual_text="≥10")) is None


@pytest.mark.parametrize(
    ("actual_text", "met"), [("通过", True), ("部分完成", False), ("未通过", False), ("详见附件", None)]
)
def test_a_qualitative_target_is_met_by_its_words(actual_text, met):
    assert is_met(indicator(kind="qualitative", target_text="通过", actual_text=actual_text)) is met


def test_a_quantitative_target_without_a_figure_is_judged_by_its_words():
    assert is_met(indicator(target_text="验收后完成", actual_text="按期完成")) is True


@pytest.mark.parametrize(
    ("actual", "target", "tier"),
    [
        ("通过", "通过", "met"),
        (" 逐步 提升。", "逐步提升", "met"),
        ("显著提升", "逐步提升", "met"),
        ("已完成", "完成建设", "met"),
        ("达成预期指标", "", "met"),
        ("按时完成", "年底完成", "met"),
        ("无事故", "无事故", "met"),
        ("部分达成预期指标并具有一定效果", "", "partly"),
        ("基本完成", "完成", "partly"),
        ("大部分完成", "完成", "partly"),
        ("未全面完成", "完成", "partly"),
        ("未按时完成", "按时完成", "partly"),
        ("延期完成", "按期完成", "partly"),
        ("推迟至2024年3月完成", "2023年底前", "partly"),
        ("正在实施", "完成", "partly"),
        ("尚不健全", "健全", "poor"),
        ("效果不明显", "效果明显", "poor"),
        ("不够规范", "规范", "poor"),
        ("未见明显改善", "明显改善", "poor"),
        ("部分未完成", "完成", "partly"),
        ("未达成预期指标且效果较差", "", "poor"),
        ("尚未完成", "完成", "poor"),
        ("不达标", "达标", "poor"),
        ("没有通过", "通过", "poor"),
    ],
)
def test_the_fields_own_phrases_are_placed_in_a_tier(actual, target, tier):
    assert tier_of(actual, target) == tier


@pytest.mark.parametrize(
    ("actual", "target"),
    [
        ("", "通过"),
        ("   ", "   "),
        ("", ""),
        ("≥90%", "≥90%"),
        ("12月底前", "12月底前"),
        ("不少于３次", "不少于3次"),
        ("逐步提升", "显著提升"),
        ("良好", "优秀"),
        ("合格", "优秀"),
        ("完成80%", "完成"),
        ("无未完成事项", "全部完成"),
        ("没有不规范现象", "规范"),
        ("推迟情况没有发生", "按期完成"),
        ("未发生重大安全事故", "无重大安全事故"),
        ("已完成，尚有部分尾款未付", "完成"),
        ("未完成率0", "全部完成"),
        ("各部分均完成", "完成"),
        ("基本医疗保障", "保障到位"),
        ("2019年12月", "2019年底"),
    ],
)
def test_words_that_leave_doubt_are_left_to_a_person(actual, target):
    assert tier_of(actual, target) is None
