"""Accepting an item's measures: who may, and what is refused."""

from __future__ import annotations

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.actions.plan import PlannedMeasure
from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import do, planned
from tests.rectifying import last_event, told
from tests.standing_in import let


@pytest.mark.parametrize("stage", [ItemStage.PLANNING, ItemStage.CARRYING_OUT])
def test_only_measures_that_were_handed_in_are_accepted(world, item_at, stage):
    item = item_at(stage)
    with refused(WrongStage):
        do(Verb.ACCEPT_PLAN, item, world.lin)


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "feng", "wei"])
def test_finance_accepts_the_measures_of_its_own_items(world, item_at, name):
    item = item_at(ItemStage.PLAN_REVIEW, raised_by=RaisedBy.FINANCE)
    with refused(NotAllowed):
        do(Verb.ACCEPT_PLAN, item, world.people[name])
    do(Verb.ACCEPT_PLAN, item, world.zhou)
    assert item.stage == ItemStage.CARRYING_OUT


@pytest.mark.parametrize("name", ["lin", "sun", "zhou", "chu", "wei"])
@pytest.mark.parametrize("raised_by", [RaisedBy.SELF, RaisedBy.DEPARTMENT])
def test_the_department_accepts_the_measures_of_all_others(world, item_at, raised_by, name):
    item = item_at(ItemStage.PLAN_REVIEW, raised_by=raised_by)
    with refused(NotAllowed):
        do(Verb.ACCEPT_PLAN, item, world.people[name])
    do(Verb.ACCEPT_PLAN, item, world.qian)
    assert item.stage == ItemStage.CARRYING_OUT


def test_nobody_accepts_the_own_measures(world, item_at):
    grant_role(actor=None, user=world.lin, organization=world.bureau, role=Role.FINANCE_OFFICER)
    item = item_at(ItemStage.PLAN_REVIEW)
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT_PLAN, item, world.lin)
    with refused(ConflictOfInterest):
        do(Verb.SEND_BACK, item, world.lin, opinion="不够。")


def test_whoever_the_plan_names_does_not_accept_it(world, item_at):
    item = item_at(ItemStage.PLANNING)
    do(Verb.PLAN, item, world.lin, measures=[PlannedMeasure("核对台账。", "小孙", item.due)])
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT_PLAN, item, world.sun)
    do(Verb.ACCEPT_PLAN, item, world.zhou)


def test_nobody_of_the_unit_accepts_for_whoever_is_away(world, item_at):
    let(world.sun, world.wang)
    item = item_at(ItemStage.PLAN_REVIEW)
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT_PLAN, item, world.wang)


def test_who_is_named_in_the_plan_is_not_got_round_by_a_stand_in(world, item_at):
    item = item_at(ItemStage.PLANNING)
    do(Verb.PLAN, item, world.lin, measures=[PlannedMeasure("核对台账。", "小孙", item.due)])
    let(world.sun, world.chu)
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT_PLAN, item, world.chu)


@pytest.mark.parametrize("who", ["小林、小孙", "小孙，小林", "小林 / 小孙", " 小孙 ", "小林；小孙"])
def test_one_of_several_who_are_named_does_not_accept_either(world, item_at, who):
    item = item_at(ItemStage.PLANNING)
    do(Verb.PLAN, item, world.lin, measures=[PlannedMeasure("核对台账。", who, item.due)])
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT_PLAN, item, world.sun)


def test_somebody_whose_name_is_part_of_another_name_accepts(world, item_at):
    item = item_at(ItemStage.PLANNING)
    do(Verb.PLAN, item, world.lin, measures=[PlannedMeasure("核对台账。", "小孙明、项目组", item.due)])
    do(Verb.ACCEPT_PLAN, item, world.sun)
    assert item.stage == ItemStage.CARRYING_OUT


def test_nobody_of_an_assisting_unit_accepts_for_whoever_is_away(world, item_at):
    let(world.sun, world.chen)
    helped = item_at(ItemStage.PLAN_REVIEW, assisting=[world.other_unit])
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT_PLAN, helped, world.chen)
    alone = item_at(ItemStage.PLAN_REVIEW)
    do(Verb.ACCEPT_PLAN, alone, world.chen)
    assert alone.stage == ItemStage.CARRYING_OUT


def test_a_stand_in_accepts_for_the_officer(world, item_at):
    let(world.sun, world.chu)
    item = item_at(ItemStage.PLAN_REVIEW)
    decision = do(Verb.ACCEPT_PLAN, item, world.chu, opinion="同意。")
    assert (decision.actor, decision.on_behalf_of) == (world.chu, world.sun)
    assert last_event(item, "accept_plan").data["on_behalf_of"] == world.sun.pk
    assert told(f"decision:{decision.pk}:item:{item.pk}") == [world.lin]


def test_measures_that_do_not_do_go_back_with_a_reason_in_a_new_round(world, item_at):
    item = item_at(ItemStage.PLAN_REVIEW)
    with refused(InvalidInput, "opinion"):
        do(Verb.SEND_BACK, item, world.sun, opinion=" ")
    do(Verb.SEND_BACK, item, world.sun, opinion="没有写明时限。")
    assert (item.stage, item.round) == (ItemStage.PLANNING, 2)
    do(Verb.PLAN, item, world.lin, measures=planned(item, "一周内签订补充协议。"))
    assert list(item.plan.values_list("round", "place")) == [(1, 1), (2, 1)]
