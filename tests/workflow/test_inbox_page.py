"""The inbox: what waits comes first, what it costs does not grow, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from approvals.models import ItemStage, Verb
from audit_log import clock
from evaluations.models import Stage
from tests.cast import do, open_self_evaluation, open_task
from tests.workflow.reading import get, statements_of, text_of

INBOX = reverse("inbox")


def test_the_heading_says_how_many_matters_wait(world, as_, self_evaluation):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert "2 matters wait for you today" in text_of(get(as_(world.zhao), INBOX))
    assert "Nothing waits for you today" in text_of(get(as_(world.chu), INBOX))


def test_the_most_urgent_matter_comes_first_and_says_how_late_it_is(world, as_):
    early = open_self_evaluation(world, days_to_fill=60)
    with clock.at(clock.now() - timedelta(days=45)):
        late = open_self_evaluation(world, days_to_fill=30)
    page = get(as_(world.lin), INBOX)
    assert [row["second"].split(" ")[0] for row in page.context["rows"]] == [late.number, early.number]
    assert "Overdue by" in text_of(page)
    assert page.context["stats"][0]["value"] == 1


def test_a_row_leads_to_the_page_of_the_step(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    task = open_task(evaluation)
    (row,) = get(as_(world.wang), INBOX).context["rows"]
    assert row["url"] == reverse("task", args=[task.process_id, task.pk])
    assert row["title"] == evaluation.project.name
    assert row["amount"] == 300


def test_nobody_else_sees_what_waits_for_one_person(world, as_, self_evaluation):
    self_evaluation(Stage.SELF_ASSESSMENT)
    for name in ("chen", "zhao", "sun", "wei", "feng"):
        assert get(as_(world.people[name]), INBOX).context["rows"] == []


def test_a_role_task_is_claimed_and_given_back_by_post(world, as_, self_evaluation):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    client = as_(world.zhao)
    (row,) = get(client, INBOX).context["rows"]
    assert row["release_url"] == ""
    assert f'action="{row["claim_url"]}"' in get(client, INBOX).content.decode()
    assert client.post(row["claim_url"]).status_code == 302
    assert get(as_(world.qian), INBOX).context["rows"] == []
    (row,) = get(client, INBOX).context["rows"]
    assert row["claim_url"] == ""
    assert client.post(row["release_url"]).status_code == 302
    assert len(get(as_(world.qian), INBOX).context["rows"]) == 1


def test_a_task_asked_of_one_person_by_name_has_no_release_button(world, as_, self_evaluation):
    self_evaluation(Stage.SELF_ASSESSMENT)
    (row,) = get(as_(world.lin), INBOX).context["rows"]
    assert (row["claim_url"], row["release_url"]) == ("", "")


def test_a_rectification_item_waits_with_its_unit_and_without_an_amount(world, as_, item_at):
    item = item_at(ItemStage.PLANNING)
    (row,) = get(as_(world.lin), INBOX).context["rows"]
    assert row["title"] == item.requirement
    assert row["second"].startswith(item.number)
    assert row["amount"] is None
    assert "1" in {str(stat["value"]) for stat in get(as_(world.lin), INBOX).context["stats"][3:]}


def test_what_i_did_and_what_i_started_stand_on_their_tabs(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    (done,) = get(as_(world.zhao), INBOX, tab="done").context["rows"]
    assert done["done"] == "Department review · approve"
    assert done["stage"] == Stage.FINANCE_REVIEW
    (started,) = get(as_(world.lin), INBOX, tab="started").context["rows"]
    assert started["url"] == reverse("dossier", args=[evaluation.pk])
    assert get(as_(world.zhao), INBOX, tab="started").context["rows"] == []


def test_a_closed_item_is_called_closed_item_where_i_did_it(world, as_, item_at):
    item = item_at(ItemStage.CLOSED)
    rows = get(as_(world.sun), INBOX, tab="done").context["rows"]
    row = next(row for row in rows if row["url"] == reverse("item", args=[item.pk]))
    assert row["stage_label"] == "Closed item"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "社会保险经办"}, 1),
        ({"q": "JX-2025"}, 2),
        ({"q": "社会保险服务中心"}, 2),
        ({"q": "nothing of the kind"}, 0),
        ({"stage": "department_review"}, 2),
        ({"stage": "conclusion"}, 0),
        ({"amount": "middle"}, 2),
        ({"amount": "small"}, 0),
        ({"due": "overdue"}, 0),
        ({"amount": "'; --", "stage": "no such stage"}, 2),
    ],
)
def test_search_and_filters_narrow_the_rows(world, as_, self_evaluation, asked, found):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = get(as_(world.zhao), INBOX, **asked)
    assert len(page.context["rows"]) == found
    assert page.context["page_obj"].paginator.count == found


def open_more(world, number: int) -> None:
    for _place in range(number):
        open_self_evaluation(world, project=world.new_project())


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("lin", {}),
        ("lin", {"q": "信息", "stage": "self_assessment"}),
        ("sun", {"tab": "started"}),
        ("sun", {"tab": "started", "q": "信息"}),
    ],
)
def test_the_page_costs_at_most_thirteen_statements_whatever_the_number_of_rows(world, as_, name, asked):
    client = as_(world.people[name])
    open_more(world, 3)
    assert len(get(client, INBOX, **asked).context["rows"]) == 3
    with_three = statements_of(client, INBOX, **asked)
    open_more(world, 57)
    assert statements_of(client, INBOX, **asked) == with_three
    assert with_three <= 13


def test_what_is_done_costs_the_same_for_one_row_and_for_many(world, as_, self_evaluation):
    client = as_(world.lin)
    self_evaluation(Stage.UNIT_APPROVAL)
    with_one = statements_of(client, INBOX, tab="done", q="信息")
    for _place in range(5):
        self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert len(get(client, INBOX, tab="done", q="信息").context["rows"]) == 6
    assert statements_of(client, INBOX, tab="done", q="信息") == with_one
    assert with_one <= 13


def test_twenty_rows_stand_on_a_page_and_the_rest_on_the_next(world, as_):
    for _place in range(21):
        open_self_evaluation(world, project=world.new_project())
    client = as_(world.lin)
    assert len(get(client, INBOX).context["rows"]) == 20
    assert len(get(client, INBOX, page="2").context["rows"]) == 1


def test_the_figures_count_what_the_reader_may_see(world, as_, self_evaluation):
    self_evaluation(Stage.CLOSED)
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    stat = get(as_(world.sun), INBOX).context["stats"][2]
    assert (stat["value"], str(stat["label"])) == (1, "evaluations under way (2 due, 1 closed)")
    assert get(as_(world.chu), INBOX).context["stats"][2]["value"] == 0


def test_a_decided_matter_leaves_the_inbox(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    do(Verb.APPROVE, evaluation, world.wang, opinion="同意。")
    assert get(as_(world.wang), INBOX).context["rows"] == []
