"""check_integrity finds each corruption of what was found and of what was done with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, RecordedFinding, Verb
from evaluations.models import Stage
from tests.cast import bring, do, propose, walk_commissioned
from tests.workflow.test_integrity import only, seed
from workflow import services
from workflow.integrity import faults
from workflow.integrity.findings import CHECKS

pytestmark = pytest.mark.corrupts


@pytest.fixture
def evaluation(self_evaluation):
    return self_evaluation(Stage.DEPARTMENT_REVIEW)


@pytest.fixture
def unmet(evaluation):
    """The one error of the cast's dossier."""
    return next(found for found in FindingsOnRecord(evaluation).latest if found.severity == "error")


def test_every_turn_done_soundly_leaves_no_fault(world, evaluation, unmet):
    question = services.ask(finding=unmet, actor=world.zhao, question="有没有补充协议？")
    services.dismiss(finding=unmet, actor=world.zhao, reason="补充协议已核对。")
    item = propose(world, evaluation, world.zhao, finding=unmet)
    services.drop_item(item=item, actor=world.zhao)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    do(Verb.SUBMIT, evaluation, world.lin, answers={question.pk: "有，已上传。"})
    assert faults() == []


def test_a_reason_that_was_rewritten_is_found(evaluation, unmet):
    seed(("UPDATE approvals_recordedfinding SET reason = 'forged words' WHERE id = %s", unmet.pk))
    assert only(faults(), evaluation.number, "submit", "differ from its audit event")


def test_a_finding_that_was_removed_is_found(evaluation, unmet):
    seed(("DELETE FROM approvals_recordedfinding WHERE id = %s", unmet.pk))
    assert only(faults(), evaluation.number, "differ from its audit event")


def test_a_figure_that_was_rewritten_is_found(evaluation, unmet):
    seed(("UPDATE approvals_recordedfinding SET stated = '28个' WHERE id = %s", unmet.pk))
    assert only(faults(), unmet.pk, "does not match its fingerprint")


def test_a_finding_of_another_round_is_found(evaluation, unmet):
    seed(("UPDATE approvals_recordedfinding SET round = 7 WHERE id = %s", unmet.pk))
    assert only(faults(), unmet.pk, "does not belong to its decision")


def test_a_warning_that_nobody_acknowledged_is_found(evaluation):
    warning = RecordedFinding.objects.filter(evaluation=evaluation, severity="warning").first()
    seed(("UPDATE approvals_recordedfinding SET acknowledged = false WHERE id = %s", warning.pk))
    assert only(faults(), warning.pk, "without an answer")


def test_a_dismissal_that_was_rewritten_is_found(world, evaluation, unmet):
    turn = services.dismiss(finding=unmet, actor=world.zhao, reason="补充协议已核对。")
    seed(("UPDATE approvals_findingturn SET text = 'forged' WHERE id = %s", turn.pk))
    assert only(faults(), turn.pk, "dismissal", "differs from its audit event")


def test_a_question_that_was_passed_over_is_found(world, evaluation, unmet):
    question = services.ask(finding=unmet, actor=world.zhao, question="有没有补充协议？")
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    do(Verb.SUBMIT, evaluation, world.lin, answers={question.pk: "有，已上传。"})
    seed(("DELETE FROM approvals_findingturn WHERE question_id = %s", question.pk))
    assert only(faults(), question.pk, "never answered")


def test_a_question_about_a_draft_waits_for_the_next_one_without_a_fault(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CONCLUSION)
    of_the_draft = RecordedFinding.objects.filter(evaluation=evaluation, decision__verb=Verb.DRAFT)
    question = services.ask(finding=of_the_draft.earliest("pk"), actor=world.zhou, question="依据何在？")
    do(Verb.RETURN, evaluation, world.zhou, opinion="请补充材料。", to=Stage.MATERIAL)
    walk = walk_commissioned(world)
    bring(evaluation, Stage.EXCHANGE_OF_VIEWS, walk)
    assert faults() == []
    do(Verb.ANSWER, evaluation, world.lin, opinion="见答复。", answers={question.pk: "见附件。"})
    assert faults() == []
    seed(("DELETE FROM approvals_findingturn WHERE question_id = %s", question.pk))
    assert only(faults(), question.pk, "never answered")


def test_a_question_that_was_left_behind_is_found(world, evaluation, unmet):
    question = services.ask(finding=unmet, actor=world.zhao, question="有没有补充协议？")
    services.withdraw_question(question=question, actor=world.zhao)
    do(Verb.APPROVE, evaluation, world.zhao)
    assert faults() == []
    seed(("DELETE FROM approvals_findingturn WHERE question_id = %s", question.pk))
    assert only(faults(), question.pk, "left behind by approve")


def test_an_item_that_vanished_without_being_taken_back_is_found(world, evaluation, unmet):
    item = propose(world, evaluation, world.zhao, finding=unmet)
    turn = FindingTurn.objects.get(item=item)
    seed(("DELETE FROM approvals_rectificationitem WHERE id = %s", item.pk))
    assert only(faults(), turn.pk, "linked to something else")


def test_a_score_of_somebody_else_is_found(world, evaluation, unmet):
    scores = {unmet.indicator_id: (Decimal(17), "没有说明原因，酌情扣分。")}
    do(Verb.APPROVE, evaluation, world.zhao, scores=scores, adjusted={unmet.pk: unmet.indicator_id})
    turn = FindingTurn.objects.get()
    seed(("UPDATE evaluations_score SET given_by_id = %s WHERE id = %s", world.qian.pk, turn.score_id))
    assert only(faults(), turn.pk, "adjustment", "linked to something else")


def test_every_check_of_the_findings_says_what_it_proves():
    assert all(check.__doc__ for check in CHECKS)
