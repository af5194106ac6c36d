"""What a return points at: kept with the decision and its event, of this dossier only, for good."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.actions.pointing import Pointer
from approvals.models import Decision, ReturnPointer, Verb
from approvals.returns import to_be_answered
from audit_log.errors import InvalidInput
from audit_log.models import AuditEvent
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do
from tests.votes import agree, department, object_to, published
from tests.workflow.reading import save
from workflow import handing_over
from workflow.integrity import faults


@pytest.fixture
def at_finance(self_evaluation):
    return self_evaluation(Stage.FINANCE_REVIEW)


def of(evaluation):
    """An indicator and a file of the dossier."""
    return evaluation.indicators.first(), evaluation.evidence.first()


def standing(evaluation):
    """The return that the present step has still to answer."""
    position = (evaluation.stage, evaluation.step)
    return to_be_answered(Decision.objects.filter(evaluation=evaluation), evaluation.round, position)


def sent_back(world, evaluation, **details):
    """Returned by finance to the unit, pointing at an indicator with a remark and at a file."""
    indicator, file = of(evaluation)
    pointers = [Pointer("indicator", indicator.pk, "与验收单不符。"), Pointer("file", file.pk)]
    return do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", pointers=pointers, **details)


def test_a_return_keeps_what_it_points_at_with_its_event(world, at_finance):
    indicator, file = of(at_finance)
    decision = sent_back(world, at_finance)
    kept = [(row.place, row.kind, row.target_id, row.called, row.words) for row in decision.pointers.all()]
    assert kept == [
        (1, "indicator", indicator.pk, indicator.name, "与验收单不符。"),
        (2, "file", file.pk, file.name, ""),
    ]
    event = AuditEvent.objects.get(object_type="decision", object_id=decision.pk)
    assert event.data["pointers"] == [list(row) for row in kept]
    assert faults() == []


def test_a_return_may_point_at_a_chapter_of_the_report(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    section = evaluation.sections.create(chapter="overview", text="概况")
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal(90), conclusion="初步结论。")
    do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。")
    do(Verb.ANSWER, evaluation, world.qian, opinion="没有不同意见。")
    do(Verb.CONSIDER, evaluation, world.sun)
    pointers = [Pointer("chapter", section.pk, "补充依据。")]
    decision = do(
        Verb.RETURN,
        evaluation,
        world.zhou,
        opinion="请改。",
        to=Stage.DRAFT_CONCLUSION,
        pointers=pointers,
    )
    assert [row.called for row in decision.pointers.all()] == ["项目概况"]
    assert faults() == []


def test_a_vote_against_points_as_well(world, self_evaluation):
    policy = published(department_review=[department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    indicator, _file = of(evaluation)
    object_to(evaluation, world.zhao, pointers=[Pointer("indicator", indicator.pk, "偏高。")])
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    agree(evaluation, world.qian)
    assert evaluation.stage == Stage.SELF_ASSESSMENT
    sent = standing(evaluation)
    assert [reason.actor for reason in sent.reasons] == [world.zhao]
    assert [row.words for row in sent.pointers] == ["偏高。"]
    assert faults() == []


def foreign(world, evaluation, other, kind):
    """Something that a return of ``evaluation`` cannot point at."""
    indicator, file = of(other)
    if kind == "withdrawn":
        own = of(evaluation)[1]
        own.withdrawn_at = own.uploaded_at
        own.save_as(None)
        return [Pointer("file", own.pk)]
    own = of(evaluation)[0]
    return {
        "indicator": [Pointer("indicator", indicator.pk)],
        "file": [Pointer("file", file.pk)],
        "unknown": [Pointer("nonsense", own.pk)],
        "twice": [Pointer("indicator", own.pk), Pointer("indicator", own.pk, "又一次")],
        "long": [Pointer("indicator", own.pk, "长" * 2001)],
    }[kind]


@pytest.mark.parametrize("kind", ["indicator", "file", "unknown", "twice", "long", "withdrawn"])
def test_a_return_points_at_nothing_but_this_dossier(world, self_evaluation, at_finance, kind):
    other = self_evaluation(Stage.UNIT_APPROVAL)
    pointers = foreign(world, at_finance, other, kind)
    with refused(InvalidInput, "pointers"):
        do(Verb.RETURN, at_finance, world.sun, opinion="请核对。", pointers=pointers)


def test_a_pointer_stays_when_its_indicator_goes(world, at_finance):
    second = at_finance.indicators.all()[1]
    pointers = [Pointer("indicator", second.pk, "请删除。")]
    decision = do(Verb.RETURN, at_finance, world.sun, opinion="请核对。", pointers=pointers)
    save(at_finance, world.lin, DossierChanges(indicators=[RowChange(pk=second.pk, remove=True)]))
    assert not at_finance.indicators.filter(pk=second.pk).exists()
    assert decision.pointers.get().called == second.name
    assert faults() == []


@pytest.mark.parametrize("sql", ["UPDATE {} SET words = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_a_pointer(world, at_finance, sql):
    sent_back(world, at_finance)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format("approvals_returnpointer"))
    assert ReturnPointer.objects.count() == 2


# --- which return is still to be answered ---------------------------------------------------------


def test_a_return_is_answered_with_the_next_handing_in_and_open_again_when_that_is_withdrawn(
    world, at_finance
):
    sent_back(world, at_finance)
    assert len(standing(at_finance).pointers) == 2
    do(Verb.SUBMIT, at_finance, world.lin)
    assert standing(at_finance) is None
    withdraw(at_finance, world.lin)
    assert at_finance.stage == Stage.SELF_ASSESSMENT
    assert len(standing(at_finance).pointers) == 2


def withdraw(evaluation, actor):
    """Take the last decision back, by the one door."""
    handing_over.withdraw(evaluation=evaluation, actor=actor, opinion="有误，重新提交。")
    evaluation.refresh_from_db()


def test_a_step_that_passes_a_return_on_has_still_to_answer_its_own(world, at_finance):
    sent_back(world, at_finance, to=Stage.DEPARTMENT_REVIEW, straight_back=True)
    do(Verb.RETURN, at_finance, world.zhao, opinion="请单位说明。", straight_back=True)
    assert [reason.actor for reason in standing(at_finance).reasons] == [world.zhao]
    do(Verb.SUBMIT, at_finance, world.lin)
    assert [reason.actor for reason in standing(at_finance).reasons] == [world.sun]
    do(Verb.APPROVE, at_finance, world.zhao)
    assert standing(at_finance) is None
