"""Accepting for the record: what is refused."""

from __future__ import annotations

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do


def test_the_department_approves_but_does_not_accept(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(WrongStage):
        do(Verb.ACCEPT, evaluation, world.zhao)


@pytest.mark.parametrize("name", ["zhao", "qian", "zhou", "feng", "wu", "wei"])
def test_only_a_reviewer_of_the_bureau_accepts(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(NotAllowed):
        do(Verb.ACCEPT, evaluation, world.people[name])


def test_whoever_approved_in_this_round_does_not_accept(world, self_evaluation):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT, evaluation, world.zhao)
