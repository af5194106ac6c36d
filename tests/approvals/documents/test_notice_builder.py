"""From an issued notice in the database to its plain contents."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals.documents.notice_builder import notice_contents
from approvals.models import ItemStage, NoticeKind, RectificationNotice, Verb
from audit_log.errors import NotFound
from evaluations.models import Stage
from tests.cast import bring, bring_item, do, fill, open_self_evaluation, propose, soon, walk_self
from tests.rechecks import draw, filed_policy, recheck
from workflow import rectifying

QUERIES = 8


def notice_of(evaluation):
    return RectificationNotice.objects.filter(evaluation=evaluation).latest("pk")


def issued_items(world, make, *details):
    """Finance's items of one self-evaluation, issued with one notice."""
    evaluation = make(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun, **each) for each in details]
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    for item in items:
        item.refresh_from_db()
    return items


@pytest.fixture
def prepared(world, self_evaluation):
    """Two items of finance's that went out with a notice whose particulars Sun wrote before."""
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    first = {"amount": Decimal("12.5"), "kind": "repay", "assisting": [world.other_unit]}
    propose(world, evaluation, world.sun, problem=evaluation.problems.get(), **first)
    propose(world, evaluation, world.sun, requirement="补充验收单", due=soon(60))
    rectifying.prepare_notice(
        evaluation=evaluation,
        actor=world.sun,
        copies="衡州市审计局",
        basis="《衡州市预算绩效管理办法》",
        report_due=soon(70),
        contact="小孙",
        telephone="0575-7654321",
    )
    return notice_of(bring(evaluation, Stage.RECTIFICATION, walk_self(world)))


def test_the_contents_carry_number_particulars_and_result(world, prepared):
    contents = notice_contents(prepared.pk)
    evaluation = prepared.evaluation
    assert contents.document_number == f"衡州市财政局〔{prepared.year}〕1号"
    assert (contents.addressee, contents.copies) == (world.unit.name, "衡州市审计局")
    assert (contents.basis, contents.contact) == ("《衡州市预算绩效管理办法》", "小孙")
    assert (contents.telephone, contents.report_due) == ("0575-7654321", soon(70))
    assert (contents.total, str(contents.grade)) == (Decimal("96.5"), "优")
    assert contents.conclusion == "目标基本实现。"
    assert contents.issued_on == timezone.localdate(prepared.issued_at)
    assert (contents.evaluation_number, contents.report_title) == (evaluation.number, evaluation.title)
    assert contents.measures_days == 30
    assert not contents.is_demonstration


def test_each_item_stands_there_as_it_was_issued(world, prepared):
    first, second = notice_contents(prepared.pk).items
    assert (first.amount, first.assisting) == (Decimal("12.5"), (world.other_unit.name,))
    assert (first.responsible_unit, first.due) == (world.unit.name, soon())
    assert first.problem == "两个模块未按期交付。"
    assert (second.requirement, second.amount, second.assisting) == ("补充验收单", None, ())
    assert second.problem == ""


def test_a_problem_is_named_once(prepared):
    assert notice_contents(prepared.pk).problems == ("两个模块未按期交付。",)


def test_a_later_due_date_does_not_change_what_was_written(world, prepared):
    item = prepared.items.order_by("number").first()
    do(Verb.RECEIVE, item, world.lin)
    before = notice_contents(prepared.pk).items
    extension = rectifying.ask_extension(item=item, actor=world.lin, due=soon(45), reason="设备到货晚。")
    rectifying.answer_extension(extension=extension, actor=world.sun, granted=True, reason="同意。")
    item.refresh_from_db()
    assert item.due == soon(45)
    assert notice_contents(prepared.pk).items == before


def test_an_objection_that_was_adopted_does_not_change_what_was_written(world, prepared):
    item = prepared.items.order_by("number").first()
    do(Verb.RECEIVE, item, world.lin)
    before = notice_contents(prepared.pk).items
    do(Verb.DISPUTE, item, world.lin, opinion="需求已经取消。")
    answer = {"adopted": True, "opinion": "采纳。", "requirement": "交付一个模块。", "amount": Decimal("8")}
    do(Verb.ANSWER_DISPUTE, item, world.sun, **answer)
    item.refresh_from_db()
    assert (item.requirement, item.amount) == ("交付一个模块。", Decimal("8"))
    assert before[0].amount == Decimal("12.5")
    assert notice_contents(prepared.pk).items == before


def test_a_notice_from_before_a_recheck_tells_no_result_afterwards(world):
    """The department's own items are closed; then finance draws the self-assessment and concludes it."""
    evaluation = open_self_evaluation(world, policy=filed_policy())
    fill(evaluation, world.lin)
    bring(evaluation, Stage.DEPARTMENT_REVIEW, walk_self(world))
    item = propose(world, evaluation, world.zhao)
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    before = notice_contents(notice_of(evaluation).pk)
    bring_item(world, item, ItemStage.CLOSED)
    draw(world)
    evaluation.refresh_from_db()
    recheck(evaluation, world.sun, "10")
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="自评得分偏高。")
    first, second = RectificationNotice.objects.filter(evaluation=evaluation).order_by("pk")
    assert before.total is None
    assert (notice_contents(first.pk).total, notice_contents(first.pk).conclusion) == (None, "")
    assert notice_contents(second.pk).total == Decimal("90")


def test_the_receipt_is_filled_in_once_the_unit_has_signed(world, prepared):
    (open_receipt,) = notice_contents(prepared.pk).receipts
    assert (open_receipt.unit, open_receipt.signed_by, open_receipt.signed_at) == (world.unit.name, "", None)
    do(Verb.RECEIVE, prepared.items.order_by("number").first(), world.lin)
    (signed,) = notice_contents(prepared.pk).receipts
    row = prepared.receipts.get()
    assert (signed.unit, signed.signed_by) == (world.unit.name, "小林")
    assert signed.signed_at == timezone.localtime(row.signed_at)


def test_every_unit_that_has_an_item_has_a_receipt_of_its_own(world, self_evaluation):
    items = issued_items(world, self_evaluation, {}, {"responsible_unit": world.other_unit}, {})
    do(Verb.RECEIVE, items[1], world.chen)
    receipts = notice_contents(items[0].notice_id).receipts
    assert [(one.unit, one.signed_by) for one in receipts] == [
        (world.unit.name, ""),
        (world.other_unit.name, "小陈"),
    ]


def test_a_letter_of_feedback_has_a_result_and_no_item(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CLOSED)
    notice = notice_of(evaluation)
    assert notice.kind == NoticeKind.FEEDBACK
    contents = notice_contents(notice.pk)
    assert (contents.items, contents.measures_days, contents.report_due) == ((), None, None)
    assert contents.total == 90
    assert [one.unit for one in contents.receipts] == [world.unit.name]


def test_a_later_notice_names_only_the_problems_of_its_own_items(world, prepared):
    evaluation = prepared.evaluation
    propose(world, evaluation, world.sun, requirement="归档合同")
    rectifying.issue_notice(evaluation=evaluation, actor=world.sun)
    later = notice_contents(notice_of(evaluation).pk)
    assert later.document_number.endswith("2号")
    assert [item.requirement for item in later.items] == ["归档合同"]
    assert later.problems == ()


def test_a_notice_in_preparation_has_no_document(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    rectifying.prepare_notice(evaluation=evaluation, actor=world.sun, contact="小孙")
    with pytest.raises(NotFound):
        notice_contents(notice_of(evaluation).pk)


def test_a_demonstration_is_known_by_its_item(item_at):
    item = item_at(ItemStage.ISSUED, is_demonstration=True)
    assert notice_contents(item.notice_id).is_demonstration


def test_reading_takes_as_many_queries_for_many_items_as_for_one(world, self_evaluation):
    few = issued_items(world, self_evaluation, {"assisting": [world.other_unit]})
    many = issued_items(
        world,
        self_evaluation,
        *({"requirement": f"第{n}项", "assisting": [world.other_unit]} for n in range(6)),
    )
    taken = []
    for items in (few, many):
        with CaptureQueriesContext(connection) as queries:
            notice_contents(items[0].notice_id)
        taken.append(len(queries))
    assert taken == [QUERIES, QUERIES]
