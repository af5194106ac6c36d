"""What somebody is still writing, or gave before the panel is complete, is for nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from audit_log import clock
from evaluations.models import Stage
from tests.cast import all_scores, do, open_task
from workflow import services
from workflow.blind_scoring import blind_scoring, days_are_over
from workflow.models import FlowTask


def test_whoever_takes_a_released_task_does_not_read_the_draft_of_the_one_before(world, self_evaluation):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.zhao}
    services.claim(**place)
    services.keep_typed(**place, typed={"opinion": "尚未想好"})
    services.release(**place)
    task.refresh_from_db()
    assert "typed" not in task.data


def test_a_seat_closes_the_others_scores_also_to_people_of_the_evaluator(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))
    grant_role(actor=None, user=world.zheng, organization=world.bureau, role=Role.AUDITOR)
    with clock.at(clock.now() + timedelta(days=evaluation.days_to_review + 5)):
        assert blind_scoring(world.feng, evaluation).sees_all
        assert blind_scoring(world.wu, evaluation).sees_all
        assert not blind_scoring(world.zheng, evaluation).sees_all
    do(Verb.SCORE, evaluation, world.zheng, scores=all_scores(evaluation))
    assert blind_scoring(world.zheng, evaluation).sees_all


def test_scores_open_when_the_working_day_is_over_with_which_the_deadline_ends(
    world, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    saturday = date(2026, 9, 12)
    FlowTask.objects.filter(evaluation=evaluation, stage=Stage.EXPERT_SCORING).update(due=saturday)
    over = []
    for day in (12, 13, 14, 15):
        with clock.at(datetime(2026, 9, day, 4, tzinfo=UTC)):
            over.append(days_are_over(evaluation))
    assert over == [False, False, False, True]
