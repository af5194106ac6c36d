"""Steps that ask several: all of them, some of them, one after the other; and what comes of their votes."""

from __future__ import annotations

from functools import partial

import pytest
from viewflow.workflow.status import STATUS

from accounts.actions import end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import AlreadyHandled, NotAllowed, WrongStage
from evaluations.models import Stage
from notices import messages
from tests.approvals.test_telling import told
from tests.cast import do, open_task
from tests.evaluations.policies.samples import step
from tests.votes import (
    agree,
    asked,
    at_departments_vote,
    ballots,
    colleagues,
    department,
    object_to,
    position,
    published,
)
from workflow import services
from workflow.models import FlowTask


@pytest.fixture
def at_vote(world, self_evaluation):
    """``at_vote(who="all", veto=True)``: the department votes; with its voters."""
    return partial(at_departments_vote, world, self_evaluation)


def pks(rows):
    return [row.pk for row in rows]


# --- all of them (会签) ---------------------------------------------------------------


def test_where_all_are_asked_each_has_a_task_and_the_last_vote_passes_the_step(at_vote):
    evaluation, voters = at_vote(who="all")
    assert asked(evaluation) == voters
    agree(evaluation, *voters[:2])
    assert (evaluation.stage, asked(evaluation)) == (Stage.DEPARTMENT_REVIEW, voters[2:])
    decision = agree(evaluation, voters[2])
    assert (decision.moves, position(evaluation)) == (True, (Stage.FINANCE_REVIEW, 0, 1))
    assert asked(evaluation) == [None]


def test_without_a_veto_all_are_heard_before_one_vote_against_returns_it(at_vote):
    evaluation, voters = at_vote(who="all")
    object_to(evaluation, voters[0], to=Stage.UNIT_APPROVAL)
    agree(evaluation, voters[1])
    assert position(evaluation) == (Stage.DEPARTMENT_REVIEW, 0, 1)
    agree(evaluation, voters[2])
    assert position(evaluation) == (Stage.UNIT_APPROVAL, 0, 2)


def test_with_a_veto_the_first_vote_against_returns_it_and_nobody_else_is_asked(at_vote):
    evaluation, voters = at_vote(who="all", veto=True)
    left = open_task(evaluation, voters[2])
    agree(evaluation, voters[0])
    object_to(evaluation, voters[1])
    assert position(evaluation) == (Stage.SELF_ASSESSMENT, 0, 2)
    left.refresh_from_db()
    assert left.status == STATUS.CANCELED


def test_votes_against_that_ask_for_different_places_lead_to_the_earliest(at_vote):
    evaluation, voters = at_vote(who="all")
    object_to(evaluation, voters[0], to=Stage.UNIT_APPROVAL)
    object_to(evaluation, voters[1], to=Stage.SELF_ASSESSMENT)
    agree(evaluation, voters[2])
    assert evaluation.stage == Stage.SELF_ASSESSMENT


def test_nobody_votes_twice_and_nobody_returns_alone(at_vote, world):
    evaluation, voters = at_vote(who="all")
    task = open_task(evaluation, voters[0])
    agree(evaluation, voters[0])
    with pytest.raises(AlreadyHandled):
        perform_at(task, Verb.APPROVE, voters[0])
    with pytest.raises(NotAllowed):  # somebody else's ballot
        perform_at(open_task(evaluation, voters[1]), Verb.APPROVE, voters[0])
    with pytest.raises(WrongStage):
        do(Verb.RETURN, evaluation, voters[1], opinion="请补充。")


def perform_at(task, verb, actor):
    return services.perform(verb, process_id=task.process_id, task_id=task.pk, actor=actor)


def test_a_new_round_asks_everybody_again(at_vote, world):
    evaluation, voters = at_vote(who="all", veto=True)
    agree(evaluation, voters[0])
    object_to(evaluation, voters[1])
    do(Verb.SUBMIT, evaluation, world.lin)
    do(Verb.APPROVE, evaluation, world.wang)
    assert asked(evaluation) == voters
    agree(evaluation, *voters)
    assert position(evaluation) == (Stage.FINANCE_REVIEW, 0, 2)


# --- N of M ------------------------------------------------------------------------------


def test_two_of_three_pass_it_and_the_third_is_asked_no_more(at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=2)
    left = open_task(evaluation, voters[1])
    agree(evaluation, voters[0], voters[2])
    assert evaluation.stage == Stage.FINANCE_REVIEW
    left.refresh_from_db()
    assert left.status == STATUS.CANCELED
    with pytest.raises(AlreadyHandled):
        perform_at(left, Verb.APPROVE, voters[1])


def test_a_number_that_cannot_be_reached_returns_it_after_everybody_was_heard(at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=2)
    object_to(evaluation, *voters[:2])
    assert position(evaluation) == (Stage.DEPARTMENT_REVIEW, 0, 1)
    agree(evaluation, voters[2])
    assert position(evaluation) == (Stage.SELF_ASSESSMENT, 0, 2)


def test_a_vote_against_does_not_outweigh_enough_votes_for(at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=2)
    object_to(evaluation, voters[0])
    agree(evaluation, *voters[1:])
    assert position(evaluation) == (Stage.FINANCE_REVIEW, 0, 1)


def test_a_veto_returns_it_however_many_are_needed(at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=2, veto=True)
    agree(evaluation, voters[0])
    object_to(evaluation, voters[1])
    assert position(evaluation) == (Stage.SELF_ASSESSMENT, 0, 2)


# --- one after the other (依次) -----------------------------------------------------------


def test_in_sequence_one_is_asked_at_a_time_and_the_next_is_told(at_vote):
    evaluation, voters = at_vote(who="sequence")
    for place, voter in enumerate(voters):
        assert asked(evaluation) == [voter]
        owners = [notice["recipient_id"] for notice in told(messages.NEW_TASK)]
        assert [pk for pk in owners if pk in {each.pk for each in voters}] == pks(voters[: place + 1])
        agree(evaluation, voter)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_in_sequence_nobody_votes_before_their_turn(at_vote):
    evaluation, voters = at_vote(who="sequence")
    with pytest.raises(NotAllowed):
        do(Verb.APPROVE, evaluation, voters[1])


def test_in_sequence_a_vote_against_is_passed_on_unless_it_is_a_veto(at_vote):
    evaluation, voters = at_vote(who="sequence")
    object_to(evaluation, voters[0])
    agree(evaluation, voters[1])
    assert asked(evaluation) == [voters[2]]
    agree(evaluation, voters[2])
    assert position(evaluation) == (Stage.SELF_ASSESSMENT, 0, 2)


def test_in_sequence_a_veto_spares_those_who_would_follow(at_vote, world):
    evaluation, voters = at_vote(who="sequence", veto=True)
    object_to(evaluation, voters[0])
    assert asked(evaluation) == [world.lin]
    assert not FlowTask.objects.filter(evaluation=evaluation, owner__in=voters[1:]).exists()


# --- who is asked --------------------------------------------------------------------------


def test_a_role_without_a_holder_waits_for_one_and_its_first_holder_votes(world, self_evaluation):
    policy = published(
        department_review=[department(), step("department_head", "department", who="all", veto=True)]
    )
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.qian))
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    agree(evaluation, world.zhao)
    assert asked(evaluation) == [None]
    (colleague,) = colleagues(world, 1)
    with pytest.raises(NotAllowed):
        agree(evaluation, colleague)
    grant_role(actor=None, user=colleague, organization=world.department, role=Role.DEPARTMENT_HEAD)
    agree(evaluation, colleague)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_with_too_few_holders_the_missing_votes_wait(world, self_evaluation):
    policy = published(department_review=[department(who="n_of_m", needed=3)])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    assert asked(evaluation) == [world.zhao, world.qian, None]
    agree(evaluation, world.zhao, world.qian)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    agree(evaluation, *colleagues(world, 1))
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_whoever_decided_at_the_step_before_is_not_asked_at_this_one(world, self_evaluation):
    policy = published(department_review=[department(), department(who="all")])
    (colleague,) = colleagues(world, 1)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    agree(evaluation, world.zhao)
    assert (evaluation.step, asked(evaluation)) == (1, [world.qian, colleague])
    with pytest.raises(NotAllowed):
        perform_at(open_task(evaluation, world.qian), Verb.APPROVE, world.zhao)
    agree(evaluation, world.qian, colleague)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_a_file_of_somebodys_own_keeps_that_person_from_being_asked(world, self_evaluation):
    """Whoever leads the project, or put a file into the dossier, has no vote on it."""
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    policy = published(department_review=[department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    assert asked(evaluation) == [world.zhao, world.qian]
    assert [ballot.person for ballot in ballots(evaluation)] == [world.zhao, world.qian]
