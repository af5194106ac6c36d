"""The pages of draws for re-checks, on a desk and on a phone: accessible, and nothing reaches too far."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.browsing.test_accessibility import faults_of_pages, screen, task_address  # noqa: F401
from tests.rechecks import draw, recheck, stop_at_department
from tests.workflow.test_rechecking import DRAW


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_rechecks(world, faults_of_pages):  # noqa: F811
    for _turn in range(3):
        stop_at_department(world)
    made = draw(world, number=2)
    first, second = (each.evaluation for each in made.candidates.filter(decision__isnull=False))
    recheck(first, world.sun, "10")
    asked = urlencode({**DRAW, "bureau": world.bureau.pk})
    visits = [
        (world.sun, reverse("recheck_draws")),
        (world.sun, reverse("draw_recheck")),
        (world.sun, f"{reverse('draw_recheck')}?{asked}"),
        (world.zhou, reverse("recheck_draw", args=[made.pk])),
        (world.zhou, reverse("recheck_comparison", args=[first.recheck_candidacies.get().pk])),
        (world.sun, task_address(second)),
        (world.sun, reverse("evaluation_list")),
    ]
    assert faults_of_pages(visits) == {}
