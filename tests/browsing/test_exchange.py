"""The pages of the exchange of views and of the signatures, on a desk and on a phone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.exchange import exchange_of
from approvals.models import Stance, Verb
from evaluations.models import Part, Stage
from tests.browsing.test_accessibility import SCREENS, faults_of, signed_in, task_address
from tests.cast import do, open_task, person
from tests.exchange import objecting, put_to_the_unit
from tests.signing import signed_evaluation
from workflow import appointing


@pytest.fixture
def look(live_browser, live_server):
    """What axe and the browser find fault with on a page, at both widths."""

    def faults(who, address):
        found = []
        for screen in SCREENS.values():
            context = live_browser(viewport=screen)
            context.add_cookies([signed_in(who, live_server.url)])
            found += faults_of(context, address, screen["width"])
        return found

    return faults


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_an_exchange_of_views(world, look, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    assert look(world.lin, task_address(evaluation, world.lin)) == []
    assert look(world.qian, task_address(evaluation, world.qian)) == []
    views = objecting(evaluation, {2: "模块已于年后交付。"}, further=["没有提到满意度提高。"])
    do(Verb.ANSWER, evaluation, world.lin, opinion="对一项有异议。", views=views)
    do(Verb.ANSWER, evaluation, world.qian, opinion="有异议", views=objecting(evaluation, {2: "同上。"}))
    assert look(world.sun, task_address(evaluation)) == []
    considered = {view.pk: (True, "属实。") for view in exchange_of(evaluation).objections}
    do(Verb.CONSIDER, evaluation, world.sun, considered=considered)
    assert look(world.zhou, task_address(evaluation)) == []
    assert look(world.lin, reverse("dossier_tab", args=[evaluation.pk, "opinions"])) == []


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_appointments_and_signatures(world, look, commissioned_evaluation):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.MATERIAL)
    head, leader = person("ma", "小马"), person("he", "小何", Role.BUREAU_LEADER, world.bureau)
    appointing.appoint(
        evaluation=evaluation, actor=world.sun, person=head, part=Part.LEAD_EVALUATOR, agency="某事务所"
    )
    assert look(world.sun, reverse("dossier_tab", args=[evaluation.pk, "figures"])) == []
    other = world.new_project()
    evaluation = signed_evaluation(
        world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head, project=other
    )
    assert look(head, task_address(evaluation)) == []
    do(Verb.SIGN, evaluation, head)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="实现了预期目标。")
    assert look(leader, task_address(evaluation)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False, "viewport": SCREENS["phone"]}])
def test_a_unit_objects_to_one_point_and_agrees_to_the_rest(
    world, sits_down, commissioned_evaluation, options
):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    point = exchange_of(evaluation).points[1]
    page = sits_down(world.lin, **options).page
    page.goto(task_address(evaluation, world.lin))
    page.locator(f'[name="stance-{point.pk}"][value="object"]').check()
    page.locator(f'[name="said-{point.pk}"]').fill("模块已于年后交付。")
    page.locator('[name="opinion"]').fill("对一项有异议。")
    page.locator('button[value="agree_all"]').click()
    page.locator(f'[name="stance-{point.pk}"][value="object"]:checked').wait_for()
    page.locator('button[value="answer"]').click()
    page.wait_for_url(f"**/evaluations/{evaluation.pk}/")
    views = exchange_of(evaluation).addressees[0].views
    assert [view.stance for view in views] == [Stance.AGREE, Stance.OBJECT, Stance.AGREE, Stance.AGREE]
    assert open_task(evaluation, world.qian).ballot is not None
