"""Several people at the same moment, with real threads on PostgreSQL: one wins, the others are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actions import add_person, end_role, grant_role
from accounts.models import RoleGroup, RoleHolding
from accounts.roles import Role
from approvals.models import Decision, ItemStage, Verb
from audit_log.errors import AlreadyHandled, Busy, InvalidInput, JihengError, NotAllowed
from audit_log.models import AuditEvent, Refusal
from evaluations.models import Evaluation, Kind, LibraryIndicator, Score, ScoreSource, Stage
from tests.cast import EXPLAINED, all_scores, bring, bring_item, open_task, propose, soon, walk_self
from workflow import services
from workflow.models import OPEN, FlowTask

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; each one's result, or its error."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(SECONDS)
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return results


def won(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, Exception)]


def lost(results: list[Any]) -> list[JihengError]:
    """The refusals; any other error fails the test with itself."""
    errors = [result for result in results if isinstance(result, Exception)]
    for error in errors:
        if not isinstance(error, JihengError):
            raise error
    return errors


def at_step(verb: str, task: FlowTask, actor: Any, **details: Any) -> Callable[[], Decision]:
    return partial(
        services.perform, verb, process_id=task.process_id, task_id=task.pk, actor=actor, **details
    )


def open_tasks(evaluation: Evaluation) -> list[FlowTask]:
    return list(FlowTask.objects.filter(evaluation=evaluation, flow_task_type="HUMAN", status__in=OPEN))


def reviewers(world: Any, number: int) -> list[Any]:
    """More people who may review for the department."""
    people = [
        add_person(
            actor=None,
            username=f"reviewer{place}",
            display_name=f"审核{place}",
            password="weighed-and-found-good",
        )
        for place in range(number)
    ]
    for person in people:
        grant_role(actor=None, user=person, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    return people


@pytest.mark.parametrize("one_person", [True, False], ids=["one person", "eight people"])
def test_eight_approvals_at_once_give_one_decision_one_next_task_and_seven_refusals(
    world, self_evaluation, one_person
):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    people = [world.zhao] * 8 if one_person else reviewers(world, 8)
    results = at_once(*(at_step(Verb.APPROVE, task, person, opinion="同意。") for person in people))
    assert len(won(results)) == 1
    refusals = lost(results)
    assert [type(error) for error in refusals] == [AlreadyHandled] * 7
    assert {error.status for error in refusals} == {409}
    assert Decision.objects.filter(evaluation=evaluation, stage=Stage.DEPARTMENT_REVIEW).count() == 1
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.FINANCE_REVIEW]
    assert AuditEvent.objects.filter(verb="approve", data__stage=Stage.DEPARTMENT_REVIEW).count() == 1
    assert Refusal.objects.filter(code="already_handled").count() == 7


def test_a_double_click_in_the_library_adds_each_indicator_once(world, self_evaluation):
    evaluation = self_evaluation()
    task, before = open_task(evaluation), evaluation.indicators.count()
    entries = LibraryIndicator.objects.filter(sector="培训与会议")[:3]
    address = reverse("pick_indicators", args=[task.process_id, task.pk])

    def pick():
        client = Client()
        client.force_login(world.lin)
        return client.post(address, {"pick": [entry.pk for entry in entries]}).status_code

    assert at_once(*[pick] * 4) == [302] * 4
    positions = list(evaluation.indicators.values_list("position", flat=True))
    assert (len(positions), len(set(positions))) == (before + 3, before + 3)


def test_a_double_submit_opens_one_round_and_one_next_task(world, self_evaluation):
    evaluation = self_evaluation()
    task = open_task(evaluation)
    results = at_once(*(at_step(Verb.SUBMIT, task, world.lin, explanations=EXPLAINED) for _ in range(2)))
    assert len(won(results)) == 1
    assert [type(error) for error in lost(results)] == [AlreadyHandled]
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.round) == (Stage.UNIT_APPROVAL, 1)
    assert len(open_tasks(evaluation)) == 1
    assert Decision.objects.filter(evaluation=evaluation, verb=Verb.SUBMIT).count() == 1


def test_of_an_approval_and_a_return_one_wins(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    results = at_once(
        at_step(Verb.APPROVE, task, world.zhao),
        at_step(Verb.RETURN, task, world.qian, opinion="请核对。"),
    )
    (decision,) = won(results)
    assert [type(error) for error in lost(results)] == [AlreadyHandled]
    evaluation.refresh_from_db()
    expected = {
        Verb.APPROVE: (Stage.FINANCE_REVIEW, 1),
        Verb.RETURN: (Stage.SELF_ASSESSMENT, 2),
    }
    assert (evaluation.stage, evaluation.round) == expected[Verb(decision.verb)]
    assert [task.stage for task in open_tasks(evaluation)] == [evaluation.stage]


def test_the_last_two_experts_at_once_lead_to_one_next_task(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    scores = all_scores(evaluation)
    experts = (world.wu, world.zheng)
    results = at_once(
        *(at_step(Verb.SCORE, open_task(evaluation, expert), expert, scores=scores) for expert in experts)
    )
    assert lost(results) == []
    assert sorted(decision.next_stage for decision in results) == [
        Stage.DRAFT_CONCLUSION,
        Stage.EXPERT_SCORING,
    ]
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.DRAFT_CONCLUSION]
    assert Score.objects.filter(source=ScoreSource.EXPERT).count() == 2 * len(scores)


def test_verifying_the_last_two_items_at_once_closes_the_evaluation_once(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun) for _ in range(2)]
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    for item in items:
        bring_item(world, item, ItemStage.FINANCE_VERIFICATION)
    people = (world.sun, world.zhou)
    results = at_once(
        *(
            at_step(Verb.VERIFY, open_task(item), person, opinion="属实。")
            for item, person in zip(items, people, strict=True)
        )
    )
    assert lost(results) == []
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.CLOSED
    assert AuditEvent.objects.filter(verb="close_evaluation").count() == 1
    assert open_tasks(evaluation) == []


def test_of_two_who_claim_a_step_one_gets_it(world, self_evaluation):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    place = {"process_id": task.process_id, "task_id": task.pk}
    results = at_once(*(partial(services.claim, **place, actor=who) for who in (world.zhao, world.qian)))
    assert len(won(results)) == 1
    assert {error.status for error in lost(results)} <= {403, 409}
    task.refresh_from_db()
    assert task.owner == won(results)[0].owner


def test_a_claim_and_a_decision_at_once_leave_no_half_step(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    results = at_once(
        at_step(Verb.APPROVE, task, world.zhao),
        partial(services.claim, process_id=task.process_id, task_id=task.pk, actor=world.qian),
    )
    assert len(won(results)) == 1
    assert len(open_tasks(evaluation)) == 1


def test_opening_one_project_twice_at_once_gives_one_evaluation(world):
    opening = partial(
        services.open_evaluation,
        actor=world.sun,
        project=world.project,
        kind=Kind.SELF,
        scheme=world.scheme,
    )
    results = at_once(opening, opening)
    assert [type(error) for error in lost(results)] == [InvalidInput]
    assert Evaluation.objects.count() == 1


def test_evaluations_opened_at_once_get_different_numbers(world):
    projects = [world.new_project() for _ in range(6)]
    results = at_once(
        *(
            partial(
                services.open_evaluation,
                actor=world.sun,
                project=project,
                kind=Kind.SELF,
                scheme=world.scheme,
            )
            for project in projects
        )
    )
    assert lost(results) == []
    assert len({evaluation.number for evaluation in results}) == 6


def test_items_proposed_at_once_get_different_numbers(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    results = at_once(*(partial(propose, world, evaluation, world.sun) for _ in range(4)))
    assert lost(results) == []
    assert len({item.number for item in results}) == 4


def test_reopening_an_item_twice_at_once_starts_one_process(world, item_at):
    item = item_at(ItemStage.CLOSED)
    reopening = partial(services.reopen, item=item, opinion="复发。", due=soon())
    results = at_once(partial(reopening, actor=world.sun), partial(reopening, actor=world.zhou))
    assert len(won(results)) == 1
    assert [error.status for error in lost(results)] == [409]
    assert item.processes.filter(status="NEW").count() == 1


def test_a_conclusion_and_a_new_item_at_once_leave_no_forgotten_item(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    task = open_task(evaluation)
    at_once(
        at_step(Verb.CONCLUDE, task, world.zhou, total=Decimal("90"), conclusion="结论。"),
        partial(propose, world, evaluation, world.zhou),
    )
    evaluation.refresh_from_db()
    item = evaluation.items.first()
    assert (evaluation.stage, item and item.stage) in [
        (Stage.CLOSED, None),
        (Stage.RECTIFICATION, ItemStage.ISSUED),
    ]


def test_a_first_role_granted_to_two_people_at_once_makes_one_group(world):
    grant = partial(grant_role, actor=None, organization=world.own_level, role=Role.PROJECT_LEAD)
    results = at_once(partial(grant, user=world.wei), partial(grant, user=world.feng))
    assert lost(results) == []
    assert RoleGroup.objects.filter(organization=world.own_level).count() == 1


def test_one_role_granted_twice_at_once_is_held_once(world):
    grant = partial(grant_role, actor=None, user=world.wei, organization=world.unit, role=Role.PROJECT_LEAD)
    results = at_once(grant, grant)
    assert [type(error) for error in lost(results)] == [InvalidInput]
    assert RoleHolding.objects.filter(user=world.wei, ended_at=None).count() == 1


def test_a_role_that_ends_at_the_moment_of_a_decision_leaves_both_orders_sound(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    holding = RoleHolding.objects.get(user=world.zhao)
    decision, ended = at_once(
        at_step(Verb.APPROVE, open_task(evaluation), world.zhao),
        partial(end_role, actor=None, holding=holding),
    )
    assert isinstance(ended, RoleHolding)
    # Busy: both wanted the same rows; nothing was written, and trying again tells which order it was.
    assert isinstance(decision, Decision | NotAllowed | Busy)
    if isinstance(decision, Busy):
        with pytest.raises(NotAllowed):
            at_step(Verb.APPROVE, open_task(evaluation), world.zhao)()
    assert len(open_tasks(evaluation)) == 1
