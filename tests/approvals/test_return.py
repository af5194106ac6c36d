"""Returning for changes: what is refused."""

from __future__ import annotations

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do


def test_the_unit_has_nobody_to_return_to(world, self_evaluation):
    evaluation = self_evaluation()
    with refused(WrongStage):
        do(Verb.RETURN, evaluation, world.lin, opinion="退回")


def test_nobody_returns_without_the_right(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(NotAllowed):
        do(Verb.RETURN, evaluation, world.zhao, opinion="退回")


def test_the_lead_does_not_return_the_own_dossier(world, self_evaluation):
    grant_role(actor=None, user=world.lin, organization=world.unit, role=Role.UNIT_APPROVER)
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    with refused(ConflictOfInterest):
        do(Verb.RETURN, evaluation, world.lin, opinion="退回")


@pytest.mark.parametrize("opinion", ["", "   ", "\n"])
def test_a_return_says_why(world, self_evaluation, opinion):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(InvalidInput, "opinion"):
        do(Verb.RETURN, evaluation, world.zhao, opinion=opinion)


@pytest.mark.parametrize("target", ["nonsense", Stage.FINANCE_REVIEW, Stage.CLOSED, Stage.UNIT_APPROVAL])
def test_a_return_leads_only_where_the_procedure_allows(world, self_evaluation, target):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "to"):
        do(Verb.RETURN, evaluation, world.sun, opinion="退回", to=target)
