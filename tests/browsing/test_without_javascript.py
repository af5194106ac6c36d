"""Everything works in a browser that runs no scripts."""

from __future__ import annotations

import pytest

from approvals.models import Decision, Verb
from evaluations.models import ScoreSource, Stage
from tests.cast import propose
from tests.dossier_content import PDF

MATTER = "社会保险经办信息系统"
ONE_MORE = {
    "name": "培训经办人员",
    "level1": "产出",
    "level2": "数量指标",
    "target_value": "60",
    "unit_of_measure": "人次",
    "actual_value": "64",
}


@pytest.mark.django_db(transaction=True)
def test_a_self_assessment_is_filled_in_submitted_and_approved(world, sits_down, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    lin = sits_down(world.lin, java_script_enabled=False)
    lin.take_up(MATTER)
    lin.press("添加指标")
    lin.type(**{f"indicators-8-{name}": value for name, value in ONE_MORE.items()})
    lin.attach("培训签到表.pdf", PDF)
    lin.press("上传文件并暂存")
    lin.reads("培训签到表.pdf")
    lin.explain()
    lin.press("提交")
    lin.reads("当前环节：“单位审核”")

    wang = sits_down(world.wang, java_script_enabled=False)
    wang.take_up(MATTER)
    wang.type(opinion="同意报送。")
    wang.press("审核通过")
    wang.reads("当前环节：“部门审核”")

    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    assert evaluation.indicators.filter(name="培训经办人员").exists()


@pytest.mark.django_db(transaction=True)
def test_a_reviewer_adjusts_a_score_with_a_reason(world, sits_down, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    zhao = sits_down(world.zhao, java_script_enabled=False)
    zhao.take_up(MATTER)
    zhao.type_under("部门审核得分 · 上线业务模块", "18")
    zhao.unfold("理由 · 上线业务模块")
    zhao.type_under("理由 · 上线业务模块", "验收单只列二十五个模块。")
    zhao.press("重新测算")
    zhao.reads("97.67")
    zhao.type(opinion="调整一项得分后同意。")
    zhao.press("审核通过")
    zhao.reads("当前环节：“财政复核”")
    given = evaluation.indicators.get(name="上线业务模块").scores.get(source=ScoreSource.DEPARTMENT)
    assert (str(given.points), given.reason) == ("18.00", "验收单只列二十五个模块。")


@pytest.mark.django_db(transaction=True)
def test_a_reviewer_returns_a_dossier_and_proposes_an_item(world, sits_down, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    propose(world, evaluation, world.zhao, requirement="补齐验收材料")
    zhao = sits_down(world.zhao, java_script_enabled=False)
    zhao.take_up(MATTER)
    zhao.reads("补齐验收材料")
    zhao.press("退回修改")
    zhao.reads("请填写退回理由")
    zhao.type(opinion="请按验收报告核对模块数量。")
    zhao.press("退回修改")
    zhao.reads("当前环节：“单位自评”")
    assert Decision.objects.filter(evaluation=evaluation, verb=Verb.RETURN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_language_changes_with_one_press(world, sits_down):
    lin = sits_down(world.lin, java_script_enabled=False)
    lin.page.get_by_role("button", name="EN, English").click()
    lin.page.get_by_role("link", name="Rectification ledger").wait_for()
    lin.press("中文")
    lin.page.get_by_role("link", name="整改台账").wait_for()
