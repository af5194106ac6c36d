"""The rectification ledger: its figures, its filters, who sees which rows, and what it costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from approvals.access import visible_items
from approvals.models import ItemStage, RaisedBy, RectificationItem, Verb
from audit_log import clock
from evaluations.models import Stage
from tests.cast import bring, bring_item, do, propose, walk_self
from workflow import ledger, services
from workflow.presentation.ledger import light_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
AUTUMN = datetime(2026, 9, 7, 10, tzinfo=SHANGHAI)
"""A Monday."""


def on(day: date):
    """Write and read as if it were ten o'clock on that day."""
    return clock.at(datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI))


@pytest.fixture
def three_items(world, self_evaluation):
    """Assigned on Monday 7 September 2026, due on the 11th, the 18th and 31 December."""
    with clock.at(AUTUMN):
        evaluation = self_evaluation(Stage.FINANCE_REVIEW)
        dues = (date(2026, 9, 11), date(2026, 9, 18), date(2026, 12, 31))
        items = [
            propose(world, evaluation, world.sun, requirement=f"事项{place}", due=due)
            for place, due in enumerate(dues, start=1)
        ]
        bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    for item in items:
        item.refresh_from_db()
    return items


def figures(world):
    return ledger.figures_of(visible_items(world.sun))


def test_an_item_is_overdue_from_the_day_after_its_due_date(world, three_items):
    with on(date(2026, 9, 11)):
        assert figures(world).overdue == 0
    with on(date(2026, 9, 14)):
        assert figures(world).overdue == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "measures_due", "due", "tone", "words"),
    [
        ("planning", date(2026, 9, 2), date(2026, 12, 31), "red", "Measures overdue by 3 working days"),
        ("planning", date(2026, 9, 4), date(2026, 9, 9), "red", "Measures overdue by 1 working day"),
        ("planning", date(2026, 9, 2), date(2026, 9, 4), "red", "Overdue"),
        ("planning", date(2026, 9, 8), date(2026, 9, 9), "amber", "Measures due within 5 working days"),
        ("planning", date(2026, 9, 9), date(2026, 9, 9), "amber", "Due within 5 working days"),
        ("planning", date(2026, 9, 21), date(2026, 9, 9), "amber", "Due within 5 working days"),
        ("planning", date(2026, 9, 21), date(2026, 12, 31), "green", "Not due soon"),
        ("planning", None, date(2026, 12, 31), "green", "Not due soon"),
        ("plan_review", date(2026, 9, 2), date(2026, 12, 31), "green", "Not due soon"),
        ("closed", date(2026, 9, 2), date(2026, 9, 4), "", "Closed item"),
    ],
)
def test_the_light_goes_by_whichever_presses_more_measures_to_be_planned_or_the_whole(
    stage, measures_due, due, tone, words
):
    """As seen on Monday 7 September 2026."""
    item = RectificationItem(stage=stage, measures_due=measures_due, due=due)
    with on(date(2026, 9, 7)), override("en"):
        light = light_of(item)
    assert (light.tone, light.words) == (tone, words)


def test_late_measures_turn_the_light_to_red_and_leave_the_number_of_overdue_items(world, item_at):
    with on(date(2026, 7, 1)):
        item = item_at(ItemStage.PLANNING, due=date(2026, 12, 31))
    with on(date(2026, 9, 7)):
        light = light_of(item)
        assert (light.tone, light.is_overdue) == ("red", False)
        assert figures(world).overdue == 0


def test_a_due_date_on_a_saturday_ends_with_the_next_working_day(world, item_at):
    with clock.at(AUTUMN):
        item_at(due=date(2026, 9, 12))
    with on(date(2026, 9, 14)):
        assert figures(world).overdue == 0
    with on(date(2026, 9, 15)):
        assert figures(world).overdue == 1


def test_a_reopened_item_is_late_by_its_original_due_date_but_not_by_the_current_one(world, three_items):
    with clock.at(AUTUMN):
        bring_item(world, three_items[0], ItemStage.CLOSED)
    with on(date(2026, 9, 21)):
        services.reopen(item=three_items[0], actor=world.sun, opinion="复发", due=date(2026, 10, 30))
        assert figures(world).overdue == 1
        assert figures(world).overdue_by_original == 2


def test_a_closed_item_is_never_overdue(world, three_items):
    with clock.at(AUTUMN):
        bring_item(world, three_items[0], ItemStage.CLOSED)
    with on(date(2027, 1, 29)):
        found = figures(world)
    assert (found.overdue, found.open, found.closed) == (2, 2, 1)


def test_the_closure_rate_counts_this_years_closures_against_what_was_open(world, three_items):
    with clock.at(AUTUMN):
        bring_item(world, three_items[0], ItemStage.CLOSED)
        assert figures(world).closure_rate == pytest.approx(1 / 3)
    with on(date(2027, 3, 1)):
        assert figures(world).closure_rate == 0


def test_the_median_is_the_middle_of_the_days_that_closed_items_took(world, three_items):
    for item, days in zip(three_items, (2, 10, 4), strict=True):
        with clock.at(AUTUMN + timedelta(days=days)):
            bring_item(world, item, ItemStage.CLOSED)
    assert figures(world).median_days == pytest.approx(4)


def test_without_any_item_there_is_no_rate_and_no_median(world):
    found = figures(world)
    assert (found.closure_rate, found.median_days, found.total) == (None, None, 0)


def page(as_, person, query=""):
    return as_(person).get(f"/rectification/{query}")


def shown(response):
    return [row["item"].requirement for row in response.context["rows"]]


def test_the_ledger_lists_the_most_urgent_item_first_and_closed_ones_last(as_, world, three_items):
    with clock.at(AUTUMN):
        bring_item(world, three_items[0], ItemStage.CLOSED)
    assert shown(page(as_, world.sun)) == ["事项2", "事项3", "事项1"]


def test_the_ledger_shows_deadline_in_working_days_and_progress_in_words(as_, world, three_items):
    with on(date(2026, 9, 16)):
        response = page(as_, world.sun, "?sort=number")
    rows = response.context["rows"]
    text = response.content.decode()
    assert [row["deadline"]["days"] for row in rows][:2] == [-3, 2]
    assert text.count("<progress") == 3
    assert text.count(str(rows[0]["item"].get_stage_display())) >= 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?status=open", {"事项2", "事项3"}),
        ("?status=closed", {"事项1"}),
        ("?status=overdue", {"事项2"}),
        ("?status=issued", {"事项2", "事项3"}),
        ("?q=事项3", {"事项3"}),
        ("?q=社会保险服务中心 事项2", {"事项2"}),
        ("?q=社会保险经办", {"事项1", "事项2", "事项3"}),
        ("?q=没有这样的事项", set()),
        ("?year=2025", {"事项1", "事项2", "事项3"}),
    ],
)
def test_filters_and_search_choose_rows(as_, world, three_items, query, expected):
    with clock.at(AUTUMN):
        bring_item(world, three_items[0], ItemStage.CLOSED)
    with on(date(2026, 9, 21)):
        assert set(shown(page(as_, world.sun, query))) == expected


def test_a_search_keeps_the_status_that_was_chosen(as_, world, three_items):
    text = page(as_, world.sun, "?status=open").content.decode()
    assert '<option value="open" selected>' in text


def test_the_department_filter_offers_only_departments_that_occur(as_, world, three_items):
    response = page(as_, world.sun, f"?department={world.department.pk}")
    options = next(choice for choice in response.context["choices"] if choice["name"] == "department")
    assert len(shown(response)) == 3
    assert [option["label"] for option in options["options"]][1:] == [world.department.name]


@pytest.mark.parametrize(
    "query", ["?year=abc", "?status=nonsense", "?department=999999", "?sort=up", "?q=" + 101 * "x"]
)
def test_a_filter_that_means_nothing_is_refused_with_a_reason(as_, world, three_items, query):
    response = page(as_, world.sun, query)
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("name", "number"),
    [("lin", 3), ("wang", 3), ("zhao", 3), ("qian", 3), ("sun", 3), ("zhou", 3), ("feng", 3)],
)
def test_everybody_of_unit_department_and_bureau_sees_the_items(as_, world, three_items, name, number):
    assert len(shown(page(as_, world.people[name]))) == number


@pytest.mark.parametrize("name", ["chen", "chu", "wei", "wu"])
def test_nobody_else_sees_any_item_nor_any_figure(as_, world, three_items, name):
    response = page(as_, world.people[name])
    assert shown(response) == []
    assert [stat["value"] for stat in response.context["stats"]] == [0, 0, "0.00", "0.00", "0.00"]


def test_nobody_gets_the_ledger_without_signing_in(as_, db):
    assert page(as_, None).status_code == 302


def test_a_proposed_item_shows_only_to_those_at_the_step_and_only_when_asked_for(as_, world, item_at):
    item_at(ItemStage.DRAFT, raised_by=RaisedBy.FINANCE)
    assert len(shown(page(as_, world.sun, "?status=draft"))) == 1
    assert shown(page(as_, world.sun)) == []
    for person in (world.lin, world.zhao, world.zhou, world.feng):
        assert shown(page(as_, person, "?status=draft")) == []
    assert page(as_, world.sun).context["stats"][1]["value"] == 0


def test_after_a_return_the_unit_does_not_see_what_finance_has_proposed(world, item_at):
    item = item_at(ItemStage.DRAFT, raised_by=RaisedBy.FINANCE)
    do(Verb.RETURN, item.evaluation, world.sun, opinion="请补充材料")
    assert not visible_items(world.lin).exists()
    assert visible_items(world.sun).exists()


def test_what_the_unit_proposed_itself_it_sees(world, item_at):
    item_at(ItemStage.DRAFT, raised_by=RaisedBy.SELF)
    assert visible_items(world.lin).exists()
    assert not visible_items(world.wang).exists()


def test_the_number_of_statements_does_not_grow_with_the_rows(
    as_, world, self_evaluation, django_assert_num_queries
):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    for place in range(60):
        propose(world, evaluation, world.sun, requirement=f"事项{place:02d}")
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    client = as_(world.sun)
    with CaptureQueriesContext(connection) as few:
        response = client.get("/rectification/?q=事项01")
    assert len(shown(response)) == 1
    with django_assert_num_queries(len(few)):
        response = client.get("/rectification/")
    assert len(shown(response)) == 20
    assert response.context["page_obj"].paginator.count == 60
    assert len(few) <= 14


def test_the_second_page_holds_the_next_rows_and_keeps_the_search(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    for place in range(25):
        propose(world, evaluation, world.sun, requirement=f"事项{place:02d}")
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    client = as_(world.sun)
    first = shown(client.get("/rectification/?q=事项"))
    response = client.get("/rectification/?q=事项&page=2")
    assert len(shown(response)) == 5
    assert not set(first) & set(shown(response))
    assert "q=%E4%BA%8B%E9%A1%B9" in response.content.decode()
