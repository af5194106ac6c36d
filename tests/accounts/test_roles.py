"""Granting and ending roles: what people hold, and the groups that follow."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from accounts.access import NONE, holders_of, rights_of
from accounts.actions import add_organization, add_person, end_role, grant_role
from accounts.models import RoleGroup, RoleHolding, User
from accounts.roles import HELD_AT, RIGHTS, Right, Role
from audit_log.errors import ConflictOfInterest, InvalidInput, JihengError, WrongStage
from audit_log.models import AuditEvent
from evaluations.access import visible_to
from evaluations.models import Stage
from workflow.access import waiting_for


def fresh(user):
    """The person as the next request sees them: nothing remembered."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", Role)
def test_a_role_gives_exactly_its_rights_at_exactly_its_organization(world, role):
    place = {"unit": world.unit, "department": world.department, "bureau": world.bureau}[HELD_AT[role]]
    person = add_person(actor=None, username="gu", display_name="小顾", password="weighed-and-found-good")
    grant_role(actor=None, user=person, organization=place, role=role)
    assert rights_of(person).by_codename == {right: frozenset({place.pk}) for right in RIGHTS[role]}


def test_granting_puts_the_person_into_the_roles_one_group(world):
    before = Group.objects.count()
    holding = grant_role(actor=None, user=world.wei, organization=world.unit, role=Role.PROJECT_LEAD)
    group = RoleGroup.objects.get(organization=world.unit, role=Role.PROJECT_LEAD).group
    assert list(world.wei.groups.all()) == [group]
    assert Group.objects.count() == before
    assert holding.ended_at is None


def test_a_role_is_held_once_at_a_time(world):
    with pytest.raises(InvalidInput):
        grant_role(actor=None, user=world.lin, organization=world.unit, role=Role.PROJECT_LEAD)


def test_ending_a_role_takes_the_rights_and_keeps_the_holding(world):
    holding = RoleHolding.objects.get(user=world.zhao)
    end_role(actor=None, holding=holding, reason="调离")
    assert rights_of(world.zhao) == NONE
    assert RoleHolding.objects.get(user=world.zhao).ended_at is not None
    assert not world.zhao.groups.exists()


def test_a_role_ends_once_and_can_be_granted_anew(world):
    holding = RoleHolding.objects.get(user=world.zhao)
    end_role(actor=None, holding=holding)
    with pytest.raises(WrongStage):
        end_role(actor=None, holding=holding)
    grant_role(actor=None, user=world.zhao, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    assert RoleHolding.objects.filter(user=world.zhao).count() == 2
    assert rights_of(world.zhao).holds(Right.REVIEW_DEPARTMENT, world.department.pk)


def test_ending_one_role_leaves_the_persons_others(world):
    grant_role(actor=None, user=world.wang, organization=world.unit, role=Role.PROJECT_LEAD)
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.wang, role=Role.UNIT_APPROVER))
    rights = rights_of(world.wang)
    assert rights.holds(Right.FILL_SELF_ASSESSMENT, world.unit.pk)
    assert not rights.anywhere(Right.APPROVE_UNIT)


def test_rights_reach_neither_up_nor_down_the_tree(world):
    rights = rights_of(world.zhao)
    assert rights.at(Right.VIEW_EVALUATIONS) == {world.department.pk}
    assert not rights.holds(Right.VIEW_EVALUATIONS, None)


@pytest.mark.parametrize("name", ["lin", "zhao", "sun", "zhou"])
def test_a_closed_account_has_no_rights_and_sees_nothing(world, self_evaluation, name):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    person = fresh(world.people[name])
    assert visible_to(person).exists()
    person.is_active = False
    person.save_as(world.zhou)
    person = fresh(person)
    assert rights_of(person) == NONE
    assert not visible_to(person).exists()
    assert not waiting_for(person).exists()


def test_a_superuser_without_a_role_sees_nothing_and_may_nothing(world, self_evaluation):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert world.wei.is_superuser
    assert world.wei.has_perm("accounts.view_evaluations", world.department)
    assert rights_of(world.wei) == NONE
    assert not visible_to(world.wei).exists()
    assert not waiting_for(world.wei).exists()


def test_the_holders_of_a_right_are_active_people_once_each(world):
    grant_role(actor=None, user=world.qian, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    holders = holders_of(Right.REVIEW_DEPARTMENT, world.department.pk)
    assert sorted(holders.values_list("username", flat=True)) == ["qian", "zhao"]
    world.zhao.is_active = False
    world.zhao.save_as(None)
    assert list(holders.values_list("username", flat=True)) == ["qian"]
    assert not holders_of(Right.REVIEW_DEPARTMENT, world.unit.pk).exists()


def test_people_cannot_be_deleted(world):
    with pytest.raises(JihengError):
        world.feng.delete()
    with pytest.raises(JihengError):
        User.objects.filter(username="feng").delete()
    with pytest.raises(JihengError):
        User.objects.all().delete()
    assert User.objects.filter(username="feng").exists()


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("bureau", "bureau"),
        ("department", None),
        ("department", "department"),
        ("unit", "bureau"),
        ("unit", "unit"),
        ("unit", None),
    ],
)
def test_an_organization_stands_at_its_place_in_the_tree(world, kind, parent):
    above = getattr(world, parent) if parent else None
    with pytest.raises(InvalidInput) as refusal:
        add_organization(actor=None, kind=kind, name="错位", code="999", parent=above)
    assert list(refusal.value.fields) == ["parent"]


def test_codes_of_organizations_and_user_names_are_used_once(world):
    with pytest.raises(InvalidInput):
        add_organization(actor=None, kind="bureau", name="另一个局", code="100")
    with pytest.raises(InvalidInput):
        add_person(actor=None, username="lin", display_name="又一个", password="weighed-and-found-good")


def test_granting_and_ending_are_written_into_the_organizations_chain(world):
    end_role(actor=world.zhou, holding=RoleHolding.objects.get(user=world.lin), reason="离任")
    events = AuditEvent.objects.filter(chain=f"organization:{world.unit.pk}")
    assert [event.verb for event in events][-1] == "end_role"
    assert events.last().data["reason"] == "离任"
    assert RoleHolding.history.filter(user=world.lin).latest().history_change_reason == "离任"


def test_nobody_grants_a_role_to_themself(world):
    with pytest.raises(ConflictOfInterest):
        grant_role(actor=world.zhou, user=world.zhou, organization=world.bureau, role=Role.FINANCE_OFFICER)
    assert not rights_of(world.zhou).holds(Right.RUN_EVALUATION, world.bureau.pk)
