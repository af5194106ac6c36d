"""Acting for somebody else: who may delegate what to whom, for how long, and what it gives."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import (
    NONE,
    DelegatedRight,
    holders_of,
    lock_delegation,
    people_asked,
    person_asked,
    rights_of,
)
from accounts.actions import delegate, end_role, grant_role, revoke_delegation
from accounts.delegable import NEVER_DELEGATED
from accounts.models import Delegation, Organization, RoleHolding, User
from accounts.models.delegations import DelegationState
from accounts.roles import RIGHTS, Right, Role
from audit_log import clock
from audit_log.errors import InvalidInput, JihengError, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.access import visible_to
from evaluations.models import Stage
from notices.jobs import announce
from notices.models import Notice
from tests.cast import person

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 2)
LAST = date(2026, 3, 13)


@contextmanager
def on(day: date):
    """The house clock stands at noon of that day."""
    with clock.at(timezone.make_aware(datetime.combine(day, time(12)))):
        yield


@pytest.fixture(autouse=True)
def today():
    """Every test begins on the first day."""
    with on(FIRST):
        yield


def let(delegator: User, stand_in: User, **options) -> Delegation:
    """A whole delegation over the two weeks, unless the test says otherwise."""
    given = {"starts": FIRST, "ends": LAST, "reason": "出差", **options}
    return delegate(actor=delegator, delegate=stand_in, **given)


def refused_at(field: str, delegator: User, stand_in: User, **options) -> InvalidInput:
    before = Delegation.objects.count()
    with pytest.raises(InvalidInput) as refusal:
        let(delegator, stand_in, **options)
    assert list(refusal.value.fields) == [field]
    assert Delegation.objects.count() == before
    return refusal.value


# --- Refusals -----------------------------------------------------------------------


def test_nobody_delegates_to_themself(world):
    refused_at("delegate", world.qian, world.qian)


def test_a_delegate_who_has_left_is_refused(world):
    world.zhao.is_active = False
    world.zhao.save_as(None)
    refused_at("delegate", world.qian, world.zhao)


def test_a_delegate_without_a_role_under_the_bureau_is_refused(world):
    refused_at("delegate", world.qian, world.wei)
    foreign = Organization(kind="bureau", name="外地财政局", code="900")
    foreign.save_as(None)
    stranger = person("he", "小何", Role.FINANCE_OFFICER, foreign)
    refused_at("delegate", world.qian, stranger)
    grant_role(actor=None, user=world.qian, organization=foreign, role=Role.FINANCE_CHIEF)
    refused_at("delegate", world.qian, stranger)
    let(world.qian, stranger, role=Role.FINANCE_CHIEF)


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"starts": FIRST - timedelta(days=1)}, "starts"),
        ({"starts": FIRST - timedelta(days=9), "ends": FIRST - timedelta(days=2)}, "starts"),
        ({"starts": LAST, "ends": LAST - timedelta(days=1)}, "ends"),
    ],
)
def test_dates_in_the_past_or_the_wrong_way_round_are_refused(world, dates, field):
    refused_at(field, world.qian, world.zhao, **dates)


def test_one_day_from_today_to_today_is_enough(world):
    let(world.qian, world.zhao, ends=FIRST)
    assert rights_of(world.zhao).holds(Right.CONCLUDE, world.department.pk)


def test_a_delegation_needs_a_reason(world):
    refused_at("reason", world.qian, world.zhao, reason="  ")


def test_a_scope_that_the_delegator_does_not_hold_is_refused(world):
    refused_at("role", world.qian, world.zhao, role=Role.DEPARTMENT_REVIEWER)
    refused_at("role", world.qian, world.zhao, role=Role.DEPARTMENT_HEAD, organization=world.other_department)
    refused_at("role", world.wei, world.zhao)


def test_a_role_that_has_ended_cannot_be_delegated(world):
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.qian))
    refused_at("role", world.qian, world.zhao)


def test_an_experts_seat_cannot_be_delegated(world):
    refused_at("role", world.wu, world.zheng, role=Role.EXPERT)
    refused_at("role", world.wu, world.zheng)


def test_an_auditors_role_cannot_be_delegated(world):
    refused_at("role", world.feng, world.lin, role=Role.AUDITOR)
    refused_at("role", world.feng, world.lin)


def test_a_stand_in_gets_nothing_of_what_somebody_sees_as_an_auditor(world):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.AUDITOR)
    let(world.zhao, world.lin)
    assert rights_of(world.lin).delegators(Right.VIEW_EVALUATIONS, world.department.pk) == {world.zhao.pk}
    assert not rights_of(world.lin).holds(Right.VIEW_EVALUATIONS, world.bureau.pk)
    assert world.lin not in people_asked(Right.VIEW_EVALUATIONS, world.bureau.pk)


def test_what_was_delegated_to_somebody_is_not_theirs_to_delegate(world):
    let(world.qian, world.zhao)
    refused_at("role", world.zhao, world.chu, role=Role.DEPARTMENT_HEAD)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"role": Role.DEPARTMENT_HEAD}),
        ({"role": Role.DEPARTMENT_HEAD}, {}),
        ({"role": Role.DEPARTMENT_HEAD}, {"role": Role.DEPARTMENT_HEAD, "here": True}),
        ({"here": True}, {"role": Role.DEPARTMENT_HEAD}),
    ],
)
def test_no_part_is_delegated_twice_on_one_day(world, first, second):
    def scope(given):
        return {
            "role": given.get("role", ""),
            "organization": world.department if given.get("here") else None,
        }

    found = let(world.qian, world.zhao, **scope(first))
    fault = refused_at("starts", world.qian, world.chu, **scope(second), starts=LAST, ends=LAST)
    assert fault.data["found"] == found.pk
    after = LAST + timedelta(days=1)
    let(world.qian, world.chu, **scope(second), starts=after, ends=after)


def test_different_roles_and_organizations_go_to_different_people(world):
    for place in (world.department, world.other_department):
        grant_role(actor=None, user=world.qian, organization=place, role=Role.DEPARTMENT_REVIEWER)
    reviewer = {"role": Role.DEPARTMENT_REVIEWER}
    let(world.qian, world.zhao, role=Role.DEPARTMENT_HEAD)
    let(world.qian, world.chu, **reviewer, organization=world.other_department)
    let(world.qian, world.wang, **reviewer, organization=world.department)
    assert Delegation.objects.in_force().count() == 3


def test_a_revoked_delegation_and_one_to_somebody_who_left_are_in_nobodys_way(world):
    revoke_delegation(actor=world.qian, delegation=let(world.qian, world.zhao))
    let(world.qian, world.chu)
    world.chu.is_active = False
    world.chu.save_as(None)
    let(world.qian, world.wang)
    assert Delegation.objects.in_force().get().delegate == world.wang


def test_two_people_do_not_delegate_to_each_other_on_one_day(world):
    let(world.qian, world.zhao)
    refused_at("delegate", world.zhao, world.qian, starts=LAST, ends=LAST + timedelta(days=9))
    after = LAST + timedelta(days=1)
    let(world.zhao, world.qian, starts=after, ends=after)


def test_a_longer_ring_is_refused_where_all_of_it_falls_on_one_day(world):
    middle = FIRST + timedelta(days=5)
    let(world.zhao, world.qian)
    let(world.qian, world.chu, ends=middle)
    refused_at("delegate", world.chu, world.zhao, starts=middle)
    let(world.chu, world.zhao, starts=middle + timedelta(days=1))


def test_a_ring_through_somebody_who_left_is_none(world):
    let(world.zhao, world.qian)
    let(world.qian, world.chu)
    world.qian.is_active = False
    world.qian.save_as(None)
    let(world.chu, world.zhao)
    assert not rights_of(world.chu).delegators(Right.REVIEW_DEPARTMENT, world.department.pk)


def test_the_database_itself_refuses_a_delegation_to_oneself_and_one_that_ends_before_it_starts(world):
    row = {"delegator": world.qian, "reason": "出差", "starts": FIRST}
    before = FIRST - timedelta(days=1)
    for wrong in ({"delegate": world.qian, "ends": LAST}, {"delegate": world.zhao, "ends": before}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation(**row, **wrong).save_as(None)


# --- What it gives ------------------------------------------------------------------


def test_a_delegation_is_in_force_on_its_first_and_last_day_and_on_no_other(world):
    let(world.qian, world.zhao, starts=FIRST + timedelta(days=1))
    asked = {
        FIRST: False,
        FIRST + timedelta(days=1): True,
        LAST: True,
        LAST + timedelta(days=1): False,
    }
    found = {}
    for day in asked:
        with on(day):
            found[day] = rights_of(world.zhao).holds(Right.CONCLUDE, world.department.pk)
    assert found == asked


def test_the_last_day_ends_at_midnight_where_the_house_is(world):
    let(world.qian, world.zhao)
    midnight = timezone.make_aware(datetime.combine(LAST + timedelta(days=1), time()))
    for moment, held in ((midnight - timedelta(seconds=1), True), (midnight, False)):
        with clock.at(moment):
            assert rights_of(world.zhao).holds(Right.CONCLUDE, world.department.pk) is held


def test_own_and_delegated_rights_are_told_apart(world):
    let(world.qian, world.zhao)
    rights, place = rights_of(world.zhao), world.department.pk
    assert rights.holds(Right.CONCLUDE, place)
    assert not rights.own(Right.CONCLUDE, place)
    assert rights.own(Right.REVIEW_DEPARTMENT, place)
    assert rights.delegators(Right.CONCLUDE, place) == {world.qian.pk}
    assert rights.delegators(Right.REVIEW_DEPARTMENT, place) == {world.qian.pk}
    assert rights.delegators(Right.RUN_EVALUATION, place) == frozenset()
    assert rights.at(Right.CONCLUDE) == rights.by_codename[Right.CONCLUDE] == {place}
    assert rights.anywhere(Right.CONCLUDE)
    for nowhere in (None, world.unit.pk):
        assert not rights.own(Right.REVIEW_DEPARTMENT, nowhere)
        assert not rights.delegators(Right.CONCLUDE, nowhere)


def test_the_rights_of_each_delegator_come_with_their_organizations(world):
    grant_role(actor=None, user=world.qian, organization=world.other_department, role=Role.DEPARTMENT_HEAD)
    let(world.qian, world.lin)
    let(world.wang, world.lin)
    found = rights_of(world.lin).delegated_rights()
    departments = frozenset({world.department.pk, world.other_department.pk})
    assert DelegatedRight(world.qian.pk, Right.CONCLUDE, departments) in found
    assert DelegatedRight(world.wang.pk, Right.APPROVE_UNIT, frozenset({world.unit.pk})) in found
    assert {(given.delegator_id, given.codename) for given in found} == {
        *((world.qian.pk, right) for right in RIGHTS[Role.DEPARTMENT_HEAD]),
        *((world.wang.pk, right) for right in RIGHTS[Role.UNIT_APPROVER]),
    }


def test_one_role_gives_only_its_rights_and_one_organization_only_that(world):
    grant_role(actor=None, user=world.qian, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    grant_role(actor=None, user=world.qian, organization=world.other_department, role=Role.DEPARTMENT_HEAD)
    let(world.qian, world.wang, role=Role.DEPARTMENT_HEAD, organization=world.department)
    rights = rights_of(world.wang)
    assert {codename for codename, _place in rights.delegated} == RIGHTS[Role.DEPARTMENT_HEAD]
    assert {place for _codename, place in rights.delegated} == {world.department.pk}


@pytest.mark.parametrize("right", sorted(NEVER_DELEGATED))
def test_seats_people_and_the_audit_trail_are_never_delegated(world, right):
    grant_role(actor=None, user=world.zhou, organization=world.bureau, role=Role.EXPERT)
    assert rights_of(world.zhou).own(right, world.bureau.pk)
    let(world.zhou, world.sun)
    assert rights_of(world.sun).delegators(Right.CONCLUDE, world.bureau.pk) == {world.zhou.pk}
    assert not rights_of(world.sun).anywhere(right)
    assert world.sun not in people_asked(right, world.bureau.pk)
    with pytest.raises(NotAllowed):
        lock_delegation(world.zhou.pk, world.sun.pk, right, world.bureau.pk)


def test_a_delegation_is_not_passed_on(world):
    let(world.qian, world.zhao)
    let(world.zhao, world.wang)
    rights = rights_of(world.wang)
    assert rights.delegators(Right.REVIEW_DEPARTMENT, world.department.pk) == {world.zhao.pk}
    assert not rights.anywhere(Right.CONCLUDE)


def test_it_carries_what_the_delegator_holds_at_the_moment(world):
    let(world.qian, world.zhao)
    holding = RoleHolding.objects.get(user=world.qian)
    end_role(actor=None, holding=holding)
    assert rights_of(world.zhao).delegated == {}
    grant_role(actor=None, user=world.qian, organization=world.other_department, role=Role.DEPARTMENT_HEAD)
    assert rights_of(world.zhao).at(Right.CONCLUDE) == {world.other_department.pk}


@pytest.mark.parametrize("who", ["qian", "zhao"])
def test_it_is_over_when_one_of_the_two_has_left(world, who):
    found = let(world.qian, world.zhao)
    left = world.people[who]
    left.is_active = False
    left.save_as(None)
    stand_in = User.objects.get(pk=world.zhao.pk)
    assert not rights_of(stand_in).anywhere(Right.CONCLUDE)
    assert (rights_of(stand_in) == NONE) == (who == "zhao")
    assert Delegation.objects.get(pk=found.pk).state == DelegationState.ENDED
    assert not Delegation.objects.in_force().exists()


def test_a_stand_in_sees_what_the_delegator_sees(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert evaluation not in visible_to(world.chu)
    let(world.qian, world.chu)
    assert evaluation in visible_to(User.objects.get(pk=world.chu.pk))


def test_rights_are_read_in_one_statement_with_many_delegations(world, django_assert_num_queries):
    for delegator in (world.lin, world.wang, world.qian, world.chen, world.zhou):
        let(delegator, world.zhao)
    with django_assert_num_queries(1):
        rights = rights_of(world.zhao)
    assert len({given.delegator_id for given in rights.delegated_rights()}) == 5


def test_all_ways_to_ask_who_stands_in_agree(world):
    """Rights, the lock and the condition for larger queries are one rule, written three ways."""
    grant_role(actor=None, user=world.qian, organization=world.other_department, role=Role.DEPARTMENT_HEAD)
    grant_role(actor=None, user=world.zhou, organization=world.bureau, role=Role.EXPERT)
    let(world.qian, world.wang, role=Role.DEPARTMENT_HEAD, organization=world.other_department)
    let(world.zhou, world.sun)
    let(world.sun, world.feng, role=Role.FINANCE_OFFICER, ends=FIRST)
    let(world.lin, world.wang, starts=LAST)
    revoke_delegation(actor=world.wang, delegation=let(world.wang, world.chen))
    people = [one for one in world.people.values() if one != world.wei]
    places = Organization.objects.values_list("pk", flat=True)
    for day in (FIRST, FIRST + timedelta(days=1), LAST):
        with on(day):
            by_rights = {
                (giver, stand_in.pk, right, place)
                for stand_in in people
                for (right, place), givers in rights_of(stand_in).delegated.items()
                for giver in givers
            }
            by_lock = {
                (giver.pk, stand_in.pk, right.value, place)
                for giver in (world.qian, world.zhou, world.sun, world.lin, world.wang)
                for stand_in in (world.wang, world.sun, world.feng, world.chen)
                for right in Right
                for place in places
                if is_locked(giver, stand_in, right, place)
            }
            by_condition = {
                (found.delegator_id, found.delegate_id, right.value, place)
                for right in Right
                for place in places
                for found in Delegation.objects.carrying(right, place)
            }
            assert by_rights == by_lock == by_condition
            assert by_rights


def is_locked(giver: User, stand_in: User, right: Right, place: int) -> bool:
    try:
        lock_delegation(giver.pk, stand_in.pk, right, place)
    except NotAllowed:
        return False
    return True


# --- Whom a step asks, and who is told ------------------------------------------------


def names(people) -> list[str]:
    return sorted(one.username for one in people)


def test_stand_ins_are_asked_beside_the_holders_and_hold_nothing_themselves(world):
    let(world.qian, world.chu)
    place = world.department.pk
    assert names(holders_of(Right.REVIEW_DEPARTMENT, place)) == ["qian", "zhao"]
    assert names(people_asked(Right.REVIEW_DEPARTMENT, place)) == ["chu", "qian", "zhao"]
    assert names(people_asked(Right.CONCLUDE, place)) == ["chu", "qian"]


def test_what_is_one_persons_asks_their_stand_in_for_that_right_too(world):
    let(world.lin, world.chen)
    let(world.wang, world.chen)
    place = world.unit.pk
    assert names(person_asked(world.lin.pk, Right.FILL_SELF_ASSESSMENT, place)) == ["chen", "lin"]
    assert names(person_asked(world.lin.pk, Right.APPROVE_UNIT, place)) == ["lin"]
    assert names(person_asked(world.lin.pk, Right.FILL_SELF_ASSESSMENT, world.other_unit.pk)) == ["lin"]
    assert names(person_asked(world.lin.pk)) == ["lin"]


CLOSED = {"message": "“%(project)s” is closed.", "values": {"project": "项目"}, "path": "/", "source": "test"}


def notice(**recipients) -> list[str]:
    """Tell them, twice; who has it then."""
    for _time in range(2):
        announce(**CLOSED, **recipients)
    return names(one.recipient for one in Notice.objects.select_related("recipient"))


def test_holders_and_stand_ins_are_told_once_each(world):
    let(world.qian, world.zhao)
    let(world.zhao, world.chu)
    told = notice(right="review_department", organization_id=world.department.pk)
    assert told == ["chu", "qian", "zhao"]


def test_an_owner_and_the_stand_in_are_told(world):
    let(world.lin, world.wang)
    told = notice(owner_id=world.lin.pk, right="fill_self_assessment", organization_id=world.unit.pk)
    assert told == ["lin", "wang"]


def test_nobody_is_told_of_an_experts_seat_for_the_expert(world):
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.EXPERT)
    let(world.sun, world.zhou)
    assert notice(owner_id=world.sun.pk) == ["sun"]


def test_telling_takes_one_statement_with_stand_ins(world, django_assert_num_queries):
    let(world.qian, world.chu)
    with transaction.atomic(), django_assert_num_queries(1):
        announce(**CLOSED, right="review_department", organization_id=world.department.pk)


# --- Revoking, and what is kept -------------------------------------------------------


@pytest.mark.parametrize("who", ["qian", "zhou"])
def test_the_delegator_or_whoever_manages_their_people_revokes(world, who):
    found = let(world.qian, world.zhao)
    revoked = revoke_delegation(actor=world.people[who], delegation=found, reason="提前返岗")
    assert (revoked.revoked_by, revoked.revoked_at) == (world.people[who], clock.now())
    assert not rights_of(world.zhao).anywhere(Right.CONCLUDE)
    with pytest.raises(NotAllowed):
        lock_delegation(world.qian.pk, world.zhao.pk, Right.CONCLUDE, world.department.pk)


@pytest.mark.parametrize("who", ["zhao", "sun", "lin", "wei"])
def test_nobody_else_revokes(world, who):
    found = let(world.qian, world.zhao)
    with pytest.raises(NotAllowed):
        revoke_delegation(actor=world.people[who], delegation=found)
    assert Delegation.objects.in_force().exists()


def test_a_manager_of_another_bureau_does_not_revoke(world):
    foreign = Organization(kind="bureau", name="外地财政局", code="900")
    foreign.save_as(None)
    chief = person("he", "小何", Role.FINANCE_CHIEF, foreign)
    with pytest.raises(NotAllowed):
        revoke_delegation(actor=chief, delegation=let(world.qian, world.zhao))


def test_a_delegation_is_revoked_once_and_not_after_its_end(world):
    found = let(world.qian, world.zhao)
    later = let(world.zhou, world.sun)
    revoke_delegation(actor=world.qian, delegation=found)
    with pytest.raises(WrongStage):
        revoke_delegation(actor=world.qian, delegation=found)
    with on(LAST + timedelta(days=1)), pytest.raises(WrongStage):
        revoke_delegation(actor=world.zhou, delegation=later)


def test_one_that_is_still_to_come_can_be_revoked(world):
    found = let(world.qian, world.zhao, starts=LAST)
    assert found.state == DelegationState.TO_COME
    revoke_delegation(actor=world.qian, delegation=found)
    with on(LAST):
        assert not rights_of(world.zhao).anywhere(Right.CONCLUDE)


def test_both_verbs_are_written_into_the_delegators_chain_and_the_history(world):
    found = let(world.qian, world.zhao, role=Role.DEPARTMENT_HEAD)
    revoke_delegation(actor=world.zhou, delegation=found, reason="岗位调整")
    made, revoked = AuditEvent.objects.filter(object_type="delegation", object_id=found.pk)
    assert made.chain == revoked.chain == f"person:{world.qian.pk}"
    assert (made.verb, made.actor_id, made.data["reason"]) == ("delegate", world.qian.pk, "出差")
    assert (made.data["delegate"], made.data["role"]) == (world.zhao.pk, "department_head")
    assert (made.data["starts"], made.data["ends"]) == (FIRST.isoformat(), LAST.isoformat())
    assert (revoked.verb, revoked.actor_id) == ("revoke_delegation", world.zhou.pk)
    assert revoked.data["reason"] == "岗位调整"
    assert Delegation.history.filter(id=found.pk).latest().history_change_reason == "岗位调整"


def test_people_with_delegations_cannot_be_deleted(world):
    let(world.qian, world.zhao)
    with pytest.raises(JihengError):
        world.zhao.delete()
