"""What reviewers do with a finding: a question, a score, an item, a dismissal; who may, and what stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.findings_on_record import BY_THE_UNIT, FindingsOnRecord
from approvals.models import FindingTurn, RecordedFinding, TurnKind, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Score, ScoreSource, Stage
from notices import messages
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.cast import bring, do, open_task, propose, walk_commissioned, walk_self
from workflow import services

QUESTION = "两个模块的顺延有没有补充协议？"
ANSWER = "有补充协议，已上传到佐证材料。"


def unmet(evaluation):
    """The finding about the two modules, as handed in last."""
    latest = FindingsOnRecord(evaluation).latest
    return next(found for found in latest if found.code == "reason-missing")


def ask(evaluation, actor, question=QUESTION):
    return services.ask(finding=unmet(evaluation), actor=actor, question=question)


def test_a_question_is_told_to_the_lead_and_answered_with_the_next_handing_in(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    question = ask(evaluation, world.zhao)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    with refused(InvalidInput, f"answer-{question.pk}"):
        do(Verb.SUBMIT, evaluation, world.lin)
    do(Verb.SUBMIT, evaluation, world.lin, answers={question.pk: ANSWER})
    answer = FindingTurn.objects.get(kind=TurnKind.ANSWER)
    assert (answer.question, answer.text, answer.actor) == (question, ANSWER, world.lin)
    assert (answer.stage, answer.round) == (Stage.SELF_ASSESSMENT, 2)
    assert not FindingsOnRecord(evaluation).open_questions
    story = FindingsOnRecord(evaluation).turns_of(unmet(evaluation).fingerprint)
    assert [turn.kind for turn in story] == [TurnKind.QUESTION, TurnKind.ANSWER]


def test_the_lead_is_told_of_the_question_at_once(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    ask(evaluation, world.zhao)
    (notice,) = told(messages.QUESTION)
    assert notice["recipient_id"] == world.lin.pk
    assert notice["values"]["question"] == QUESTION
    assert notice["path"] == f"/evaluations/{evaluation.pk}/findings/"


def test_a_dismissal_needs_its_reason_and_the_finding_stays_on_record(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    with refused(InvalidInput, f"turn-{found.pk}"):
        services.dismiss(finding=found, actor=world.zhao, reason=" ")
    turn = services.dismiss(finding=found, actor=world.zhao, reason="补充协议已核对，顺延有据。")
    assert (turn.stage, turn.round, turn.actor) == (Stage.DEPARTMENT_REVIEW, 1, world.zhao)
    assert found in FindingsOnRecord(evaluation).latest
    event = AuditEvent.objects.get(verb="dismiss_finding")
    assert (event.object_id, event.data["code"], event.actor_id) == (turn.pk, found.code, world.zhao.pk)


def test_an_adjusted_score_is_tied_to_its_finding(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    scores = {found.indicator_id: (Decimal("17"), "没有说明原因，酌情扣分。")}
    do(Verb.APPROVE, evaluation, world.zhao, scores=scores, adjusted={found.pk: found.indicator_id})
    turn = FindingTurn.objects.get(kind=TurnKind.ADJUSTMENT)
    given = Score.objects.get(indicator=found.indicator_id, source=ScoreSource.DEPARTMENT)
    assert (turn.finding, turn.score, turn.text) == (found, given, "没有说明原因，酌情扣分。")


def test_a_score_that_stays_as_stated_adjusts_nothing(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    scores = {found.indicator_id: (Decimal("18.57"), "")}
    do(Verb.APPROVE, evaluation, world.zhao, scores=scores, adjusted={found.pk: found.indicator_id})
    assert not FindingTurn.objects.exists()


def test_a_score_is_not_tied_to_a_finding_about_another_indicator(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    other = evaluation.indicators.exclude(pk=found.indicator_id).first()
    with refused(InvalidInput):
        do(
            Verb.APPROVE,
            evaluation,
            world.zhao,
            scores={other.pk: (Decimal(0), "酌情扣分。")},
            adjusted={found.pk: other.pk},
        )


def test_finance_ties_its_re_check_to_a_finding(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    found = unmet(evaluation)
    do(
        Verb.RECHECK,
        evaluation,
        world.sun,
        opinion="抽查复核。",
        scores={found.indicator_id: (Decimal("16"), "没有说明原因。")},
        adjusted={found.pk: found.indicator_id},
    )
    assert FindingTurn.objects.get(kind=TurnKind.ADJUSTMENT).score.source == ScoreSource.FINANCE


def test_an_item_rests_on_its_finding_and_taking_it_back_opens_the_finding_again(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    item = propose(world, evaluation, world.zhao, finding=found)
    turn = FindingTurn.objects.get(kind=TurnKind.ITEM)
    assert (turn.finding, turn.item, turn.item_number) == (found, item, item.number)
    services.drop_item(item=item, actor=world.zhao)
    story = FindingsOnRecord(evaluation).turns_of(found.fingerprint)
    assert [turn.kind for turn in story] == [TurnKind.ITEM, TurnKind.ITEM_DROPPED]
    assert story[0].item_number == turn.item_number


@pytest.mark.parametrize("name", ["lin", "wang", "sun", "chu", "wu", "feng", "wei"])
def test_only_who_reviews_at_the_present_step_deals_with_findings(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    with refused(NotAllowed):
        services.dismiss(finding=found, actor=world.people[name], reason="已核对原始凭证。")
    with refused(NotAllowed):
        services.ask(finding=found, actor=world.people[name], question=QUESTION)


@pytest.mark.parametrize("stage", [Stage.UNIT_APPROVAL, Stage.RECTIFICATION])
def test_findings_are_dealt_with_during_a_review_only(world, self_evaluation, stage):
    evaluation = self_evaluation(stage)
    with refused(WrongStage):
        ask(evaluation, world.wang)


def test_nobody_deals_with_findings_of_a_project_of_their_own(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    evaluation.project.lead = world.zhao
    evaluation.project.save_as(world.sun)
    with refused(ConflictOfInterest):
        ask(evaluation, world.zhao)


def test_a_finding_of_an_earlier_handing_in_is_not_dealt_with_any_more(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    old = unmet(evaluation)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请再核对。")
    walk = walk_self(world)
    walk[Stage.SELF_ASSESSMENT](evaluation)
    walk[Stage.UNIT_APPROVAL](evaluation)
    with refused(WrongStage):
        services.dismiss(finding=old, actor=world.zhao, reason="已核对原始凭证。")


def test_a_dismissal_of_the_same_doubt_is_seen_in_the_next_round(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.dismiss(finding=unmet(evaluation), actor=world.zhao, reason="补充协议已核对。")
    do(Verb.RETURN, evaluation, world.zhao, opinion="请补充其他材料。")
    do(Verb.SUBMIT, evaluation, world.lin)
    again = unmet(evaluation)
    assert again.round == 2
    (turn,) = FindingsOnRecord(evaluation).turns_of(again.fingerprint)
    assert turn.text == "补充协议已核对。"


def test_a_finding_of_another_evaluation_is_no_ground_for_an_item(world, self_evaluation):
    other = self_evaluation(Stage.DEPARTMENT_REVIEW)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, project=world.new_project())
    with refused(InvalidInput, "finding"):
        propose(world, evaluation, world.zhao, finding=unmet(other))


def test_a_unit_answers_the_evaluators_question_with_the_draft(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    found = RecordedFinding.objects.filter(evaluation=evaluation).first()
    question = services.ask(finding=found, actor=world.sun, question=QUESTION)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal(90), conclusion="初步结论。")
    with refused(InvalidInput, f"answer-{question.pk}"):
        do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。")
    do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。", answers={question.pk: ANSWER})
    assert FindingTurn.objects.get(kind=TurnKind.ANSWER).stage == Stage.EXCHANGE_OF_VIEWS


def test_what_was_asked_about_a_draft_is_closed_while_the_panel_scores_anew(
    world, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.CONCLUSION)
    found = FindingsOnRecord(evaluation).latest[0]
    assert found.decision.verb == Verb.DRAFT
    question = services.ask(finding=found, actor=world.zhou, question=QUESTION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请补充材料。", to=Stage.MATERIAL)
    evaluation.refresh_from_db()
    closed = FindingsOnRecord(evaluation, BY_THE_UNIT)
    assert (closed.turns, closed.open_questions) == ({}, [])
    assert FindingsOnRecord(evaluation).open_questions == [question]
    bring(evaluation, Stage.EXCHANGE_OF_VIEWS, walk_commissioned(world))
    task = open_task(evaluation, world.lin)
    page = as_(world.lin).get(reverse("task", args=[task.process_id, task.pk])).content.decode()
    assert f"answer-{question.pk}" in page
    with refused(InvalidInput, f"answer-{question.pk}"):
        do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。")
    do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。", answers={question.pk: ANSWER})
    assert FindingTurn.objects.get(kind=TurnKind.ANSWER).question == question
