"""Whoever gets work is told, and so are those whom an evaluation's end concerns."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.models import ItemStage, Verb
from audit_log.models import AuditEvent
from evaluations.models import Stage
from notices import messages
from notices.models import Notice
from tests.cast import do, propose, soon
from tests.standing_in import let
from tests.votes import at_departments_vote
from workflow import services


def told(message: str) -> list[dict[str, Any]]:
    """The notices of this message, the earliest first."""
    return list(Notice.objects.filter(message=message).order_by("pk").values())


def who(message: str) -> set[int]:
    """Whom the notices of this message tell."""
    return {notice["recipient_id"] for notice in told(message)}


def test_each_seated_expert_is_told_once_that_the_material_is_there(world, commissioned_evaluation):
    commissioned_evaluation(Stage.EXPERT_SCORING)
    asked = [notice for notice in told(messages.NEW_TASK) if notice["values"]["stage"] == "expert scoring"]
    assert sorted(notice["recipient_id"] for notice in asked) == sorted([world.wu.pk, world.zheng.pk])


def test_each_seated_expert_is_told_that_the_scoring_came_back(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    do(Verb.RETURN, evaluation, world.sun, to=Stage.EXPERT_SCORING, opinion="请重新核对产出指标。")
    returned = told(messages.RETURNED)
    assert sorted(notice["recipient_id"] for notice in returned) == sorted([world.wu.pk, world.zheng.pk])


def test_whoever_stands_in_for_a_voter_is_told_of_the_vote(world, self_evaluation):
    let(world.zhao, world.chu)
    at_departments_vote(world, self_evaluation, who="all")
    of_the_vote = Notice.objects.filter(values__stage="department review")
    assert {notice.recipient for notice in of_the_vote} >= {world.zhao, world.qian, world.chu}


def test_a_unit_is_told_once_of_a_notice_however_many_items_it_has(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    items = [
        propose(world, evaluation, world.sun, requirement=text, responsible_person=person)
        for text, person in (("补签协议", world.lin), ("补交资料", world.lin), ("完善制度", None))
    ]
    do(Verb.ACCEPT, evaluation, world.sun)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=evaluation.stated_total, conclusion="同意。")
    asked = told(messages.NOTICE_ISSUED)
    assert sorted(notice["recipient_id"] for notice in asked) == [world.lin.pk, world.wang.pk]
    assert {notice["path"] for notice in asked} == {f"/rectification/{items[0].pk}/"}
    assert {notice["values"]["number"] for notice in asked} == {3}


@pytest.mark.parametrize("with_item", [True, False])
def test_the_unit_and_whoever_opened_an_evaluation_are_told_that_it_is_closed(
    world, self_evaluation, item_at, with_item
):
    evaluation = item_at(ItemStage.CLOSED).evaluation if with_item else self_evaluation(Stage.CLOSED)
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.CLOSED
    assert who(messages.CLOSED) == {world.lin.pk, world.wang.pk, evaluation.opened_by_id}


def test_reopening_a_closed_evaluation_is_an_event_of_its_own(world, item_at):
    item = item_at(ItemStage.CLOSED)
    services.reopen(item=item, actor=world.sun, opinion="复发", due=soon())
    (event,) = AuditEvent.objects.filter(verb="reopen_evaluation")
    assert (event.object_type, event.object_id) == ("evaluation", item.evaluation_id)
