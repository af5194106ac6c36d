"""Reopening a closed item: what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from approvals.models import ItemStage
from audit_log import clock
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import soon
from workflow import services


def test_only_a_closed_item_is_reopened(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(WrongStage):
        services.reopen(item=item, actor=world.sun, opinion="复发", due=soon())


@pytest.mark.parametrize("name", ["lin", "zhao", "qian", "feng", "wei"])
def test_only_finance_reopens(world, item_at, name):
    item = item_at(ItemStage.CLOSED)
    with refused(NotAllowed):
        services.reopen(item=item, actor=world.people[name], opinion="复发", due=soon())


def test_reopening_needs_a_reason_and_a_due_date_that_has_not_passed(world, item_at):
    item = item_at(ItemStage.CLOSED)
    with refused(InvalidInput, "opinion"):
        services.reopen(item=item, actor=world.sun, opinion=" ", due=soon())
    with refused(InvalidInput, "due"):
        services.reopen(item=item, actor=world.sun, opinion="复发", due=clock.today() - timedelta(days=1))
