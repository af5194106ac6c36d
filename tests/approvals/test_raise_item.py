"""Proposing a rectification item: what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage
from audit_log import clock
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import propose


def test_nothing_is_proposed_for_a_closed_evaluation(world, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    with refused(WrongStage):
        propose(world, evaluation, world.sun)


def test_in_rectification_only_the_office_that_runs_the_evaluation_proposes(world, self_evaluation):
    evaluation = self_evaluation(Stage.RECTIFICATION)
    for name in ("lin", "zhao", "feng"):
        with refused(NotAllowed):
            propose(world, evaluation, world.people[name])
    assert propose(world, evaluation, world.sun).stage == ItemStage.DRAFT


def test_nothing_is_proposed_while_experts_score(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    with refused(WrongStage):
        propose(world, evaluation, world.wu)


@pytest.mark.parametrize("name", ["lin", "zhao", "zhou", "feng", "wei"])
def test_only_whoever_is_asked_at_the_step_proposes(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(NotAllowed):
        propose(world, evaluation, world.people[name])


def test_whoever_may_not_decide_may_not_propose(world, self_evaluation):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(ConflictOfInterest):
        propose(world, evaluation, world.zhao)


def test_an_item_needs_a_requirement_and_a_due_date_that_has_not_passed(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "requirement"):
        propose(world, evaluation, world.sun, requirement=" ")
    with refused(InvalidInput, "due"):
        propose(world, evaluation, world.sun, due=clock.today() - timedelta(days=1))


def test_an_item_comes_from_a_problem_of_its_own_evaluation(world, self_evaluation):
    evaluation, other = self_evaluation(Stage.FINANCE_REVIEW), self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "problem"):
        propose(world, evaluation, world.sun, problem=other.problems.get())


def test_only_units_of_the_department_and_their_people_are_made_responsible(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "responsible_unit"):
        propose(world, evaluation, world.sun, responsible_unit=world.own_level)
    with refused(InvalidInput, "responsible_person"):
        propose(world, evaluation, world.sun, responsible_person=world.zhao)


def test_a_unit_assists_once_and_never_itself(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "assisting"):
        propose(world, evaluation, world.sun, assisting=[world.other_unit, world.unit])
    with refused(InvalidInput, "assisting"):
        propose(world, evaluation, world.sun, assisting=[world.own_level])
    item = propose(world, evaluation, world.sun, assisting=[world.other_unit, world.other_unit])
    assert [helper.unit for helper in item.assisting.all()] == [world.other_unit]
