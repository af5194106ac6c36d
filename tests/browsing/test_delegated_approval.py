"""Zhao is away: Qian approves in her name, in a browser, and everybody can read whose decision it is."""

from __future__ import annotations

import pytest
from django.utils import translation

from accounts.models import Delegation
from approvals.models import Decision
from approvals.models.decisions import in_the_name_of
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests.cast import soon
from tests.workflow.test_concurrency import open_tasks

ON_A_PHONE = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("options", [{}, ON_A_PHONE])
def test_a_delegated_approval(world, sits_down, self_evaluation, options):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with translation.override("zh-hans"):
        for_zhao = in_the_name_of("小钱", "小赵")

    zhao = sits_down(world.zhao, **options)
    zhao.page.locator('form[action$="/claim/"] button').click()
    zhao.page.locator('form[action$="/release/"]').wait_for()
    zhao.page.goto("/delegations/")
    zhao.type(starts=soon(0).isoformat(), ends=soon(3).isoformat(), reason="出差")
    zhao.type(delegate=str(world.qian.pk), scope="all")
    zhao.page.locator('form[action$="/delegations/add/"] button.button-primary').click()
    zhao.page.locator(".message-success").wait_for()
    assert Delegation.objects.in_force().get().delegate == world.qian

    qian = sits_down(world.qian, **options)
    assert qian.page.locator("td .chip-blue", has_text="小赵").count() == 1
    qian.take_up(evaluation.project.name)
    assert for_zhao in qian.page.locator(".message-info").first.inner_text()
    qian.page.locator('[name="opinion"]').fill("材料齐全，同意报送。")
    qian.page.locator('button[name="verb"][value="approve"]').click()
    qian.page.wait_for_url(f"**/evaluations/{evaluation.pk}/")
    decision = Decision.objects.get(evaluation=evaluation, stage=Stage.DEPARTMENT_REVIEW)
    assert (decision.actor, decision.on_behalf_of) == (world.qian, world.zhao)
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.FINANCE_REVIEW]
    event = AuditEvent.objects.get(verb="approve", object_id=decision.pk)
    assert (event.actor_id, event.data["on_behalf_of"]) == (world.qian.pk, world.zhao.pk)

    for tab in ("opinions", "history"):
        zhao.page.goto(f"/evaluations/{evaluation.pk}/{tab}/")
        assert zhao.page.locator(".history-about", has_text=for_zhao).count() == 1
    qian.page.goto("/?tab=done")
    assert qian.page.locator("td .second-line", has_text=for_zhao).count() == 1
