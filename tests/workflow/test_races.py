"""Votes, withdrawals and hand-overs at the same moment, with real threads: one order or the other."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from accounts.actions import end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import Ballot, Decision, Verb
from audit_log.errors import AlreadyHandled, NotAllowed, WrongStage
from audit_log.models import AuditEvent, Refusal
from evaluations.models import Stage
from tests.cast import all_scores, open_task
from tests.votes import agree, asked, at_departments_vote
from tests.workflow.test_concurrency import at_once, at_step, lost, open_tasks, won
from workflow import handing_over, integrity, seating, services

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def records_agree(transactional_db):
    """After each race the records are at one with each other."""
    yield
    assert integrity.faults() == []


@pytest.fixture
def at_vote(world, self_evaluation):
    """``at_vote(who="all", veto=True)``: the department votes; with its voters."""
    return partial(at_departments_vote, world, self_evaluation)


def place_of(task) -> dict[str, Any]:
    return {"process_id": task.process_id, "task_id": task.pk}


def traces(evaluation) -> tuple[int, int]:
    """How many decisions and events the evaluation has."""
    chain = AuditEvent.objects.filter(chain=f"evaluation:{evaluation.pk}")
    return evaluation.decisions.count(), chain.count()


# --- votes -----------------------------------------------------------------------------


def test_the_last_two_votes_of_a_quorum_at_once_lead_to_one_next_task(at_vote):
    evaluation, (first, second, third) = at_vote(who="n_of_m", needed=2)
    agree(evaluation, first)
    calls = [at_step(Verb.APPROVE, open_task(evaluation, voter), voter) for voter in (second, third)]
    results = at_once(*calls)
    assert len(won(results)) == 1
    assert [type(error) for error in lost(results)] == [AlreadyHandled]
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.FINANCE_REVIEW]
    assert Decision.objects.filter(evaluation=evaluation, stage=Stage.DEPARTMENT_REVIEW).count() == 2


def test_the_last_two_of_all_at_once_are_both_counted_and_lead_to_one_next_task(at_vote):
    evaluation, (first, second, third) = at_vote(who="all")
    agree(evaluation, first)
    calls = [at_step(Verb.APPROVE, open_task(evaluation, voter), voter) for voter in (second, third)]
    results = at_once(*calls)
    assert lost(results) == []
    assert sorted(decision.next_stage for decision in results) == [
        Stage.DEPARTMENT_REVIEW,
        Stage.FINANCE_REVIEW,
    ]
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.FINANCE_REVIEW]


def test_two_first_objections_with_a_veto_at_once_return_it_once(at_vote):
    evaluation, voters = at_vote(who="all", veto=True)
    calls = [
        at_step(Verb.OBJECT, open_task(evaluation, voter), voter, opinion="请补充。") for voter in voters[:2]
    ]
    results = at_once(*calls)
    assert len(won(results)) == 1
    assert [error.status for error in lost(results)] == [409]
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.round) == (Stage.SELF_ASSESSMENT, 2)
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.SELF_ASSESSMENT]


def test_of_the_deciding_vote_and_a_veto_at_once_one_decides(at_vote):
    evaluation, (first, second, third) = at_vote(who="n_of_m", needed=2, veto=True)
    agree(evaluation, first)
    results = at_once(
        at_step(Verb.APPROVE, open_task(evaluation, second), second),
        at_step(Verb.OBJECT, open_task(evaluation, third), third, opinion="请补充。"),
    )
    (decision,) = won(results)
    assert [error.status for error in lost(results)] == [409]
    assert [task.stage for task in open_tasks(evaluation)] == [decision.next_stage]


def test_one_role_vote_is_given_by_one_of_two_new_holders(world, at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=4)
    agree(evaluation, *voters)
    (task,) = open_tasks(evaluation)
    newcomers = [world.chu, world.feng]
    for newcomer in newcomers:
        grant_role(actor=None, user=newcomer, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    results = at_once(*(at_step(Verb.APPROVE, task, newcomer) for newcomer in newcomers))
    (decision,) = won(results)
    assert [error.status for error in lost(results)] == [409]
    assert evaluation.ballots.get(decision=decision).person in (None, decision.actor)


# --- against a withdrawal -----------------------------------------------------------------


def test_of_an_approval_and_a_withdrawal_one_wins_and_the_other_leaves_its_refusal_only(
    world, self_evaluation
):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    before = traces(evaluation)
    results = at_once(
        at_step(Verb.APPROVE, open_task(evaluation), world.zhao),
        partial(handing_over.withdraw, evaluation=evaluation, actor=world.wang, opinion="漏看一份合同。"),
    )
    (decision,) = won(results)
    assert [error.status for error in lost(results)] == [409]
    expected = {Verb.APPROVE: Stage.FINANCE_REVIEW, Verb.WITHDRAW: Stage.UNIT_APPROVAL}
    assert [task.stage for task in open_tasks(evaluation)] == [expected[Verb(decision.verb)]]
    assert traces(evaluation) == (before[0] + 1, before[1] + 1)
    assert Refusal.objects.filter(verb__in=["approve", "withdraw"]).count() == 1


def test_of_a_first_vote_and_a_withdrawal_one_wins(world, at_vote):
    evaluation, voters = at_vote(who="all")
    results = at_once(
        at_step(Verb.APPROVE, open_task(evaluation, voters[0]), voters[0]),
        partial(handing_over.withdraw, evaluation=evaluation, actor=world.wang, opinion="漏看一份合同。"),
    )
    (decision,) = won(results)
    assert [error.status for error in lost(results)] == [409]
    waits = voters[1:] if decision.verb == Verb.APPROVE else [world.wang]
    assert asked(evaluation) == waits


# --- against a hand-over ------------------------------------------------------------------


def test_of_a_transfer_and_an_approval_one_wins(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    results = at_once(
        partial(handing_over.transfer, **place_of(task), actor=world.zhao, to=world.qian, reason="出差"),
        at_step(Verb.APPROVE, task, world.zhao),
    )
    assert len(won(results)) == 1
    assert {error.status for error in lost(results)} <= {403, 409}
    evaluation.refresh_from_db()
    handed_over = evaluation.stage == Stage.DEPARTMENT_REVIEW
    assert asked(evaluation) == ([world.qian] if handed_over else [None])


def test_of_a_transferred_vote_and_the_vote_itself_one_wins(world, at_vote):
    evaluation, (first, *_others) = at_vote(who="all")
    colleague = world.feng
    grant_role(actor=None, user=colleague, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    task = open_task(evaluation, first)
    results = at_once(
        partial(handing_over.transfer, **place_of(task), actor=first, to=colleague, reason="出差"),
        at_step(Verb.APPROVE, task, first),
    )
    assert len(won(results)) == 1
    assert {error.status for error in lost(results)} <= {403, 409}
    ballot = Ballot.objects.get(pk=task.ballot_id)
    assert (ballot.person, ballot.decision_id is None) in [(first, False), (colleague, True)]


# --- going on without a voice ----------------------------------------------------------------


def test_of_an_excuse_and_the_last_vote_one_comes_first_and_the_step_is_passed_once(world, at_vote):
    evaluation, (first, second, third) = at_vote(who="all")
    agree(evaluation, first)
    end_role(actor=None, holding=RoleHolding.objects.get(user=third))
    gone = open_task(evaluation, third)
    results = at_once(
        partial(handing_over.excuse, **place_of(gone), actor=world.sun, reason="已调离"),
        at_step(Verb.APPROVE, open_task(evaluation, second), second),
    )
    assert lost(results) == []
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.FINANCE_REVIEW]
    assert sorted(decision.verb for decision in results) == [Verb.APPROVE, Verb.EXCUSE]


def test_of_an_excuse_and_that_very_vote_one_wins(world, at_vote):
    evaluation, (first, *_others) = at_vote(who="all", days=1)
    task = open_task(evaluation, first)
    task.due = task.created.date().replace(year=2000)
    task.save(update_fields=["due"])
    results = at_once(
        partial(handing_over.excuse, **place_of(task), actor=world.sun, reason="逾期未表态"),
        at_step(Verb.APPROVE, task, first),
    )
    assert len(won(results)) == 1
    assert [error.status for error in lost(results)] == [409]
    ballot = Ballot.objects.get(pk=task.ballot_id)
    assert (ballot.decision_id is None) != (ballot.excused_at is None)
    assert len(open_tasks(evaluation)) == 2


# --- a panel, and a claim ----------------------------------------------------------------------


def test_of_a_recusal_and_the_experts_own_scores_one_wins(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    seat = evaluation.seats.get(expert=world.wu)
    results = at_once(
        partial(seating.recuse, seat=seat, actor=world.wu, reason="与承建单位有业务往来"),
        at_step(Verb.SCORE, open_task(evaluation, world.wu), world.wu, scores=all_scores(evaluation)),
    )
    assert len(won(results)) == 1
    (error,) = lost(results)
    assert isinstance(error, AlreadyHandled | WrongStage | NotAllowed)
    assert [task.owner for task in open_tasks(evaluation)] == [world.zheng]


def test_of_a_recusal_and_the_last_others_scores_the_panel_waits_for_the_replacement(
    world, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    seat = evaluation.seats.get(expert=world.wu)
    results = at_once(
        partial(seating.recuse, seat=seat, actor=world.wu, reason="与承建单位有业务往来"),
        at_step(Verb.SCORE, open_task(evaluation, world.zheng), world.zheng, scores=all_scores(evaluation)),
    )
    assert lost(results) == []
    evaluation.refresh_from_db()
    assert (evaluation.stage, open_tasks(evaluation)) == (Stage.EXPERT_SCORING, [])


def test_of_a_claim_and_an_approval_by_another_one_wins(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    results = at_once(
        partial(services.claim, **place_of(task), actor=world.qian),
        at_step(Verb.APPROVE, task, world.zhao),
    )
    (winner,) = won(results)
    assert {error.status for error in lost(results)} <= {403, 409}
    assert asked(evaluation) == ([None] if isinstance(winner, Decision) else [world.qian])


def test_a_claim_of_a_role_vote_and_a_vote_by_another_leave_one_voice(world, at_vote):
    evaluation, _voters = at_vote(who="n_of_m", needed=4)
    newcomers = [world.chu, world.feng]
    for newcomer in newcomers:
        grant_role(actor=None, user=newcomer, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    task = next(task for task in open_tasks(evaluation) if task.owner_id is None)
    results = at_once(
        partial(services.claim, **place_of(task), actor=world.chu),
        at_step(Verb.APPROVE, task, world.feng),
    )
    assert len(won(results)) == 1
    assert {error.status for error in lost(results)} <= {403, 409}
    assert Ballot.objects.filter(evaluation=evaluation).count() == 4
