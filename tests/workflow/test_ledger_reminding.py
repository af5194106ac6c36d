"""Reminding at many items at once: each row by its own right, at most once a day, with a result each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from approvals.models import ItemStage, Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, NotAllowed, NotFound, WrongStage
from notices import messages
from notices.models import Notice
from tests.cast import bring_item, do, open_task, planned
from tests.rectifying import issued_items
from workflow.ledger_reminding import MOST, remind_several


@pytest.fixture
def items(world, self_evaluation):
    """With Lin to plan, with finance to accept a plan, and closed."""
    made = issued_items(world, self_evaluation, *({"requirement": f"事项{letter}"} for letter in "甲乙丙"))
    bring_item(world, made[0], ItemStage.PLANNING)
    bring_item(world, made[1], ItemStage.PLAN_REVIEW)
    bring_item(world, made[2], ItemStage.CLOSED)
    return made


def told():
    """Who was reminded, once for each reminder however it went out."""
    found = Notice.objects.filter(message=messages.REMINDED).order_by("pk")
    return [recipient for _source, recipient in dict.fromkeys((row.source, row.recipient) for row in found)]


def kinds(results):
    return [type(result.refusal) for result in results]


def send(client, *items, **data):
    return client.post(reverse("remind_several"), {"item": [item.pk for item in items], **data})


def test_whoever_has_the_open_step_is_reminded_and_every_other_row_says_why_not(world, items):
    results = remind_several(world.sun, [item.pk for item in items])
    assert kinds(results) == [type(None), NotAllowed, WrongStage]
    assert told() == [world.lin]


def test_the_reminder_names_the_item_not_its_project_alone(world, items):
    remind_several(world.sun, [items[0].pk])
    notice = Notice.objects.get(message=messages.REMINDED, recipient=world.lin)
    assert items[0].requirement in notice.text


def test_a_step_is_reminded_of_once_a_day(world, items):
    assert kinds(remind_several(world.sun, [items[0].pk])) == [type(None)]
    assert kinds(remind_several(world.zhao, [items[0].pk])) == [AlreadyHandled]
    with clock.at(clock.now() + timedelta(days=1)):
        assert kinds(remind_several(world.sun, [items[0].pk, items[0].pk])) == [type(None)]
    assert told() == [world.lin, world.lin]


def test_each_next_step_is_reminded_of_anew(world, items):
    remind_several(world.zhao, [items[0].pk])
    do(Verb.PLAN, items[0], world.lin, measures=planned(items[0]))
    assert kinds(remind_several(world.zhao, [items[0].pk])) == [type(None)]


def test_whoever_may_only_read_a_row_reminds_nobody_there(world, items):
    assert kinds(remind_several(world.feng, [items[0].pk])) == [NotAllowed]
    assert told() == []


def test_a_row_that_is_not_the_readers_says_nothing(world, items):
    results = remind_several(world.chen, [items[0].pk, 0])
    assert kinds(results) == [NotFound, NotFound]
    assert [result.item for result in results] == [None, None]
    assert told() == []


def test_too_many_at_once_are_refused_and_nobody_is_reminded(world, items):
    with pytest.raises(InvalidInput):
        remind_several(world.sun, [items[0].pk, *range(10**9, 10**9 + MOST)])
    assert told() == []


def test_the_page_tells_what_became_of_each_row(world, as_, items):
    answer = send(as_(world.sun), *items, query="status=open")
    rows = answer.context["rows"]
    assert [row["tone"] for row in rows] == ["green", "red", "red"]
    assert str(world.lin) in rows[0]["holder"]
    assert answer.context["back_url"] == f"{reverse('ledger')}?status=open"
    again = send(as_(world.sun), items[0]).context["rows"]
    assert [row["tone"] for row in again] == ["amber"]


def test_all_that_are_filtered_and_open_are_reminded_of(world, as_, items):
    client = as_(world.zhao)
    answer = send(client, all="1", query="q=事项&sort=number")
    assert [row["item"] for row in answer.context["rows"]] == items[:2]
    assert {row["tone"] for row in answer.context["rows"]} == {"green"}
    assert world.lin in told()
    assert open_task(items[1]).reminded_on == clock.today()


def test_without_a_tick_nobody_is_reminded(world, as_, items):
    answer = send(as_(world.sun), query="status=open")
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('ledger')}?status=open")
    assert told() == []


def test_whoever_sees_none_of_the_rows_finds_no_page(world, as_, items):
    assert send(as_(world.chen), *items).status_code == 404
