"""Planning measures: what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approvals.models import ItemStage, Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import do, planned, soon


def test_measures_are_planned_once_a_round(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(WrongStage):
        do(Verb.PLAN, item, world.lin, measures=planned(item, "补充协议"))


@pytest.mark.parametrize("name", ["wang", "zhao", "sun", "chen", "wei"])
def test_only_the_responsible_person_plans(world, item_at, name):
    item = item_at()
    with refused(NotAllowed):
        do(Verb.PLAN, item, world.people[name], measures=planned(item, "补充协议"))


def test_a_plan_has_measures(world, item_at):
    item = item_at()
    with refused(InvalidInput, "measures"):
        do(Verb.PLAN, item, world.lin, measures=[])


@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"text": " "}, "measure-0-text"),
        ({"who": ""}, "measure-0-who"),
        ({"by_when": None}, "measure-0-by_when"),
        ({"by_when": soon(400)}, "measure-0-by_when"),
    ],
)
def test_a_measure_says_what_who_and_until_when(world, item_at, lacking, field):
    item = item_at()
    (measure,) = planned(item)
    with refused(InvalidInput, field):
        do(Verb.PLAN, item, world.lin, measures=[replace(measure, **lacking)])


def test_a_plan_keeps_each_measure_with_its_person_and_its_day(world, item_at):
    item = item_at()
    decision = do(Verb.PLAN, item, world.lin, measures=planned(item, "签订补充协议", "分两步交付"))
    rows = list(decision.measures.values_list("place", "text", "who", "by_when"))
    assert rows == [(1, "签订补充协议", "项目组", item.due), (2, "分两步交付", "项目组", item.due)]
    assert item.stage == ItemStage.PLAN_REVIEW
