"""Ending an item that need not be put right any more: the bureau's leader alone, with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from notices import messages
from notices.models import Notice
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, soon
from tests.rectifying import last_event, leader_of, told
from tests.standing_in import let
from workflow import rectifying, services

RUNNING = [stage for stage in ItemStage if stage not in ("draft", "closed", "cancelled")]


def cancel(item, actor, opinion="单位已经撤销。"):
    decision = rectifying.cancel(item=item, actor=actor, opinion=opinion)
    item.refresh_from_db()
    return decision


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "sun", "zhou", "feng", "wei"])
def test_only_the_bureaus_leader_ends_an_item(world, item_at, name):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(NotAllowed):
        cancel(item, world.people[name])


@pytest.mark.parametrize("stage", [ItemStage.DRAFT, ItemStage.CLOSED])
def test_only_an_item_that_is_under_way_is_ended(world, item_at, stage):
    leader, item = leader_of(world), item_at(stage)
    with refused(WrongStage):
        cancel(item, leader)


def test_an_item_is_ended_once(world, item_at):
    leader, item = leader_of(world), item_at(ItemStage.PLANNING)
    cancel(item, leader)
    with refused(WrongStage):
        cancel(item, leader)
    with refused(WrongStage):
        services.reopen(item=item, actor=world.sun, opinion="复发。", due=soon())


def test_ending_an_item_says_why(world, item_at):
    leader, item = leader_of(world), item_at(ItemStage.CARRYING_OUT)
    with refused(InvalidInput, "opinion"):
        cancel(item, leader, opinion=" ")


@pytest.mark.parametrize("stage", RUNNING)
def test_an_item_is_ended_wherever_it_stands(world, item_at, stage):
    leader, item = leader_of(world), item_at(stage, raised_by=RaisedBy.FINANCE)
    decision = cancel(item, leader)
    assert (item.stage, item.closed_at) == (ItemStage.CANCELLED, None)
    assert item.cancelled_at is not None
    assert (decision.verb, decision.stage, decision.next_stage) == (Verb.CANCEL, stage, ItemStage.CANCELLED)
    assert (decision.organization, decision.opinion) == (world.bureau, "单位已经撤销。")
    assert last_event(item, "cancel").actor_id == leader.pk
    assert item.evaluation.__class__.objects.get(pk=item.evaluation_id).stage == Stage.CLOSED


def test_the_unit_is_told_that_an_item_was_ended_and_why(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    decision = cancel(item, leader_of(world))
    source = f"decision:{decision.pk}:item:{item.pk}"
    assert told(source) == [world.lin]
    notice = Notice.objects.get(source=source)
    assert (notice.message, notice.values["reason"]) == (messages.ITEM_CANCELLED, "单位已经撤销。")


def test_a_leader_who_had_a_hand_in_an_item_does_not_end_it(world, item_at):
    leader = leader_of(world)
    grant_role(actor=None, user=leader, organization=world.other_unit, role=Role.PROJECT_LEAD)
    item = item_at(ItemStage.ISSUED, responsible_unit=world.other_unit)
    do(Verb.RECEIVE, item, leader)
    with refused(ConflictOfInterest):
        cancel(item, leader)


def test_a_leader_who_had_a_hand_in_an_item_lets_nobody_end_it_either(world, item_at):
    leader = leader_of(world)
    grant_role(actor=None, user=leader, organization=world.other_unit, role=Role.PROJECT_LEAD)
    item = item_at(ItemStage.ISSUED, responsible_unit=world.other_unit)
    do(Verb.RECEIVE, item, leader)
    let(leader, world.zhou)
    with refused(ConflictOfInterest):
        cancel(item, world.zhou)


def test_nobody_of_the_unit_ends_it_for_the_leader(world, item_at):
    let(leader_of(world), world.wang)
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(ConflictOfInterest):
        cancel(item, world.wang)


def test_a_stand_in_ends_it_for_the_leader(world, item_at):
    leader = leader_of(world)
    let(leader, world.zhou)
    decision = cancel(item_at(ItemStage.CARRYING_OUT), world.zhou)
    assert (decision.actor, decision.on_behalf_of) == (world.zhou, leader)


def test_what_was_settled_of_an_item_stays_when_it_is_ended(world, item_at):
    leader = leader_of(world)
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.DEPARTMENT, amount=Decimal(100))
    do(Verb.VERIFY, item, world.zhao, opinion="已缴回部分资金。", settled=Decimal(30))
    bring_item(world, item, ItemStage.CARRYING_OUT)
    cancel(item, leader)
    assert (item.settled, item.outstanding) == (30, 70)
