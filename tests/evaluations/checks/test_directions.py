"""Directions and inputs: of what more is better, and what is money put in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evaluations.checks.dossiers import correct_dossier, found, told

ROW, COST, EFFECT = 1, 5, 7


def named(name: str, direction: str | None, comparator: str | None, **changes: Any):
    return correct_dossier(
        indicators={
            ROW: {
                "name": name,
                "direction": direction,
                "target": {"comparator": comparator, "value": "10", "unit": "年", "text": "10年"},
                "actual": {"value": "10", "text": "10年"},
                **changes,
            }
        }
    )


@pytest.mark.parametrize(
    "name",
    [
        "设备的使用年限",
        "路灯使用寿命",
        "系统验收合格率",
        "水质达标率（共性指标）",
        "群众满意度",
        "任务完成率",
        "低保对象覆盖率",
        "故障处理及时率",
        "资金到位率",
        "床位利用率",
        "服务对象满意度指标",
        "设备使用年限(≤年)",
        "群众满意度提升",
    ],
)
@pytest.mark.parametrize(("direction", "comparator"), [("lower", None), (None, "<="), ("higher", "<")])
def test_less_of_a_good_thing_is_doubted(name, direction, comparator):
    assert told("direction-doubtful", named(name, direction, comparator)) == [(name, "10年", "≥10年")]


@pytest.mark.parametrize(
    "name",
    [
        "系统故障率(共性指标)",
        "非正常停机率",
        "停机时长",
        "有效投诉率",
        "群众投诉",
        "业务处理差错率",
        "业务处理差错数",
        "安全事故发生次数",
        "安全生产事故死亡人数",
        "城镇调查失业率",
        "违规行为数量",
        "故障响应时间",
        "平均响应时间（秒）",
        "故障修复时间",
        "事项办理时限",
        "服务投诉次数",
        "无线电故障率",
    ],
)
@pytest.mark.parametrize(("direction", "comparator"), [("higher", None), (None, ">="), ("lower", ">")])
def test_more_of_a_bad_thing_is_doubted(name, direction, comparator):
    assert told("direction-doubtful", named(name, direction, comparator)) == [(name, "10年", "≤10年")]


@pytest.mark.parametrize(
    "name",
    [
        "不合格率",
        "未达标率",
        "不满意度",
        "未按期完成率",
        "满意度调查费用",
        "超使用年限设备数量",
        "完成率偏差",
        "系统故障率",
        "设备采购成本",
    ],
)
def test_less_is_right_where_the_word_is_turned_round_or_only_mentioned(name):
    assert told("direction-doubtful", named(name, "lower", "<=")) == []


@pytest.mark.parametrize(
    "name",
    [
        "故障处理及时率",
        "维修故障的及时性",
        "投诉办结率",
        "投诉处理满意度",
        "投诉减少数",
        "减少投诉件数",
        "无重大事故运行天数",
        "平均无故障时间",
        "平均故障间隔时间",
        "零投诉窗口数",
        "失业人员再就业人数",
        "培训失业人数",
        "失业保险参保人数",
        "查处违规行为数",
        "受理投诉件数",
        "处理交通事故起数",
        "违规资金追回金额",
        "响应时间达标率",
        "办理时限压缩率",
        "失业率下降幅度",
        "失业和就业登记服务人数",
        "设备使用年限",
    ],
)
def test_more_is_right_where_the_word_is_turned_round_or_only_mentioned(name):
    assert told("direction-doubtful", named(name, "higher", ">=")) == []


def test_satisfaction_is_doubted_by_its_level_too_but_not_complaints_under_it():
    level = {"level1": "满意度指标", "level2": "服务对象满意度"}
    assert told("direction-doubtful", named("缴存职工", "lower", "<=", **level)) == [
        ("缴存职工", "10年", "≥10年")
    ]
    assert told("direction-doubtful", named("群众投诉率", "lower", "<=", **level)) == []


def test_no_direction_is_no_doubt_and_words_have_none():
    assert told("direction-doubtful", named("系统故障率", None, None)) == []
    assert told("direction-doubtful", named("系统故障率", None, "=")) == []
    assert told("direction-doubtful", named("群众投诉", "higher", None, kind="qualitative")) == []


def test_a_doubt_without_a_target_names_the_signs():
    dossier = named(
        "系统故障率", "higher", None, target={"comparator": None, "value": None, "unit": None, "text": None}
    )
    assert told("direction-doubtful", dossier) == [("系统故障率", "≥", "≤")]


# input-as-output


def amount(place: int, value: str, unit: str = "万元", **changes: Any):
    return correct_dossier(
        indicators={
            place: {
                "target": {"comparator": ">=", "value": value, "unit": unit, "text": f"≥{value}{unit}"},
                "actual": {"value": value, "text": f"{value}{unit}"},
                **changes,
            }
        }
    )


@pytest.mark.parametrize("level", ["产出指标", "项目完成", "效益"])
@pytest.mark.parametrize("name", ["预算执行率", "资金支出率", "项目资金执行率"])
def test_execution_of_the_budget_is_no_output_and_no_effect(level, name):
    dossier = correct_dossier(indicators={ROW: {"name": name, "level1": level}})
    assert told("input-as-output", dossier) == [(name, "", "")]
    assert found("input-as-output", dossier)[0].severity == "warning"


@pytest.mark.parametrize("level", ["过程", "决策", "成本", "满意度"])
def test_execution_of_the_budget_is_right_elsewhere(level):
    assert (
        told("input-as-output", correct_dossier(indicators={ROW: {"name": "预算执行率", "level1": level}}))
        == []
    )


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("120", "万元", "annual budget"),
        ("117.6", "万元", "what was paid"),
        ("69", "万元/年", "“平台软件开发”"),
        ("30", "万元", "“自助终端购置”"),
        ("1200000", "元", "annual budget"),
        ("0.012", "亿元", "annual budget"),
        ("294000", "元", "“自助终端购置”"),
    ],
)
@pytest.mark.parametrize("place", [ROW, EFFECT])
def test_an_amount_of_the_budget_is_no_output_and_no_effect(place, value, unit, said):
    dossier = amount(place, value, unit)
    assert told("input-as-output", dossier) == [(dossier.indicators[place].name, f"{value}{unit}", "")]
    assert said in found("input-as-output", dossier)[0].message()


def test_either_the_target_or_the_actual_gives_it_away():
    one = amount(EFFECT, "120", actual={"value": "118", "text": "118万元"})
    other = amount(EFFECT, "119", actual={"value": "117.6", "text": "117.6万元"})
    assert [len(told("input-as-output", dossier)) for dossier in (one, other)] == [1, 1]


def test_costs_are_amounts_by_nature():
    assert told("input-as-output", amount(COST, "120")) == []
    assert told("input-as-output", amount(ROW, "120", level1="成本指标")) == []
    assert told("input-as-output", amount(ROW, "120", level2="产出成本")) == []


@pytest.mark.parametrize(
    ("value", "unit"), [("120", "人次"), ("120", "元/人"), ("120.01", "万元"), ("0", "万元")]
)
def test_another_unit_or_another_amount_is_an_output(value, unit):
    assert told("input-as-output", amount(ROW, value, unit)) == []


def test_money_under_process_is_where_it_belongs():
    assert told("input-as-output", amount(ROW, "120", level1="过程")) == []
