"""Sampling an item: what is refused."""

from __future__ import annotations

import pytest

from approvals.models import ItemStage, RaisedBy
from audit_log.errors import NotAllowed, WrongStage
from tests.approvals.refusals import refused
from workflow import services


@pytest.mark.parametrize("stage", [ItemStage.DRAFT, ItemStage.CLOSED])
def test_only_an_open_item_is_sampled(world, item_at, stage):
    item = item_at(stage, raised_by=RaisedBy.DEPARTMENT)
    with refused(WrongStage):
        services.sample(item=item, actor=world.sun)


def test_an_item_that_finance_verifies_anyway_is_not_sampled(world, item_at):
    item = item_at(raised_by=RaisedBy.FINANCE)
    with refused(WrongStage):
        services.sample(item=item, actor=world.sun)


@pytest.mark.parametrize("name", ["lin", "zhao", "qian", "feng", "wei"])
def test_only_finance_samples(world, item_at, name):
    item = item_at(raised_by=RaisedBy.DEPARTMENT)
    with refused(NotAllowed):
        services.sample(item=item, actor=world.people[name])
