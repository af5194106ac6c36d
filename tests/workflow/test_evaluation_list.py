"""The list of evaluations: who sees which, search, filters, order, and what it costs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluations.models import Kind, Stage
from tests.cast import open_self_evaluation
from tests.workflow.reading import get, statements_of, text_of

LIST = reverse("evaluation_list")


def numbers(page) -> list[str]:
    return [row["evaluation"].number for row in page.context["rows"]]


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        *((name, 1) for name in ("lin", "wang", "zhao", "sun", "feng")),
        *((name, 0) for name in ("chen", "chu", "wei", "wu")),
    ],
)
def test_everybody_sees_their_own_offices_evaluations_only(world, as_, self_evaluation, name, sees):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert len(numbers(get(as_(world.people[name]), LIST))) == sees


def test_a_seated_expert_sees_the_evaluation(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=(world.wu,))
    assert numbers(get(as_(world.wu), LIST)) == [evaluation.number]
    assert numbers(get(as_(world.zheng), LIST)) == []


def test_a_row_shows_money_rate_score_stage_and_deadline(world, as_, self_evaluation):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = text_of(get(as_(world.sun), LIST))
    for words in (
        "300.00",
        "96.67%",
        "98.24",
        "Excellent",
        "stated",
        "Department review",
        "working days left",
    ):
        assert words in page


def test_a_concluded_score_stands_instead_of_the_stated_one(world, as_, self_evaluation):
    self_evaluation(Stage.CLOSED)
    (row,) = get(as_(world.sun), LIST).context["rows"]
    assert (str(row["total"]), row["is_only_stated"], row["days"]) == ("96.50", False, None)


@pytest.fixture
def two(world, self_evaluation, commissioned_evaluation):
    return self_evaluation(Stage.DEPARTMENT_REVIEW), commissioned_evaluation(Stage.MATERIAL)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": Kind.SELF}, [0]),
        ({"kind": Kind.FINANCE}, [1]),
        ({"stage": Stage.MATERIAL}, [1]),
        ({"grade": "优"}, [0]),
        ({"grade": "差"}, []),
        ({"fiscal_year": "2025"}, [1, 0]),
        ({"fiscal_year": "1999"}, [1, 0]),
        ({"department": "no number"}, [1, 0]),
        ({"q": "社会保险"}, [1, 0]),
        ({"q": "没有这样的项目"}, []),
        ({"sort": "amount"}, [1, 0]),
        ({"sort": "score"}, [0, 1]),
        ({"sort": "number"}, [0, 1]),
        ({"sort": "deadline"}, [0, 1]),
        ({"sort": "no such order"}, [1, 0]),
    ],
)
def test_search_filters_and_order(world, as_, two, asked, expected):
    assert numbers(get(as_(world.sun), LIST, **asked)) == [two[place].number for place in expected]


def test_only_whoever_runs_evaluations_is_offered_to_open_one(world, as_):
    link = f'href="{reverse("open_evaluation")}"'
    assert link in get(as_(world.sun), LIST).content.decode()
    assert link in get(as_(world.zhao), LIST).content.decode()
    assert link not in get(as_(world.lin), LIST).content.decode()


@pytest.mark.parametrize("asked", [{}, {"q": "信息", "sort": "deadline", "kind": "self"}])
def test_the_page_costs_the_same_whatever_the_number_of_rows(world, as_, asked):
    for _place in range(3):
        open_self_evaluation(world, project=world.new_project())
    client = as_(world.sun)
    with_three = statements_of(client, LIST, **asked)
    for _place in range(57):
        open_self_evaluation(world, project=world.new_project())
    assert statements_of(client, LIST, **asked) == with_three
