"""Recusal: an expert leaves the panel, sees nothing any more, and is replaced."""

from __future__ import annotations

import pytest

from accounts.models import User
from approvals.models import Verb
from audit_log.errors import (
    ConflictOfInterest,
    InvalidInput,
    NotAllowed,
    NotFound,
    WrongStage,
)
from audit_log.models import AuditEvent
from evaluations.access import get_for, visible_to
from evaluations.models import EvaluationUserPermission, Stage
from notices import messages
from tests.approvals.refusals import refused
from tests.approvals.test_telling import who
from tests.cast import all_scores, do
from tests.experts import in_conflict, new_expert, registered
from workflow import seating, services
from workflow.access import open_tasks_of, waiting_for

REASON = "与项目承建单位有业务往来"


def seat_of(evaluation, expert):
    return evaluation.seats.get(expert=expert)


def recuse(evaluation, expert, actor=None, reason=REASON):
    return seating.recuse(seat=seat_of(evaluation, expert), actor=actor or expert, reason=reason)


def in_force(evaluation) -> list[str]:
    return [seat.expert.username for seat in evaluation.seats.in_force().order_by("pk")]


# --- leaving --------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.MATERIAL, Stage.EXPERT_SCORING])
@pytest.mark.parametrize("who", ["wu", "sun"])
def test_the_expert_or_the_evaluators_office_ends_the_part_in_the_panel(
    world, commissioned_evaluation, stage, who
):
    evaluation = commissioned_evaluation(stage)
    seat = recuse(evaluation, world.wu, world.people[who])
    assert (seat.recused_reason, seat.recused_by) == (REASON, world.people[who])
    assert seat.needs_replacement == (stage == Stage.EXPERT_SCORING)
    assert in_force(evaluation) == ["zheng"]
    event = AuditEvent.objects.get(chain=f"evaluation:{evaluation.pk}", verb="recuse")
    assert event.data == {"expert": world.wu.pk, "stage": stage, "reason": REASON}


def test_a_recused_expert_sees_nothing_of_the_evaluation_any_more(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    assert evaluation in visible_to(world.wu)
    recuse(evaluation, world.wu)
    afterwards = User.objects.get(pk=world.wu.pk)  # the rights are remembered on the person
    assert evaluation not in visible_to(afterwards)
    with pytest.raises(NotFound):
        get_for(afterwards, evaluation.pk)
    assert not EvaluationUserPermission.objects.filter(user=world.wu).exists()


@pytest.mark.parametrize("name", ["zheng", "zhou", "zhao", "lin", "feng"])
def test_nobody_else_recuses_an_expert(world, commissioned_evaluation, name):
    evaluation = commissioned_evaluation()
    with refused(NotAllowed):
        recuse(evaluation, world.wu, world.people[name])


def test_a_recusal_has_a_reason(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    with refused(InvalidInput, "reason"):
        recuse(evaluation, world.wu, reason="  ")
    assert in_force(evaluation) == ["wu", "zheng"]


def test_nobody_is_recused_after_having_scored(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))
    for actor in (world.wu, world.sun):
        with refused(WrongStage):
            recuse(evaluation, world.wu, actor)


def test_nobody_is_recused_when_the_scoring_is_over(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    with refused(WrongStage):
        recuse(evaluation, world.wu)


def test_whoever_scored_in_an_earlier_round_may_leave_in_the_next(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    do(Verb.RETURN, evaluation, world.sun, opinion="请补充材料。", to=Stage.MATERIAL)
    recuse(evaluation, world.wu)
    assert in_force(evaluation) == ["zheng"]


def test_nobody_is_recused_twice(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    recuse(evaluation, world.wu)
    with refused(WrongStage):
        recuse(evaluation, world.wu, world.sun)


def test_a_recused_expert_cannot_score(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    recuse(evaluation, world.wu, world.sun)
    assert not world.wu.has_perm("score_evaluation", evaluation)
    assert world.wu.pk not in evaluation.seats.in_force().values_list("expert_id", flat=True)


def test_without_a_seat_in_force_no_material_is_supplied(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=(world.wu,))
    recuse(evaluation, world.wu)
    with refused(WrongStage):
        do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")


# --- taking the place -----------------------------------------------------------------


def replace(evaluation, expert, actor, by=None, **details):
    return seating.replace_expert(seat=seat_of(evaluation, expert), actor=actor, expert=by, **details)


@pytest.mark.parametrize("stage", [Stage.MATERIAL, Stage.EXPERT_SCORING])
def test_a_named_expert_takes_the_place(world, commissioned_evaluation, stage):
    evaluation = commissioned_evaluation(stage)
    he = new_expert(world, "he")
    recuse(evaluation, world.wu)
    seat = replace(evaluation, world.wu, world.sun, he)
    assert (seat.replaces, seat.draw) == (seat_of(evaluation, world.wu), None)
    assert in_force(evaluation) == ["zheng", "he"]
    assert not evaluation.seats.vacant().exists()
    assert evaluation in visible_to(he)


def test_a_replacement_can_be_drawn(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    for profile in (world.wu, world.zheng):
        registered(world, profile)
    he = new_expert(world, "he", "教育")
    new_expert(world, "shi", "卫生")
    recuse(evaluation, world.wu)
    seat = replace(evaluation, world.wu, world.sun, expertise=["教育", "信息化"])
    assert (seat.expert, seat.draw.candidates) == (he, [he.pk])
    assert seat.draw.excluded == {str(world.wu.pk): "recused", str(world.zheng.pk): "seated"}


def test_a_place_is_taken_once(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he, shi = new_expert(world, "he"), new_expert(world, "shi")
    recuse(evaluation, world.wu)
    replace(evaluation, world.wu, world.sun, he)
    with refused(WrongStage):
        replace(evaluation, world.wu, world.sun, shi)


def test_a_replacement_can_be_recused_and_replaced_in_turn(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he, shi = new_expert(world, "he"), new_expert(world, "shi")
    recuse(evaluation, world.wu)
    replace(evaluation, world.wu, world.sun, he)
    recuse(evaluation, he, world.sun)
    assert [seat.expert for seat in evaluation.seats.vacant()] == [he]
    replace(evaluation, he, world.sun, shi)
    assert in_force(evaluation) == ["zheng", "shi"]


def test_nobody_takes_the_place_of_somebody_who_has_not_left(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    with refused(WrongStage):
        replace(evaluation, world.wu, world.sun, he)


def test_during_the_scoring_nobody_is_seated_but_in_a_place_that_is_free(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    recuse(evaluation, world.wu)
    with refused(WrongStage):
        services.seat_expert(evaluation=evaluation, actor=world.sun, expert=he)


def test_a_replacement_is_held_to_what_every_seat_is(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    in_conflict(world, he.expert_profiles.get())
    recuse(evaluation, world.wu)
    with refused(ConflictOfInterest):
        replace(evaluation, world.wu, world.sun, he)
    for taken in (world.wu, world.zheng, world.feng):
        with refused(InvalidInput, "expert"):
            replace(evaluation, world.wu, world.sun, taken)


def test_only_the_evaluators_office_replaces(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    recuse(evaluation, world.wu)
    for actor in (world.wu, world.zheng, world.zhou, world.zhao):
        with refused(NotAllowed):
            replace(evaluation, world.wu, actor, he)


# --- who is asked ----------------------------------------------------------------------


def asked(evaluation) -> list[str]:
    """The experts who have an open task to score, in the order of their seats."""
    tasks = open_tasks_of(evaluation.pk).filter(stage=Stage.EXPERT_SCORING).order_by("ballot__place")
    return [task.owner.username for task in tasks.select_related("owner")]


def score(evaluation, expert):
    do(Verb.SCORE, evaluation, expert, scores=all_scores(evaluation))


def test_a_recused_experts_task_goes_and_the_replacement_gets_one(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    recuse(evaluation, world.wu)
    assert asked(evaluation) == ["zheng"]
    replace(evaluation, world.wu, world.sun, he)
    assert asked(evaluation) == ["zheng", "he"]
    assert not waiting_for(world.wu).exists()
    assert [task.evaluation for task in waiting_for(he)] == [evaluation]


def test_before_the_scoring_a_recusal_leaves_the_units_task(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    before = list(open_tasks_of(evaluation.pk).values_list("pk", "status", "owner"))
    recuse(evaluation, world.wu)
    replace(evaluation, world.wu, world.sun, new_expert(world, "he"))
    assert list(open_tasks_of(evaluation.pk).values_list("pk", "status", "owner")) == before
    do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")
    assert asked(evaluation) == ["zheng", "he"]


@pytest.mark.parametrize("leaves_first", [True, False])
def test_when_all_who_are_left_have_scored_only_the_replacement_is_waited_for(
    world, commissioned_evaluation, leaves_first
):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    steps = [lambda: recuse(evaluation, world.wu), lambda: score(evaluation, world.zheng)]
    for step in steps if leaves_first else reversed(steps):
        step()
    evaluation.refresh_from_db()
    assert (evaluation.stage, asked(evaluation)) == (Stage.EXPERT_SCORING, [])
    replace(evaluation, world.wu, world.sun, he)
    assert asked(evaluation) == ["he"]
    score(evaluation, he)
    assert evaluation.stage == Stage.DRAFT_CONCLUSION


def test_a_panel_whose_only_expert_leaves_waits_for_the_replacement(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    recuse(evaluation, world.wu)
    assert asked(evaluation) == []
    he = new_expert(world, "he")
    replace(evaluation, world.wu, world.sun, he)
    score(evaluation, he)
    assert evaluation.stage == Stage.DRAFT_CONCLUSION


def test_a_chain_of_replacements_asks_the_last_one_only(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    he, shi = new_expert(world, "he"), new_expert(world, "shi")
    recuse(evaluation, world.wu)
    replace(evaluation, world.wu, world.sun, he)
    recuse(evaluation, he)
    replace(evaluation, he, world.sun, shi)
    assert asked(evaluation) == ["shi"]
    score(evaluation, shi)
    assert evaluation.stage == Stage.DRAFT_CONCLUSION


def test_in_the_next_round_only_the_seats_in_force_are_asked(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    recuse(evaluation, world.wu)
    replace(evaluation, world.wu, world.sun, he)
    score(evaluation, world.zheng)
    score(evaluation, he)
    do(Verb.RETURN, evaluation, world.sun, opinion="请重新评分。", to=Stage.EXPERT_SCORING)
    assert asked(evaluation) == ["zheng", "he"]


def test_the_office_is_told_who_left_and_the_replacement_that_a_task_waits(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    he = new_expert(world, "he")
    recuse(evaluation, world.wu)
    replace(evaluation, world.wu, world.sun, he)
    assert who(messages.RECUSED) == {world.sun.pk}
    assert he.pk in who(messages.NEW_TASK)


def test_an_expert_whom_the_office_lets_go_is_told(world, commissioned_evaluation):
    recuse(commissioned_evaluation(), world.wu, world.sun)
    assert who(messages.YOU_WERE_RECUSED) == {world.wu.pk}
