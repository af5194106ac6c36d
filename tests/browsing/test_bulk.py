"""Approving twenty at once in a browser: eighteen go on, two say why they stay."""

from __future__ import annotations

import pytest

from approvals.models import Decision, Verb
from audit_log.models import Refusal
from evaluations.models import Evaluation, Stage
from tests.browsing.test_accessibility import AXE, RUN_AXE, STANDARDS
from tests.cast import open_task
from tests.workflow.several import asked, claimed, several, without_errors

PHONE = {"width": 390, "height": 844}
TICKS = 'input[name="task"]'


def approved() -> int:
    return Decision.objects.filter(stage=Stage.DEPARTMENT_REVIEW, verb=Verb.APPROVE).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False, "viewport": PHONE}])
def test_a_bulk_approval_of_twenty_with_two_refusals(world, sits_down, self_evaluation, options):
    evaluations = [*several(self_evaluation, 19), without_errors(world)]
    zhao = sits_down(world.zhao, **options)
    page = zhao.page
    page.goto(f"/?stage={Stage.DEPARTMENT_REVIEW}")
    page.locator('#several button[name="all"]').click()
    ticks = page.locator(TICKS)
    assert ticks.count() == 20
    assert page.locator(f"{TICKS}:checked").count() == 1  # the only one without an error
    for tick in ticks.all():
        tick.check()
    page.locator('[name="opinion"]').fill("材料齐全，同意。")

    held = [evaluations[4], evaluations[11]]
    claimed(held[0], world.qian)
    asked(held[1], world.qian)
    page.locator("form#several button.button-primary").click()
    page.locator(".data-table .chip-red").nth(1).wait_for()
    assert page.locator(".data-table .chip-green").count() == 18
    assert page.locator(".data-table .chip-red").count() == 2
    assert approved() == 18
    standing = Evaluation.objects.filter(stage=Stage.DEPARTMENT_REVIEW)
    assert set(standing) == set(held)
    assert Refusal.objects.filter(actor_id=world.zhao.pk).count() == 2

    page.get_by_role("link", name=held[1].project.name, exact=True).click()
    page.wait_for_url(f"**/evaluations/{held[1].pk}/")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_the_button_approves_once(world, sits_down, self_evaluation):
    evaluations = several(self_evaluation, 2)
    tasks = "&".join(f"task={open_task(evaluation).pk}" for evaluation in evaluations)
    zhao = sits_down(world.zhao, java_script_enabled=False)
    zhao.page.goto(f"/several/?{tasks}")
    for tick in zhao.page.locator(TICKS).all():
        tick.check()
    zhao.page.locator("form#several button.button-primary").dblclick()
    zhao.page.locator(".data-table .chip-green, .data-table .chip-amber").nth(1).wait_for()
    zhao.page.goto("/")
    assert approved() == 2


@pytest.mark.django_db(transaction=True)
def test_two_are_chosen_by_keyboard_and_the_result_is_accessible(world, sits_down, self_evaluation):
    several(self_evaluation, 3)
    page = sits_down(world.zhao).page
    page.goto("/")
    for place in (0, 2):
        page.locator(TICKS).nth(place).focus()
        page.keyboard.press("Space")
    page.locator('#several button:not([name="all"])').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/several/?**")
    assert page.locator(TICKS).count() == 2
    page.locator(TICKS).first.focus()
    page.keyboard.press("Space")
    page.locator("form#several button.button-primary").focus()
    page.keyboard.press("Enter")
    page.locator(".data-table .chip-green").wait_for()
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE, STANDARDS) == []
    assert approved() == 1
