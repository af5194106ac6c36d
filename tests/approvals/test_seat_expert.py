"""Seating an expert: what is refused."""

from __future__ import annotations

import pytest

from accounts.actions import end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.actions.seating import obstacles
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.actions import declare_conflict, resume_expert, suspend_expert
from evaluations.models import Kind, Part, Stage
from tests.approvals.refusals import refused
from tests.cast import all_scores, do, person, soon
from tests.experts import in_conflict, registered
from tests.standing_in import let
from workflow import appointing, services


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
    for actor in (world.sun, world.qian, world.chu, world.lin):
        with refused(NotAllowed):
            seat(evaluation, actor, world.wu)


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


def test_nobody_is_seated_on_an_evaluation_that_somebody_opened_for_them(world):
    let(world.sun, world.feng)
    opened = services.open_evaluation(
        actor=world.feng,
        project=world.free_project(Kind.FINANCE),
        kind=Kind.FINANCE,
        scheme=world.scheme,
        notice="请提供立项、资金和验收材料。",
    )
    decision = opened.decisions.get()
    assert (decision.actor, decision.on_behalf_of) == (world.feng, world.sun)
    people = [world.feng.pk, world.sun.pk, world.wu.pk]
    assert obstacles(opened, people) == {world.feng.pk: "decided", world.sun.pk: "decided"}
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.EXPERT)
    with refused(ConflictOfInterest):
        seat(opened, world.sun, world.sun)


# --- the register ---------------------------------------------------------------------


@pytest.mark.parametrize("about", ["unit", "department", "project"])
def test_nobody_with_a_conflict_in_force_is_seated(world, commissioned_evaluation, about):
    field = "project" if about == "project" else "organization"
    in_conflict(world, registered(world, world.wu), **{field: getattr(world, about)})
    evaluation = commissioned_evaluation(experts=(), project=world.project)
    with refused(ConflictOfInterest):
        seat(evaluation, world.sun, world.wu)


def test_a_conflict_with_another_unit_or_of_another_time_seats(world, commissioned_evaluation):
    profile = registered(world, world.wu)
    in_conflict(world, profile, organization=world.other_unit)
    in_conflict(world, profile, organization=world.unit, since=soon(1))
    assert seat(commissioned_evaluation(experts=()), world.sun, world.wu).expert == world.wu


def test_nobody_is_seated_while_suspended(world, commissioned_evaluation):
    profile = registered(world, world.wu)
    suspend_expert(actor=world.sun, profile=profile, reason="未按时评分")
    evaluation = commissioned_evaluation(experts=())
    with refused(InvalidInput, "expert"):
        seat(evaluation, world.sun, world.wu)
    resume_expert(actor=world.sun, profile=profile)
    assert seat(evaluation, world.sun, world.wu).draw is None


def test_a_conflict_declared_since_keeps_the_expert_from_scoring(world, commissioned_evaluation):
    profile = registered(world, world.wu)
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    declare_conflict(actor=world.wu, profile=profile, reason="亲属任职", organization=world.unit)
    with refused(ConflictOfInterest):
        do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))


def test_nobody_with_another_part_in_the_evaluation_is_seated(world, commissioned_evaluation):
    head = person("head", "小许", Role.FINANCE_DIVISION_REVIEWER, world.bureau)
    grant_role(actor=None, user=head, organization=world.bureau, role=Role.EXPERT)
    evaluation = commissioned_evaluation(experts=())
    appointing.appoint(evaluation=evaluation, actor=world.sun, person=head, part=Part.GROUP_HEAD)
    with refused(ConflictOfInterest):
        seat(evaluation, world.sun, head)
