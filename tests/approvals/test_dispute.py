"""Objecting to an item, and answering the objection: who may, until when, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.calendar import term_from
from tests.approvals.refusals import refused
from tests.cast import do, open_task, planned
from tests.rectifying import last_event, on, told
from tests.standing_in import let

REASONS = "两个模块的需求已经取消。"
ANSWER = "合同有约定，维持原要求。"


def dispute(item, actor, opinion=REASONS):
    return do(Verb.DISPUTE, item, actor, opinion=opinion)


def answer(item, actor, **details):
    return do(Verb.ANSWER_DISPUTE, item, actor, **{"adopted": False, "opinion": ANSWER, **details})


@pytest.mark.parametrize("name", ["wang", "zhao", "sun", "chen", "feng", "wei"])
def test_only_whoever_the_item_asks_objects(world, item_at, name):
    item = item_at(ItemStage.PLANNING)
    with refused(NotAllowed):
        dispute(item, world.people[name])


@pytest.mark.parametrize("stage", [ItemStage.ISSUED, ItemStage.OBJECTION, ItemStage.CARRYING_OUT])
def test_an_objection_comes_between_the_receipt_and_the_plan(world, item_at, stage):
    item = item_at(stage)
    with refused(WrongStage):
        dispute(item, world.lin)


def test_an_objection_has_reasons(world, item_at):
    item = item_at(ItemStage.PLANNING)
    with refused(InvalidInput, "opinion"):
        dispute(item, world.lin, opinion=" ")


def test_an_item_is_objected_to_once(world, item_at):
    item = item_at(ItemStage.OBJECTION)
    answer(item, world.sun)
    with refused(WrongStage):
        dispute(item, world.lin)


def test_an_objection_is_in_time_until_the_working_day_on_which_the_days_end(world, item_at):
    """Fifteen days after 16 April is May Day; offices open again on 6 May."""
    with on(date(2026, 4, 16)):
        item, other = item_at(ItemStage.PLANNING), item_at(ItemStage.PLANNING)
    with on(date(2026, 5, 6)):
        dispute(item, world.lin)
    with on(date(2026, 5, 7)), refused(WrongStage):
        dispute(other, world.lin)


@pytest.mark.parametrize(
    ("raised_by", "asked"),
    [
        (RaisedBy.FINANCE, ["sun", "zhou"]),
        (RaisedBy.DEPARTMENT, ["qian", "zhao"]),
        (RaisedBy.SELF, ["qian", "zhao"]),
    ],
)
def test_whoever_raised_an_item_is_told_of_the_objection_and_answers_it(world, item_at, raised_by, asked):
    item = item_at(ItemStage.PLANNING, raised_by=raised_by)
    decision = dispute(item, world.lin)
    assert item.stage == ItemStage.OBJECTION
    assert told(f"decision:{decision.pk}:item:{item.pk}") == [world.people[name] for name in asked]
    others = {"lin", "wang", "sun", "zhou", "qian", "zhao", "chu", "wei"} - set(asked)
    for name in sorted(others):
        with refused(NotAllowed):
            answer(item, world.people[name])
    answer(item, world.people[asked[0]])
    assert item.stage == ItemStage.PLANNING


@pytest.mark.parametrize("adopted", [True, False])
def test_an_answer_has_reasons(world, item_at, adopted):
    item = item_at(ItemStage.OBJECTION)
    with refused(InvalidInput, "opinion"):
        answer(item, world.sun, adopted=adopted, opinion=" ", requirement="交付一个模块。")


def test_an_adopted_objection_comes_with_the_requirement_written_anew(world, item_at):
    item = item_at(ItemStage.OBJECTION)
    with refused(InvalidInput, "requirement"):
        answer(item, world.sun, adopted=True)
    answer(item, world.sun, adopted=True, opinion="采纳。", requirement=" 交付一个模块。 ")
    assert item.requirement == "交付一个模块。"
    data = last_event(item, "answer_dispute").data
    assert (data["adopted"], data["requirement_before"]) == (True, "按期交付剩余两个模块")


def test_an_objection_that_is_not_adopted_leaves_the_requirement_whatever_else_was_written(world, item_at):
    item = item_at(ItemStage.OBJECTION)
    answer(item, world.sun, requirement="交付一个模块。")
    assert item.requirement == "按期交付剩余两个模块"


def adopt(item, actor, **details):
    return answer(item, actor, adopted=True, opinion="采纳。", requirement="交付一个模块。", **details)


def amounts_of(item):
    data = last_event(item, "answer_dispute").data
    return data["amount_before"], data["amount"]


def test_an_adopted_objection_corrects_the_amount_involved(world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    adopt(item, world.sun, amount=Decimal("8.25"))
    assert item.amount == Decimal("8.25")
    assert [Decimal(amount) for amount in amounts_of(item)] == [Decimal("12.5"), Decimal("8.25")]


def test_an_adopted_objection_may_find_that_no_money_is_involved(world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    adopt(item, world.sun, no_amount=True)
    assert item.amount is None
    assert amounts_of(item)[1] is None


def test_an_adopted_objection_that_says_nothing_of_money_leaves_the_amount(world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    adopt(item, world.sun)
    assert item.amount == Decimal("12.5")


@pytest.mark.parametrize("given", [{"amount": Decimal("8")}, {"no_amount": True}])
def test_an_objection_that_is_not_adopted_leaves_the_amount(world, item_at, given):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    answer(item, world.sun, **given)
    assert item.amount == Decimal("12.5")


@pytest.mark.parametrize("amount", ["0", "-1", "0.0000001", "1000000000000"])
def test_an_amount_is_corrected_only_to_one_that_could_have_been_raised(world, item_at, amount):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    with refused(InvalidInput, "amount"):
        adopt(item, world.sun, amount=Decimal(amount))


def test_an_amount_and_none_at_once_are_refused(world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    with refused(InvalidInput, "amount"):
        adopt(item, world.sun, amount=Decimal("8"), no_amount=True)


@pytest.mark.corrupts
def test_an_amount_does_not_fall_below_what_is_settled(world, item_at):
    item = item_at(ItemStage.OBJECTION, amount=Decimal("12.5"))
    item.settled = Decimal("5")
    item.save_as(None, "a part was settled, without the verification that would prove it")
    for given in ({"amount": Decimal("4.999999")}, {"no_amount": True}):
        with refused(InvalidInput, "amount"):
            adopt(item, world.sun, **given)
    adopt(item, world.sun, amount=Decimal("5"))
    assert (item.amount, item.settled) == (Decimal("5"), Decimal("5"))


def test_after_an_answer_the_term_for_measures_begins_again_in_a_new_round(world, item_at):
    with on(date(2026, 9, 2)):
        item = item_at(ItemStage.OBJECTION)
    with on(date(2026, 9, 14)):
        decision = answer(item, world.sun)
    assert item.measures_due == term_from(date(2026, 9, 14), 30)
    assert (item.stage, item.round, open_task(item).round) == (ItemStage.PLANNING, 2, 2)
    assert told(f"decision:{decision.pk}:item:{item.pk}") == [world.lin]
    with on(date(2026, 9, 15)):
        do(Verb.PLAN, item, world.lin, measures=planned(item))


def test_nobody_answers_the_own_objection(world, item_at):
    grant_role(actor=None, user=world.lin, organization=world.bureau, role=Role.FINANCE_OFFICER)
    item = item_at(ItemStage.OBJECTION)
    with refused(ConflictOfInterest):
        answer(item, world.lin)


def test_a_stand_in_of_whoever_objected_does_not_answer(world, item_at):
    """Chu has objected for Chen, and acts for Sun afterwards."""
    let(world.chen, world.chu)
    item = item_at(ItemStage.PLANNING, responsible_unit=world.other_unit, responsible_person=world.chen)
    decision = dispute(item, world.chu)
    assert (decision.actor, decision.on_behalf_of) == (world.chu, world.chen)
    let(world.sun, world.chu)
    with refused(ConflictOfInterest):
        answer(item, world.chu)


def test_a_stand_in_answers_for_the_officer(world, item_at):
    let(world.sun, world.chu)
    decision = answer(item_at(ItemStage.OBJECTION), world.chu)
    assert (decision.actor, decision.on_behalf_of) == (world.chu, world.sun)
