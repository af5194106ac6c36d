"""What a round's changes are told against: the last look of whoever looks again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.models import Decision, Verb
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.cast import do, open_task
from tests.dossier_content import evidence_file
from tests.workflow.reading import save
from workflow import handing_over, services
from workflow.presentation.changes import changes_of_round

BACK = {"opinion": "请核对。", "straight_back": True}


def told(evaluation):
    """The changes that the present step is shown, as (label's beginning, before, after)."""
    evaluation.refresh_from_db()
    decisions = list(Decision.objects.filter(evaluation=evaluation))
    found = changes_of_round(evaluation, decisions, (evaluation.stage, evaluation.step))
    if found is None:
        return None
    rows = [(row["label"], row.get("before"), row.get("after")) for row in found["changes"]]
    return found["since"], rows


def restate(evaluation, world, score):
    first = evaluation.indicators.first()
    save(
        evaluation,
        world.lin,
        DossierChanges(indicators=[RowChange(pk=first.pk, values={}, score=Decimal(score))]),
    )


@pytest.fixture
def at_finance(self_evaluation):
    return self_evaluation(Stage.FINANCE_REVIEW)


def test_nothing_is_told_in_the_first_round(at_finance):
    assert told(at_finance) is None


def test_the_straight_way_tells_the_returner_what_the_unit_changed(world, at_finance):
    name = at_finance.indicators.first().name
    do(Verb.RETURN, at_finance, world.sun, **BACK)
    restate(at_finance, world, "18")
    do(Verb.SUBMIT, at_finance, world.lin)
    assert told(at_finance) == (1, [(f"{name} 自评得分", "18.57", "18")])


def test_files_added_and_withdrawn_are_told(world, at_finance):
    old = at_finance.evidence.get()
    do(Verb.RETURN, at_finance, world.sun, **BACK)
    task = open_task(at_finance)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.lin}
    services.attach(**place, **{**evidence_file(), "name": "补充合同.pdf"})
    do(Verb.SUBMIT, at_finance, world.lin)
    (since, rows) = told(at_finance)
    assert since == 1
    assert ["补充合同.pdf" in label for label, _before, _after in rows] == [True]
    old.withdrawn_at = at_finance.evidence.last().uploaded_at
    old.save_as(world.lin)
    assert any(old.name in label for label, _before, _after in told(at_finance)[1])


def test_a_department_that_scored_anew_after_a_return_is_told_to_finance(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    first, second = evaluation.indicators.all()[:2]
    do(Verb.APPROVE, evaluation, world.zhao, scores={first.pk: (Decimal(15), "偏高。")})
    do(Verb.RETURN, evaluation, world.sun, to=Stage.DEPARTMENT_REVIEW, **BACK)
    do(Verb.APPROVE, evaluation, world.zhao, scores={second.pk: (Decimal(9), "略低。")})
    assert told(evaluation) == (
        1,
        [(f"{first.name} 部门审核得分", "15", ""), (f"{second.name} 部门审核得分", "", "9")],
    )


def test_finance_is_told_against_its_own_look_not_against_a_later_return_of_the_department(world, at_finance):
    name = at_finance.indicators.first().name
    do(Verb.RETURN, at_finance, world.sun, opinion="请核对。")
    restate(at_finance, world, "18")
    do(Verb.SUBMIT, at_finance, world.lin)
    do(Verb.APPROVE, at_finance, world.wang)
    do(Verb.RETURN, at_finance, world.zhao, opinion="再核对。")
    do(Verb.SUBMIT, at_finance, world.lin)
    do(Verb.APPROVE, at_finance, world.wang)
    assert told(at_finance) == (2, [])  # the department saw it already
    do(Verb.APPROVE, at_finance, world.zhao)
    assert told(at_finance) == (1, [(f"{name} 自评得分", "18.57", "18")])


def test_a_handing_in_that_was_withdrawn_changes_nothing_of_it(world, at_finance):
    name = at_finance.indicators.first().name
    do(Verb.RETURN, at_finance, world.sun, **BACK)
    restate(at_finance, world, "18")
    do(Verb.SUBMIT, at_finance, world.lin)
    handing_over.withdraw(evaluation=at_finance, actor=world.lin, opinion="数字有误。")
    at_finance.refresh_from_db()
    restate(at_finance, world, "17")
    do(Verb.SUBMIT, at_finance, world.lin)
    assert (at_finance.stage, at_finance.round) == (Stage.FINANCE_REVIEW, 3)
    assert told(at_finance) == (1, [(f"{name} 自评得分", "18.57", "17")])


def test_a_withdrawal_in_the_first_round_is_no_return(world, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    handing_over.withdraw(evaluation=evaluation, actor=world.lin, opinion="数字有误。")
    evaluation.refresh_from_db()
    assert told(evaluation) is None


def test_chapters_and_the_draft_itself_are_told_when_it_is_drafted_anew(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CONCLUSION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请补充。", to=Stage.DRAFT_CONCLUSION)
    save(
        evaluation,
        world.sun,
        DossierChanges(sections=[RowChange(values={"chapter": "overview", "text": "新"})]),
    )
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal(88), conclusion="修改后的初步结论。")
    do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。")
    do(Verb.ANSWER, evaluation, world.qian, opinion="没有不同意见。")
    do(Verb.CONSIDER, evaluation, world.sun)
    _since, rows = told(evaluation)
    values = {(before, after) for _label, before, after in rows}
    assert {("90", "88"), ("初步结论：良好以上。", "修改后的初步结论。")} <= values
    assert any("项目概况" in label for label, _before, _after in rows)
