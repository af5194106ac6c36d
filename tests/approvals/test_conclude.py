"""Concluding: what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do

CONCLUSION = {"total": Decimal("90"), "conclusion": "目标基本实现。"}


def test_nothing_is_concluded_before_its_stage(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(WrongStage):
        do(Verb.CONCLUDE, evaluation, world.zhou, **CONCLUSION)


@pytest.mark.parametrize("name", ["lin", "zhao", "qian", "sun", "feng", "wei"])
def test_only_the_bureaus_chief_concludes_a_self_evaluation(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(NotAllowed):
        do(Verb.CONCLUDE, evaluation, world.people[name], **CONCLUSION)


def test_whoever_accepted_in_this_round_does_not_conclude(world, self_evaluation):
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.FINANCE_CHIEF)
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(ConflictOfInterest):
        do(Verb.CONCLUDE, evaluation, world.sun, **CONCLUSION)


@pytest.mark.parametrize("total", ["100.01", "-0.01", "90.123"])
def test_a_total_lies_between_0_and_100_with_two_decimals(world, self_evaluation, total):
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(InvalidInput, "total"):
        do(
            Verb.CONCLUDE,
            evaluation,
            world.zhou,
            total=Decimal(total),
            conclusion="目标基本实现。",
        )


def test_a_conclusion_has_words(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(InvalidInput, "conclusion"):
        do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion=" ")


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_the_grade_is_the_band_that_the_total_lies_in(world, self_evaluation, total, grade):
    evaluation = self_evaluation(Stage.CONCLUSION)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(total), conclusion="结论。")
    assert evaluation.concluded_grade == grade
