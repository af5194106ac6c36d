"""The page on which people and their roles are managed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.access import rights_of
from accounts.actions import grant_role
from accounts.models import Organization, RoleHolding, User
from accounts.roles import Right, Role
from audit_log.models import AuditEvent, Refusal

pytestmark = pytest.mark.django_db


def details(world, **changes):
    return {
        "username": "hao",
        "display_name": "小郝",
        "title": "",
        "password": "three-long-words-2026",
        "organization": world.unit.pk,
        "role": Role.UNIT_APPROVER,
        **changes,
    }


def test_the_chief_sees_who_holds_which_role(world, as_):
    page = as_(world.zhou).get(reverse("people"))
    assert page.status_code == 200
    for person in (world.lin, world.zhao, world.sun):
        assert person.display_name in page.content.decode()


def test_the_page_does_not_exist_for_others(world, as_):
    assert as_(world.sun).get(reverse("people")).status_code == 404
    assert as_(world.wei).get(reverse("people")).status_code == 404
    assert as_(world.sun).post(reverse("add_person"), details(world)).status_code == 404
    assert not User.objects.filter(username="hao").exists()


def test_a_person_is_added_with_a_first_role(world, as_):
    reply = as_(world.zhou).post(reverse("add_person"), details(world))
    assert reply.status_code == 302
    added = User.objects.get(username="hao")
    assert rights_of(added).holds(Right.APPROVE_UNIT, world.unit.pk)
    assert added.check_password("three-long-words-2026")
    assert AuditEvent.objects.filter(verb="add_person", object_id=added.pk, actor_id=world.zhou.pk).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "lin"}, "username"),
        ({"username": "with space"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890123"}, "password"),
        ({"role": Role.FINANCE_OFFICER}, "role"),
    ],
)
def test_a_fault_stands_at_its_field_and_nobody_is_added(world, as_, changes, field):
    before = User.objects.count()
    reply = as_(world.zhou).post(reverse("add_person"), details(world, **changes))
    assert reply.status_code == 422
    assert reply.context["person_form"].errors[field]
    assert User.objects.count() == before


def test_an_organization_of_another_bureau_cannot_be_chosen(world, as_):
    foreign = Organization(kind="bureau", name="外地财政局", code="900")
    foreign.save_as(None)
    data = details(world, organization=foreign.pk, role=Role.AUDITOR)
    reply = as_(world.zhou).post(reverse("add_person"), data)
    assert reply.status_code == 422
    assert reply.context["person_form"].errors["organization"]


def test_a_role_is_granted_and_ended(world, as_):
    chief = as_(world.zhou)
    data = {"username": "zhao", "organization": world.other_department.pk, "role": Role.DEPARTMENT_HEAD}
    assert chief.post(reverse("grant_role"), data).status_code == 302
    assert rights_of(world.zhao).holds(Right.CONCLUDE, world.other_department.pk)
    holding = RoleHolding.objects.get(user=world.zhao, organization=world.other_department)
    assert chief.post(reverse("end_role", args=[holding.pk])).status_code == 302
    assert not rights_of(world.zhao).holds(Right.CONCLUDE, world.other_department.pk)
    assert chief.post(reverse("end_role", args=[holding.pk])).status_code == 409


def test_a_role_at_another_bureau_is_not_found(world, as_):
    holding = RoleHolding.objects.get(user=world.lin)
    assert as_(world.sun).post(reverse("end_role", args=[holding.pk])).status_code == 404
    holding.refresh_from_db()
    assert holding.ended_at is None


def test_a_unit_is_added_below_a_department(world, as_):
    data = {"parent": world.department.pk, "name": "衡州市职业培训中心", "code": "113"}
    assert as_(world.zhou).post(reverse("add_organization"), data).status_code == 302
    assert Organization.objects.get(code="113").parent == world.department
    again = as_(world.zhou).post(reverse("add_organization"), data)
    assert again.status_code == 422
    assert again.context["organization_form"].errors["code"]


def test_the_page_needs_the_same_statements_for_many_people(world, as_, django_assert_max_num_queries):
    chief = as_(world.zhou)
    chief.get(reverse("people"))
    with django_assert_max_num_queries(14):
        chief.get(reverse("people"))
    for number in range(20):
        data = details(world, username=f"person-{number}")
        assert chief.post(reverse("add_person"), data).status_code == 302
    with django_assert_max_num_queries(14):
        assert chief.get(reverse("people")).content.decode().count("person-") >= 20


def test_an_account_is_closed_with_all_its_roles(world, as_):
    grant_role(actor=None, user=world.zhao, organization=world.other_department, role=Role.DEPARTMENT_HEAD)
    browser = as_(world.zhao)
    address = reverse("deactivate_person", args=[world.zhao.pk])
    assert as_(world.zhou).post(address, {"reason": "调离"}).status_code == 302
    world.zhao.refresh_from_db()
    assert not world.zhao.is_active
    assert not RoleHolding.objects.filter(user=world.zhao, ended_at=None).exists()
    assert not world.zhao.groups.exists()
    assert browser.get(reverse("inbox")).status_code == 302
    event = AuditEvent.objects.get(verb="deactivate_person")
    assert (event.object_id, event.data["reason"]) == (world.zhao.pk, "调离")


def test_nobody_closes_their_own_account_nor_one_that_reaches_beyond_their_bureau(world, as_):
    chief = as_(world.zhou)
    assert chief.post(reverse("deactivate_person", args=[world.zhou.pk])).status_code == 403
    foreign = Organization(kind="bureau", name="外地财政局", code="900")
    foreign.save_as(None)
    grant_role(actor=None, user=world.feng, organization=foreign, role=Role.AUDITOR)
    assert chief.post(reverse("deactivate_person", args=[world.feng.pk])).status_code == 403
    assert RoleHolding.objects.filter(user=world.feng, ended_at=None).count() == 2
    assert User.objects.filter(pk__in=[world.zhou.pk, world.feng.pk], is_active=True).count() == 2


def test_a_refusal_on_the_people_page_is_noted(world, as_):
    as_(world.zhou).post(
        reverse("grant_role"), {"username": "zhou", "organization": world.bureau.pk, "role": Role.AUDITOR}
    )
    refusal = Refusal.objects.get()
    assert (refusal.verb, refusal.actor_id, refusal.code) == (
        "grant_role",
        world.zhou.pk,
        "conflict_of_interest",
    )


def test_nobody_ends_a_role_of_their_own(world, as_):
    holding = RoleHolding.objects.get(user=world.zhou)
    assert as_(world.zhou).post(reverse("end_role", args=[holding.pk])).status_code == 403
    holding.refresh_from_db()
    assert holding.ended_at is None
