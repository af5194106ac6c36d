"""Two draws at the same moment, with real threads on PostgreSQL: nothing is drawn by both."""

from __future__ import annotations

from functools import partial

import pytest

from approvals.models import RecheckCandidate, Verb
from audit_log.errors import InvalidInput
from tests.rechecks import draw, stop_at_department
from tests.workflow.test_concurrency import at_once, lost, won

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_draws_at_once_draw_different_ones(world):
    evaluations = [stop_at_department(world) for _turn in range(3)]
    results = at_once(partial(draw, world), partial(draw, world))
    assert len(won(results)) == 2
    drawn = RecheckCandidate.objects.filter(decision__isnull=False).values_list("evaluation", flat=True)
    assert len(drawn) == len(set(drawn)) == 2
    assert sum(each.decisions.filter(verb=Verb.DRAW).count() for each in evaluations) == 2


def test_the_second_draw_at_once_finds_what_the_first_has_left(world):
    for _turn in range(2):
        stop_at_department(world)
    results = at_once(partial(draw, world, number=2), partial(draw, world, number=2))
    assert len(won(results)) == 1
    assert [type(error) for error in lost(results)] == [InvalidInput]
