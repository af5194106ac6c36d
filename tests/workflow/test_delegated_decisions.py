"""Deciding for somebody: at a role's step, a person's, a ballot's; independent both; only while it lasts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from accounts.actions import end_role, grant_role, revoke_delegation
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import Decision, ItemStage, Verb
from approvals.proof import open_proof
from audit_log import clock
from audit_log.errors import AlreadyHandled, ConflictOfInterest, NotAllowed
from audit_log.models import AuditEvent
from evaluations.actions import attach_evidence
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import all_scores, do, fill, open_task, report_done, soon
from tests.dossier_content import evidence_file
from tests.standing_in import at, let
from tests.votes import at_departments_vote, department, published
from workflow import services
from workflow.integrity import faults
from workflow.models import OPEN, FlowTask

pytestmark = pytest.mark.django_db


def place_of(subject, actor=None):
    task = open_task(subject, actor)
    return {"process_id": task.process_id, "task_id": task.pk}


def approve(evaluation, person):
    return do(Verb.APPROVE, evaluation, person, opinion="材料齐全。")


def who(decision):
    return decision.actor, decision.on_behalf_of


# --- whose step it may be --------------------------------------------------------------


def test_a_roles_step_is_decided_for_whoever_holds_the_role(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    decision = approve(evaluation, world.chu)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert who(decision) == (world.chu, world.zhao)
    assert decision.organization == world.department
    event = AuditEvent.objects.get(verb="approve", object_id=decision.pk)
    assert (event.actor_id, event.data["on_behalf_of"]) == (world.chu.pk, world.zhao.pk)
    assert faults() == []


def test_a_step_that_the_delegator_has_taken_is_decided_for_them(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    assert who(approve(evaluation, world.chu)) == (world.chu, world.zhao)


def test_a_step_that_the_delegate_has_taken_is_decided_for_the_delegator(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.chu)
    assert who(approve(evaluation, world.chu)) == (world.chu, world.zhao)


def test_a_step_that_asks_for_the_delegator_by_name_is_filled_in_and_handed_in(world, self_evaluation):
    let(world.lin, world.chen)
    evaluation = self_evaluation(filled=False)
    fill(evaluation, world.chen)
    decision = do(Verb.SUBMIT, evaluation, world.chen, opinion="请审核。")
    assert evaluation.stage == Stage.UNIT_APPROVAL
    assert who(decision) == (world.chen, world.lin)


def test_ones_own_right_comes_first(world, self_evaluation):
    let(world.qian, world.zhao)
    decision = approve(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao)
    assert who(decision) == (world.zhao, None)


def test_in_somebody_elses_hands_even_the_own_right_acts_for_them(world, self_evaluation):
    let(world.qian, world.zhao)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.qian)
    assert who(approve(evaluation, world.zhao)) == (world.zhao, world.qian)


def test_without_a_delegation_it_is_refused_in_all_of_these_places(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        approve(evaluation, world.chu)
    with refused(NotAllowed):
        services.claim(**place_of(evaluation), actor=world.chu)
    services.claim(**place_of(evaluation), actor=world.zhao)
    with refused(NotAllowed):
        approve(evaluation, world.qian)


def test_a_delegation_of_one_role_gives_nothing_of_the_other(world, self_evaluation):
    grant_role(actor=None, user=world.zhao, organization=world.unit, role=Role.UNIT_APPROVER)
    let(world.zhao, world.chu, role=Role.UNIT_APPROVER)
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    approve(evaluation, world.chu)
    with refused(NotAllowed):
        approve(evaluation, world.feng)
    other = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        approve(other, world.chu)


def test_what_was_delegated_is_not_passed_on(world, self_evaluation):
    let(world.zhao, world.chu)
    let(world.chu, world.wang)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        approve(evaluation, world.wang)


def test_an_experts_seat_is_personal(world, commissioned_evaluation):
    grant_role(actor=None, user=world.wu, organization=world.other_unit, role=Role.UNIT_APPROVER)
    let(world.wu, world.chu)
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    task, scores = open_task(evaluation, world.wu), all_scores(evaluation)
    with refused(NotAllowed):
        at(task, Verb.SCORE, world.chu, scores=scores)


# --- separation of duties, again --------------------------------------------------------


def test_a_delegate_who_leads_the_project_does_not_decide(world, self_evaluation):
    let(world.zhao, world.lin)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(ConflictOfInterest):
        approve(evaluation, world.lin)
    with refused(ConflictOfInterest):
        services.claim(**place_of(evaluation), actor=world.lin)


def test_a_delegate_who_decided_at_another_step_does_not_decide(world, self_evaluation):
    let(world.zhao, world.wang)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(ConflictOfInterest):
        approve(evaluation, world.wang)


def test_a_delegate_of_the_lead_who_handed_it_in_does_not_decide(world, self_evaluation):
    let(world.lin, world.wang)
    evaluation = self_evaluation(filled=False)
    fill(evaluation, world.wang)
    do(Verb.SUBMIT, evaluation, world.wang, opinion="请审核。")
    with refused(ConflictOfInterest):
        approve(evaluation, world.wang)


def test_a_delegator_who_decided_elsewhere_is_not_decided_for(world, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    let(world.wang, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(ConflictOfInterest):
        approve(evaluation, world.chu)


def test_a_delegator_who_leads_the_project_is_not_decided_for(world, self_evaluation):
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    let(world.lin, world.chu, role=Role.DEPARTMENT_REVIEWER)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(ConflictOfInterest):
        approve(evaluation, world.chu)


def test_a_delegator_is_bound_by_what_was_decided_for_them(world, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    let(world.wang, world.chen, role=Role.UNIT_APPROVER)
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    approve(evaluation, world.chen)
    with refused(ConflictOfInterest):
        approve(evaluation, world.wang)


def test_one_person_with_two_delegations_does_not_decide_at_two_steps(world, self_evaluation):
    let(world.wang, world.chu)
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    approve(evaluation, world.chu)
    with refused(ConflictOfInterest):
        approve(evaluation, world.chu)


# --- ballots ----------------------------------------------------------------------------


@pytest.fixture
def at_vote(world, self_evaluation):
    return partial(at_departments_vote, world, self_evaluation)


def test_a_ballot_is_given_for_whoever_was_asked(world, at_vote):
    evaluation, voters = at_vote(who="all")
    let(world.zhao, world.chu)
    task = open_task(evaluation, world.zhao)
    decision = at(task, Verb.APPROVE, world.chu, opinion="同意。")
    assert who(decision) == (world.chu, world.zhao)
    task.ballot.refresh_from_db()
    assert (task.ballot.person, task.ballot.decision) == (world.zhao, decision)
    for voter in voters[1:]:
        decision = at(open_task(evaluation, voter), Verb.APPROVE, voter, opinion="同意。")
    assert decision.next_stage == Stage.FINANCE_REVIEW
    assert faults() == []


def test_whoever_votes_themself_does_not_vote_for_another_at_the_step(world, at_vote):
    evaluation, _voters = at_vote(who="all")
    let(world.zhao, world.qian)
    task = open_task(evaluation, world.zhao)
    with refused(ConflictOfInterest):
        at(task, Verb.APPROVE, world.qian, opinion="同意。")
    at(open_task(evaluation, world.qian), Verb.APPROVE, world.qian, opinion="同意。")
    with refused(ConflictOfInterest):
        at(task, Verb.APPROVE, world.qian, opinion="同意。")


def test_one_delegate_does_not_vote_for_two(world, at_vote):
    evaluation, _voters = at_vote(who="all")
    let(world.zhao, world.chu)
    let(world.qian, world.chu)
    tasks = [open_task(evaluation, person) for person in (world.zhao, world.qian)]
    at(tasks[0], Verb.APPROVE, world.chu, opinion="同意。")
    with refused(ConflictOfInterest):
        at(tasks[1], Verb.APPROVE, world.chu, opinion="同意。")


def test_whoever_was_voted_for_does_not_vote_again_on_a_ballot_of_the_role(world, self_evaluation):
    policy = published(department_review=[department(who="n_of_m", needed=3)])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    let(world.zhao, world.chu)
    tasks = FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN, flow_task_type="HUMAN")
    of_the_role = tasks.get(owner=None)
    with refused(ConflictOfInterest):
        at(of_the_role, Verb.APPROVE, world.chu, opinion="同意。")
    at(tasks.get(owner=world.zhao), Verb.APPROVE, world.chu, opinion="同意。")
    with refused(ConflictOfInterest):
        at(of_the_role, Verb.APPROVE, world.zhao, opinion="同意。")


def test_the_ballot_of_somebody_else_stays_closed_without_a_delegation(world, at_vote):
    evaluation, _voters = at_vote(who="all")
    with refused(NotAllowed):
        at(open_task(evaluation, world.zhao), Verb.APPROVE, world.chu, opinion="同意。")


def test_a_ballot_that_was_given_for_somebody_is_not_given_again(world, at_vote):
    evaluation, _voters = at_vote(who="all")
    let(world.zhao, world.chu)
    task = open_task(evaluation, world.zhao)
    at(task, Verb.APPROVE, world.chu, opinion="同意。")
    with refused(AlreadyHandled):
        at(task, Verb.APPROVE, world.zhao, opinion="同意。")


# --- rectification ----------------------------------------------------------------------


def test_an_item_is_verified_for_the_department_by_a_delegate(world, item_at):
    let(world.zhao, world.chu)
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    decision = do(Verb.VERIFY, item, world.chu, opinion="现场查看，已上线。")
    assert who(decision) == (world.chu, world.zhao)
    assert faults() == []


def test_whoever_carried_it_out_does_not_verify_it_as_a_delegate(world, item_at):
    let(world.zhao, world.lin)
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.lin, opinion="现场查看，已上线。")


def test_a_delegate_who_reported_it_does_not_verify_it(world, item_at):
    let(world.lin, world.chu)
    item = item_at(ItemStage.CARRYING_OUT)
    report_done(item, world.chu)
    let(world.zhao, world.chu)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.chu, opinion="现场查看，已上线。")


def test_it_is_not_verified_for_somebody_who_carried_it_out(world, item_at):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    item = item_at(ItemStage.CARRYING_OUT)
    let(world.lin, world.wang)
    report_done(item, world.wang)
    let(world.wang, world.chu, role=Role.DEPARTMENT_REVIEWER)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.chu, opinion="现场查看，已上线。")


def test_a_file_that_a_delegate_brought_stays_proof_when_the_delegation_is_over(world, item_at):
    made = let(world.lin, world.chu)
    item = item_at(ItemStage.CARRYING_OUT)
    file = services.attach(**place_of(item), actor=world.chu, **evidence_file())
    revoke_delegation(actor=world.lin, delegation=made)
    assert open_proof(item) == [file]
    do(Verb.REPORT, item, world.lin, result="两个模块已交付并验收。", evidence=[file])
    grant_role(actor=None, user=world.chu, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.chu, opinion="现场查看，已上线。")


def test_a_file_stays_proof_when_the_delegators_role_has_ended_and_a_strangers_is_none(world, item_at):
    let(world.lin, world.chu)
    item = item_at(ItemStage.CARRYING_OUT)
    file = services.attach(**place_of(item), actor=world.chu, **evidence_file())
    attach_evidence(evaluation=item.evaluation, actor=world.sun, **evidence_file())
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.lin))
    assert open_proof(item) == [file]


# --- only while it lasts ----------------------------------------------------------------


def test_it_ends_by_itself_after_its_last_day(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation, later = self_evaluation(Stage.DEPARTMENT_REVIEW), self_evaluation(Stage.DEPARTMENT_REVIEW)
    with clock.at(clock.now() + timedelta(days=7)):
        approve(evaluation, world.chu)
    with clock.at(clock.now() + timedelta(days=8)), refused(NotAllowed):
        approve(later, world.chu)


def test_it_gives_nothing_before_its_first_day(world, self_evaluation):
    let(world.zhao, world.chu, starts=soon(1))
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        approve(evaluation, world.chu)


def test_revoked_it_gives_nothing_any_more(world, self_evaluation):
    made = let(world.zhao, world.chu)
    revoke_delegation(actor=world.zhao, delegation=made)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        approve(evaluation, world.chu)


def test_it_ends_with_the_delegators_role_and_with_their_account(world, self_evaluation):
    let(world.zhao, world.chu)
    let(world.wang, world.chen)
    evaluation, other = self_evaluation(Stage.DEPARTMENT_REVIEW), self_evaluation(Stage.UNIT_APPROVAL)
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.zhao))
    with refused(NotAllowed):
        approve(evaluation, world.chu)
    world.wang.is_active = False
    world.wang.save_as(None)
    with refused(NotAllowed):
        approve(other, world.chen)


@pytest.mark.parametrize("by_the_clock", [True, False])
def test_a_step_that_a_delegate_has_taken_can_be_taken_over_when_the_delegation_ends(
    world, self_evaluation, by_the_clock
):
    made = let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    services.claim(**place, actor=world.chu)
    if not by_the_clock:
        revoke_delegation(actor=world.zhao, delegation=made)
    with clock.at(clock.now() + timedelta(days=8 if by_the_clock else 0)):
        with refused(NotAllowed):
            approve(evaluation, world.chu)
        services.take_over(**place, actor=world.zhao)
        assert who(approve(evaluation, world.zhao)) == (world.zhao, None)


def test_another_delegate_may_take_over_and_decides_for_their_own_delegator(world, self_evaluation):
    made = let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    services.claim(**place, actor=world.chu)
    let(world.qian, world.sun, role=Role.DEPARTMENT_HEAD)
    revoke_delegation(actor=world.zhao, delegation=made)
    services.take_over(**place, actor=world.sun)
    assert who(approve(evaluation, world.sun)) == (world.sun, world.qian)


def test_what_was_decided_for_somebody_stands_when_the_delegation_has_ended(world, self_evaluation):
    made = let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    approve(evaluation, world.chu)
    revoke_delegation(actor=world.zhao, delegation=made)
    found = Decision.objects.get(evaluation=evaluation, stage=Stage.DEPARTMENT_REVIEW)
    assert who(found) == (world.chu, world.zhao)
    assert faults() == []
