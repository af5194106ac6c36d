"""Appointing people to a part in an evaluation: what is refused, and what a part gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.models import User
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotFound, WrongStage
from evaluations.access import get_for
from evaluations.models import EvaluationUserPermission, Kind, Part, Stage
from tests.approvals.refusals import refused
from tests.cast import do, open_task, person
from tests.signing import signed_evaluation
from workflow import appointing


@pytest.fixture
def he(world):
    """Somebody without any role: an agency's person."""
    return person("he", "小何")


def test_whoever_is_appointed_sees_the_evaluation_until_the_part_ends(world, commissioned_evaluation, he):
    evaluation = commissioned_evaluation()
    with pytest.raises(NotFound):
        get_for(he, evaluation.pk)
    made = appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)
    assert get_for(User.objects.get(pk=he.pk), evaluation.pk) == evaluation
    appointing.end_appointment(appointment=made, actor=world.sun, reason="调离")
    with pytest.raises(NotFound):
        get_for(User.objects.get(pk=he.pk), evaluation.pk)
    assert not EvaluationUserPermission.objects.filter(user=he).exists()


@pytest.mark.parametrize("name", ["zhou", "zhao", "wu", "chu"])
def test_only_the_evaluators_office_appoints(world, commissioned_evaluation, he, name):
    evaluation = commissioned_evaluation()
    with refused(NotAllowed):
        appointing.appoint(evaluation=evaluation, actor=world.people[name], person=he, part=Part.GROUP_HEAD)


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian"])
def test_nobody_of_the_unit_or_its_department_is_appointed(world, commissioned_evaluation, name):
    evaluation = commissioned_evaluation()
    with refused(ConflictOfInterest):
        appointing.appoint(
            evaluation=evaluation, actor=world.sun, person=world.people[name], part=Part.GROUP_HEAD
        )


def test_a_department_that_evaluates_appoints_one_of_its_own_as_head_of_the_group(
    world, commissioned_evaluation
):
    evaluation = commissioned_evaluation(kind=Kind.DEPARTMENT)
    appointing.appoint(evaluation=evaluation, actor=world.zhao, person=world.qian, part=Part.GROUP_HEAD)
    other = person("ma", "小马")
    grant_role(actor=None, user=other, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    with refused(ConflictOfInterest):
        appointing.appoint(
            evaluation=evaluation, actor=world.zhao, person=other, part=Part.LEAD_EVALUATOR, agency="某公司"
        )


def test_a_seated_expert_is_not_appointed(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    with refused(ConflictOfInterest):
        appointing.appoint(evaluation=evaluation, actor=world.sun, person=world.wu, part=Part.GROUP_HEAD)


def test_whoever_has_decided_is_not_appointed(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    with refused(ConflictOfInterest):
        appointing.appoint(evaluation=evaluation, actor=world.sun, person=world.sun, part=Part.GROUP_HEAD)


def test_a_part_has_one_person_and_a_person_one_part(world, commissioned_evaluation, he):
    evaluation = commissioned_evaluation()
    appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)
    with refused(InvalidInput, "part"):
        appointing.appoint(evaluation=evaluation, actor=world.sun, person=world.zhou, part=Part.GROUP_HEAD)
    with refused(InvalidInput, "person"):
        appointing.appoint(
            evaluation=evaluation, actor=world.sun, person=he, part=Part.AGENCY_SEAL, agency="某公司"
        )


def test_an_agencys_part_names_the_agency(world, commissioned_evaluation, he):
    evaluation = commissioned_evaluation()
    with refused(InvalidInput, "agency"):
        appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.LEAD_EVALUATOR)


def test_there_are_only_these_parts(world, commissioned_evaluation, he):
    evaluation = commissioned_evaluation()
    with refused(InvalidInput, "part"):
        appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part="chair")


def test_nobody_is_appointed_to_a_self_assessment_nor_after_the_conclusion(
    world, self_evaluation, commissioned_evaluation, he
):
    for evaluation in (self_evaluation(), commissioned_evaluation(Stage.CLOSED)):
        with refused(WrongStage):
            appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)


def test_an_appointment_ends_once_and_with_a_reason(world, commissioned_evaluation, he):
    evaluation = commissioned_evaluation()
    made = appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)
    with refused(InvalidInput, "reason"):
        appointing.end_appointment(appointment=made, actor=world.sun, reason=" ")
    with refused(NotAllowed):
        appointing.end_appointment(appointment=made, actor=world.zhou, reason="调离")
    appointing.end_appointment(appointment=made, actor=world.sun, reason="调离")
    with refused(WrongStage):
        appointing.end_appointment(appointment=made, actor=world.sun, reason="调离")


def test_the_draft_waits_until_everybody_who_has_to_sign_is_appointed(world, commissioned_evaluation, he):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.DRAFT_CONCLUSION)
    draft = {"total": Decimal("90"), "conclusion": "初稿"}
    with refused(InvalidInput, "appoint-group_head"):
        do(Verb.DRAFT, evaluation, world.sun, **draft)
    appointing.appoint(
        evaluation=evaluation, actor=world.sun, person=he, part=Part.LEAD_EVALUATOR, agency="某公司"
    )
    with refused(InvalidInput, "appoint-agency_reviewer", "appoint-agency_seal"):
        do(Verb.DRAFT, evaluation, world.sun, **draft)


def test_considering_waits_for_them_too(world, commissioned_evaluation, he):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.DRAFT_CONCLUSION)
    made = appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    do(Verb.ANSWER, evaluation, world.lin, opinion="同意")
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意")
    appointing.end_appointment(appointment=made, actor=world.sun, reason="调离")
    with refused(InvalidInput, "appoint-group_head"):
        do(Verb.CONSIDER, evaluation, world.sun)


def test_a_step_goes_to_whoever_is_appointed_next(world, commissioned_evaluation, he):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=he)
    (made,) = evaluation.appointments.all()
    assert open_task(evaluation).owner == he
    appointing.end_appointment(appointment=made, actor=world.sun, reason="调离")
    assert open_task(evaluation).owner is None
    ma = person("ma", "小马")
    appointing.appoint(evaluation=evaluation, actor=world.sun, person=ma, part=Part.GROUP_HEAD)
    assert open_task(evaluation).owner == ma
    with refused(NotAllowed):
        do(Verb.SIGN, evaluation, he)
    do(Verb.SIGN, evaluation, ma)
    assert open_task(evaluation).right == "conclude"
