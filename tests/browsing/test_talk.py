"""The pages of comments and opinions, on a desk and on a phone: accessible, and nothing reaches too far."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from approvals.actions.comment import PostedFile
from approvals.models import Audience
from evaluations.models import Stage
from tests.browsing.test_accessibility import SCREENS, faults_of, signed_in
from tests.cast import open_task
from tests.dossier_content import PDF
from workflow import talk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", SCREENS.values(), ids=list(SCREENS))
def test_comments_and_opinions_are_for_everybody(world, live_browser, live_server, self_evaluation, screen):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    file = PostedFile(ContentFile(PDF), "一份名字很长很长的补充说明材料以及其附件之扫描件（第二版）.pdf")
    said = {"evaluation": evaluation, "actor": world.zhao, "audience": Audience.DEPARTMENT}
    comment = talk.add_comment(**said, text="请@小钱核对。", files=[file], mentions=[world.sun])
    withdrawn = talk.add_comment(**said, text="写错了。")
    talk.withdraw_comment(comment=withdrawn, actor=world.zhao)
    asked = [
        talk.consult(
            evaluation=evaluation, actor=world.zhao, colleague=colleague, question="口径可以接受吗？"
        )
        for colleague in (world.qian, world.sun)
    ]
    talk.answer_consultation(consultation=asked[1], actor=world.sun, answer="可以接受。")
    task = open_task(evaluation)
    visits = [
        (world.zhao, reverse("dossier_tab", args=[evaluation.pk, "comments"])),
        (world.zhao, reverse("add_comment", args=[evaluation.pk])),
        (world.zhao, reverse("withdraw_comment", args=[comment.pk])),
        (world.zhao, reverse("consult", args=[evaluation.pk])),
        (world.zhao, reverse("task", args=[task.process_id, task.pk])),
        (world.qian, reverse("inbox")),
        (world.qian, reverse("consultation", args=[asked[0].pk])),
    ]
    found = {}
    for person, address in visits:
        context = live_browser(viewport=screen)
        context.add_cookies([signed_in(person, live_server.url)])
        if faults := list(faults_of(context, address, screen["width"])):
            found[address] = faults
    assert found == {}


@pytest.mark.django_db(transaction=True)
def test_the_people_to_tell_follow_the_audience_while_one_writes(
    world, live_browser, live_server, self_evaluation
):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    context = live_browser(viewport=next(iter(SCREENS.values())))
    context.add_cookies([signed_in(world.zhao, live_server.url)])
    page = context.new_page()
    page.goto(reverse("dossier_tab", args=[evaluation.pk, "comments"]))
    people = page.locator("#comment-mentions")
    assert "小林" not in people.inner_text()
    page.locator("#comment-text").fill("请核对。")
    page.locator("#comment-audience").select_option("unit")
    people.locator("option", has_text="小林").wait_for(state="attached")
    page.locator("#comment-audience").select_option("department")
    people.locator("option", has_text="小林").wait_for(state="detached")
    assert page.locator("#comment-text").input_value() == "请核对。"
