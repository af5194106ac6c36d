"""Planning measures: what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from approvals.models import ItemStage, Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import do, planned, soon
from tests.rectifying import on


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


MAY_DAY, AFTER_THE_HOLIDAYS = date(2026, 5, 1), date(2026, 5, 6)


@pytest.mark.parametrize("today", [date(2026, 4, 20), date(2026, 5, 4)])
def test_measures_are_planned_up_to_the_working_day_on_which_the_due_date_ends(world, item_at, today):
    """On 4 May, a day off, the due date of 1 May can still be kept: it ends on 6 May."""
    with on(date(2026, 4, 20)):
        item = item_at(ItemStage.PLANNING, due=MAY_DAY)
        (measure,) = planned(item)
    with on(today):
        with refused(InvalidInput, "measure-0-by_when"):
            do(Verb.PLAN, item, world.lin, measures=[replace(measure, by_when=date(2026, 5, 7))])
        do(Verb.PLAN, item, world.lin, measures=[replace(measure, by_when=AFTER_THE_HOLIDAYS)])


def test_once_the_due_date_is_over_any_later_day_can_be_planned(world, item_at):
    with on(date(2026, 4, 20)):
        item = item_at(ItemStage.PLANNING, due=MAY_DAY)
        (measure,) = planned(item)
    with on(date(2026, 5, 7)):
        do(Verb.PLAN, item, world.lin, measures=[replace(measure, by_when=date(2026, 6, 30))])
    assert item.stage == ItemStage.PLAN_REVIEW
