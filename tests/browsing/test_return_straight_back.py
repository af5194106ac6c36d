"""A return to the unit and straight back, on a desk and on a phone without JavaScript."""

from __future__ import annotations

import pytest

from approvals.actions.pointing import Pointer
from approvals.models import Verb
from evaluations.models import Stage
from tests.browsing.test_accessibility import SCREENS, faults_of, signed_in, task_address
from tests.cast import do, open_task

REMARK = "与验收单不符，请按二十六个模块核对。"
REASON = "个别指标缺少依据，请核对后重报。"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False, "viewport": SCREENS["phone"]}], ids=["desk", "plain-phone"]
)
def test_a_return_to_the_unit_and_straight_back(world, sits_down, self_evaluation, options):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    indicator, file = evaluation.indicators.first(), evaluation.evidence.first()

    sun = sits_down(world.sun, **options).page
    sun.goto(task_address(evaluation))
    sun.locator("#pointing > summary").click()
    sun.locator(f'[name="remark-indicator-{indicator.pk}"]').fill(REMARK)
    sun.locator(f'[name="point-file-{file.pk}"]').check()
    sun.locator('[name="opinion"]').fill(REASON)
    sun.locator('[name="to"]').select_option(Stage.SELF_ASSESSMENT.value)
    sun.locator('[name="straight_back"]').check()
    sun.locator('button[value="return"]').click()
    sun.wait_for_url(f"**/evaluations/{evaluation.pk}/")

    lin = sits_down(world.lin, **options)
    lin.page.goto(task_address(evaluation))
    lin.reads(REASON)
    lin.page.locator("#returned").get_by_role("link", name=indicator.name).click()
    assert lin.page.url.endswith("#indicators-0")
    lin.page.locator("#indicators-0").get_by_text(REMARK).wait_for()
    assert lin.page.locator(f"#file-{file.pk} .pointed").count() == 1
    lin.page.locator('[name="indicators-0-score"]').fill("18")
    lin.page.locator('button[value="recalculate"]').first.click()
    lin.page.locator('[name="indicators-0-score"][value="18"]').wait_for()
    lin.explain()
    lin.page.locator('button[value="submit"]').click()
    lin.page.wait_for_url(f"**/evaluations/{evaluation.pk}/")

    evaluation.refresh_from_db()
    assert (evaluation.stage, open_task(evaluation).owner) == (Stage.FINANCE_REVIEW, world.sun)
    sun.goto(task_address(evaluation))
    changes = sun.locator("#changes")
    assert changes.locator("del").last.inner_text().endswith("18.57")
    assert changes.locator("ins").last.inner_text().endswith("18")
    assert sun.locator("#returned").count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_return(world, live_browser, live_server, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    found = []

    def look(who):
        for screen in SCREENS.values():
            context = live_browser(viewport=screen)
            context.add_cookies([signed_in(who, live_server.url)])
            found.extend(faults_of(context, task_address(evaluation), screen["width"]))

    look(world.sun)
    pointers = [
        Pointer("indicator", evaluation.indicators.first().pk, REMARK),
        Pointer("file", evaluation.evidence.first().pk),
    ]
    back = {"opinion": REASON, "pointers": pointers, "straight_back": True}
    do(Verb.RETURN, evaluation, world.sun, to=Stage.DEPARTMENT_REVIEW, **back)
    look(world.zhao)
    do(Verb.RETURN, evaluation, world.zhao, to=Stage.SELF_ASSESSMENT, **back)
    look(world.lin)
    assert found == []
