"""Department and finance evaluations: material, a panel of experts, a draft, views, a conclusion."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import RaisedBy, Verb
from audit_log.errors import (
    AlreadyHandled,
    ConflictOfInterest,
    InvalidInput,
    NotAllowed,
    WrongStage,
)
from evaluations.models import Kind, Score, ScoreSource, Stage
from tests.cast import all_scores, bring, do, open_task, propose, walk_commissioned
from tests.workflow.test_flows import open_tasks, way
from workflow import services

BOTH_KINDS = pytest.mark.parametrize("kind", [Kind.DEPARTMENT, Kind.FINANCE])


# Who answers the draft, and the evaluator who considers the answers.
EXCHANGES = {Kind.DEPARTMENT: 2, Kind.FINANCE: 3}


@BOTH_KINDS
def test_a_commissioned_evaluation_passes_every_stage_in_order(commissioned_evaluation, kind):
    evaluation = commissioned_evaluation(Stage.CLOSED, kind=kind)
    assert way(evaluation) == [
        Stage.MATERIAL,
        Stage.EXPERT_SCORING,
        Stage.EXPERT_SCORING,
        Stage.DRAFT_CONCLUSION,
        *[Stage.EXCHANGE_OF_VIEWS] * EXCHANGES[kind],
        Stage.CONCLUSION,
        Stage.CLOSED,
    ]
    assert open_tasks(evaluation) == []


@BOTH_KINDS
def test_with_items_it_goes_on_to_rectification(commissioned_evaluation, kind):
    evaluation = commissioned_evaluation(Stage.RECTIFICATION, kind=kind)
    item = evaluation.items.get()
    assert item.raised_by == (RaisedBy.DEPARTMENT if kind == Kind.DEPARTMENT else RaisedBy.FINANCE)
    assert [task.item_id for task in open_tasks(evaluation)] == [item.pk]


def test_the_department_runs_and_concludes_its_own_evaluation(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, kind=Kind.DEPARTMENT)
    with pytest.raises(NotAllowed):
        do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    bring(evaluation, Stage.CONCLUSION, walk_commissioned(world))
    with pytest.raises(NotAllowed):
        do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="结论")
    do(Verb.CONCLUDE, evaluation, world.qian, total=Decimal("90"), conclusion="结论")
    assert evaluation.stage == Stage.CLOSED


def test_each_seated_expert_gets_a_step_of_their_own(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    tasks = open_tasks(evaluation)
    assert {task.owner for task in tasks} == {world.wu, world.zheng}
    assert len({str(task.token) for task in tasks}) == 2


def test_the_panel_is_done_when_the_last_expert_has_scored(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    do(Verb.SCORE, evaluation, world.zheng, scores=all_scores(evaluation, "0.8"))
    assert evaluation.stage == Stage.EXPERT_SCORING
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation, "0.9"))
    assert evaluation.stage == Stage.DRAFT_CONCLUSION
    (task,) = open_tasks(evaluation)
    assert task.stage == Stage.DRAFT_CONCLUSION


def test_one_expert_does_not_score_in_anothers_seat_nor_twice(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    seat_of_zheng = open_task(evaluation, world.zheng)
    place = {"process_id": seat_of_zheng.process_id, "task_id": seat_of_zheng.pk}
    with pytest.raises(NotAllowed):
        services.perform(Verb.SCORE, **place, actor=world.wu, scores=all_scores(evaluation))
    mine = open_task(evaluation, world.wu)
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))
    with pytest.raises(AlreadyHandled):
        services.perform(
            Verb.SCORE,
            process_id=mine.process_id,
            task_id=mine.pk,
            actor=world.wu,
            scores=all_scores(evaluation),
        )


def test_an_expert_leaves_no_indicator_out(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    scores = all_scores(evaluation)
    left_out = next(iter(scores))
    del scores[left_out]
    with pytest.raises(InvalidInput) as refusal:
        do(Verb.SCORE, evaluation, world.wu, scores=scores)
    assert list(refusal.value.fields) == [f"score-{left_out}"]
    assert not Score.objects.filter(source=ScoreSource.EXPERT).exists()


def test_an_experts_seat_is_not_given_back(world, commissioned_evaluation):
    task = open_task(commissioned_evaluation(Stage.EXPERT_SCORING), world.wu)
    with pytest.raises(NotAllowed):
        services.release(process_id=task.process_id, task_id=task.pk, actor=world.wu)


def test_the_draft_returns_to_the_panel_and_every_expert_scores_again(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    do(Verb.RETURN, evaluation, world.sun, opinion="两位专家差异过大。", to=Stage.EXPERT_SCORING)
    assert evaluation.round == 2
    assert {task.owner for task in open_tasks(evaluation)} == {world.wu, world.zheng}
    bring(evaluation, Stage.DRAFT_CONCLUSION, walk_commissioned(world))
    rounds = Score.objects.filter(source=ScoreSource.EXPERT).values_list("round", flat=True)
    assert set(rounds) == {1, 2}
    bring(evaluation, Stage.CLOSED, walk_commissioned(world))


@pytest.mark.parametrize(
    ("stage", "actor", "target"),
    [
        (Stage.DRAFT_CONCLUSION, "sun", Stage.MATERIAL),
        (Stage.CONCLUSION, "zhou", Stage.MATERIAL),
        (Stage.CONCLUSION, "zhou", Stage.DRAFT_CONCLUSION),
    ],
)
def test_draft_and_conclusion_return_to_the_unit_or_to_the_step_before(
    world, commissioned_evaluation, stage, actor, target
):
    evaluation = commissioned_evaluation(stage)
    do(Verb.RETURN, evaluation, world.people[actor], opinion="请补充。", to=target)
    (task,) = open_tasks(evaluation)
    assert (task.stage, task.round, evaluation.round) == (target, 2, 2)
    bring(evaluation, Stage.CLOSED, walk_commissioned(world))


def test_the_unit_supplies_material_only_when_an_expert_is_seated(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    with pytest.raises(WrongStage):
        do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")
    services.seat_expert(evaluation=evaluation, actor=world.sun, expert=world.wu)
    do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")
    assert evaluation.stage == Stage.EXPERT_SCORING


def test_a_panel_of_one_is_a_panel(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CLOSED, experts=(world.wu,))
    assert evaluation.decisions.filter(verb=Verb.SCORE).count() == 1


def test_whoever_supplied_the_material_does_not_decide_on_it(world, commissioned_evaluation):
    grant_role(actor=None, user=world.lin, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    with pytest.raises(ConflictOfInterest):
        do(Verb.DRAFT, evaluation, world.lin, total=Decimal("90"), conclusion="初稿")


def test_whoever_drafted_does_not_conclude(world, commissioned_evaluation):
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.FINANCE_CHIEF)
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初稿")
    with pytest.raises(ConflictOfInterest):
        # In the same round the drafter is barred; another officer of the bureau concludes.
        bring(evaluation, Stage.CLOSED, {**walk_commissioned(world), Stage.CONCLUSION: by_sun(world)})


def by_sun(world):
    return lambda evaluation: do(Verb.CONCLUDE, evaluation, world.sun, total=Decimal("90"), conclusion="结论")


def test_the_unit_proposes_no_items_while_it_only_supplies_material(world, commissioned_evaluation):
    for stage in (Stage.MATERIAL, Stage.EXCHANGE_OF_VIEWS):
        evaluation = commissioned_evaluation(stage)
        with pytest.raises(WrongStage):
            propose(world, evaluation, world.lin)
        assert not evaluation.items.exists()


def test_the_draft_conclusion_stays_beside_the_final_one(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    do(Verb.ANSWER, evaluation, world.lin, opinion="请考虑二期已于年后完工。")
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意。")
    do(Verb.CONSIDER, evaluation, world.sun)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("91.5"), conclusion="采纳单位意见。")
    assert (evaluation.draft_total, evaluation.concluded_total) == (Decimal("90.00"), Decimal("91.50"))
    assert evaluation.draft_conclusion != evaluation.conclusion
