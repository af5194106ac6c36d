"""The life of rectification items in browsers, on a desk and on a phone without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from approvals.models import ItemStage
from evaluations.models import Stage
from tests.browsing.test_accessibility import SCREENS, faults_of, signed_in, task_address
from tests.cast import soon
from tests.dossier_content import PDF
from workflow import rectifying

PLAIN_PHONE = {"java_script_enabled": False, "viewport": SCREENS["phone"]}
DESK_AND_PHONE = pytest.mark.parametrize("options", [{}, PLAIN_PHONE], ids=["desk", "plain-phone"])


def item_address(item):
    return reverse("item", args=[item.pk])


def decide(person, item, verb, **typed):
    """Take the item's step: type, and press the button of the verb."""
    person.page.goto(task_address(item))
    person.type(**typed)
    person.page.locator(f'button[value="{verb}"]').click()
    person.page.wait_for_url(f"**{item_address(item)}")
    item.refresh_from_db()


def report(person, item, result):
    person.page.goto(task_address(item))
    person.type(result=result)
    person.attach("验收单.pdf", PDF)
    person.page.locator('button[value="report"]').click()
    person.page.wait_for_url(f"**{item_address(item)}")
    item.refresh_from_db()


def enter_progress(person, item, percent, text):
    person.page.goto(item_address(item))
    person.type(percent=percent, text=text)
    person.attach("进度照片.pdf", PDF)
    person.page.locator('form[action$="/progress/"] button[type="submit"]').click()
    person.reads(f"{percent}%")
    person.reads("进度照片.pdf")


@pytest.mark.django_db(transaction=True)
@DESK_AND_PHONE
def test_an_item_goes_from_its_receipt_to_closure_with_one_refusal_at_finance(
    world, sits_down, item_at, options
):
    item = item_at(ItemStage.ISSUED)
    lin, zhao, sun = (sits_down(who, **options) for who in (world.lin, world.zhao, world.sun))
    decide(lin, item, "receive")
    assert item.stage == ItemStage.PLANNING
    plan = {"measure__0__text": "签订补充协议，分两步交付。", "measure__0__who": "项目组"}
    decide(lin, item, "plan", **plan, measure__0__by_when=soon(20).isoformat())
    sun.page.goto(task_address(item))
    sun.reads("签订补充协议，分两步交付。")
    decide(sun, item, "accept_plan", opinion="措施可行。")
    enter_progress(lin, item, "60", "一个模块已上线。")
    report(lin, item, "两个模块已交付。")
    decide(zhao, item, "verify", opinion="现场查看，已上线。")
    decide(sun, item, "send_back", opinion="验收单缺签字。")
    assert (item.stage, item.round) == (ItemStage.CARRYING_OUT, 2)
    lin.page.goto(task_address(item))
    lin.reads("验收单缺签字。")
    report(lin, item, "已补齐签字。")
    decide(zhao, item, "verify", opinion="签字已补。")
    decide(sun, item, "verify", opinion="核对无误。")
    item.evaluation.refresh_from_db()
    assert (item.stage, item.evaluation.stage) == (ItemStage.CLOSED, Stage.CLOSED)


@pytest.mark.django_db(transaction=True)
@DESK_AND_PHONE
def test_an_extension_is_asked_for_refused_once_and_granted(world, sits_down, item_at, options):
    item = item_at(ItemStage.CARRYING_OUT)
    original = item.due
    lin, sun = (sits_down(who, **options) for who in (world.lin, world.sun))

    def ask(until: date, reason: str) -> None:
        lin.page.goto(item_address(item))
        lin.type(extension__due=until.isoformat(), extension__reason=reason)
        lin.page.locator('form[action$="/extensions/add/"] button[type="submit"]').click()
        lin.page.locator("#extensions").get_by_text(reason).wait_for()

    def answer(choice: str, reason: str) -> None:
        sun.page.goto(item_address(item))
        sun.type(answer__reason=reason)
        sun.page.locator(f'button[name="answer"][value="{choice}"]').click()
        sun.page.locator("#extensions").get_by_text(reason).wait_for()

    ask(soon(90), "人手不足。")
    sun.page.goto(item_address(item))
    sun.page.locator('button[name="answer"][value="refuse"]').click()
    sun.page.locator("#id_answer-reason_error").wait_for()
    answer("refuse", "理由不充分。")
    ask(soon(60), "承建方延期供货，附函件。")
    answer("grant", "同意。")
    item.refresh_from_db()
    assert (item.due, item.original_due) == (soon(60), original)


@pytest.mark.django_db(transaction=True)
@DESK_AND_PHONE
def test_a_closed_item_is_reopened_and_its_measures_are_planned_anew(world, sits_down, item_at, options):
    item = item_at(ItemStage.CLOSED)
    lin, sun = (sits_down(who, **options) for who in (world.lin, world.sun))
    sun.page.goto(item_address(item))
    sun.type(opinion="复查发现模块停用。", due=soon(40).isoformat())
    sun.page.locator('form[action$="/reopen/"] button[type="submit"]').click()
    sun.page.locator('form[action$="/reopen/"]').wait_for(state="detached")
    item.refresh_from_db()
    item.evaluation.refresh_from_db()
    assert (item.stage, item.round, item.evaluation.stage) == (ItemStage.PLANNING, 2, Stage.RECTIFICATION)
    lin.page.goto(task_address(item))
    lin.reads("复查发现模块停用。")
    lin.type(measure__0__text="恢复运行并建立巡检。", measure__0__who="运维组")
    lin.type(measure__0__by_when=soon(30).isoformat())
    lin.page.locator('button[value="plan"]').click()
    lin.page.wait_for_url(f"**{item_address(item)}")
    item.refresh_from_db()
    assert item.stage == ItemStage.PLAN_REVIEW


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_items_and_notices(world, live_browser, live_server, item_at):
    found = []

    def look(who, *addresses):
        for screen in SCREENS.values():
            context = live_browser(viewport=screen)
            context.add_cookies([signed_in(who, live_server.url)])
            for address in addresses:
                found.extend(faults_of(context, address, screen["width"]))

    issued, planning = item_at(ItemStage.ISSUED), item_at(ItemStage.PLANNING)
    reviewed, carried_out = item_at(ItemStage.PLAN_REVIEW), item_at(ItemStage.CARRYING_OUT)
    rectifying.ask_extension(item=carried_out, actor=world.lin, due=soon(60), reason="承建方延期供货。")
    look(world.lin, task_address(issued), task_address(planning), task_address(carried_out))
    look(world.lin, item_address(carried_out))
    notices = reverse("rectification_notices", args=[planning.evaluation_id])
    problems = reverse("raise_items", args=[planning.evaluation_id])
    further = reverse("raise_item", args=[planning.evaluation_id])
    look(world.sun, item_address(carried_out), task_address(reviewed), notices, problems, further)
    assert found == []
