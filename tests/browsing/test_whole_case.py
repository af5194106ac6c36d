"""One evaluation from the lead's login to the closed rectification, all roles in turn."""

from __future__ import annotations

import pytest

from approvals.models import Decision, ItemStage, RectificationItem, Verb
from evaluations.models import Stage
from tests.cast import open_self_evaluation, soon
from tests.dossier_content import PDF

MATTER = "社会保险经办信息系统"
REQUIREMENT = "按期交付剩余两个模块"

INDICATORS = [
    {"level1": "产出", "level2": "数量指标", "name": "上线业务模块", "weight": "50", "target_value": "28",
     "unit_of_measure": "个", "actual_value": "26", "score": "46.43",
     "deviation_reason": "两个模块的需求在年中有调整。"},
    {"level1": "效益", "level2": "社会效益指标", "name": "网上办理比例", "weight": "30", "target_value": "80",
     "unit_of_measure": "%", "actual_value": "86", "score": "30"},
    {"level1": "满意度", "level2": "服务对象满意度", "name": "群众满意度", "weight": "10",
     "target_value": "90", "unit_of_measure": "%", "actual_value": "93", "score": "10"},
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_case_goes_from_self_assessment_to_closed_rectification(world, sits_down):
    evaluation = open_self_evaluation(world)
    fill_in_and_submit(sits_down(world.lin))
    approve_for_the_unit(sits_down(world.wang))
    adjust_a_score(sits_down(world.zhao))
    propose_an_item_and_recheck(sits_down(world.sun))
    conclude(sits_down(world.zhou))
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.concluded_grade) == (Stage.RECTIFICATION, "优")

    receive_and_plan(sits_down(world.lin))
    accept_the_measures(sits_down(world.sun))
    report(sits_down(world.lin))
    verify(sits_down(world.qian), "核实通过", "现场查看，两个模块已上线。")
    verify(sits_down(world.sun), "核实通过并销号", "核对验收单，属实。")

    evaluation.refresh_from_db()
    item = RectificationItem.objects.get(evaluation=evaluation)
    assert (evaluation.stage, item.stage) == (Stage.CLOSED, ItemStage.CLOSED)
    assert item.files.count() == 1
    assert list(Decision.objects.filter(evaluation=evaluation).values_list("verb", "actor__username")) == [
        (Verb.OPEN, "sun"),
        (Verb.SUBMIT, "lin"),
        (Verb.APPROVE, "wang"),
        (Verb.APPROVE, "zhao"),
        (Verb.RECHECK, "sun"),
        (Verb.CONCLUDE, "zhou"),
        (Verb.RECEIVE, "lin"),
        (Verb.PLAN, "lin"),
        (Verb.ACCEPT_PLAN, "sun"),
        (Verb.REPORT, "lin"),
        (Verb.VERIFY, "qian"),
        (Verb.VERIFY, "sun"),
    ]


def fill_in_and_submit(lin):
    lin.take_up(MATTER)
    lin.type(
        goal_expected="建成覆盖全部经办业务的信息系统。",
        goal_achieved="二十六个模块上线，两个模块顺延。",
        budget__initial="280",
        budget__annual="300",
        budget__received="300",
        budget__paid="290",
        budget__weight="10",
        budget__stated_score="9.67",
    )
    for number, indicator in enumerate(INDICATORS):
        lin.press("添加指标")
        lin.type(**{f"indicators-{number}-{name}": value for name, value in indicator.items()})
        lin.type(**{f"indicators-{number}-direction": "higher", f"indicators-{number}-comparator": ">="})
    # Computed: 50 × 26 ÷ 28 + 30 + 10 + 10 × 290 ÷ 300; it follows while one types.
    lin.page.locator("#live-totals").get_by_text("96.10").first.wait_for()
    lin.attach("验收报告.pdf", PDF)
    lin.press("暂存")
    lin.reads("验收报告.pdf")
    lin.explain()
    lin.type(opinion="请审核。")
    lin.press("提交")
    lin.reads("当前环节：“单位审核”")


def approve_for_the_unit(wang):
    wang.take_up(MATTER)
    wang.type(opinion="同意报送。")
    wang.press("审核通过")
    wang.reads("当前环节：“部门审核”")


def adjust_a_score(zhao):
    zhao.take_up(MATTER)
    zhao.press("领取")
    zhao.type_under("部门审核得分 · 上线业务模块", "45")
    zhao.press("审核通过")
    zhao.reads("评分与自评得分（46.43）不一致")
    zhao.type_under("理由 · 上线业务模块", "验收单只列二十五个模块。")
    zhao.type(opinion="调整一项得分后同意。")
    zhao.press("审核通过")
    zhao.reads("当前环节：“财政复核”")


def propose_an_item_and_recheck(sun):
    sun.take_up(MATTER)
    sun.unfold("提出整改事项")
    sun.type(item__requirement=REQUIREMENT, item__due=soon().isoformat())
    sun.press("提出")
    sun.reads(REQUIREMENT)
    sun.type_under("财政复核得分 · 上线业务模块", "45.5")
    sun.unfold("理由 · 上线业务模块")
    sun.type_under("理由 · 上线业务模块", "补充验收一个模块。")
    sun.type(opinion="抽查复核完毕。")
    sun.press("抽查复核")
    sun.reads("当前环节：“评价结论”")


def conclude(zhou):
    zhou.take_up(MATTER)
    zhou.type(total="95.17", conclusion="目标基本实现，两个模块须整改。")
    zhou.press("出具评价结论")
    zhou.reads("当前环节：“整改”")


def receive_and_plan(lin):
    lin.take_up(REQUIREMENT)
    lin.press("签收")
    lin.take_up(REQUIREMENT)
    lin.type(
        measure__0__text="与承建方签订补充协议，分两步交付。",
        measure__0__who="项目组",
        measure__0__by_when=soon(20).isoformat(),
    )
    lin.press("提交整改措施")


def accept_the_measures(sun):
    sun.take_up(REQUIREMENT)
    sun.type(opinion="措施具体，同意实施。")
    sun.press("同意整改措施")


def report(lin):
    lin.take_up(REQUIREMENT)
    lin.type(result="两个模块已交付并验收。")
    lin.attach("验收单.pdf", PDF)
    lin.press("报送整改结果")
    lin.reads("待部门核实")


def verify(person, button, opinion):
    person.take_up(REQUIREMENT)
    person.type(opinion=opinion)
    person.press(button)
    person.reads(opinion)
