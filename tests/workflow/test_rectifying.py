"""Items beside their steps: one receipt for a notice, the end without proof, items that come later."""

from __future__ import annotations

from functools import partial

import pytest
from viewflow.workflow.status import PROCESS, STATUS

from accounts.actions import add_person, grant_role
from accounts.roles import Role
from approvals.models import ItemStage, Receipt, Verb
from audit_log.errors import AlreadyHandled, NotAllowed, NotFound
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, open_task, planned, propose
from tests.rectifying import issued_items, leader_of, refused_by_the_database, run_sql
from tests.standing_in import let
from tests.workflow.test_concurrency import at_once, at_step, lost, won
from tests.workflow.test_flows import open_tasks
from workflow import integrity, rectifying, services
from workflow.models import FlowTask

REASON = "单位已经撤销。"


def sign(item, actor):
    task = open_task(item)
    return rectifying.receive(process_id=task.process_id, task_id=task.pk, actor=actor)


def stages(*items):
    for item in items:
        item.refresh_from_db()
    return [item.stage for item in items]


def evaluation_of(item):
    return item.evaluation.__class__.objects.get(pk=item.evaluation_id)


# --- one receipt ---------------------------------------------------------------------------


def test_one_signature_is_the_receipt_for_every_item_of_the_notice_and_the_unit(world, self_evaluation):
    items = issued_items(world, self_evaluation, {}, {}, {"responsible_unit": world.other_unit})
    decisions = sign(items[1], world.lin)
    assert [decision.item for decision in decisions] == items[:2]
    assert stages(*items) == [ItemStage.PLANNING, ItemStage.PLANNING, ItemStage.ISSUED]
    assert Receipt.objects.get().unit == world.unit
    sign(items[2], world.chen)
    assert Receipt.objects.filter(notice=items[0].notice).count() == 2


def test_an_item_that_asks_somebody_else_by_name_waits_for_their_signature(world, self_evaluation):
    lins, wangs = issued_items(world, self_evaluation, {}, {"responsible_person": world.wang})
    sign(lins, world.lin)
    assert stages(lins, wangs) == [ItemStage.PLANNING, ItemStage.ISSUED]
    sign(wangs, world.wang)
    assert stages(wangs) == [ItemStage.PLANNING]
    assert Receipt.objects.get(notice=lins.notice).actor == world.lin


def test_a_stand_in_signs_for_all_items_of_whoever_is_away(world, self_evaluation):
    let(world.lin, world.chen)
    items = issued_items(world, self_evaluation, {}, {})
    sign(items[0], world.chen)
    assert stages(*items) == [ItemStage.PLANNING] * 2
    assert Receipt.objects.get().on_behalf_of == world.lin


def test_items_of_a_later_notice_wait_for_a_receipt_of_their_own(world, item_at):
    item = item_at(ItemStage.ISSUED)
    later = propose(world, item.evaluation, world.sun)
    rectifying.issue_notice(evaluation=item.evaluation, actor=world.sun)
    sign(item, world.lin)
    assert stages(item, later) == [ItemStage.PLANNING, ItemStage.ISSUED]


def test_nobody_else_signs_and_nothing_of_it_is_left_behind(world, self_evaluation):
    items = issued_items(world, self_evaluation, {}, {})
    for actor in (world.wang, world.zhao, world.sun, world.chen):
        with refused(NotAllowed):
            sign(items[0], actor)


def test_a_receipt_for_a_step_that_does_not_exist_is_refused(world, item_at):
    task = open_task(item_at(ItemStage.ISSUED))
    with refused(NotFound):
        rectifying.receive(process_id=task.process_id, task_id=task.pk + 1000, actor=world.lin)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_for_one_unit_at_once_one_wins(world, self_evaluation):
    """Neither item asks anybody by name, and each of the two signs at another one."""
    at_unit = {"responsible_unit": world.other_unit}
    items = issued_items(world, self_evaluation, at_unit, at_unit)
    second = add_person(actor=None, username="jiang", display_name="小蒋", password="weighed-and-found-good")
    grant_role(actor=None, user=second, organization=world.other_unit, role=Role.PROJECT_LEAD)
    calls = [
        partial(rectifying.receive, process_id=task.process_id, task_id=task.pk, actor=actor)
        for task, actor in zip(map(open_task, items), (world.chen, second), strict=True)
    ]
    results = at_once(*calls)
    (decisions,) = won(results)
    assert [type(error) for error in lost(results)] == [AlreadyHandled]
    assert {decision.actor for decision in decisions} == {Receipt.objects.get().actor}
    assert stages(*items) == [ItemStage.PLANNING] * 2
    assert integrity.faults() == []


# --- the end without proof -------------------------------------------------------------------


@pytest.mark.parametrize("stage", [ItemStage.ISSUED, ItemStage.OBJECTION, ItemStage.FINANCE_VERIFICATION])
def test_ending_an_item_drops_its_open_step_and_ends_its_process(world, item_at, stage):
    item = item_at(stage)
    task = open_task(item)
    rectifying.cancel(item=item, actor=leader_of(world), opinion=REASON)
    task.refresh_from_db()
    assert (task.status, task.process.status) == (STATUS.CANCELED, PROCESS.DONE)
    assert open_tasks(item.evaluation) == []
    with refused(AlreadyHandled):
        services.perform(Verb.PLAN, process_id=task.process_id, task_id=task.pk, actor=world.lin)


def test_the_last_item_that_is_ended_closes_the_evaluation(world, self_evaluation):
    leader = leader_of(world)
    proved, ended = issued_items(world, self_evaluation, {}, {})
    bring_item(world, proved, ItemStage.CLOSED)
    assert evaluation_of(proved).stage == Stage.RECTIFICATION
    rectifying.cancel(item=ended, actor=leader, opinion=REASON)
    assert (evaluation_of(ended).stage, evaluation_of(ended).closed_at is None) == (Stage.CLOSED, False)


def test_an_item_that_is_ended_leaves_the_others_on_their_way(world, self_evaluation):
    first, other = issued_items(world, self_evaluation, {}, {})
    rectifying.cancel(item=first, actor=leader_of(world), opinion=REASON)
    assert evaluation_of(first).stage == Stage.RECTIFICATION
    assert [task.item for task in open_tasks(first.evaluation)] == [other]
    bring_item(world, other, ItemStage.CLOSED)
    assert evaluation_of(other).stage == Stage.CLOSED


@pytest.mark.django_db(transaction=True)
def test_of_the_end_of_an_item_and_a_decision_on_it_at_once_one_wins(world, item_at):
    item, leader = item_at(ItemStage.FINANCE_VERIFICATION), leader_of(world)
    results = at_once(
        at_step(Verb.VERIFY, open_task(item), world.sun, opinion="属实。"),
        partial(rectifying.cancel, item=item, actor=leader, opinion=REASON),
    )
    (decision,) = won(results)
    assert [error.status for error in lost(results)] == [409]
    assert stages(item) == [decision.next_stage]
    assert evaluation_of(item).stage == Stage.CLOSED
    assert integrity.faults() == []


# --- what is raised later ----------------------------------------------------------------------


def test_further_items_go_their_own_way_to_the_end(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    further = propose(world, item.evaluation, world.sun)
    assert not FlowTask.objects.filter(item=further).exists()
    rectifying.issue_notice(evaluation=item.evaluation, actor=world.sun)
    further.refresh_from_db()
    assert (open_task(further).stage, further.processes.get().status) == (ItemStage.ISSUED, PROCESS.NEW)
    sign(further, world.lin)
    do(Verb.PLAN, further, world.lin, measures=planned(further))
    bring_item(world, item, ItemStage.CLOSED)
    assert evaluation_of(item).stage == Stage.RECTIFICATION
    bring_item(world, further, ItemStage.CLOSED)
    assert evaluation_of(item).stage == Stage.CLOSED


def test_an_item_that_is_still_proposed_keeps_its_evaluation_open(world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    further = propose(world, item.evaluation, world.sun)
    bring_item(world, item, ItemStage.CLOSED)
    assert evaluation_of(item).stage == Stage.RECTIFICATION
    rectifying.issue_notice(evaluation=item.evaluation, actor=world.sun)
    bring_item(world, further, ItemStage.CLOSED)
    assert evaluation_of(item).stage == Stage.CLOSED


def test_taking_back_the_last_proposed_item_closes_the_evaluation(world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    further = propose(world, item.evaluation, world.sun)
    bring_item(world, item, ItemStage.CLOSED)
    services.drop_item(item=further, actor=world.sun)
    assert evaluation_of(item).stage == Stage.CLOSED


def test_taking_back_a_proposed_item_leaves_open_what_others_wait_for(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    services.drop_item(item=propose(world, item.evaluation, world.sun), actor=world.sun)
    assert evaluation_of(item).stage == Stage.RECTIFICATION


def test_measures_stay_as_they_were_planned(item_at):
    item_at(ItemStage.PLAN_REVIEW)
    with refused_by_the_database("append-only"):
        run_sql("UPDATE approvals_measure SET who = 'forged'")
