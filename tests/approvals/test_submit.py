"""Handing in the self-assessment: what is refused."""

from __future__ import annotations

import pytest

from approvals.models import Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do


def test_a_dossier_is_handed_in_only_from_the_self_assessment(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(WrongStage):
        do(Verb.SUBMIT, evaluation, world.zhao)


@pytest.mark.parametrize("name", ["wang", "chen", "zhao", "sun", "wei"])
def test_only_the_lead_hands_in(world, self_evaluation, name):
    evaluation = self_evaluation()
    with refused(NotAllowed):
        do(Verb.SUBMIT, evaluation, world.people[name])


def test_an_empty_dossier_is_not_handed_in(world, self_evaluation):
    evaluation = self_evaluation(filled=False)
    with refused(InvalidInput, "indicators"):
        do(Verb.SUBMIT, evaluation, world.lin)


def test_each_missing_target_actual_and_score_is_named_at_its_field(world, self_evaluation):
    evaluation = self_evaluation(filled=False)
    bare = {"level1": "产出", "level2": "数量指标", "name": "上线业务模块", "weight": "20"}
    changes = DossierChanges(indicators=[RowChange(values=bare)])
    with refused(InvalidInput, "indicators-0-target_text", "indicators-0-actual_text", "indicators-0-score"):
        do(Verb.SUBMIT, evaluation, world.lin, changes=changes)


def test_a_submission_seals_the_content_that_is_decided_on(world, self_evaluation):
    evaluation = self_evaluation()
    decision = do(Verb.SUBMIT, evaluation, world.lin)
    assert len(decision.content_digest) == 64
    later = do(Verb.APPROVE, evaluation, world.wang)
    assert later.content_digest == decision.content_digest
