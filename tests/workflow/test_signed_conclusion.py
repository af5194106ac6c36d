"""Reports signed by an agency's people or by the head of the working group; conclusions by the leader."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.roles import Role
from approvals.models import Verb
from approvals.signing import waits_for_signature
from audit_log.errors import ConflictOfInterest, NotAllowed
from evaluations.models import Part, Stage
from notices.models import Notice
from tests.cast import bring, do, open_task, person, walk_commissioned
from tests.signing import appoint_agency, signed_evaluation
from workflow import appointing


@pytest.fixture
def he(world):
    """The bureau's leader."""
    return person("he", "小何", Role.BUREAU_LEADER, world.bureau)


def conclude(world, evaluation):
    return do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="实现了预期目标。")


def verbs(evaluation):
    decided = evaluation.decisions.exclude(verb__in=[Verb.OPEN, Verb.SCORE]).order_by("pk")
    return [(decision.verb, decision.actor.username) for decision in decided]


def test_with_an_agency_its_people_review_sign_and_seal(world, commissioned_evaluation, he):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.DRAFT_CONCLUSION)
    agency = appoint_agency(world, evaluation)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    assert (evaluation.stage, evaluation.step) == (Stage.DRAFT_CONCLUSION, 1)
    do(Verb.APPROVE, evaluation, agency[Part.AGENCY_REVIEWER], opinion="复核无误。")
    bring(evaluation, Stage.CONCLUSION, walk_commissioned(world))
    do(Verb.SIGN, evaluation, agency[Part.LEAD_EVALUATOR])
    do(Verb.SIGN, evaluation, agency[Part.AGENCY_SEAL])
    conclude(world, evaluation)
    do(Verb.SIGN, evaluation, he, opinion="同意。")
    assert evaluation.stage == Stage.CLOSED
    assert verbs(evaluation) == [
        (Verb.SUPPLY, "lin"),
        (Verb.DRAFT, "sun"),
        (Verb.APPROVE, "reviewer"),
        (Verb.ANSWER, "lin"),
        (Verb.ANSWER, "qian"),
        (Verb.CONSIDER, "sun"),
        (Verb.SIGN, "mainly"),
        (Verb.SIGN, "seal"),
        (Verb.CONCLUDE, "zhou"),
        (Verb.SIGN, "he"),
    ]


def test_without_an_agency_the_head_of_the_group_signs(world, commissioned_evaluation, he):
    head = person("ma", "小马")
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    assert evaluation.step == 2
    do(Verb.SIGN, evaluation, head)
    conclude(world, evaluation)
    do(Verb.SIGN, evaluation, he)
    assert evaluation.stage == Stage.CLOSED
    assert [verb for verb, _who in verbs(evaluation)][-3:] == [Verb.SIGN, Verb.CONCLUDE, Verb.SIGN]


def test_a_conclusion_is_final_when_the_last_signature_is_given(world, commissioned_evaluation, he):
    head = person("ma", "小马")
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    do(Verb.SIGN, evaluation, head)
    assert not waits_for_signature(evaluation)
    conclude(world, evaluation)
    assert evaluation.concluded_total == Decimal("90")
    assert not evaluation.is_concluded
    assert waits_for_signature(evaluation)
    assert not Notice.objects.filter(source__startswith="concluded:").exists()
    do(Verb.SIGN, evaluation, he)
    assert evaluation.is_concluded
    assert not waits_for_signature(evaluation)


def test_the_leader_returns_the_conclusion_and_signs_it_when_it_comes_back(
    world, commissioned_evaluation, he
):
    head = person("ma", "小马")
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    do(Verb.SIGN, evaluation, head)
    conclude(world, evaluation)
    do(Verb.RETURN, evaluation, he, opinion="请再核一次。", to=f"{Stage.CONCLUSION}:3", straight_back=True)
    assert not waits_for_signature(evaluation)
    conclude(world, evaluation)
    do(Verb.SIGN, evaluation, he)
    assert evaluation.stage == Stage.CLOSED


def test_a_new_draft_voids_the_conclusion_that_was_returned(world, commissioned_evaluation, he):
    head = person("ma", "小马")
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    do(Verb.SIGN, evaluation, head)
    conclude(world, evaluation)
    do(Verb.RETURN, evaluation, he, opinion="请重新起草。", to=Stage.DRAFT_CONCLUSION)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("85"), conclusion="第二稿")
    assert evaluation.concluded_total is None
    bring(evaluation, Stage.CONCLUSION, walk_commissioned(world))
    do(Verb.SIGN, evaluation, head)
    conclude(world, evaluation)
    do(Verb.SIGN, evaluation, he)
    assert evaluation.is_concluded


def test_nobody_signs_for_another_part(world, commissioned_evaluation, he):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.DRAFT_CONCLUSION)
    agency = appoint_agency(world, evaluation)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    for part in (Part.LEAD_EVALUATOR, Part.AGENCY_SEAL):
        with pytest.raises(NotAllowed):
            do(Verb.APPROVE, evaluation, agency[part])


def test_whoever_drafted_does_not_sign_as_the_leader(world, commissioned_evaluation):
    drafter = person("he", "小何", Role.BUREAU_LEADER, world.bureau)
    head = person("ma", "小马")
    from_bureau = person("niu", "小牛", Role.FINANCE_CHIEF, world.bureau)
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    do(Verb.SIGN, evaluation, head)
    do(Verb.CONCLUDE, evaluation, from_bureau, total=Decimal("90"), conclusion="结论")
    with pytest.raises(NotAllowed):
        do(Verb.SIGN, evaluation, from_bureau)
    do(Verb.SIGN, evaluation, drafter)
    assert evaluation.is_concluded


def test_the_agencys_reviewer_returns_the_draft_to_whoever_wrote_it(world, commissioned_evaluation):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.DRAFT_CONCLUSION)
    agency = appoint_agency(world, evaluation)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    reviewer = agency[Part.AGENCY_REVIEWER]
    do(Verb.RETURN, evaluation, reviewer, opinion="依据不足。", to=Stage.DRAFT_CONCLUSION, straight_back=True)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("88"), conclusion="第二稿")
    assert open_task(evaluation).owner == reviewer
    do(Verb.APPROVE, evaluation, reviewer)
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 0)


def test_whoever_signs_twice_is_refused_when_the_parts_change(world, commissioned_evaluation):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.DRAFT_CONCLUSION)
    agency = appoint_agency(world, evaluation)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    do(Verb.APPROVE, evaluation, agency[Part.AGENCY_REVIEWER])
    for made in evaluation.appointments.filter(part__in=[Part.AGENCY_REVIEWER, Part.AGENCY_SEAL]):
        appointing.end_appointment(appointment=made, actor=world.sun, reason="改派")
    with pytest.raises(ConflictOfInterest):
        appointing.appoint(
            evaluation=evaluation,
            actor=world.sun,
            person=agency[Part.AGENCY_REVIEWER],
            part=Part.AGENCY_SEAL,
            agency="某公司",
        )
