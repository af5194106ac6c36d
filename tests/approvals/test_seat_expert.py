"""Seating an expert: what is refused."""

from __future__ import annotations

from accounts.actions import end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Kind, Stage
from tests.approvals.refusals import refused
from workflow import services


def seat(evaluation, actor, expert):
    return services.seat_expert(evaluation=evaluation, actor=actor, expert=expert)


def test_nobody_is_seated_once_the_scoring_has_begun(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    with refused(WrongStage):
        seat(evaluation, world.sun, world.zheng)


def test_a_self_evaluation_has_no_seats(world, self_evaluation):
    evaluation = self_evaluation()
    with refused(WrongStage):
        seat(evaluation, world.sun, world.wu)


def test_only_the_evaluators_office_seats(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(kind=Kind.DEPARTMENT, experts=())
    for person in (world.sun, world.qian, world.chu, world.lin):
        with refused(NotAllowed):
            seat(evaluation, person, world.wu)


def test_only_people_in_the_register_of_experts_are_seated(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    with refused(InvalidInput, "expert"):
        seat(evaluation, world.sun, world.feng)
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.wu))
    with refused(InvalidInput, "expert"):
        seat(evaluation, world.sun, world.wu)


def test_nobody_of_the_evaluated_unit_is_seated(world, commissioned_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.bureau, role=Role.EXPERT)
    evaluation = commissioned_evaluation(experts=())
    with refused(ConflictOfInterest):
        seat(evaluation, world.sun, world.wang)


def test_an_expert_is_seated_once(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=(world.wu,))
    with refused(InvalidInput, "expert"):
        seat(evaluation, world.sun, world.wu)


def test_nobody_of_the_department_above_the_unit_is_seated(world, commissioned_evaluation):
    grant_role(actor=None, user=world.qian, organization=world.bureau, role=Role.EXPERT)
    evaluation = commissioned_evaluation(experts=())
    with refused(ConflictOfInterest):
        seat(evaluation, world.sun, world.qian)


def test_nobody_is_seated_on_an_evaluation_that_they_opened(world, commissioned_evaluation):
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.EXPERT)
    evaluation = commissioned_evaluation(experts=())
    with refused(ConflictOfInterest):
        seat(evaluation, world.sun, world.sun)
