"""The views that people keep of the ledger: saved, renamed by saving again, deleted, nobody else's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit_log.errors import InvalidInput, NotFound
from tests.approvals.refusals import refused
from workflow.ledger_views import MOST_VIEWS, save_view, view_for
from workflow.models import LedgerView

LATE = "status=overdue&severity=serious"


def save(client, name, query=LATE, **more):
    return client.post(reverse("save_ledger_view"), {"name": name, "query": query, **more})


def kept(person):
    return list(LedgerView.objects.filter(person=person).values_list("name", "query"))


def test_a_view_is_saved_and_leads_back_to_its_filters(world, as_):
    client = as_(world.sun)
    answer = save(client, "逾期重大事项", "severity=serious&status=overdue&page=3&q=")
    assert answer["Location"] == f"{reverse('ledger')}?{LATE}"
    assert kept(world.sun) == [("逾期重大事项", LATE)]
    shown = client.get(answer["Location"]).context["views"]
    assert shown == [{"label": "逾期重大事项", "url": f"{reverse('ledger')}?{LATE}", "current": True}]
    assert client.get(reverse("ledger")).context["views"][0]["current"] is False


def test_saving_under_a_name_again_replaces_its_filters(world, as_):
    client = as_(world.sun)
    save(client, "我的台账")
    save(client, "我的台账", "status=open")
    assert kept(world.sun) == [("我的台账", "status=open")]


def test_saving_the_view_that_is_looked_at_under_another_name_renames_it(world, as_):
    client = as_(world.sun)
    save(client, "我的台账")
    save(client, "逾期台账", view=LedgerView.objects.get().pk)
    assert kept(world.sun) == [("逾期台账", LATE)]
    assert list(LedgerView.objects.get().history.values_list("name", flat=True)) == ["逾期台账", "我的台账"]


def test_a_view_cannot_take_the_name_of_another(world, as_):
    client = as_(world.sun)
    save(client, "甲")
    save(client, "乙", "status=open")
    answer = save(client, "甲", "status=open", view=LedgerView.objects.get(name="乙").pk)
    assert answer.status_code == 422
    assert "name" in answer.context["view_form"].errors
    assert kept(world.sun) == [("乙", "status=open"), ("甲", LATE)]


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_a_name_that_cannot_be_taken_is_said_at_the_field(world, as_, name):
    answer = save(as_(world.sun), name)
    assert answer.status_code == 422
    assert "name" in answer.context["view_form"].errors
    assert kept(world.sun) == []


def test_filters_that_mean_nothing_are_not_kept(world, as_):
    assert save(as_(world.sun), "坏", "status=nonsense").status_code == 422
    assert kept(world.sun) == []


def test_two_people_keep_views_of_one_name(world, as_):
    save(as_(world.sun), "我的")
    save(as_(world.zhao), "我的", "status=open")
    assert (kept(world.sun), kept(world.zhao)) == ([("我的", LATE)], [("我的", "status=open")])
    assert [view["url"] for view in as_(world.zhao).get(reverse("ledger")).context["views"]] == [
        f"{reverse('ledger')}?status=open"
    ]


def test_a_view_is_deleted_by_its_owner_alone(world, as_):
    save(as_(world.sun), "我的")
    view = LedgerView.objects.get()
    address = reverse("delete_ledger_view", args=[view.pk])
    assert as_(world.zhao).post(address).status_code == 404
    assert as_(world.sun).post(address).status_code == 302
    assert kept(world.sun) == []


def test_nobody_renames_somebody_elses_view(world, as_):
    save(as_(world.sun), "我的")
    assert save(as_(world.zhao), "他的", view=LedgerView.objects.get().pk).status_code == 404
    with pytest.raises(NotFound):
        view_for(world.zhao, LedgerView.objects.get().pk)
    assert kept(world.sun) == [("我的", LATE)]


def test_there_is_an_end_to_how_many_views_one_keeps(world):
    for number in range(MOST_VIEWS):
        save_view(actor=world.sun, name=f"视图{number}", query="")
    with refused(InvalidInput):
        save_view(actor=world.sun, name="再一个", query="")
    save_view(actor=world.sun, name="视图0", query=LATE)
    assert len(kept(world.sun)) == MOST_VIEWS
