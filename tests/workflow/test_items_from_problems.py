"""Proposing items: all that one says of them, and many at once from the report's problems."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.models import ItemKind, ItemStage, RectificationItem, Severity
from evaluations.models import Problem, Stage
from tests.cast import do, open_task, soon
from tests.workflow.page_forms import address, read_form

TEXTS = ("两个模块未按期交付。", "验收档案不全。", "设备闲置。")


@pytest.fixture
def review(self_evaluation):
    """A review at the department whose report names three problems."""
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    for position, text in enumerate(TEXTS[1:], start=1):
        Problem(evaluation=evaluation, position=position, text=text).save_as(None, "one more problem")
    return evaluation


def page_of(evaluation):
    return f"/evaluations/{evaluation.pk}/items/from-problems/"


def ticked(evaluation, *places, **more):
    """What a browser would post with these problems ticked."""
    typed = {"all-due": soon().isoformat(), "all-responsible_unit": evaluation.unit_id}
    for place, problem in enumerate(evaluation.problems.all()):
        typed[f"problem-{problem.pk}-requirement"] = problem.text
        if place in places:
            typed[f"problem-{problem.pk}-chosen"] = "on"
    return {**typed, **more}


def test_the_page_fills_each_row_with_what_its_problem_says(as_, world, review):
    fields = read_form(as_(world.zhao).get(page_of(review)), "problems-form").fields
    typed = [fields[f"problem-{problem.pk}-requirement"] for problem in review.problems.all()]
    assert typed == list(TEXTS)


def test_one_item_comes_of_each_ticked_problem_and_of_no_other(as_, world, review):
    zhao = as_(world.zhao)
    reply = zhao.post(page_of(review), ticked(review, 0, 2))
    assert reply.status_code == 302
    assert reply["Location"].startswith(address(open_task(review)))
    items = RectificationItem.objects.filter(evaluation=review)
    assert [(item.problem.text, item.due, item.stage) for item in items.order_by("pk")] == [
        (TEXTS[0], soon(), ItemStage.DRAFT),
        (TEXTS[2], soon(), ItemStage.DRAFT),
    ]


def test_a_row_that_says_something_else_goes_before_what_is_said_for_all(as_, world, review):
    first, second = list(review.problems.all())[:2]
    own = {
        f"problem-{first.pk}-due": soon(10).isoformat(),
        f"problem-{first.pk}-responsible_unit": world.other_unit.pk,
        f"problem-{first.pk}-kind": "deliver",
        f"problem-{first.pk}-severity": "serious",
        f"problem-{first.pk}-amount": "12.5",
        f"problem-{second.pk}-requirement": "补齐验收档案。",
    }
    assert as_(world.zhao).post(page_of(review), ticked(review, 0, 1, **own)).status_code == 302
    changed, common = RectificationItem.objects.filter(evaluation=review).order_by("pk")
    assert (changed.due, changed.responsible_unit, changed.amount) == (
        soon(10),
        world.other_unit,
        Decimal("12.5"),
    )
    assert (changed.kind, changed.severity) == (ItemKind.DELIVER, Severity.SERIOUS)
    assert (common.due, common.responsible_unit, common.requirement) == (
        soon(),
        review.unit,
        "补齐验收档案。",
    )


def test_nothing_ticked_is_said_and_everything_typed_stays(as_, world, review):
    first = review.problems.first()
    reply = as_(world.zhao).post(page_of(review), ticked(review, **{f"problem-{first.pk}-amount": "12.5"}))
    assert reply.status_code == 422
    assert read_form(reply, "problems-form").fields[f"problem-{first.pk}-amount"] == "12.5"
    assert not RectificationItem.objects.filter(evaluation=review).exists()


@pytest.mark.parametrize(
    ("field", "value"), [("due", "2020-01-01"), ("requirement", " "), ("amount", "-1"), ("amount", "很多")]
)
def test_when_one_row_cannot_be_taken_none_is_proposed(as_, world, review, field, value):
    second = list(review.problems.all())[1]
    name = f"problem-{second.pk}-{field}"
    reply = as_(world.zhao).post(page_of(review), ticked(review, 0, 1, **{name: value}))
    assert reply.status_code == 422
    assert name in read_form(reply, "problems-form").errors
    assert not RectificationItem.objects.filter(evaluation=review).exists()


def test_a_row_without_a_date_of_its_own_or_of_all_says_so(as_, world, review):
    first = review.problems.first()
    reply = as_(world.zhao).post(page_of(review), ticked(review, 0, **{"all-due": ""}))
    assert reply.status_code == 422
    assert f"problem-{first.pk}-due" in read_form(reply, "problems-form").errors


def test_a_report_without_problems_leads_to_a_single_item(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    evaluation.problems.all().delete()
    text = as_(world.zhao).get(page_of(evaluation)).content.decode()
    assert f"/evaluations/{evaluation.pk}/items/add/" in text


def test_an_item_is_proposed_with_all_that_it_rests_on(as_, world, review):
    ground, indicator = review.evidence.first(), review.indicators.first()
    opinion = review.decisions.filter(verb="approve").last()
    typed = {
        "item-requirement": "退回结余资金",
        "item-due": soon().isoformat(),
        "item-kind": "repay",
        "item-severity": "serious",
        "item-amount": "12.5",
        "item-indicator": indicator.pk,
        "item-ground": ground.pk,
        "item-opinion": opinion.pk,
        "item-assisting": [world.other_unit.pk],
    }
    assert as_(world.zhao).post(f"/evaluations/{review.pk}/items/add/", typed).status_code == 302
    item = RectificationItem.objects.get(evaluation=review)
    assert (item.kind, item.severity, item.amount) == ("repay", "serious", Decimal("12.5"))
    assert (item.indicator, item.ground, item.opinion) == (indicator, ground, opinion)
    assert [helper.unit for helper in item.assisting.all()] == [world.other_unit]
    do("approve", review, world.zhao)
    facts = as_(world.zhao).get(f"/rectification/{item.pk}/").context["facts"]
    links = {pair["value"]: pair.get("url") for pair in facts if pair.get("url")}
    assert links[ground.name] == f"/evidence/{ground.pk}/"
    assert indicator.name in links


def test_what_was_ticked_for_an_item_stays_when_the_page_comes_back(as_, world, review):
    task = open_task(review)
    typed = {
        "item-requirement": "退回结余资金",
        "item-assisting": [world.other_unit.pk],
        "verb": "recalculate",
    }
    fields = read_form(as_(world.zhao).post(address(task), typed)).fields
    assert fields["item-assisting"] == str(world.other_unit.pk)
