"""Drawing experts by lot: from whom, on record, and drawn again by anybody."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.actions import end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.actions import suspend_expert
from evaluations.drawing import drawn
from evaluations.models import Draw, ExpertProfile, Kind, Seat, Stage
from tests.approvals.refusals import refused
from tests.experts import in_conflict, new_expert, registered
from workflow import seating, services


@pytest.fixture
def register(world):
    """Wu and Zheng of the cast, and four more in two fields."""
    registered(world, world.wu, "信息化")
    registered(world, world.zheng, "信息化", "教育")
    return [
        world.wu,
        world.zheng,
        *(new_expert(world, f"e{number}", "教育" if number % 2 else "卫生") for number in range(4)),
    ]


@pytest.fixture
def evaluation(commissioned_evaluation):
    return commissioned_evaluation(experts=())


def draw(evaluation, actor, number, *expertise) -> list[Seat]:
    return seating.draw_experts(evaluation=evaluation, actor=actor, number=number, expertise=expertise)


def candidates(evaluation) -> set[int]:
    return set(evaluation.draws.get().candidates)


def test_those_drawn_are_seated_and_their_seats_name_the_draw(world, register, evaluation):
    seats = draw(evaluation, world.sun, 3)
    found = evaluation.draws.get()
    assert [seat.expert_id for seat in seats] == found.chosen
    assert {seat.draw for seat in evaluation.seats.all()} == {found}
    assert all(seat.expert.has_perm("score_evaluation", evaluation) for seat in seats)


def test_the_draw_can_be_drawn_again_from_its_record(world, register, evaluation):
    draw(evaluation, world.sun, 3)
    found = evaluation.draws.get()
    assert set(found.candidates) == {person.pk for person in register}
    assert drawn(found.candidates, found.number, found.seed) == found.chosen


def test_the_event_holds_all_that_is_needed_to_draw_again(world, register, evaluation):
    draw(evaluation, world.sun, 2, "教育")
    found = evaluation.draws.get()
    event = AuditEvent.objects.get(chain=f"evaluation:{evaluation.pk}", verb="draw_experts")
    assert event.data == {
        "seed": found.seed,
        "candidates": found.candidates,
        "chosen": found.chosen,
        "number": 2,
        "expertise": ["教育"],
        "excluded": {},
    }


def test_only_experts_of_the_fields_asked_for_are_candidates(world, register, evaluation):
    draw(evaluation, world.sun, 1, "信息化", "卫生")
    assert candidates(evaluation) == {world.wu.pk, world.zheng.pk, register[2].pk, register[4].pk}


def test_whoever_may_not_be_seated_is_left_out_and_the_record_says_why(world, register, evaluation):
    wu, zheng, first, second, third, fourth = register
    services.seat_expert(evaluation=evaluation, actor=world.sun, expert=wu)
    in_conflict(world, ExpertProfile.objects.get(user=zheng))
    suspend_expert(actor=world.sun, profile=ExpertProfile.objects.get(user=first), reason="未按时评分")
    grant_role(actor=None, user=second, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    end_role(actor=None, holding=RoleHolding.objects.get(user=third))
    assert [seat.expert for seat in draw(evaluation, world.sun, 1)] == [fourth]
    assert evaluation.draws.get().excluded == {
        str(wu.pk): "seated",
        str(zheng.pk): "conflict",
        str(first.pk): "suspended",
        str(second.pk): "insider",
    }


def test_whoever_has_left_is_no_candidate(world, register, evaluation):
    world.wu.is_active = False
    world.wu.save_as(None, "left")
    draw(evaluation, world.sun, 1)
    assert world.wu.pk not in candidates(evaluation)


def test_who_opened_the_evaluation_is_not_drawn(world, register, evaluation):
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.EXPERT)
    registered(world, world.sun, "信息化")
    draw(evaluation, world.sun, 1)
    assert evaluation.draws.get().excluded == {str(world.sun.pk): "decided"}


def test_with_too_few_candidates_nobody_is_drawn(world, register, evaluation):
    with refused(InvalidInput, "number"):
        draw(evaluation, world.sun, 3, "信息化")
    assert not evaluation.seats.exists()
    assert not Draw.objects.exists()


def test_nobody_draws_nobody(world, register, evaluation):
    with refused(InvalidInput, "number"):
        draw(evaluation, world.sun, 0)


def test_only_the_evaluators_office_draws(world, register, commissioned_evaluation):
    evaluation = commissioned_evaluation(kind=Kind.DEPARTMENT, experts=())
    for person in (world.sun, world.qian, world.chu, world.lin, world.wu):
        with refused(NotAllowed):
            draw(evaluation, person, 1)
    assert len(draw(evaluation, world.zhao, 1)) == 1


def test_nobody_is_drawn_once_the_scoring_has_begun(world, register, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    with refused(WrongStage):
        draw(evaluation, world.sun, 1)


def test_two_draws_have_two_seeds(world, register, evaluation):
    draw(evaluation, world.sun, 1)
    draw(evaluation, world.sun, 1)
    first, second = evaluation.draws.all()
    assert first.seed != second.seed
    assert set(first.chosen).isdisjoint(second.candidates)


def test_a_draw_stays_as_it_was(world, register, evaluation):
    draw(evaluation, world.sun, 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Draw.objects.update(seed="0" * 64)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM evaluations_draw")
