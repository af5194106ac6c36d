"""Whoever is asked to act for somebody is told, and told when it is over."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from notices import messages
from notices.models import Notice
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.cast import soon
from tests.standing_in import let
from workflow import delegating

pytestmark = pytest.mark.django_db

MESSAGES = (messages.DELEGATED, messages.DELEGATION_REVOKED, messages.YOUR_DELEGATION_REVOKED)


def who_was_told():
    """The recipients of each of the messages."""
    return [[notice["recipient_id"] for notice in told(message)] for message in MESSAGES]


def on_the_page(person, **changes):
    typed = {"delegate": person.pk, "scope": "all", "starts": soon(0), "ends": soon(3), "reason": "出差"}
    return {**typed, **changes}


def test_the_delegate_is_told_from_when_to_when_and_for_whom(world, as_):
    reply = as_(world.zhao).post(reverse("delegate"), on_the_page(world.chu))
    assert reply.status_code == 302
    assert who_was_told() == [[world.chu.pk], [], []]
    text = Notice.objects.get(recipient=world.chu).text
    assert "小赵" in text
    assert str(soon(3)) in text


def test_a_revocation_is_told_to_the_delegate_and_another_ones_to_the_delegator_too(world, as_):
    made = [let(world.zhao, world.chu), let(world.qian, world.sun)]
    for person, delegation in zip((world.zhao, world.zhou), made, strict=True):
        reply = as_(person).post(reverse("revoke_delegation", args=[delegation.pk]), {"reason": "已返岗"})
        assert reply.status_code == 302
    delegates = [world.chu.pk, world.sun.pk]
    assert who_was_told() == [delegates, delegates, [world.qian.pk]]


def test_a_second_delegation_and_its_end_are_told_as_well(world):
    for _time in range(2):
        made = delegating.delegate(
            actor=world.zhao, delegate=world.chu, starts=soon(0), ends=soon(3), reason="出差"
        )
        delegating.revoke_delegation(actor=world.zhao, delegation=made)
    assert Notice.objects.filter(recipient=world.chu).count() == 4


def test_what_is_refused_is_told_to_nobody(world):
    with refused(InvalidInput, "delegate"):
        delegating.delegate(
            actor=world.zhao, delegate=world.zhao, starts=soon(0), ends=soon(3), reason="出差"
        )
    made = let(world.zhao, world.chu)
    with refused(NotAllowed):
        delegating.revoke_delegation(actor=world.chu, delegation=made)
    delegating.revoke_delegation(actor=world.zhao, delegation=made)
    before = who_was_told()
    with refused(WrongStage):
        delegating.revoke_delegation(actor=world.zhao, delegation=made)
    assert who_was_told() == before
