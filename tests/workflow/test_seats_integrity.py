"""check_integrity finds each corruption of seats and draws."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit_log import clock
from evaluations.models import Stage
from tests.cast import open_task
from tests.experts import new_expert, registered
from tests.workflow.test_integrity import only, seed
from workflow import handing_over, seating
from workflow.integrity import faults
from workflow.integrity.seats import CHECKS

pytestmark = pytest.mark.corrupts


@pytest.fixture
def evaluation(world, commissioned_evaluation):
    """Zheng scores, He was drawn in Wu's place."""
    registered(world, world.wu)
    new_expert(world, "he")
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    wus = evaluation.seats.get(expert=world.wu)
    seating.recuse(seat=wus, actor=world.wu, reason="与承建单位有业务往来")
    seating.replace_expert(seat=wus, actor=world.sun)
    return evaluation


def test_a_panel_with_a_recusal_and_a_draw_has_no_faults(evaluation):
    assert faults() == []


def test_a_seat_in_force_without_its_right_is_found(world, evaluation):
    seed(("DELETE FROM evaluations_evaluationuserpermission WHERE user_id = %s", world.zheng.pk))
    assert only(list(CHECKS[0]()), evaluation.number, world.zheng.pk, "may not score")


def test_a_recused_expert_who_may_still_score_is_found(world, evaluation):
    seed(
        (
            "UPDATE evaluations_seat SET recused_at = now(), recused_by_id = expert_id WHERE expert_id = %s",
            world.zheng.pk,
        )
    )
    assert only(list(CHECKS[0]()), evaluation.number, world.zheng.pk, "without a seat in force")
    assert only(list(CHECKS[1]()), evaluation.number, "is asked though recused")


def test_a_seat_that_is_not_asked_is_found(world, evaluation):
    seed(("UPDATE approvals_ballot SET seat_id = NULL WHERE person_id = %s", world.zheng.pk))
    assert only(list(CHECKS[1]()), evaluation.number, "is not asked")


def test_a_late_expert_whom_the_office_goes_on_without_is_no_fault_while_another_scores(world, evaluation):
    task = open_task(evaluation, world.zheng)
    with clock.at(clock.now() + timedelta(days=60)):
        place = {"process_id": task.process_id, "task_id": task.pk}
        decision = handing_over.excuse(**place, actor=world.sun, reason="已逾期，不再等待。")
    assert decision.next_stage == Stage.EXPERT_SCORING
    assert faults() == []


def test_a_replacement_of_somebody_who_is_still_there_is_found(world, evaluation):
    zhengs = evaluation.seats.get(expert=world.zheng)
    seed(("UPDATE evaluations_seat SET replaces_id = %s WHERE replaces_id IS NOT NULL", zhengs.pk))
    assert only(list(CHECKS[2]()), evaluation.number, zhengs.pk)


def test_a_draw_that_gives_others_when_drawn_again_is_found(world, evaluation):
    seed(("UPDATE evaluations_draw SET chosen = %s", f"[{world.zheng.pk}]"))
    assert only(list(CHECKS[3]()), evaluation.number, "gives others")


def test_a_draw_that_seated_others_is_found(world, evaluation):
    seed(("UPDATE evaluations_seat SET draw_id = NULL",))
    assert only(list(CHECKS[3]()), evaluation.number, "seated others")
