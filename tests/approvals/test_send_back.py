"""Sending an item back: what is refused."""

from __future__ import annotations

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import do


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
