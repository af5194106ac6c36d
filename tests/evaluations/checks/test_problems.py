"""Problems: who puts them right by when, and whether what was missed is among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ProductFacts
from evaluations.checks.words import telling_words
from tests.evaluations.checks.dossiers import correct_dossier, found, in_words, measured, stated, told

TRAINING, FAULTS, ONLINE = 1, 3, 6
MET = {"actual": {"value": "86", "text": "86%"}, "stated": {"met": True}, "deviation_reason": None}


def tracked(
    problems: list[Any], recommendations: list[str] | None = None, product: ProductFacts | None = None
):
    """Which problems nobody follows, by their texts."""
    dossier = correct_dossier(problems=problems, recommendations=recommendations or [])
    return [text for text, _, _ in told("problem-untracked", dossier, product=product)]


def unspoken(problems: list[Any], recommendations: list[str] | None = None, **row: Any):
    """Which unmet indicators no problem speaks of, where 操作培训人次 (or another in its place) is unmet."""
    changes = measured(">=", "735", "700", "人次") | {"stated": {"met": False}} | row
    dossier = correct_dossier(
        indicators={TRAINING: changes, ONLINE: MET}, problems=problems, recommendations=recommendations or []
    )
    return [name for name, _, _ in told("unmet-not-a-problem", dossier)]


# problem-untracked


def test_a_problem_without_owner_and_date_is_found():
    dossier = correct_dossier(problems=["预算编制的合理性有待提高"], recommendations=[])
    assert told("problem-untracked", dossier) == [("预算编制的合理性有待提高", "", "")]
    assert found("problem-untracked", dossier)[0].severity == "note"


@pytest.mark.parametrize(
    "owner",
    [
        "责任单位：信息科",
        "责任人为信息科科长",
        "责任科室信息科",
        "整改责任：信息科",
        "信息科牵头",
        "由信息科负责",
        "由信息科会同财务科负责落实",
        "由信息科督促整改",
        "信息科负责整改",
        "信息科具体负责",
        "信息科直接负责",
        "负责人：信息科科长",
    ],
)
def test_owners_are_recognized(owner):
    assert tracked([f"预算编制不够精细，{owner}，2024年6月底前完成"]) == []
    assert tracked([f"预算编制不够精细，{owner}"]) == [f"预算编制不够精细，{owner}"]


@pytest.mark.parametrize(
    "limit",
    [
        "2024年6月底前完成",
        "2024年6月30日前",
        "2024年6月完成",
        "２０２４年６月底前",
        "6月底前",
        "六月底前",
        "整改时限：2024年6月",
        "（2024年6月）",
        "2024-06-30",
        "2024.6.30",
        "计划2025年建设",
        "2024年底前",
        "年底前",
        "年底完成整改",
        "年内完成",
        "2024年内",
        "2024年上半年完成",
        "第二季度末",
        "下半年",
        "下一年度",
        "三个月内",
        "30日内",
        "15个工作日内",
        "半年内",
        "立行立改",
        "整改期限：1个月",
        "限期一个月",
        "限期30天",
        "时限：15个工作日",
        "2024年度完成",
        "在下次检查前完成",
        "时间：明年一季度",
        "明年上半年",
    ],
)
def test_dates_and_terms_are_recognized(limit):
    assert tracked([f"预算编制不够精细，由信息科负责，{limit}"]) == []
    assert tracked([f"预算编制不够精细，{limit}"]) == [f"预算编制不够精细，{limit}"]


@pytest.mark.parametrize(
    "text",
    [
        "责任意识不强，2024年6月底前完成",
        "主体责任落实不到位，2024年6月底前完成",
        "责任主体不明确，2024年6月底前完成",
        "缺少牵头部门，2024年6月底前完成",
        "由于组织不力未落实整改，2024年6月底前完成",
        "项目负责人更换频繁，年底前完成",
    ],
)
def test_a_problem_of_responsibility_has_no_owner_yet(text):
    assert tracked([text]) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "2023年预算编制不够精细，由财务科负责",
        "2023年12月集中支付，由财务科负责",
        "于2023年8月才启动采购，由信息科负责",
        "设备购置于十年前，由信息科负责",
        "2023年度完成率偏低，由信息科负责",
        "限期未整改，由信息科负责",
        "合同期限1年，由信息科负责",
        "超过整改期限2个月，由信息科负责",
        "上次检查前发现漏报，由信息科负责",
        "年末突击支付，由财务科负责",
    ],
)
def test_when_something_happened_is_no_term(text):
    assert tracked([text]) == [text]


def test_the_message_says_what_is_lacking():
    texts = ["制度不健全", "由信息科负责完善制度", "年底前完善制度"]
    dossier = correct_dossier(problems=texts, recommendations=[])
    messages = [finding.message() for finding in found("problem-untracked", dossier)]
    assert [message.partition(" names ")[2] for message in messages] == [
        "who puts it right, and by when.",
        "a date or a term.",
        "who puts it right.",
    ]


def test_the_owner_and_the_date_may_stand_in_fields_of_their_own():
    assert tracked([{"text": "制度不健全", "owner": "信息科", "due": "2024-06-30"}]) == []
    assert tracked([{"text": "制度不健全，年底前完善", "owner": "信息科"}]) == []
    assert tracked([{"text": "制度不健全", "owner": "信息科"}]) == ["制度不健全"]


def test_as_many_recommendations_answer_the_problems_in_turn():
    advice = ["由信息科牵头，年底前完善", "加强培训"]
    assert tracked(["制度不健全", "人员不足"], advice) == ["人员不足"]
    assert tracked(["人员不足", "制度不健全"], advice) == ["制度不健全"]


def test_the_problem_and_its_recommendation_may_share_what_is_to_be_said():
    assert tracked(["制度不健全，责任单位：信息科"], ["年底前完善制度"]) == []


def test_other_recommendations_answer_what_they_speak_of():
    problems = ["档案模块没有按时建成", "满意度调查覆盖面窄"]
    advice = ["档案模块由信息科牵头，2024年6月底前建成", "扩大满意度调查", "扩大调查样本"]
    assert tracked(problems, advice) == ["满意度调查覆盖面窄"]


def test_a_recommendation_for_all_answers_all():
    problems = ["档案模块没有按时建成", "满意度调查覆盖面窄", "预算不精细"]
    assert tracked(problems, ["由综合科负责，年底前完成"]) == []
    assert tracked(problems, ["对上述档案等问题，由综合科负责，年底前完成"]) == []
    assert tracked(problems[:2], ["补建档案模块", "以上问题由综合科负责，年底前完成"]) == []


def test_in_the_product_a_rectification_item_follows_a_problem():
    problems = ["制度不健全", "人员不足"]
    assert tracked(problems, product=ProductFacts(followed_up=frozenset({0}))) == ["人员不足"]
    assert tracked(problems, product=ProductFacts(followed_up=frozenset({0, 1}))) == []
    assert tracked(problems, product=ProductFacts()) == problems


@pytest.mark.parametrize(
    "text", ["", "无", "无。", "—", "暂无", "目前无明显问题", "未发现存在的问题", "不存在问题"]
)
def test_no_problem_in_words_is_nothing_to_follow(text):
    assert tracked([text]) == []
    assert unspoken([text]) == ["操作培训人次"]


def test_without_problems_there_is_nothing_to_follow():
    assert tracked([], ["加强管理"]) == []


# unmet-not-a-problem


def test_an_unmet_target_that_no_problem_speaks_of_is_found():
    assert unspoken(["预算编制不够精细", "制度不健全"]) == ["操作培训人次"]
    dossier = correct_dossier(
        indicators={TRAINING: measured(">=", "735", "700", "人次")}, problems=["预算编制不够精细"]
    )
    assert ("操作培训人次", "700人次", "≥735人次") in told("unmet-not-a-problem", dossier)
    assert found("unmet-not-a-problem", dossier)[0].severity == "warning"


def test_a_word_of_the_name_is_enough():
    assert unspoken(["培训计划安排不够合理"]) == []


def test_a_word_of_the_reason_is_enough():
    reason = {"deviation_reason": "乡镇学员请假较多。"}
    assert unspoken(["对乡镇学员的组织发动不够"], **reason) == []
    assert unspoken(["预算编制不够精细"], **reason) == ["操作培训人次"]
    assert unspoken(["无"], deviation_reason="无") == ["操作培训人次"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("短信数量", "信息系统和服务平台的服务要求，还需要进一步完善"),
        ("道路养护数量", "绩效指标数量设置不够合理"),
        ("演出场次完成率", "项目管理制度需要完善，工作完成质量有待提高"),
        ("数据归集数量", "项目资金支出情况与系统信息不够一致"),
    ],
)
def test_generic_words_are_not_enough(name, problem):
    assert unspoken([problem], name=name) == [name]


def test_generic_words_of_the_reason_are_not_enough():
    reason = "服务平台刚上线，标准和规范还需要一定时期磨合，故未全面推行"
    problem = "信息系统和服务平台的服务要求还需要进一步完善"
    assert unspoken([problem], name="短信数量", deviation_reason=reason) == ["短信数量"]


def test_a_name_of_generic_words_is_compared_as_it_stands():
    assert unspoken(["系统建设管理不够规范"], name="系统建设数量") == []
    assert unspoken(["制度不健全"], name="系统建设数量") == ["系统建设数量"]


@pytest.mark.parametrize(
    "problem",
    [
        "部分指标未完成年初目标",
        "个别任务未按期完成",
        "没有按时保质保量的完成档案模块建设",
        "部分工作未达到预期",
        "受疫情影响，项目进度滞后",
        "工作进展缓慢",
        "个别任务推迟",
        "指标完成率偏低",
        "尚未全部建成",
    ],
)
def test_a_problem_that_states_non_completion_covers_what_is_unmet(problem):
    assert unspoken([problem]) == []


@pytest.mark.parametrize(
    "problem",
    [
        "办事群众满意度未达到目标",
        "系统故障率未达标",
        "系统验收滞后",
        "网上办理率未完成",
    ],
)
def test_not_where_it_names_another_indicator(problem):
    assert unspoken([problem]) == ["操作培训人次"]


@pytest.mark.parametrize(
    "problem",
    [
        "预算执行进度滞后",
        "资金支付进度偏慢",
        "项目资金支出未达到序时进度",
        "未来将实现数据共享",
        "绩效目标不够明确",
    ],
)
def test_money_spent_late_and_other_shortcomings_are_no_non_completion(problem):
    assert unspoken([problem]) == ["操作培训人次"]


def test_unmet_execution_is_spoken_of_in_its_own_words():
    row = {"name": "预算执行率", "level1": "过程", "level2": "资金管理"}
    assert unspoken(["支出进度偏慢"], **row) == []
    assert unspoken(["制度不健全"], **row) == ["预算执行率"]


def test_the_indicator_that_a_problem_names_counts():
    named = {"text": "组织发动不够", "indicator": "操作培训人次"}
    other = {"text": "任务未完成", "indicator": "网上办理率"}
    assert unspoken([named]) == []
    assert unspoken([other]) == ["操作培训人次"]


def test_without_figures_the_status_counts():
    words = in_words("建立", "正在建立")
    assert unspoken(["预算编制不够精细"], **words, stated=stated("10", met=False)) == ["操作培训人次"]
    assert unspoken(["预算编制不够精细"], **words, stated=stated("10", met=True)) == []
    assert unspoken(["预算编制不够精细"], **words, stated=stated("10")) == []


def test_met_figures_outweigh_the_status():
    met = measured(">=", "735", "780", "人次")
    assert unspoken(["预算编制不够精细"], **met, stated={"met": False}) == []


def test_a_bare_form_has_no_problems_to_speak_of():
    assert unspoken([], []) == []
    assert unspoken([], ["加强预算管理"]) == ["操作培训人次"]


# telling words


def test_what_tells_is_left_when_the_generic_words_are_gone():
    assert telling_words("短信数量") == {"短信"}
    assert telling_words("操作培训人次(共性指标)") == {"操作", "作培", "培训"}
    assert telling_words("项目完成情况") == frozenset()
    assert telling_words("12345 app 推广") == {"APP", "推广"}
    assert telling_words("等级保护测评") == {"等级", "级保", "保护", "护测", "测评"}


@given(st.text(max_size=40))
def test_any_text_has_telling_words_of_two_characters_or_more(text):
    assert all(len(word) >= 2 for word in telling_words(text))
