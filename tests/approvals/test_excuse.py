"""Going on without a voice: the office decides it, time alone decides nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.actions import deactivate_person, end_role
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import Ballot, Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests import votes
from tests.approvals.refusals import refused
from tests.cast import all_scores, do, open_task, person
from tests.evaluations.policies.samples import step
from workflow import handing_over
from workflow.integrity import faults
from workflow.models import OPEN, FlowTask
from workflow.working_days import last_overdue

pytestmark = pytest.mark.django_db

REASON = "逾期未提交，且无法联系。"


def excuse(evaluation, voter, actor, reason=REASON):
    task = task_of(evaluation, voter)
    decision = handing_over.excuse(process_id=task.process_id, task_id=task.pk, actor=actor, reason=reason)
    evaluation.refresh_from_db()
    return decision


def task_of(evaluation, voter):
    """The open task that asks this person; the role's for None."""
    return FlowTask.objects.get(evaluation=evaluation, owner=voter, ballot__isnull=False, status__in=OPEN)


def overdue(evaluation):
    """The days to act are over at every step that waits."""
    FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN).update(due=last_overdue())
    return evaluation


def late_vote(world, self_evaluation, **rule):
    """A department's vote whose days are over; a finance officer runs the evaluation."""
    policy = votes.published(department_review=[votes.department(**{"who": "all", **rule})])
    return overdue(self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy))


# --- what it does -----------------------------------------------------------------------


def test_the_step_waits_for_the_others_only(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    decision = excuse(evaluation, world.zhao, world.sun)
    assert (decision.verb, decision.stage, decision.next_stage) == (
        Verb.EXCUSE,
        Stage.DEPARTMENT_REVIEW,
        Stage.DEPARTMENT_REVIEW,
    )
    ballot = Ballot.objects.get(person=world.zhao)
    assert (ballot.excuse, ballot.is_open, ballot.decision) == (REASON, False, None)
    assert AuditEvent.objects.get(verb="excuse").data["ballot"] == ballot.pk
    assert votes.asked(evaluation) == [world.qian]
    assert faults() == []
    votes.agree(evaluation, world.qian)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert faults() == []


def test_it_may_complete_the_vote(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    votes.agree(evaluation, world.qian)
    decision = excuse(evaluation, world.zhao, world.sun)
    assert (decision.next_stage, evaluation.stage) == (Stage.FINANCE_REVIEW, Stage.FINANCE_REVIEW)
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.FINANCE_REVIEW]
    assert faults() == []
    do(Verb.ACCEPT, evaluation, world.sun, opinion="予以备案。")
    assert evaluation.stage == Stage.CONCLUSION


def test_it_may_end_the_procedure(world, self_evaluation):
    leaders = [person(name, f"局领导{name}", Role.BUREAU_LEADER, world.bureau) for name in ("one", "two")]
    conclude, sign = step("conclude", work="conclude"), step("bureau_leader", work="sign", who="all")
    evaluation = self_evaluation(Stage.CONCLUSION, policy=votes.published(conclusion=[conclude, sign]))
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("96.5"), conclusion="目标基本实现。")
    do(Verb.SIGN, overdue(evaluation), leaders[0], opinion="同意。")
    excuse(evaluation, leaders[1], world.sun)
    assert evaluation.stage == Stage.CLOSED
    assert not open_tasks(evaluation)
    assert not evaluation.processes.exclude(status="DONE").exists()
    assert faults() == []


def test_it_may_complete_a_vote_against(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    votes.object_to(evaluation, world.qian, straight_back=True)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    excuse(evaluation, world.zhao, world.sun)
    assert (evaluation.stage, evaluation.round) == (Stage.SELF_ASSESSMENT, 2)
    assert faults() == []
    do(Verb.SUBMIT, evaluation, world.lin)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    assert sorted(voter.username for voter in votes.asked(evaluation)) == ["qian", "zhao"]
    # The office that went on without a voice did not object: nothing comes straight back to it.
    assert evaluation.decisions.latest("pk").next_person is None
    assert faults() == []


def test_the_next_in_turn_is_asked(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation, who="sequence")
    (first,) = votes.asked(evaluation)
    (second,) = {world.zhao, world.qian} - {first}
    excuse(evaluation, first, world.sun)
    assert votes.asked(evaluation) == [second]
    assert faults() == []


def test_an_expert_who_lets_the_days_pass_is_gone_without(world, commissioned_evaluation):
    evaluation = overdue(commissioned_evaluation(Stage.EXPERT_SCORING))
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))
    excuse(evaluation, world.zheng, world.sun)
    assert evaluation.stage == Stage.DRAFT_CONCLUSION
    assert faults() == []


def test_everybody_may_stay_silent_on_a_draft(world, commissioned_evaluation):
    evaluation = overdue(commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS))
    excuse(evaluation, world.lin, world.sun)
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 0)
    excuse(evaluation, None, world.sun)
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 1)
    assert faults() == []


@pytest.mark.parametrize("leave", ["account", "role"])
def test_whoever_cannot_act_any_more_is_gone_without_before_the_days_are_over(world, self_evaluation, leave):
    policy = votes.published(department_review=[votes.department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    if leave == "account":
        deactivate_person(actor=world.zhou, person=world.zhao)
    else:
        end_role(actor=None, holding=RoleHolding.objects.get(user=world.zhao))
    excuse(evaluation, world.zhao, world.sun)
    assert votes.asked(evaluation) == [world.qian]


def test_the_office_decides_later_all_the_same(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    excuse(evaluation, world.zhao, world.sun)
    votes.agree(evaluation, world.qian)
    do(Verb.ACCEPT, evaluation, world.sun, opinion="予以备案。")
    assert evaluation.stage == Stage.CONCLUSION


# --- what keeps it from being done --------------------------------------------------------


def test_nobody_is_gone_without_while_there_is_time(world, self_evaluation):
    policy = votes.published(department_review=[votes.department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    with refused(WrongStage):
        excuse(evaluation, world.zhao, world.sun)
    FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN).update(due=clock.today())
    with refused(WrongStage):
        excuse(evaluation, world.zhao, world.sun)


def test_a_deadline_on_a_day_off_leaves_time_until_the_next_working_day_is_over(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN).update(due=date(2026, 9, 12))
    monday, tuesday = (datetime(2026, 9, day, 4, tzinfo=UTC) for day in (14, 15))
    with clock.at(monday), refused(WrongStage):
        excuse(evaluation, world.zhao, world.sun)
    with clock.at(tuesday):
        excuse(evaluation, world.zhao, world.sun)


def test_the_last_voice_has_to_be_given(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    excuse(evaluation, world.zhao, world.sun)
    with refused(InvalidInput, "reason"):
        excuse(evaluation, world.qian, world.sun)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW


def test_it_asks_for_a_reason(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    with refused(InvalidInput, "reason"):
        excuse(evaluation, world.zhao, world.sun, reason=" ")


def test_only_the_office_that_runs_the_evaluation_decides_it(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    for stranger in (world.lin, world.wang, world.qian, world.zhou, world.chu, world.feng):
        with refused(NotAllowed):
            excuse(evaluation, world.zhao, stranger)


def test_a_step_that_asks_one_is_not_gone_without(world, self_evaluation):
    evaluation = overdue(self_evaluation(Stage.DEPARTMENT_REVIEW))
    task = open_task(evaluation)
    with refused(WrongStage):
        handing_over.excuse(process_id=task.process_id, task_id=task.pk, actor=world.sun, reason=REASON)


def test_a_voice_that_was_given_stays(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation)
    task = task_of(evaluation, world.zhao)
    votes.agree(evaluation, world.zhao)
    with refused(AlreadyHandled):
        handing_over.excuse(process_id=task.process_id, task_id=task.pk, actor=world.sun, reason=REASON)


def test_with_a_number_asked_for_those_who_are_left_still_have_to_vote(world, self_evaluation):
    person("third", "第三人", Role.DEPARTMENT_REVIEWER, world.department)
    evaluation = late_vote(world, self_evaluation, who="n_of_m", needed=2)
    votes.agree(evaluation, world.qian)
    excuse(evaluation, world.zhao, world.sun)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    assert [voter.username for voter in votes.asked(evaluation)] == ["third"]


def open_tasks(evaluation):
    return list(FlowTask.objects.filter(evaluation=evaluation, flow_task_type="HUMAN", status__in=OPEN))


def test_a_quorum_does_not_shrink_by_leaving_votes_out(world, self_evaluation):
    evaluation = late_vote(world, self_evaluation, who="n_of_m", needed=2)
    voters = [task.owner for task in FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN)]
    for _ in range(len(voters) - 2):
        excuse(evaluation, voters.pop(), world.sun)
    with refused(InvalidInput, "reason"):
        excuse(evaluation, voters[0], world.sun)
    assert faults() == []
