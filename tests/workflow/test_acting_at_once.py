"""Delegating, deciding for somebody and revoking at one moment, with real threads on PostgreSQL."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from accounts.models import Delegation
from approvals.models import Decision, Verb
from audit_log.errors import Busy, InvalidInput, NotAllowed
from audit_log.models import Refusal
from evaluations.models import Stage
from tests.accounts.test_delegations_at_once import impatiently
from tests.cast import open_task
from tests.standing_in import let
from tests.workflow.test_concurrency import at_once, at_step, lost, open_tasks
from workflow import delegating
from workflow.integrity import faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_decision_for_somebody_and_the_revocation_at_once_leave_both_orders_sound(world, self_evaluation):
    for _time in range(3):
        evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
        made = let(world.zhao, world.chu)
        decided, revoked = at_once(
            at_step(Verb.APPROVE, open_task(evaluation), world.chu, opinion="同意。"),
            partial(delegating.revoke_delegation, actor=world.zhao, delegation=made),
        )
        assert isinstance(revoked, Delegation)
        (task,) = open_tasks(evaluation)
        if isinstance(decided, Decision):
            assert decided.on_behalf_of == world.zhao
            assert decided.decided_at <= revoked.revoked_at
            assert task.stage == Stage.FINANCE_REVIEW
        else:
            assert [type(error) for error in lost([decided])] == [NotAllowed]
            assert (task.stage, task.owner) == (Stage.DEPARTMENT_REVIEW, None)
    assert faults() == []


def test_a_revocation_waits_for_the_decision_and_comes_after_it(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    made = let(world.zhao, world.chu)
    revoking = partial(delegating.revoke_delegation, actor=world.zhao, delegation=made)
    with transaction.atomic():
        decision = at_step(Verb.APPROVE, open_task(evaluation), world.chu, opinion="同意。")()
        (waited,) = at_once(partial(impatiently, revoking))
    assert isinstance(waited, Busy)
    (revoked,) = at_once(revoking)
    assert decision.decided_at <= revoked.revoked_at
    assert faults() == []


def test_a_decision_that_meets_an_unfinished_revocation_waits_and_is_refused_after_it(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    made = let(world.zhao, world.chu)
    deciding = at_step(Verb.APPROVE, open_task(evaluation), world.chu, opinion="同意。")
    with transaction.atomic():
        delegating.revoke_delegation(actor=world.zhao, delegation=made)
        (waited,) = at_once(partial(impatiently, deciding))
    assert isinstance(waited, Busy)
    assert isinstance(at_once(deciding)[0], NotAllowed)
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.DEPARTMENT_REVIEW]


def test_a_delegation_and_the_revocation_of_the_one_it_overlaps_at_once_leave_both_orders_sound(world):
    for time in range(1, 4):
        former = let(world.zhao, world.chu)
        revoked, made = at_once(
            partial(delegating.revoke_delegation, actor=world.zhao, delegation=former),
            partial(let, world.zhao, world.sun),
        )
        assert isinstance(revoked, Delegation)
        if isinstance(made, Delegation):  # it came after the revocation
            assert list(Delegation.objects.in_force()) == [made]
            delegating.revoke_delegation(actor=world.zhao, delegation=made)
        else:
            assert [type(error) for error in lost([made])] == [InvalidInput]
            assert list(made.fields) == ["starts"]
        assert not Delegation.objects.in_force().exists()
        lines = Refusal.objects.filter(verb="delegate", actor_id=world.zhao.pk)
        assert lines.count() + Delegation.objects.filter(delegate=world.sun).count() == time
    assert faults() == []


def test_a_delegation_that_meets_an_unfinished_revocation_waits_and_is_made_after_it(world):
    former = let(world.zhao, world.chu)
    making = partial(let, world.zhao, world.sun)
    with transaction.atomic():
        delegating.revoke_delegation(actor=world.zhao, delegation=former)
        (waited,) = at_once(partial(impatiently, making))
    assert isinstance(waited, Busy)
    (made,) = at_once(making)
    assert list(Delegation.objects.in_force()) == [made]
    assert faults() == []
