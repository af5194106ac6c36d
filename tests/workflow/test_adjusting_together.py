"""Several of one department adjust scores in one round: the last word stands, and is never a mean."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse

from approvals.models import Verb
from evaluations.computed import latest_scores, total_from
from evaluations.models import Score, ScoreSource, Stage
from tests.cast import do, open_task
from tests.evaluations.policies.samples import step
from tests.votes import agree, at_departments_vote, department, published


@pytest.fixture
def at_vote(world, self_evaluation):
    """The department votes and may adjust scores; with its voters."""
    return partial(at_departments_vote, world, self_evaluation, may_adjust=True)


def adjusted(evaluation):
    """The department's points that count for the first indicator."""
    indicators = list(evaluation.indicators.prefetch_related("scores"))
    return [score.points for score in latest_scores(indicators, ScoreSource.DEPARTMENT)[indicators[0].pk]]


def adjust(evaluation, voter, points):
    first = evaluation.indicators.first()
    scores = {first.pk: (Decimal(points), "验收单只列二十五个模块。")}
    return do(Verb.APPROVE, evaluation, voter, scores=scores)


def test_of_two_voters_who_adjust_a_score_the_last_ones_stands(at_vote):
    evaluation, voters = at_vote(who="all")
    adjust(evaluation, voters[0], "17")
    adjust(evaluation, voters[1], "16")
    agree(evaluation, voters[2])
    assert adjusted(evaluation) == [Decimal(16)]
    given = Score.objects.filter(source=ScoreSource.DEPARTMENT).order_by("pk")
    assert [score.points for score in given] == [Decimal(17), Decimal(16)]


def test_a_later_voter_who_agrees_on_screen_keeps_the_adjustment_and_its_reason(as_, at_vote):
    evaluation, voters = at_vote(who="all")
    first = evaluation.indicators.first()
    total = adjust(evaluation, voters[0], "17").total
    task = open_task(evaluation, voters[1])
    address = reverse("task", args=[task.process_id, task.pk])
    form = as_(voters[1]).get(address).context["screen"].scores
    assert form.initial[f"score-{first.pk}"] == Decimal(17)
    typed = {f"score-{row.pk}": form.initial[f"score-{row.pk}"] for row in form.indicators}
    response = as_(voters[1]).post(address, {**typed, "verb": Verb.APPROVE, "opinion": "同意。"})
    assert response.status_code == 302
    assert adjusted(evaluation) == [Decimal(17)]
    kept = Score.objects.get(source=ScoreSource.DEPARTMENT, indicator=first)
    assert (kept.given_by, kept.reason) == (voters[0], "验收单只列二十五个模块。")
    indicators = list(evaluation.indicators.prefetch_related("scores"))
    assert total_from(evaluation, indicators, ScoreSource.DEPARTMENT) == total


def test_at_the_departments_second_step_the_heads_score_replaces_the_reviewers(world, self_evaluation):
    head = step("department_head", "department", may_adjust=True)
    policy = published(department_review=[department(may_adjust=True), head])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    adjust(evaluation, world.zhao, "17")
    adjust(evaluation, world.qian, "15")
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert adjusted(evaluation) == [Decimal(15)]
