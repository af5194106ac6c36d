"""The self-evaluation's flow: every way through it, by the services that clicks use."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Decision, Verb
from audit_log.errors import AlreadyHandled, ConflictOfInterest, InvalidInput, NotAllowed, NotFound
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Kind, Score, ScoreSource, Stage
from tests.cast import bring, do, fill, open_task, propose, walk_self
from workflow import services
from workflow.models import OPEN, FlowTask


def way(evaluation):
    """The stages that the decisions led through."""
    return [decision.next_stage for decision in evaluation.decisions.filter(item=None)]


def open_tasks(evaluation):
    return list(FlowTask.objects.filter(evaluation=evaluation, flow_task_type="HUMAN", status__in=OPEN))


def test_a_self_evaluation_passes_every_stage_in_order(self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    assert way(evaluation) == [
        Stage.SELF_ASSESSMENT,
        Stage.UNIT_APPROVAL,
        Stage.DEPARTMENT_REVIEW,
        Stage.FINANCE_REVIEW,
        Stage.CONCLUSION,
        Stage.CLOSED,
    ]
    assert open_tasks(evaluation) == []


def test_where_the_unit_does_not_approve_the_department_comes_next(self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION, unit_approval=False)
    assert Stage.UNIT_APPROVAL not in way(evaluation)


def test_without_items_the_conclusion_closes_the_evaluation(self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    assert evaluation.closed_at is not None
    assert (evaluation.concluded_total, evaluation.concluded_grade) == (Decimal("96.50"), "优")


def test_with_items_the_conclusion_assigns_them_and_each_gets_its_own_process(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun, requirement=f"事项{place}") for place in (1, 2)]
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    assert evaluation.closed_at is None
    assert {task.item_id for task in open_tasks(evaluation)} == {item.pk for item in items}
    assert evaluation.processes.exclude(item=None).count() == 2
    assert evaluation.processes.get(item=None).status == "DONE"


@pytest.mark.parametrize(
    ("stage", "actor", "target"),
    [
        (Stage.UNIT_APPROVAL, "wang", Stage.SELF_ASSESSMENT),
        (Stage.DEPARTMENT_REVIEW, "zhao", Stage.SELF_ASSESSMENT),
        (Stage.DEPARTMENT_REVIEW, "qian", Stage.UNIT_APPROVAL),
        (Stage.FINANCE_REVIEW, "sun", Stage.SELF_ASSESSMENT),
        (Stage.FINANCE_REVIEW, "sun", Stage.DEPARTMENT_REVIEW),
        (Stage.CONCLUSION, "zhou", Stage.SELF_ASSESSMENT),
        (Stage.CONCLUSION, "zhou", Stage.FINANCE_REVIEW),
    ],
)
def test_every_review_returns_to_the_unit_or_to_the_step_before_in_a_new_round(
    world, self_evaluation, stage, actor, target
):
    evaluation = self_evaluation(stage)
    do(Verb.RETURN, evaluation, world.people[actor], opinion="请核对后重报。", to=target)
    assert (evaluation.stage, evaluation.round) == (target, 2)
    (task,) = open_tasks(evaluation)
    assert (task.stage, task.round) == (target, 2)
    bring(evaluation, Stage.CLOSED, walk_self(world))
    assert set(evaluation.decisions.values_list("round", flat=True)) == {1, 2}


def test_without_a_target_a_return_goes_to_the_unit(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请重报。")
    assert evaluation.stage == Stage.SELF_ASSESSMENT


def test_a_review_cannot_return_to_a_stage_that_this_evaluation_skips(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, unit_approval=False)
    with pytest.raises(InvalidInput):
        do(Verb.RETURN, evaluation, world.zhao, opinion="请重报。", to=Stage.UNIT_APPROVAL)


def test_a_return_keeps_the_scores_of_the_round_before(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="上线数量与验收单不符。")
    indicator = evaluation.indicators.get(name="上线业务模块")
    corrected = RowChange(pk=indicator.pk, values={"actual_value": Decimal("24")}, score=Decimal("17.14"))
    do(Verb.SUBMIT, evaluation, world.lin, changes=DossierChanges(indicators=[corrected]))
    points = dict(indicator.scores.values_list("round", "points"))
    assert points == {1: Decimal("18.57"), 2: Decimal("17.14")}


def test_finance_accepts_without_a_score_of_its_own(self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    assert not Score.objects.filter(indicator__evaluation=evaluation, source=ScoreSource.FINANCE).exists()


def test_a_recheck_keeps_its_own_score_beside_the_stated_one(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    indicator = evaluation.indicators.get(name="上线业务模块")
    decision = do(
        Verb.RECHECK,
        evaluation,
        world.sun,
        scores={indicator.pk: (Decimal("16"), "实际只有二十四个模块在用")},
        opinion="抽查三处，核减一项。",
    )
    points = {score.source: score.points for score in indicator.scores.all()}
    assert points == {ScoreSource.STATED: Decimal("18.57"), ScoreSource.FINANCE: Decimal("16.00")}
    assert decision.total == Decimal("95.67")
    assert evaluation.stage == Stage.CONCLUSION


def test_the_department_adjusts_a_score_with_a_reason(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    indicator = evaluation.indicators.get(name="建设成本")
    decision = do(
        Verb.APPROVE, evaluation, world.zhao, scores={indicator.pk: (Decimal("8"), "有一笔支出超出范围")}
    )
    assert decision.total == Decimal("96.24")
    assert indicator.scores.get(source=ScoreSource.STATED).points == Decimal("10.00")


def test_the_lead_never_decides_on_the_own_project(world, self_evaluation):
    grant_role(actor=None, user=world.lin, organization=world.unit, role=Role.UNIT_APPROVER)
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    for stage in (Stage.UNIT_APPROVAL, Stage.DEPARTMENT_REVIEW):
        evaluation = self_evaluation(stage)
        with pytest.raises(ConflictOfInterest):
            do(Verb.APPROVE, evaluation, world.lin)


def test_whoever_submitted_does_not_approve_even_without_being_the_lead(world, self_evaluation):
    world.project.lead = None
    world.project.save_as(world.sun)
    grant_role(actor=None, user=world.wang, organization=world.unit, role=Role.PROJECT_LEAD)
    evaluation = self_evaluation(filled=False)
    fill(evaluation, world.wang)
    do(Verb.SUBMIT, evaluation, world.wang)
    with pytest.raises(ConflictOfInterest):
        do(Verb.APPROVE, evaluation, world.wang)


def test_one_person_does_not_decide_at_two_steps_of_one_round(world, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with pytest.raises(ConflictOfInterest):
        do(Verb.APPROVE, evaluation, world.wang)


def test_the_finance_officer_who_accepted_does_not_conclude(world, self_evaluation):
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.FINANCE_CHIEF)
    evaluation = self_evaluation(Stage.CONCLUSION)
    with pytest.raises(ConflictOfInterest):
        do(Verb.CONCLUDE, evaluation, world.sun, total=Decimal("90"), conclusion="通过。")


def test_a_step_that_is_done_is_not_done_again(world, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    task = open_task(evaluation)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.wang}
    services.perform(Verb.APPROVE, **place)
    with pytest.raises(AlreadyHandled):
        services.perform(Verb.APPROVE, **place)
    assert Decision.objects.filter(evaluation=evaluation, verb=Verb.APPROVE).count() == 1


def test_a_step_of_another_process_is_not_found(world, self_evaluation):
    mine, other = self_evaluation(Stage.UNIT_APPROVAL), self_evaluation(Stage.UNIT_APPROVAL)
    with pytest.raises(NotFound):
        services.perform(
            Verb.APPROVE,
            process_id=open_task(other).process_id,
            task_id=open_task(mine).pk,
            actor=world.wang,
        )


def test_a_claimed_step_is_its_owners_alone_until_it_is_released(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    place = {"process_id": task.process_id, "task_id": task.pk}
    services.claim(**place, actor=world.zhao)
    with pytest.raises(NotAllowed):
        do(Verb.APPROVE, evaluation, world.qian)
    services.release(**place, actor=world.zhao)
    do(Verb.APPROVE, evaluation, world.qian)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_whoever_may_not_decide_may_not_claim_either(world, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    place = {"process_id": task.process_id, "task_id": task.pk}
    with pytest.raises(ConflictOfInterest):
        services.claim(**place, actor=world.wang)
    with pytest.raises(NotAllowed):
        services.claim(**place, actor=world.sun)


def test_the_leads_own_step_cannot_be_given_back(world, self_evaluation):
    task = open_task(self_evaluation())
    assert task.owner == world.lin
    with pytest.raises(NotAllowed):
        services.release(process_id=task.process_id, task_id=task.pk, actor=world.lin)


def test_a_project_has_one_evaluation_of_a_kind(world, self_evaluation):
    self_evaluation()
    with pytest.raises(InvalidInput):
        services.open_evaluation(actor=world.sun, project=world.project, kind=Kind.SELF, scheme=world.scheme)


def test_numbers_of_evaluations_follow_each_other(self_evaluation):
    assert [self_evaluation().number for _ in range(3)] == ["JX-2025-0001", "JX-2025-0002", "JX-2025-0003"]


def test_a_dropped_items_number_never_comes_back(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    first, second = (propose(world, evaluation, world.sun) for _ in range(2))
    services.drop_item(item=first, actor=world.sun)
    third = propose(world, evaluation, world.sun)
    assert [item.number[-2:] for item in (second, third)] == ["02", "03"]
