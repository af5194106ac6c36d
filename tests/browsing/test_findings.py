"""Findings in a browser: they follow what is typed, and a reviewer's question comes back answered."""

from __future__ import annotations

import pytest

from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, TurnKind
from evaluations.models import Stage
from tests.cast import do

MATTER = "社会保险经办信息系统"
UNMET = "#findings-indicators-0 .finding-error"


@pytest.mark.django_db(transaction=True)
def test_a_finding_leaves_when_its_cause_is_put_right_and_the_field_keeps_the_cursor(
    world, sits_down, self_evaluation
):
    self_evaluation(Stage.SELF_ASSESSMENT)
    lin = sits_down(world.lin)
    lin.take_up(MATTER)
    lin.page.locator(UNMET).wait_for()
    reason = lin.page.locator("#id_indicators-0-deviation_reason")
    reason.fill("两个模块的需求到年底才确认，顺延到次年交付。")
    lin.page.locator(UNMET).wait_for(state="detached")
    assert reason.evaluate("field => field === document.activeElement")
    reason.fill("")
    lin.page.locator(UNMET).wait_for()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("java_script", [True, False])
def test_a_question_about_a_finding_comes_back_answered(world, sits_down, self_evaluation, java_script):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = next(row for row in FindingsOnRecord(evaluation).latest if row.severity == "error")
    zhao = sits_down(world.zhao, java_script_enabled=java_script)
    zhao.take_up(MATTER)
    zhao.page.locator(f"#finding-{found.pk} + details > summary").click()
    zhao.type(**{f"turn-{found.pk}": "顺延有没有补充协议？"})
    zhao.page.locator(f'button[value="ask:{found.pk}"]').click()
    zhao.reads("顺延有没有补充协议？")
    do("return", evaluation, world.zhao, opinion="请答复提问。")

    lin = sits_down(world.lin, java_script_enabled=java_script)
    lin.take_up(MATTER)
    question = FindingTurn.objects.get(kind=TurnKind.QUESTION)
    lin.type(**{f"answer-{question.pk}": "有补充协议，已上传。"})
    lin.explain()
    lin.press("提交")
    lin.reads("当前环节：“单位审核”")
    assert FindingTurn.objects.get(kind=TurnKind.ANSWER).text == "有补充协议，已上传。"


@pytest.mark.django_db(transaction=True)
def test_the_boxes_for_reasons_and_the_tick_follow_what_is_typed(world, sits_down, self_evaluation):
    self_evaluation(Stage.SELF_ASSESSMENT)
    lin = sits_down(world.lin)
    lin.take_up(MATTER)
    boxes = lin.page.locator('#explanations textarea[name^="reason-"]')
    tick = lin.page.locator('[name="acknowledged"]')
    boxes.first.fill("两个模块的需求到年底才确认。")
    first = boxes.first.get_attribute("name")
    stood_for = tick.get_attribute("value")
    tick.check()
    lin.type(**{"budget-weight": "15"})
    boxes.nth(1).wait_for()
    assert lin.page.locator(f'[name="{first}"]').input_value() == "两个模块的需求到年底才确认。"
    lin.type(**{"indicators-7-actual_value": "150"})
    lin.page.locator(f'[name="acknowledged"]:not([value="{stood_for}"])').wait_for()
    assert not tick.is_checked()
    lin.explain()
    lin.press("提交")
    lin.reads("当前环节：“单位审核”")
