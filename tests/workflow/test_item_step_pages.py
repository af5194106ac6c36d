"""The page of each step of an item: what it shows, and only what can be done."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from approvals.models import ItemStage, RaisedBy, Verb
from audit_log import clock
from evaluations.models import Stage
from tests.cast import do, open_task, propose, soon
from tests.workflow.page_forms import address, read_form, send


def step_page(client, item):
    return client.get(address(open_task(item)))


def measure(place, text="签订补充协议。", who="项目组", by_when=None):
    day = (by_when or soon(20)).isoformat()
    return {f"measure-{place}-text": text, f"measure-{place}-who": who, f"measure-{place}-by_when": day}


def test_the_receipt_shows_the_whole_notice_and_is_signed_once_for_all_its_items(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun, requirement=text) for text in ("交付模块", "补齐档案")]
    do(Verb.ACCEPT, evaluation, world.sun)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("80"), conclusion="须整改。")
    lin = as_(world.lin)
    text = step_page(lin, items[0]).content.decode()
    assert "交付模块" in text
    assert "补齐档案" in text
    assert "号" in text
    assert send(lin, open_task(items[0]), "receive").status_code == 302
    for item in items:
        item.refresh_from_db()
        assert item.stage == ItemStage.PLANNING


def test_another_unit_reads_its_own_items_at_the_receipt_and_not_the_evaluation(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    propose(world, evaluation, world.sun, requirement="补齐档案")
    item = propose(
        world, evaluation, world.sun, responsible_unit=world.other_unit, responsible_person=world.chen
    )
    do(Verb.ACCEPT, evaluation, world.sun)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("80"), conclusion="须整改。")
    text = step_page(as_(world.chen), item).content.decode()
    assert item.requirement in text
    assert "补齐档案" not in text
    assert "须整改。" not in text


def test_measures_are_planned_in_rows_with_blank_ones_between(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    typed = {**measure(0), **measure(2, text="组织验收。")}
    assert send(as_(world.lin), open_task(item), "plan", **typed).status_code == 302
    assert [row.text for row in item.plan.all()] == ["签订补充协议。", "组织验收。"]


def test_more_rows_come_with_everything_that_was_typed(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    task = open_task(item)
    reply = send(as_(world.lin), task, "add:measures", **measure(0))
    assert reply.status_code == 200
    fields = read_form(reply).fields
    assert fields["measure-0-text"] == "签订补充协议。"
    assert "measure-4-text" in fields


def test_a_fault_of_the_plan_stands_at_its_own_row(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    typed = {**measure(1, who=""), **measure(2, by_when=soon(90))}
    reply = send(as_(world.lin), open_task(item), "plan", **typed)
    assert reply.status_code == 422
    assert set(read_form(reply).errors) == {"measure-1-who", "measure-2-by_when"}
    assert not item.plan.exists()


def test_an_objection_is_offered_while_its_days_run_and_once(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    lin = as_(world.lin)
    page = step_page(lin, item)
    assert page.context["may_object"]
    assert "opinion" in read_form(page).fields
    assert send(lin, open_task(item), "dispute", opinion="合同已变更。").status_code == 302
    do(Verb.ANSWER_DISPUTE, item, world.sun, adopted=False, opinion="维持。")
    page = step_page(lin, item)
    assert not page.context["may_object"]
    assert 'value="dispute"' not in page.content.decode()


def test_after_its_days_no_objection_is_offered(as_, world, item_at):
    item = item_at(ItemStage.PLANNING, due=soon(120))
    with clock.at(clock.now() + timedelta(days=40)):
        page = step_page(as_(world.lin), item)
        assert not page.context["may_object"]
        assert "opinion" not in read_form(page).fields


def test_measures_are_not_submitted_beside_an_objection_that_is_typed(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    reply = send(as_(world.lin), open_task(item), "plan", opinion="合同已变更。", **measure(0))
    assert reply.status_code == 422
    assert "opinion" in read_form(reply).errors
    item.refresh_from_db()
    assert item.stage == ItemStage.PLANNING


def test_the_plan_is_seen_where_it_is_accepted(as_, world, item_at):
    item = item_at(ItemStage.PLAN_REVIEW)
    page = step_page(as_(world.sun), item)
    assert "与承建方签订补充协议。" in page.content.decode()
    assert send(as_(world.sun), open_task(item), "accept_plan").status_code == 302


def test_the_answer_to_an_objection_begins_with_the_requirement(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    do(Verb.DISPUTE, item, world.lin, opinion="合同已变更。")
    sun = as_(world.sun)
    page = step_page(sun, item)
    assert "合同已变更。" in page.content.decode()
    assert read_form(page).fields["requirement"] == item.requirement
    reply = send(
        sun, open_task(item), "answer_dispute", adopted="yes", opinion="属实。", requirement="交付一个模块"
    )
    assert reply.status_code == 302
    item.refresh_from_db()
    assert item.requirement == "交付一个模块"


def answered_with(as_, world, item, **typed):
    """Sun adopts the objection on the page, with whatever stands there but for what was typed."""
    given = {"adopted": "yes", "opinion": "属实。", **typed}
    reply = send(as_(world.sun), open_task(item), "answer_dispute", **given)
    item.refresh_from_db()
    return reply


def test_the_answer_to_an_objection_begins_with_the_amount_and_corrects_it(as_, world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    assert read_form(step_page(as_(world.sun), item)).fields["amount"] == "12.5"
    assert answered_with(as_, world, item, amount="0").status_code == 422
    assert answered_with(as_, world, item, amount="8.25").status_code == 302
    assert item.amount == Decimal("8.25")


def test_an_amount_that_is_emptied_in_the_answer_is_none(as_, world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    assert answered_with(as_, world, item, amount="").status_code == 302
    assert item.amount is None


def test_an_answer_that_leaves_the_amount_as_it_stands_changes_nothing(as_, world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    assert answered_with(as_, world, item).status_code == 302
    assert item.amount == Decimal("12.5")


def test_the_verification_shows_what_is_outstanding_and_closes_a_part(as_, world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.DEPARTMENT, amount=Decimal("12.5"))
    zhao = as_(world.zhao)
    page = step_page(zhao, item)
    assert read_form(page).fields["settled"] == "12.5"
    assert "12.50" in page.content.decode()
    assert send(zhao, open_task(item), "verify", opinion="退回五万元。", settled="5").status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.settled) == (ItemStage.CARRYING_OUT, Decimal("5"))
    assert "7.5" in step_page(as_(world.lin), item).content.decode()
