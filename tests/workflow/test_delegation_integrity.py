"""check_integrity finds delegations that collide, or that differ from their events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import delegate, revoke_delegation
from accounts.models import Delegation, User
from accounts.roles import Role
from audit_log import clock
from tests.cast import soon
from tests.workflow.test_integrity import only, seed
from workflow.integrity import delegation, faults

pytestmark = [pytest.mark.django_db, pytest.mark.corrupts]

DELEGATE = "UPDATE accounts_delegation SET delegate_id = %s WHERE id = %s"


def let(delegator: User, stand_in: User, **options) -> Delegation:
    given = {"starts": clock.today(), "ends": soon(7), "reason": "出差", **options}
    return delegate(actor=delegator, delegate=stand_in, **given)


def found(check) -> list[str]:
    return list(check())


def test_sound_delegations_have_no_faults(world):
    let(world.qian, world.zhao, role=Role.DEPARTMENT_HEAD)
    let(world.zhao, world.chu)
    revoke_delegation(actor=world.zhou, delegation=let(world.lin, world.wang))
    revoke_delegation(actor=None, delegation=let(world.sun, world.zhou))
    let(world.lin, world.wang)
    assert faults() == []


def test_the_same_delegated_twice_on_one_day_is_found(world):
    first = let(world.qian, world.zhao)
    second = let(world.qian, world.chu, role=Role.DEPARTMENT_HEAD, starts=soon(8), ends=soon(9))
    assert faults() == []
    seed(("UPDATE accounts_delegation SET starts = %s WHERE id = %s", soon(7), second.pk))
    assert only(found(delegation.delegated_twice), first.pk, second.pk, "qian")
    world.chu.is_active = False
    world.chu.save_as(None)
    assert found(delegation.delegated_twice) == []


def test_a_ring_is_found_where_all_of_it_falls_on_one_day(world):
    let(world.qian, world.zhao)
    let(world.zhao, world.chu)
    last = let(world.chu, world.qian, starts=soon(8), ends=soon(9))
    assert found(delegation.delegated_in_a_ring) == []
    seed(("UPDATE accounts_delegation SET starts = %s WHERE id = %s", clock.today() + timedelta(2), last.pk))
    lines = found(delegation.delegated_in_a_ring)
    assert {line.split("what ")[1].split()[0] for line in lines} == {"qian", "zhao", "chu"}
    assert all(str(soon(2)) in line for line in lines)


@pytest.mark.parametrize(
    ("column", "value"),
    [("role", "department_reviewer"), ("ends", "2099-01-01"), ("reason", "别的事由"), ("organization_id", 1)],
)
def test_a_delegation_that_was_widened_is_found(world, column, value):
    made = let(world.qian, world.zhao)
    seed((f"UPDATE accounts_delegation SET {column} = %s WHERE id = %s", value, made.pk))
    assert only(found(delegation.delegation_unlike_its_event), made.pk)


def test_a_delegation_given_to_somebody_else_or_without_an_event_is_found(world):
    made = let(world.qian, world.zhao)
    seed((DELEGATE, world.chu.pk, made.pk))
    assert only(faults(), made.pk, "differs from its audit event")
    seed((DELEGATE, world.zhao.pk, made.pk), ("DELETE FROM audit_log_auditevent WHERE verb = 'delegate'",))
    assert only(found(delegation.delegation_unlike_its_event), made.pk)


def test_a_revocation_that_was_undone_or_invented_is_found(world):
    undone = let(world.qian, world.zhao)
    revoke_delegation(actor=world.qian, delegation=undone)
    seed(("UPDATE accounts_delegation SET revoked_at = NULL WHERE id = %s", undone.pk))
    assert only(faults(), undone.pk, "revocation")
    invented = let(world.lin, world.wang)
    seed(("UPDATE accounts_delegation SET revoked_at = now() WHERE id = %s", invented.pk))
    assert len(found(delegation.revocation_unlike_its_event)) == 2


def test_a_revocation_by_somebody_else_than_its_event_says_is_found(world):
    made = let(world.qian, world.zhao)
    revoke_delegation(actor=world.qian, delegation=made)
    seed(("UPDATE accounts_delegation SET revoked_by_id = %s WHERE id = %s", world.zhou.pk, made.pk))
    assert only(faults(), made.pk, "revocation")
