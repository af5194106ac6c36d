"""Signing the receipt for a notice: who may, what is refused, and from when the terms run."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, Receipt, Verb
from audit_log.errors import ConflictOfInterest, NotAllowed, WrongStage
from evaluations.calendar import term_from
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, open_task, planned
from tests.rectifying import last_event, on, refused_by_the_database, run_sql, told
from tests.standing_in import let
from workflow import rectifying


@pytest.mark.parametrize("name", ["wang", "zhao", "sun", "chen", "feng", "wei"])
def test_only_whoever_the_notice_asks_signs_for_it(world, item_at, name):
    item = item_at(ItemStage.ISSUED)
    with refused(NotAllowed):
        do(Verb.RECEIVE, item, world.people[name])


def test_anybody_of_the_unit_who_carries_out_signs_where_nobody_is_named(world, item_at):
    item = item_at(ItemStage.ISSUED, responsible_unit=world.other_unit)
    with refused(NotAllowed):
        do(Verb.RECEIVE, item, world.lin)
    do(Verb.RECEIVE, item, world.chen)
    assert item.notice.receipts.get().actor == world.chen


@pytest.mark.parametrize("stage", [ItemStage.PLANNING, ItemStage.CARRYING_OUT])
def test_a_receipt_is_signed_once(world, item_at, stage):
    item = item_at(stage)
    with refused(WrongStage):
        do(Verb.RECEIVE, item, world.lin)


@pytest.mark.parametrize("verb", [Verb.PLAN, Verb.DISPUTE, Verb.REPORT])
def test_nothing_else_is_done_before_the_receipt(world, item_at, verb):
    item = item_at(ItemStage.ISSUED)
    details = {
        Verb.PLAN: {"measures": planned(item)},
        Verb.DISPUTE: {"opinion": "不合理。"},
        Verb.REPORT: {"result": "已完成。"},
    }
    with refused(WrongStage):
        do(verb, item, world.lin, **details[verb])


def test_a_receipt_keeps_who_signed_it_and_asks_for_the_measures(world, item_at):
    item = item_at(ItemStage.ISSUED)
    decision = do(Verb.RECEIVE, item, world.lin, opinion="已收到。")
    receipt = Receipt.objects.get(notice=item.notice)
    assert (receipt.unit, receipt.actor, receipt.on_behalf_of) == (world.unit, world.lin, None)
    assert (item.stage, item.round, item.received_at) == (ItemStage.PLANNING, 1, receipt.signed_at)
    assert last_event(item, "receive").data["measures_due"] == str(item.measures_due)
    assert told(f"decision:{decision.pk}:item:{item.pk}") == [world.lin]


def test_the_measures_are_due_the_policys_days_after_the_receipt(world, item_at):
    with on(date(2026, 9, 2)):
        item = item_at(ItemStage.PLANNING)
    assert item.measures_due == term_from(date(2026, 9, 2), 30)


def test_the_step_of_planning_is_due_when_the_measures_are_or_the_item_if_that_is_earlier(world, item_at):
    with on(date(2026, 9, 2)):
        far, near = (item_at(ItemStage.PLANNING, due=due) for due in (date(2026, 12, 31), date(2026, 9, 20)))
        assert open_task(far).due == far.measures_due < far.due
        assert open_task(near).due == near.due < near.measures_due
        assert open_task(bring_item(world, far, ItemStage.CARRYING_OUT)).due == far.due


def test_an_extension_leaves_the_day_by_which_the_measures_are_planned(world, item_at):
    with on(date(2026, 9, 2)):
        item = item_at(ItemStage.PLANNING, due=date(2026, 9, 20))
        asked = rectifying.ask_extension(
            item=item, actor=world.lin, due=date(2026, 12, 31), reason="延期交货。"
        )
        rectifying.answer_extension(extension=asked, actor=world.sun, granted=True)
        assert open_task(item).due == item.measures_due


def test_a_term_that_ends_on_a_holiday_ends_with_the_next_working_day(world, item_at):
    """Thirty days after 1 April is May Day; offices open again on 6 May."""
    with on(date(2026, 4, 1)):
        item = item_at(ItemStage.PLANNING)
    assert item.measures_due == date(2026, 5, 6)


def test_a_stand_in_signs_for_whoever_is_asked(world, item_at):
    let(world.lin, world.chen)
    item = item_at(ItemStage.ISSUED)
    do(Verb.RECEIVE, item, world.chen)
    receipt = item.notice.receipts.get()
    assert (receipt.actor, receipt.on_behalf_of) == (world.chen, world.lin)


def test_whoever_signed_for_the_unit_verifies_nothing_of_it(world, item_at):
    grant_role(actor=None, user=world.chen, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    standing_in = let(world.lin, world.chen)
    item = item_at(ItemStage.ISSUED)
    do(Verb.RECEIVE, item, world.chen)
    assert standing_in.delegate == world.chen
    bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.chen, opinion="属实。")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE approvals_receipt SET signed_at = now()", "DELETE FROM approvals_receipt"],
)
def test_a_receipt_stays_as_it_was_signed(world, item_at, statement):
    item_at(ItemStage.PLANNING)
    with refused_by_the_database("append-only"):
        run_sql(statement)
