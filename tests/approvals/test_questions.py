"""A question to the unit leads somewhere: to its answer, or back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, TurnKind, Verb
from audit_log.errors import InvalidInput, NotAllowed, NotFound
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.approvals.test_turn_finding import ANSWER, QUESTION, ask, unmet
from tests.cast import do
from workflow import services

GOING_ON = [
    (Stage.DEPARTMENT_REVIEW, "zhao", Verb.APPROVE, {}),
    (Stage.FINANCE_REVIEW, "sun", Verb.ACCEPT, {}),
    (Stage.FINANCE_REVIEW, "sun", Verb.RECHECK, {"opinion": "抽查复核。", "scores": {}}),
    (Stage.CONCLUSION, "zhou", Verb.CONCLUDE, {"total": Decimal(90), "conclusion": "结论。"}),
]


@pytest.mark.parametrize(("stage", "name", "verb", "details"), GOING_ON)
def test_a_dossier_does_not_go_on_past_an_open_question(world, self_evaluation, stage, name, verb, details):
    evaluation = self_evaluation(stage)
    actor = world.people[name]
    ask(evaluation, actor)
    found = unmet(evaluation)
    with refused(InvalidInput, f"turn-{found.pk}"):
        do(verb, evaluation, actor, **details)
    do(Verb.RETURN, evaluation, actor, opinion="请回答提问。")


def test_a_withdrawn_question_holds_nothing_up_and_stays_on_record(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    question = ask(evaluation, world.zhao)
    turn = services.withdraw_question(question=question, actor=world.zhao)
    assert (turn.kind, turn.question, turn.actor) == (TurnKind.WITHDRAWAL, question, world.zhao)
    event = AuditEvent.objects.get(verb="withdraw_question")
    assert (event.object_id, event.actor_id) == (turn.pk, world.zhao.pk)
    story = FindingsOnRecord(evaluation).turns_of(unmet(evaluation).fingerprint)
    assert [turn.kind for turn in story] == [TurnKind.QUESTION, TurnKind.WITHDRAWAL]
    do(Verb.APPROVE, evaluation, world.zhao)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_a_withdrawn_question_asks_the_unit_for_nothing(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.withdraw_question(question=ask(evaluation, world.zhao), actor=world.zhao)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请再核对。")
    do(Verb.SUBMIT, evaluation, world.lin)
    assert not FindingTurn.objects.filter(kind=TurnKind.ANSWER).exists()


def test_a_question_is_withdrawn_once(world, self_evaluation):
    question = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao)
    services.withdraw_question(question=question, actor=world.zhao)
    with refused(NotFound):
        services.withdraw_question(question=question, actor=world.zhao)


def test_an_answered_question_is_not_withdrawn(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    question = ask(evaluation, world.zhao)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    do(Verb.SUBMIT, evaluation, world.lin, answers={question.pk: ANSWER})
    do(Verb.APPROVE, evaluation, world.wang)
    with refused(NotFound):
        services.withdraw_question(question=question, actor=world.zhao)


@pytest.mark.parametrize("name", ["lin", "wang", "sun", "chu", "wu"])
def test_only_who_reviews_at_the_step_withdraws_its_question(world, self_evaluation, name):
    question = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao)
    with refused(NotAllowed):
        services.withdraw_question(question=question, actor=world.people[name])


def test_a_colleague_withdraws_the_question_of_somebody_who_left(world, self_evaluation):
    question = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao)
    assert services.withdraw_question(question=question, actor=world.qian).actor == world.qian


def test_the_same_question_is_not_asked_twice_while_it_waits(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    question = ask(evaluation, world.zhao)
    with refused(InvalidInput, f"turn-{unmet(evaluation).pk}"):
        ask(evaluation, world.zhao)
    ask(evaluation, world.zhao, "补充协议是哪一天签的？")
    services.withdraw_question(question=question, actor=world.zhao)
    assert ask(evaluation, world.zhao, QUESTION).pk != question.pk
