"""Drafting the conclusion: what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Kind, Stage
from tests.approvals.refusals import refused
from tests.cast import do

DRAFT = {"total": Decimal("90"), "conclusion": "初步结论。"}


def test_nothing_is_drafted_before_the_experts_are_done(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    with refused(WrongStage):
        do(Verb.DRAFT, evaluation, world.wu, **DRAFT)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(Kind.FINANCE, "zhao"), (Kind.FINANCE, "zhou"), (Kind.DEPARTMENT, "sun"), (Kind.DEPARTMENT, "chu")],
)
def test_only_the_evaluators_office_drafts(world, commissioned_evaluation, kind, name):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, kind=kind)
    with refused(NotAllowed):
        do(Verb.DRAFT, evaluation, world.people[name], **DRAFT)


def test_an_expert_does_not_draft_on_the_own_scores(world, commissioned_evaluation):
    grant_role(actor=None, user=world.wu, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    with refused(ConflictOfInterest):
        do(Verb.DRAFT, evaluation, world.wu, **DRAFT)


@pytest.mark.parametrize(
    ("total", "conclusion", "field"),
    [("101", "初步结论。", "total"), ("-1", "初步结论。", "total"), ("90", " ", "conclusion")],
)
def test_a_draft_needs_a_total_in_range_and_words(world, commissioned_evaluation, total, conclusion, field):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    with refused(InvalidInput, field):
        do(Verb.DRAFT, evaluation, world.sun, total=Decimal(total), conclusion=conclusion)
