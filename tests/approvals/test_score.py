"""An expert's scores: what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals import actions
from approvals.models import Decision, Verb
from audit_log.errors import AlreadyHandled, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import all_scores, do


def test_experts_score_only_at_their_stage(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    with refused(WrongStage):
        do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))


def test_nobody_scores_in_an_experts_seat(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    for person in (world.zheng, world.sun, world.lin):
        with refused(NotAllowed):
            do(Verb.SCORE, evaluation, person, scores=all_scores(evaluation))


def test_the_action_itself_asks_for_a_seat_and_for_one_turn_each(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    with pytest.raises(NotAllowed):
        actions.score(evaluation=evaluation, actor=world.sun, scores=all_scores(evaluation))
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))
    with pytest.raises(AlreadyHandled):
        actions.score(evaluation=evaluation, actor=world.wu, scores=all_scores(evaluation))


@pytest.mark.parametrize("points", ["-1", "15.01", "9.999"])
def test_a_score_out_of_range_is_refused_at_its_field(world, commissioned_evaluation, points):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    scores = all_scores(evaluation)
    indicator = evaluation.indicators.get(name="立项依据充分性")
    scores[indicator.pk] = (Decimal(points), "")
    with refused(InvalidInput, f"score-{indicator.pk}"):
        do(Verb.SCORE, evaluation, world.wu, scores=scores)


def test_every_indicator_gets_a_score(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    with refused(InvalidInput, *(f"score-{pk}" for pk in all_scores(evaluation))):
        do(Verb.SCORE, evaluation, world.wu, scores={})


def test_each_experts_decision_carries_their_own_total(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    own = {}
    for expert, share in ((world.wu, "0.8"), (world.zheng, "0.6")):
        scores = all_scores(evaluation, share)
        do(Verb.SCORE, evaluation, expert, scores=scores)
        own[expert.pk] = sum(points for points, _reason in scores.values())
    given = Decision.objects.filter(evaluation=evaluation, verb=Verb.SCORE)
    assert dict(given.values_list("actor", "total")) == own
