"""Delegating, revoking and acting for somebody at the same moment, with real threads on PostgreSQL."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.access import lock_delegation
from accounts.actions import deactivate_person, delegate, revoke_delegation
from accounts.models import Delegation, User
from accounts.roles import Right, Role
from audit_log import clock
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from audit_log.record import chain_faults
from tests.cast import soon
from tests.workflow.test_concurrency import at_once, lost, won

pytestmark = pytest.mark.django_db(transaction=True)


def let(delegator: User, stand_in: User, **options) -> Delegation:
    given = {"starts": clock.today(), "ends": soon(7), "reason": "出差", **options}
    return delegate(actor=delegator, delegate=stand_in, **given)


def test_of_overlapping_delegations_made_at_once_one_is_made(world):
    people = [world.zhao, world.chu, world.wang, world.sun]
    scopes = [{}, {"role": Role.DEPARTMENT_HEAD}, {"organization": world.department}, {}]
    results = at_once(
        *(partial(let, world.qian, one, **scope) for one, scope in zip(people, scopes, strict=True))
    )
    assert len(won(results)) == 1
    assert [type(error) for error in lost(results)] == [InvalidInput] * 3
    assert Delegation.objects.in_force().count() == 1
    assert AuditEvent.objects.filter(verb="delegate").count() == 1


def test_two_people_who_delegate_to_each_other_at_once_do_not_both(world):
    results = at_once(partial(let, world.qian, world.zhao), partial(let, world.zhao, world.qian))
    assert len(won(results)) == 1
    assert [list(error.fields) for error in lost(results)] == [["delegate"]]


def test_a_ring_is_not_closed_by_two_delegations_that_share_nobody(world):
    let(world.zhao, world.sun)
    let(world.zhou, world.qian)
    results = at_once(partial(let, world.qian, world.zhao), partial(let, world.sun, world.zhou))
    assert len(won(results)) == 1
    assert [list(error.fields) for error in lost(results)] == [["delegate"]]


def test_delegations_of_different_people_at_once_are_all_made(world):
    pairs = [
        (world.qian, world.zhao),
        (world.lin, world.zhao),
        (world.sun, world.zhao),
        (world.zhou, world.sun),
    ]
    results = at_once(*(partial(let, *pair) for pair in pairs))
    assert lost(results) == []
    assert Delegation.objects.in_force().count() == 4


def test_a_delegation_revoked_twice_at_once_is_revoked_once(world):
    made = let(world.qian, world.zhao)
    results = at_once(
        *(partial(revoke_delegation, actor=who, delegation=made) for who in (world.qian, world.zhou))
    )
    assert len(won(results)) == 1
    assert [type(error) for error in lost(results)] == [WrongStage]
    assert AuditEvent.objects.filter(verb="revoke_delegation").count() == 1


def test_a_delegate_whose_account_closes_at_that_moment_leaves_both_orders_sound(world):
    made, closed = at_once(
        partial(let, world.qian, world.zhao),
        partial(deactivate_person, actor=None, person=world.zhao),
    )
    assert isinstance(closed, User)
    assert isinstance(made, Delegation | InvalidInput)
    assert not Delegation.objects.in_force().exists()
    assert list(chain_faults()) == []


@transaction.atomic
def on_behalf(world) -> None:
    """What a decision of Zhao's for Qian begins with."""
    lock_delegation(world.qian.pk, world.zhao.pk, Right.CONCLUDE, world.department.pk)


def test_acting_for_somebody_and_a_revocation_at_once_leave_both_orders_sound(world):
    for _time in range(5):
        made = let(world.qian, world.zhao)
        acted, revoked = at_once(
            partial(on_behalf, world), partial(revoke_delegation, actor=world.qian, delegation=made)
        )
        assert isinstance(revoked, Delegation)
        assert acted is None or isinstance(acted, NotAllowed)


def impatiently(call) -> None:
    """Try it without waiting long for a lock."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        call()


def test_a_revocation_waits_for_whoever_acts_on_its_strength(world):
    made = let(world.qian, world.zhao)
    revoking = partial(impatiently, partial(revoke_delegation, actor=world.qian, delegation=made))
    with transaction.atomic():
        lock_delegation(world.qian.pk, world.zhao.pk, Right.CONCLUDE, world.department.pk)
        (waited,) = at_once(revoking)
    assert isinstance(waited, DatabaseError)
    assert at_once(revoking) == [None]
    with pytest.raises(NotAllowed):
        on_behalf(world)


def test_whoever_acts_waits_for_a_revocation_that_is_being_written(world):
    made = let(world.qian, world.zhao)
    acting = partial(impatiently, partial(on_behalf, world))
    with transaction.atomic():
        revoke_delegation(actor=world.qian, delegation=made)
        (waited,) = at_once(acting)
    assert isinstance(waited, DatabaseError)
    (refused,) = at_once(acting)
    assert isinstance(refused, NotAllowed)


def test_two_who_act_for_one_person_do_not_wait_for_each_other(world):
    let(world.qian, world.zhao)
    with transaction.atomic():
        lock_delegation(world.qian.pk, world.zhao.pk, Right.CONCLUDE, world.department.pk)
        assert at_once(partial(impatiently, partial(on_behalf, world))) == [None]
