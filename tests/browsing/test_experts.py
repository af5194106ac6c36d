"""The register of experts and their seats: WCAG 2.1 AA on a desk and on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import Verb
from evaluations.models import Stage
from tests.browsing.test_accessibility import faults_of_pages, screen, task_address  # noqa: F401
from tests.cast import all_scores, do
from tests.experts import in_conflict, new_expert, registered
from tests.workflow.reading import tab_of
from workflow import seating


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_experts_and_seats(world, faults_of_pages, commissioned_evaluation):  # noqa: F811
    wu = registered(world, world.wu, "政务信息化", "财政绩效管理", employer="某研究机构", post="研究员")
    for number in range(3):
        new_expert(world, f"e{number}", "政务信息化")
    in_conflict(world, wu, organization=world.other_unit)
    waiting = commissioned_evaluation(experts=(world.wu,), project=world.new_project())
    seating.draw_experts(evaluation=waiting, actor=world.sun, number=2)
    scoring = commissioned_evaluation(Stage.EXPERT_SCORING, project=world.new_project())
    seating.recuse(
        seat=scoring.seats.get(expert=world.zheng), actor=world.zheng, reason="与承建单位有业务往来"
    )
    he = new_expert(world, "he")
    experts = (world.wu, world.zheng, he)
    drafting = commissioned_evaluation(Stage.EXPERT_SCORING, project=world.new_project(), experts=experts)
    for expert, share in zip(experts, ("0.9", "0.92", "0.4"), strict=True):
        do(Verb.SCORE, drafting, expert, scores=all_scores(drafting, share))
    officer = [
        reverse("experts"),
        reverse("add_expert"),
        *(reverse(name, args=[wu.pk]) for name in ("expert", "edit_expert")),
        tab_of(waiting, "figures"),
        tab_of(scoring, "figures"),
        tab_of(drafting, "scores"),
        task_address(drafting),
    ]
    visits = [
        *((world.sun, address) for address in officer),
        (world.wu, reverse("expert", args=[wu.pk])),
        (world.wu, task_address(scoring, world.wu)),
        (world.wu, tab_of(scoring, "figures")),
    ]
    assert faults_of_pages(visits) == {}
