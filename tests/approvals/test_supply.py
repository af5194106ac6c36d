"""Supplying material: what is refused."""

from __future__ import annotations

import pytest

from approvals.models import Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do


def test_material_is_supplied_only_when_it_is_asked_for(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    with refused(WrongStage):
        do(Verb.SUPPLY, evaluation, world.lin, opinion="材料一份")


def test_a_self_evaluation_takes_no_material(world, self_evaluation):
    evaluation = self_evaluation()
    with refused(WrongStage):
        do(Verb.SUPPLY, evaluation, world.lin, opinion="材料一份")


@pytest.mark.parametrize("name", ["wang", "chen", "sun", "wu"])
def test_only_the_lead_supplies_material(world, commissioned_evaluation, name):
    evaluation = commissioned_evaluation()
    with refused(NotAllowed):
        do(Verb.SUPPLY, evaluation, world.people[name], opinion="材料一份")


def test_the_unit_says_what_it_supplies(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    with refused(InvalidInput, "opinion"):
        do(Verb.SUPPLY, evaluation, world.lin, opinion="")


def test_no_material_is_supplied_while_nobody_could_score_it(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    with refused(WrongStage):
        do(Verb.SUPPLY, evaluation, world.lin, opinion="材料一份")
