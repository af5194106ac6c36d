"""Re-checking with scores of finance's own: what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do


def one_score(evaluation, points="16", reason="核减"):
    indicator = evaluation.indicators.get(name="上线业务模块")
    return {indicator.pk: (Decimal(points), reason)}


def test_nothing_is_rechecked_before_finance_reviews(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(WrongStage):
        do(Verb.RECHECK, evaluation, world.zhao, scores=one_score(evaluation), opinion="复核")


def test_only_a_reviewer_of_the_bureau_rechecks(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(NotAllowed):
        do(Verb.RECHECK, evaluation, world.qian, scores=one_score(evaluation), opinion="复核")


def test_whoever_approved_in_this_round_does_not_recheck(world, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(ConflictOfInterest):
        do(Verb.RECHECK, evaluation, world.wang, scores=one_score(evaluation), opinion="复核")


def test_a_recheck_says_what_it_found(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "opinion"):
        do(Verb.RECHECK, evaluation, world.sun, scores=one_score(evaluation), opinion=" ")


@pytest.mark.parametrize(("points", "reason"), [("21", "加分"), ("-0.01", "扣分"), ("16", "")])
def test_a_score_out_of_range_or_without_its_reason_is_refused_at_its_field(
    world, self_evaluation, points, reason
):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    scores = one_score(evaluation, points, reason)
    with refused(InvalidInput, f"score-{next(iter(scores))}"):
        do(Verb.RECHECK, evaluation, world.sun, scores=scores, opinion="复核")


def test_a_recheck_gives_a_score(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput):
        do(Verb.RECHECK, evaluation, world.sun, scores={}, opinion="复核")
