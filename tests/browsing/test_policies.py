"""A review policy is edited in a browser: the diagram follows what is typed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluations.models import ReviewPolicy
from tests.template_scenes import draft_of

pytestmark = pytest.mark.django_db(transaction=True)

WHO, NEEDED = "finance_review-0-asked", "finance_review-0-budget_over"
DAYS = "department_review-0-days"


def test_the_diagram_is_drawn_again_while_one_types(world, sits_down):
    draft = draft_of(world, "policy")
    officer = sits_down(world.sun)
    officer.page.goto(reverse("edit_policy", args=[draft.pk]))
    diagram = officer.page.locator("#procedure")
    assert diagram.locator(".diagram-conditional").count() == 0
    officer.type(**{WHO: "finance_chief"})
    diagram.locator(".diagram-step", has_text="绩效科科长").nth(1).wait_for()
    officer.page.locator("#finance_review summary").first.click()
    officer.type(**{NEEDED: "500"})
    officer.page.locator(f'[name="{NEEDED}"]').blur()
    diagram.locator(".diagram-conditional", has_text="500").wait_for()
    officer.page.locator('[name="verb"][value="save"]').click()
    officer.page.wait_for_url("**" + reverse("policy", args=[draft.pk]))
    step = ReviewPolicy.objects.get(pk=draft.pk).content["stages"][3]["steps"][0]
    assert (step["asked"], step["condition"]["budget_over"]) == ("finance_chief", "500")


def test_without_javascript_a_button_draws_it(world, sits_down):
    draft = draft_of(world, "policy")
    officer = sits_down(world.sun, java_script_enabled=False)
    officer.page.goto(reverse("edit_policy", args=[draft.pk]))
    officer.page.locator('[name="verb"][value="add:conclusion"]').click()
    officer.type(**{"conclusion-1-asked": "bureau_leader"})
    officer.page.locator('[name="verb"][value="show"]').click()
    officer.page.locator("#procedure .diagram-step", has_text="分管局领导").wait_for()
    assert officer.page.locator("#procedure .message-warning").count() == 1


def test_what_was_wrong_goes_from_the_top_when_the_procedure_is_drawn_again(world, sits_down):
    draft = draft_of(world, "policy")
    officer = sits_down(world.sun)
    officer.page.goto(reverse("edit_policy", args=[draft.pk]))
    officer.type(**{DAYS: "0"})
    officer.page.locator('[name="verb"][value="save"]').click()
    summary = officer.page.locator("#summary")
    summary.locator(f'a[href="#id_{DAYS}"]').wait_for()
    assert officer.page.locator(f'#procedure a[href="#id_{DAYS}"]').count() == 0
    officer.type(**{DAYS: "7"})
    officer.page.locator(f'[name="{DAYS}"]').blur()
    summary.locator("a").wait_for(state="detached")
    assert officer.page.locator("#procedure .message-error").count() == 0
