"""Returning for changes: what is refused, where it leads, and how it comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import end_role, grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log import clock
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from notices import messages
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.cast import do, open_task, person, walk_self
from tests.votes import agree, asked, colleagues, department, object_to, published
from workflow.integrity import faults


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


@pytest.mark.parametrize(
    "target", ["nonsense", Stage.FINANCE_REVIEW, Stage.CLOSED, Stage.CONCLUSION, "department_review:1"]
)
def test_a_return_leads_only_where_the_procedure_allows(world, self_evaluation, target):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "to"):
        do(Verb.RETURN, evaluation, world.sun, opinion="退回", to=target)


# --- where it goes, and how it comes back -------------------------------------------------------

STEPS = [Stage.SELF_ASSESSMENT, Stage.UNIT_APPROVAL, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_REVIEW]


def stages_passed(world, evaluation, until):
    """The stages that the evaluation stands at, one after the other, until it is at this one."""
    walk, passed = walk_self(world), []
    while evaluation.stage != until:
        passed.append(evaluation.stage)
        walk[evaluation.stage](evaluation)
    return passed


@pytest.mark.parametrize("target", STEPS)
def test_every_completed_step_can_be_returned_to_and_what_lies_between_is_passed_again(
    world, self_evaluation, target
):
    evaluation = self_evaluation(Stage.CONCLUSION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请重新核对。", to=target)
    assert (evaluation.stage, evaluation.round, evaluation.detours) == (target, 2, [])
    assert stages_passed(world, evaluation, Stage.CONCLUSION) == STEPS[STEPS.index(target) :]
    assert faults() == []


@pytest.mark.parametrize("target", STEPS)
def test_from_every_completed_step_the_straight_way_leads_back_to_the_returner(
    world, self_evaluation, target
):
    evaluation = self_evaluation(Stage.CONCLUSION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请核对。", to=target, straight_back=True)
    assert stages_passed(world, evaluation, Stage.CONCLUSION) == [target]
    task = open_task(evaluation)
    assert (task.owner, task.round) == (world.zhou, 2)
    assert evaluation.detours == []
    assert faults() == []


def test_straight_ways_lead_back_one_inside_of_the_other(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    straight = {"opinion": "请核对。", "straight_back": True}
    do(Verb.RETURN, evaluation, world.sun, to=Stage.DEPARTMENT_REVIEW, **straight)
    do(Verb.RETURN, evaluation, world.zhao, to=Stage.SELF_ASSESSMENT, **straight)
    assert (evaluation.round, len(evaluation.detours)) == (3, 2)
    do(Verb.SUBMIT, evaluation, world.lin)
    assert (evaluation.stage, open_task(evaluation).owner) == (Stage.DEPARTMENT_REVIEW, world.zhao)
    do(Verb.APPROVE, evaluation, world.zhao)
    assert (evaluation.stage, open_task(evaluation).owner) == (Stage.FINANCE_REVIEW, world.sun)
    assert evaluation.detours == []
    do(Verb.ACCEPT, evaluation, world.sun)
    assert (evaluation.stage, open_task(evaluation).owner) == (Stage.CONCLUSION, None)
    assert faults() == []


def test_a_return_that_replays_clears_the_straight_way(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请核对。", to=STEPS[3], straight_back=True)
    do(Verb.RETURN, evaluation, world.sun, opinion="请补充。", to=STEPS[1])
    assert evaluation.detours == []
    assert stages_passed(world, evaluation, Stage.CONCLUSION) == STEPS[1:]
    assert open_task(evaluation).owner is None
    assert faults() == []


def test_the_straight_way_back_to_a_joint_step_asks_everybody_again(world, self_evaluation):
    voters = [world.zhao, world.qian]
    policy = published(department_review=[department(who="all", veto=True)])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    agree(evaluation, voters[0])
    object_to(evaluation, voters[1], straight_back=True)
    assert evaluation.stage == Stage.SELF_ASSESSMENT
    do(Verb.SUBMIT, evaluation, world.lin)
    assert asked(evaluation) == voters
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    agree(evaluation, *voters)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert faults() == []


def test_it_comes_back_to_the_role_when_the_returner_holds_it_no_longer(world, self_evaluation):
    other = person("jiang", "小蒋", Role.FINANCE_OFFICER, world.bureau)
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", straight_back=True)
    end_role(actor=None, holding=world.sun.holdings.get(), reason="调离")
    do(Verb.SUBMIT, evaluation, world.lin)
    assert (evaluation.stage, open_task(evaluation).owner) == (Stage.FINANCE_REVIEW, None)
    assert told(messages.NEW_TASK)[-1]["recipient_id"] == other.pk
    do(Verb.ACCEPT, evaluation, other)
    assert faults() == []


# --- deadlines and notices ----------------------------------------------------------------------


def test_each_coming_back_has_its_own_due_date(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    first = open_task(evaluation).due
    later = clock.now() + timedelta(days=20)
    with clock.at(later):
        do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", straight_back=True)
        to_fill = timedelta(days=evaluation.days_to_fill)
        assert open_task(evaluation).due == timezone.localdate(later) + to_fill
        do(Verb.SUBMIT, evaluation, world.lin)
    assert open_task(evaluation).due == first + timedelta(days=20)


def test_the_returner_is_told_each_time_that_it_comes_back(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    for _time in range(2):
        do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", straight_back=True)
        do(Verb.SUBMIT, evaluation, world.lin)
    back = [notice for notice in told(messages.NEW_TASK) if notice["recipient_id"] == world.sun.pk]
    assert len({notice["source"] for notice in back}) == 3
    assert world.sun.notices.filter(message=messages.NEW_TASK).count() == 3
    assert world.lin.notices.filter(message=messages.RETURNED).count() == 2


def test_a_vote_that_fails_is_told_as_a_return_with_every_reason(world, self_evaluation):
    voters = [world.zhao, world.qian, *colleagues(world, 1)]
    evaluation = self_evaluation(
        Stage.DEPARTMENT_REVIEW, policy=published(department_review=[department(who="all")])
    )
    object_to(evaluation, voters[0], opinion="合同缺页。")
    object_to(evaluation, voters[1], opinion="数据不符。")
    agree(evaluation, voters[2])
    (notice,) = told(messages.RETURNED)
    assert notice["recipient_id"] == world.lin.pk
    assert notice["values"]["reason"] == "合同缺页。 / 数据不符。"
