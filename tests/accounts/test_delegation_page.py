"""The page on which people let others act for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.access import rights_of
from accounts.actions import delegate, grant_role, revoke_delegation
from accounts.delegation_form import OFFERED
from accounts.models import Delegation, Organization, User
from accounts.roles import Right, Role
from audit_log import clock
from audit_log.models import AuditEvent, Refusal
from tests.cast import person, soon
from tests.workflow.reading import get, statements_of, text_of

pytestmark = pytest.mark.django_db

PAGE = reverse("delegations")


def typed(stand_in: User, **changes):
    return {
        "delegate": stand_in.pk,
        "scope": "all",
        "starts": clock.today().isoformat(),
        "ends": soon(7).isoformat(),
        "reason": "外出学习",
        **changes,
    }


def let(delegator: User, stand_in: User, **options) -> Delegation:
    given = {"starts": clock.today(), "ends": soon(7), "reason": "外出学习", **options}
    return delegate(actor=delegator, delegate=stand_in, **given)


def offered(page) -> list[str]:
    return [label for value, label in page.context["form"].fields["delegate"].choices if value]


def test_a_role_is_delegated_on_the_page(world, as_):
    client = as_(world.qian)
    reply = client.post(
        reverse("delegate"), typed(world.zhao, scope=f"department_head@{world.department.pk}")
    )
    assert (reply.status_code, reply.url) == (302, PAGE)
    made = Delegation.objects.get()
    assert (made.delegator, made.delegate, made.reason) == (world.qian, world.zhao, "外出学习")
    assert (made.role, made.organization) == (Role.DEPARTMENT_HEAD, world.department)
    assert rights_of(world.zhao).delegators(Right.CONCLUDE, world.department.pk) == {world.qian.pk}
    assert AuditEvent.objects.filter(verb="delegate", actor_id=world.qian.pk).exists()
    page = text_of(get(client, PAGE))
    assert "小赵" in page
    assert "in force" in page


def test_the_whole_and_a_role_at_all_its_places_are_offered(world, as_):
    client = as_(world.qian)
    grant_role(actor=None, user=world.qian, organization=world.other_department, role=Role.DEPARTMENT_HEAD)
    grant_role(actor=None, user=world.qian, organization=world.bureau, role=Role.EXPERT)
    scopes = [value for value, _label in get(client, PAGE).context["form"].fields["scope"].choices]
    places = [f"department_head@{place.pk}" for place in (world.department, world.other_department)]
    assert scopes == ["all", "department_head", *places]
    assert client.post(reverse("delegate"), typed(world.zhao, scope="department_head")).status_code == 302
    assert client.post(reverse("delegate"), typed(world.zhao, scope="department_head@0")).status_code == 422
    made = Delegation.objects.get()
    assert (made.role, made.organization) == (Role.DEPARTMENT_HEAD, None)


def test_the_four_states_are_shown_to_both_people(world, as_):
    today = clock.today()
    let(world.qian, world.zhao)
    let(world.qian, world.zhao, starts=soon(20), ends=soon(21))
    revoke_delegation(
        actor=world.qian, delegation=let(world.qian, world.zhao, starts=soon(30), ends=soon(31))
    )
    with clock.at(clock.now() - timedelta(days=60)):
        let(world.qian, world.zhao, starts=today - timedelta(days=50), ends=today - timedelta(days=40))
    for who, of in ((world.qian, "given"), (world.zhao, "received")):
        page = get(as_(who), PAGE)
        states = [str(row.state) for row in page.context[of]]
        assert states == ["revoked", "to_come", "in_force", "ended"]
        assert all(words in text_of(page) for words in ("revoked", "to come", "in force", "ended"))
    assert get(as_(world.qian), PAGE).content.decode().count("/revoke/") == 2
    assert "/revoke/" not in get(as_(world.zhao), PAGE).content.decode()


def test_colleagues_of_the_bureau_are_found_by_name_post_and_organization(world, as_):
    foreign = Organization(kind="bureau", name="外地财政局", code="900")
    foreign.save_as(None)
    person("he", "小何", Role.FINANCE_OFFICER, foreign)
    client = as_(world.qian)
    everybody = offered(get(client, PAGE))
    assert not [label for label in everybody if "小何" in label or "小卫" in label or "小钱" in label]
    assert offered(get(client, PAGE, q="小赵")) == [f"小赵 · department reviewer, {world.department.name}"]
    found = offered(get(client, PAGE, q="社会保险服务中心"))
    assert [label.split(" · ")[0] for label in found] == ["小林", "小王"]
    assert offered(get(client, PAGE, q="何")) == []


def test_a_long_list_of_colleagues_is_cut_and_says_so(world, as_):
    for number in range(OFFERED):
        person(f"colleague-{number}", f"同事{number:02}", Role.AUDITOR, world.bureau)
    page = get(as_(world.qian), PAGE)
    assert len(offered(page)) == OFFERED
    assert "Only the first people found are listed" in text_of(page)
    assert "Only the first" not in text_of(get(as_(world.qian), PAGE, q="同事01"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts": "2020-01-01"}, "starts"),
        ({"ends": "2020-01-01"}, "ends"),
        ({"ends": "someday"}, "ends"),
        ({"reason": " "}, "reason"),
        ({"scope": "finance_chief"}, "scope"),
        ({"delegate": "wei"}, "delegate"),
        ({"delegate": "99999999999999999999"}, "delegate"),
        ({"delegate": ""}, "delegate"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(world, as_, changes, field):
    reply = as_(world.qian).post(reverse("delegate"), typed(world.zhao, **changes))
    assert reply.status_code == 422
    assert reply.context["form"].errors[field]
    assert not Delegation.objects.exists()
    if field != "reason":
        assert "外出学习" in reply.content.decode()


def test_whoever_was_chosen_stays_in_the_list_beside_what_was_searched(world, as_):
    data = typed(world.zhao, ends="2020-01-01", q="小林")
    page = as_(world.qian).post(reverse("delegate"), data)
    assert [label.split(" · ")[0] for label in offered(page)] == ["小林", "小赵"]
    assert f'<option value="{world.zhao.pk}" selected>' in page.content.decode()


def test_what_the_verb_refuses_stands_at_its_field_and_is_noted(world, as_):
    let(world.qian, world.zhao)
    reply = as_(world.qian).post(reverse("delegate"), typed(world.chu))
    assert reply.status_code == 422
    assert "小赵" in str(reply.context["form"].errors["starts"])
    refusal = Refusal.objects.get()
    assert (refusal.verb, refusal.actor_id, refusal.code) == ("delegate", world.qian.pk, "invalid_input")


def test_nobody_is_offered_the_form_without_a_role_that_can_be_delegated(world, as_):
    for who in (world.wei, world.wu):
        page = get(as_(who), PAGE)
        assert "You hold no role that could be delegated" in text_of(page)
        assert as_(who).post(reverse("delegate"), typed(world.zhao)).status_code == 422
    assert not Delegation.objects.exists()


def test_the_delegator_and_the_chief_revoke_on_the_page(world, as_):
    for who in (world.qian, world.zhou):
        made = let(world.qian, world.zhao)
        address = reverse("revoke_delegation", args=[made.pk])
        assert address in get(as_(who), PAGE).content.decode()
        assert as_(who).post(address).status_code == 302
        made.refresh_from_db()
        assert made.revoked_by == who
        assert as_(who).post(address).status_code == 409


def test_who_received_it_may_see_it_and_not_revoke_it_and_for_others_it_does_not_exist(world, as_):
    address = reverse("revoke_delegation", args=[let(world.qian, world.zhao).pk])
    assert as_(world.zhao).post(address).status_code == 403
    for who in (world.sun, world.lin, world.wei):
        assert as_(who).post(address).status_code == 404
    assert not Delegation.objects.exclude(revoked_at=None).exists()


def test_the_chief_sees_what_is_delegated_among_the_bureaus_people_now_or_later(world, as_):
    let(world.qian, world.zhao)
    let(world.lin, world.wang, starts=soon(3))
    revoke_delegation(actor=world.sun, delegation=let(world.sun, world.feng))
    page = get(as_(world.zhou), PAGE)
    assert {row.delegator for row in page.context["page_obj"]} == {world.qian, world.lin}
    assert get(as_(world.sun), PAGE).context["page_obj"] is None


def test_the_page_costs_the_same_whatever_the_number(world, as_):
    client = as_(world.zhou)
    let(world.zhou, world.sun, ends=clock.today())
    let(world.lin, world.wang, ends=clock.today())
    few = statements_of(client, PAGE)
    for number in range(1, 12):
        day = soon(number)
        for giver, stand_in in ((world.zhou, world.sun), (world.lin, world.wang), (world.qian, world.zhou)):
            let(giver, stand_in, starts=day, ends=day)
    assert statements_of(client, PAGE) == few


def test_every_page_leads_to_the_delegations(world, as_):
    assert f'href="{PAGE}"' in as_(world.lin).get(reverse("inbox")).content.decode()
