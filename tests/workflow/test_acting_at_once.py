"""A decision for somebody against the revocation at that moment, with real threads on PostgreSQL."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from accounts.actions import revoke_delegation
from accounts.models import Delegation
from approvals.models import Decision, Verb
from audit_log.errors import Busy, NotAllowed
from evaluations.models import Stage
from tests.accounts.test_delegations_at_once import impatiently
from tests.cast import open_task
from tests.standing_in import let
from tests.workflow.test_concurrency import at_once, at_step, lost, open_tasks
from workflow.integrity import faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_decision_for_somebody_and_the_revocation_at_once_leave_both_orders_sound(world, self_evaluation):
    for _time in range(3):
        evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
        made = let(world.zhao, world.chu)
        decided, revoked = at_once(
            at_step(Verb.APPROVE, open_task(evaluation), world.chu, opinion="同意。"),
            partial(revoke_delegation, actor=world.zhao, delegation=made),
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
    revoking = partial(revoke_delegation, actor=world.zhao, delegation=made)
    with transaction.atomic():
        decision = at_step(Verb.APPROVE, open_task(evaluation), world.chu, opinion="同意。")()
        (waited,) = at_once(partial(impatiently, revoking))
    assert "lock timeout" in str(waited)
    (revoked,) = at_once(revoking)
    assert decision.decided_at <= revoked.revoked_at
    assert faults() == []


def test_a_decision_that_meets_an_unfinished_revocation_waits_and_is_refused_after_it(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    made = let(world.zhao, world.chu)
    deciding = at_step(Verb.APPROVE, open_task(evaluation), world.chu, opinion="同意。")
    with transaction.atomic():
        revoke_delegation(actor=world.zhao, delegation=made)
        (waited,) = at_once(partial(impatiently, deciding))
    assert isinstance(waited, Busy)
    assert isinstance(at_once(deciding)[0], NotAllowed)
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.DEPARTMENT_REVIEW]
