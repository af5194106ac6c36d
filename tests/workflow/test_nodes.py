"""Our steps on viewflow's engine: whom a task asks, whatever the engine does with it."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from viewflow import this
from viewflow.workflow import Flow
from viewflow.workflow.flow import StartHandle
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.status import STATUS

from approvals.models import Verb
from audit_log.errors import NotAllowed
from evaluations.models import Stage
from tests.cast import bring, do, open_task, walk_commissioned
from workflow import checks, services
from workflow.automatic_nodes import Finish
from workflow.flows import CommissionedEvaluationFlow, JihengFlow, SelfEvaluationFlow
from workflow.models import OPEN, FlowProcess, FlowTask
from workflow.nodes import Step


class StrangeFlow(Flow):
    """Not one of the product's: the checks would go on reporting it after these tests."""

    process_class = FlowProcess
    task_class = FlowTask


def cancel_and_revive(task):
    """What an operator of the engine can do to an open step."""
    activation = task.flow_task.activation_class(task)
    activation.cancel()
    task.refresh_from_db()
    activation = task.flow_task.activation_class(task)
    revived = activation.revive()
    return FlowTask.objects.get(pk=revived.pk)


@pytest.mark.parametrize("stage", [Stage.UNIT_APPROVAL, Stage.DEPARTMENT_REVIEW, Stage.CONCLUSION])
def test_a_revived_step_asks_for_the_same_right_at_the_same_organization(world, self_evaluation, stage):
    task = open_task(self_evaluation(stage))
    revived = cancel_and_revive(task)
    kept = ("right", "organization_id", "stage", "round", "evaluation_id", "item_id", "due")
    assert [getattr(revived, name) for name in kept] == [getattr(task, name) for name in kept]
    assert (revived.status, revived.owner) == (STATUS.NEW, None)


def test_nobody_without_the_right_completes_a_revived_step(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    cancel_and_revive(open_task(evaluation))
    for name in ("lin", "wang", "sun", "chu", "feng", "wei"):
        with pytest.raises(NotAllowed):
            do(Verb.APPROVE, evaluation, world.people[name])
    do(Verb.APPROVE, evaluation, world.zhao)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_a_claimed_step_keeps_its_owner_when_it_is_revived(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.zhao)
    revived = cancel_and_revive(open_task(evaluation))
    assert (revived.owner, revived.status) == (world.zhao, STATUS.ASSIGNED)
    with pytest.raises(NotAllowed):
        do(Verb.APPROVE, evaluation, world.qian)


def test_an_experts_revived_step_is_still_that_experts(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    task = open_task(evaluation, world.wu)
    revived = cancel_and_revive(task)
    assert (revived.owner, revived.ballot) == (world.wu, task.ballot)
    bring(evaluation, Stage.CLOSED, walk_commissioned(world))


def test_viewflows_own_permission_answers_nobody(world, self_evaluation):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    for person in (world.zhao, world.wei):
        assert not task.flow_task.can_execute(person, task)
        assert not task.flow_task.can_assign(person, task)


def test_tokens_do_not_grow_over_forty_returns_through_the_panel(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, experts=(world.wu,))
    walk = walk_commissioned(world)
    for _ in range(40):
        do(Verb.RETURN, evaluation, world.sun, opinion="请重评。", to=Stage.EXPERT_SCORING)
        bring(evaluation, Stage.DRAFT_CONCLUSION, walk)
    tokens = [str(token) for token in FlowTask.objects.values_list("token", flat=True)]
    assert max(map(len, tokens)) < 40
    assert evaluation.round == 41
    assert FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN).count() == 1


def test_the_products_own_flows_pass_the_system_checks():
    assert [fault for fault in run_checks() if fault.id and fault.id.startswith("workflow.")] == []
    assert {SelfEvaluationFlow, CommissionedEvaluationFlow} <= set(checks.flows())


@pytest.mark.parametrize(
    "lock",
    [
        pytest.param(None, id="none"),
        pytest.param(SelectForUpdateLock(), id="nowait"),
        pytest.param(SelectForUpdateLock(nowait=False, attempts=5), id="several attempts"),
    ],
)
def test_a_flow_without_the_lock_is_reported(monkeypatch, lock):
    class Unlocked(StrangeFlow):
        lock_impl = lock
        start = StartHandle().Next(this.end)
        end = Finish(Stage.CLOSED)

    monkeypatch.setattr(checks, "flows", lambda: [Unlocked])
    assert [fault.id for fault in checks.every_flow_has_a_lock(None)] == ["workflow.E001"]


def test_a_step_without_right_or_seat_is_reported(monkeypatch):
    class Loose(StrangeFlow):
        lock_impl = JihengFlow.lock_impl
        start = StartHandle().Next(this.anybodys)
        anybodys = Step("loose").leads_to(this.end)
        end = Finish(Stage.CLOSED)

    monkeypatch.setattr(checks, "flows", lambda: [Loose])
    assert [fault.id for fault in checks.every_step_asks_for_a_right(None)] == ["workflow.E002"]
    assert checks.every_flow_has_a_lock(None) == []
