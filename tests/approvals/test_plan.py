"""Planning measures: what is refused."""

from __future__ import annotations

import pytest

from approvals.models import ItemStage, Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import do


def test_measures_are_planned_once_a_round(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(WrongStage):
        do(Verb.PLAN, item, world.lin, measures="补充协议")


@pytest.mark.parametrize("name", ["wang", "zhao", "sun", "chen", "wei"])
def test_only_the_responsible_person_plans(world, item_at, name):
    item = item_at()
    with refused(NotAllowed):
        do(Verb.PLAN, item, world.people[name], measures="补充协议")


def test_a_plan_has_measures(world, item_at):
    item = item_at()
    with refused(InvalidInput, "measures"):
        do(Verb.PLAN, item, world.lin, measures=" ")
