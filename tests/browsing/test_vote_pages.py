"""The pages of a step that asks several, on a desk and on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluations.models import Stage
from tests.browsing.test_accessibility import SCREENS, faults_of, signed_in, task_address
from tests.votes import agree, at_departments_vote, object_to


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
def test_the_pages_of_a_vote(world, look, self_evaluation):
    evaluation, voters = at_departments_vote(world, self_evaluation, who="n_of_m", needed=4)
    object_to(evaluation, voters[0], opinion="合同附件不全，请补充后再报。", to=Stage.UNIT_APPROVAL)
    agree(evaluation, voters[1], opinion="数据属实。")
    assert look(voters[2], task_address(evaluation, voters[2])) == []
    for tab in ("opinions", "process"):
        assert look(voters[2], reverse("dossier_tab", args=[evaluation.pk, tab])) == []
