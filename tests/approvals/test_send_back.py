"""Sending an item back: what is refused."""

from __future__ import annotations

from datetime import date

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.calendar import term_from
from tests.approvals.refusals import refused
from tests.cast import do, planned
from tests.rectifying import last_event, on


def test_only_what_was_reported_is_sent_back(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(WrongStage):
        do(Verb.SEND_BACK, item, world.lin, opinion="不够")


def test_only_the_office_that_is_asked_sends_back(world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    for person in (world.zhao, world.lin, world.chu):
        with refused(NotAllowed):
            do(Verb.SEND_BACK, item, person, opinion="不够")


def test_the_responsible_person_does_not_send_the_own_report_back(world, item_at):
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    with refused(ConflictOfInterest):
        do(Verb.SEND_BACK, item, world.lin, opinion="不够")


def test_sending_back_says_what_is_missing(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    with refused(InvalidInput, "opinion"):
        do(Verb.SEND_BACK, item, world.zhao, opinion=" ")


def test_measures_that_are_sent_back_are_due_anew_the_policys_days_from_the_return(world, item_at):
    """The term was over while finance read them: the unit has the days again, not what was left of them."""
    with on(date(2026, 3, 2)):
        item = item_at(ItemStage.PLAN_REVIEW, due=date(2026, 9, 30))
    with on(date(2026, 4, 20)):
        assert item.measures_due < date(2026, 4, 20)
        do(Verb.SEND_BACK, item, world.sun, opinion="没有时间节点。")
    assert (item.stage, item.round) == (ItemStage.PLANNING, 2)
    assert item.measures_due == term_from(date(2026, 4, 20), 30)
    assert last_event(item, "send_back").data["measures_due"] == str(item.measures_due)
    with on(date(2026, 4, 21)):
        do(Verb.PLAN, item, world.lin, measures=planned(item))
    assert item.stage == ItemStage.PLAN_REVIEW


def test_what_was_reported_and_sent_back_leaves_the_term_for_measures(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    before = item.measures_due
    with on(date(2027, 3, 1)):
        do(Verb.SEND_BACK, item, world.zhao, opinion="缺少验收单。")
    assert item.measures_due == before
