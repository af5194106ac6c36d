"""Asking a colleague: who asks, who can be asked, who reads it, and that it decides nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.audiences import consultation_for, consultations_visible_to, waiting_for_opinion_of
from approvals.models import Consultation, ItemStage, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotFound, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Kind, Stage
from notices.models import Notice
from tests.approvals.refusals import refused
from tests.cast import do, open_task, person
from workflow import services, talk

QUESTION = "数量指标的口径是否可以接受？"
OPINION = "口径与批复一致，可以接受。"


def ask(evaluation, actor, colleague, question=QUESTION, **details: Any) -> Consultation:
    return talk.consult(evaluation=evaluation, actor=actor, colleague=colleague, question=question, **details)


def answer(consultation, actor, text=OPINION) -> Consultation:
    return talk.answer_consultation(consultation=consultation, actor=actor, answer=text)


def readers_of(world, consultation) -> set[str]:
    return {
        name
        for name, reader in world.people.items()
        if consultations_visible_to(reader).filter(pk=consultation.pk)
    }


def told(end: str = "") -> list[tuple[int, str]]:
    """Whom notices tell because of a consultation, and where that leads."""
    found = Notice.objects.filter(source__regex=rf"^consultation:\d+{end}$")
    return list(found.order_by("pk").values_list("recipient_id", "path"))


# --- who asks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "asker", "colleague"),
    [
        (Stage.SELF_ASSESSMENT, "lin", "wang"),
        (Stage.UNIT_APPROVAL, "wang", "zhao"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "qian"),
        (Stage.DEPARTMENT_REVIEW, "qian", "sun"),
        (Stage.FINANCE_REVIEW, "sun", "zhou"),
        (Stage.FINANCE_REVIEW, "sun", "zhao"),
        (Stage.CONCLUSION, "zhou", "sun"),
    ],
)
def test_whoever_may_act_at_the_step_asks(world, self_evaluation, stage, asker, colleague):
    evaluation = self_evaluation(stage)
    asked = ask(evaluation, world.people[asker], world.people[colleague])
    assert (asked.stage, asked.round, asked.is_open) == (stage, 1, True)
    assert told() == [(world.people[colleague].pk, f"/consultations/{asked.pk}/")]
    event = AuditEvent.objects.get(verb="consult")
    assert event.data["question"] == QUESTION
    assert event.data["colleague"] == world.people[colleague].pk


@pytest.mark.parametrize("name", ["lin", "wang", "sun", "zhou", "feng", "chu", "wu", "wei"])
def test_nobody_else_asks(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        ask(evaluation, world.people[name], world.qian)


def test_a_colleague_does_not_ask_at_a_step_that_somebody_has_in_hand(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.zhao)
    with refused(NotAllowed):
        ask(evaluation, world.qian, world.sun)
    assert ask(evaluation, world.zhao, world.qian).is_open


def test_who_may_not_decide_for_a_conflict_does_not_ask_either(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    with refused(ConflictOfInterest):
        ask(evaluation, world.lin, world.qian)


def test_experts_ask_nobody_while_they_score(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    with refused(NotAllowed):
        ask(evaluation, world.wu, world.sun)


def test_whoever_verifies_an_item_asks_at_its_step(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    asked = ask(item.evaluation, world.zhao, world.qian, item=item)
    assert (asked.item, asked.stage) == (item, ItemStage.DEPARTMENT_VERIFICATION)
    with refused(NotAllowed):
        ask(item.evaluation, world.zhao, world.qian)  # the dossier itself waits at no step
    with refused(NotAllowed):
        ask(item.evaluation, world.sun, world.zhou, item=item)


# --- who can be asked -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "asker", "colleague"),
    [
        (Stage.DEPARTMENT_REVIEW, "zhao", "zhao"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "chu"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "wei"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "wu"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "feng"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "lin"),
        (Stage.DEPARTMENT_REVIEW, "zhao", "wang"),
        (Stage.FINANCE_REVIEW, "sun", "wang"),
        (Stage.UNIT_APPROVAL, "wang", "lin"),
    ],
)
def test_who_cannot_be_asked(world, self_evaluation, stage, asker, colleague):
    evaluation = self_evaluation(stage)
    with refused(InvalidInput, "colleague"):
        ask(evaluation, world.people[asker], world.people[colleague])


def test_a_seated_expert_is_not_asked_even_after_the_scoring(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    with refused(InvalidInput, "colleague"):
        ask(evaluation, world.sun, world.wu)


def test_who_brought_the_files_is_not_asked_about_them(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    file = evaluation.evidence.first()
    file.uploaded_by = world.qian
    file.save_as(world.qian)
    with refused(InvalidInput, "colleague"):
        ask(evaluation, world.zhao, world.qian)


@pytest.mark.parametrize("question", ["", " ", "问" * 2001])
def test_a_question_asks_something_and_not_too_much(world, self_evaluation, question):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(InvalidInput, "question"):
        ask(evaluation, world.zhao, world.qian, question)


def test_nobody_is_asked_twice_before_the_answer(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    first = ask(evaluation, world.zhao, world.qian)
    with refused(InvalidInput, "colleague"):
        ask(evaluation, world.zhao, world.qian, "还有一个问题。")
    answer(first, world.qian)
    assert ask(evaluation, world.zhao, world.qian, "还有一个问题。").is_open


# --- who reads --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "asker", "colleague", "readers"),
    [
        (Stage.UNIT_APPROVAL, "wang", "zhao", {"lin", "wang", "zhao", "qian", "sun", "zhou", "feng"}),
        (Stage.DEPARTMENT_REVIEW, "zhao", "qian", {"zhao", "qian", "sun", "zhou", "feng"}),
        (Stage.FINANCE_REVIEW, "sun", "zhou", {"sun", "zhou", "feng"}),
        (Stage.FINANCE_REVIEW, "sun", "zhao", {"sun", "zhou", "feng", "zhao"}),
    ],
)
def test_the_askers_side_reads_it_and_who_was_asked(world, self_evaluation, stage, asker, colleague, readers):
    asked = ask(self_evaluation(stage), world.people[asker], world.people[colleague])
    assert readers_of(world, asked) == readers
    answer(asked, world.people[colleague])
    assert readers_of(world, asked) == readers


def test_later_deciders_of_the_side_still_read_it_and_the_unit_never(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    asked = answer(ask(evaluation, world.zhao, world.qian), world.qian)
    do(Verb.APPROVE, evaluation, world.zhao)
    assert consultation_for(world.sun, asked.pk).answer == OPINION
    for reader in (world.lin, world.wang, world.chu):
        with pytest.raises(NotFound):
            consultation_for(reader, asked.pk)


def test_experts_read_no_opinions(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.MATERIAL, kind=Kind.FINANCE)
    asked = ask(evaluation, world.lin, world.wang)
    assert not {"wu", "zheng"} & readers_of(world, asked)


# --- answering --------------------------------------------------------------------------


def test_the_colleague_answers_once_and_the_asker_is_told(world, self_evaluation):
    asked = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian)
    assert list(waiting_for_opinion_of(world.qian)) == [asked]
    given = answer(asked, world.qian)
    assert (given.answer, given.is_open) == (OPINION, False)
    assert list(waiting_for_opinion_of(world.qian)) == []
    assert told(":answer") == [(world.zhao.pk, f"/consultations/{asked.pk}/")]
    assert AuditEvent.objects.get(verb="answer_consultation").data["answer"] == OPINION
    with refused(WrongStage):
        answer(asked, world.qian, "改一下。")


@pytest.mark.parametrize("name", ["zhao", "sun", "lin"])
def test_nobody_answers_for_the_colleague(world, self_evaluation, name):
    asked = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian)
    with refused(NotAllowed):
        answer(asked, world.people[name])


@pytest.mark.parametrize("text", ["", "  ", "见" * 5001])
def test_an_opinion_says_something_and_not_too_much(world, self_evaluation, text):
    asked = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian)
    with refused(InvalidInput, "answer"):
        answer(asked, world.qian, text)


def test_a_question_holds_nothing_up_and_lapses_when_the_step_is_decided(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    asked = ask(evaluation, world.zhao, world.sun)
    do(Verb.APPROVE, evaluation, world.zhao)
    assert list(waiting_for_opinion_of(world.sun)) == []
    with refused(WrongStage):
        answer(asked, world.sun)


def test_an_opinion_is_no_decision(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    answer(ask(evaluation, world.zhao, world.sun), world.sun)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    do(Verb.APPROVE, evaluation, world.zhao)
    do(Verb.ACCEPT, evaluation, world.sun)
    assert evaluation.stage == Stage.CONCLUSION


def test_who_may_see_the_dossier_no_more_answers_no_more(world, self_evaluation):
    colleague = person("liu", "小刘", Role.DEPARTMENT_HEAD, world.department)
    asked = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, colleague)
    colleague.is_active = False
    colleague.save_as(None, "left")
    with refused(NotAllowed):
        answer(asked, colleague)


# --- withdrawing ------------------------------------------------------------------------


def test_the_asker_withdraws_an_open_question(world, self_evaluation):
    asked = ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian)
    with refused(NotAllowed):
        talk.withdraw_consultation(consultation=asked, actor=world.qian)
    talk.withdraw_consultation(consultation=asked, actor=world.zhao)
    assert told(":withdrawal") == [(world.qian.pk, f"/consultations/{asked.pk}/")]
    assert list(waiting_for_opinion_of(world.qian)) == []
    with refused(WrongStage):
        answer(asked, world.qian)
    with refused(WrongStage):
        talk.withdraw_consultation(consultation=asked, actor=world.zhao)


def test_an_opinion_that_was_given_is_not_withdrawn(world, self_evaluation):
    asked = answer(ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian), world.qian)
    with refused(WrongStage):
        talk.withdraw_consultation(consultation=asked, actor=world.zhao)


# --- staying ----------------------------------------------------------------------------


CHANGES = [
    "UPDATE approvals_consultation SET question = 'x'",
    "UPDATE approvals_consultation SET question = 'x', answer = 'y', answered_at = now()",
    "UPDATE approvals_consultation SET stage = stage",
    "DELETE FROM approvals_consultation",
    "TRUNCATE approvals_consultation CASCADE",
]
AFTERWARDS = [
    "UPDATE approvals_consultation SET answer = 'y'",
    "UPDATE approvals_consultation SET answer = '', answered_at = NULL",
    "UPDATE approvals_consultation SET withdrawn_at = now()",
]


def database_refuses(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises((ProgrammingError, InternalError), match="append-only"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_keeps_an_open_question_as_it_was_asked(world, self_evaluation, statement):
    ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian)
    database_refuses(statement)


@pytest.mark.parametrize("statement", CHANGES + AFTERWARDS)
def test_the_database_keeps_an_opinion_as_it_was_given(world, self_evaluation, statement):
    answer(ask(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, world.qian), world.qian)
    database_refuses(statement)
