"""Answering the draft: what is refused."""

from __future__ import annotations

import pytest

from approvals.models import Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do


def test_there_is_nothing_to_answer_before_the_draft(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.MATERIAL)
    with refused(WrongStage):
        do(Verb.ANSWER, evaluation, world.lin, opinion="同意")


@pytest.mark.parametrize("name", ["wang", "sun", "chen", "zhao"])
def test_only_the_lead_answers(world, commissioned_evaluation, name):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    with refused(NotAllowed):
        do(Verb.ANSWER, evaluation, world.people[name], opinion="同意")


def test_an_answer_has_words(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    with refused(InvalidInput, "opinion"):
        do(Verb.ANSWER, evaluation, world.lin, opinion="")
