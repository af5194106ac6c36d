"""Answering the draft point by point: what is refused, and what goes on record."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.actions.exchange import Views
from approvals.exchange import exchange_of
from approvals.models import PointKind, Stance, Verb, View
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do
from tests.exchange import draft_with_report, objecting, put_to_the_unit


def test_there_is_nothing_to_answer_before_the_draft(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.MATERIAL)
    with refused(WrongStage):
        do(Verb.ANSWER, evaluation, world.lin, opinion="同意")


@pytest.mark.parametrize("name", ["wang", "sun", "chu", "chen", "wei"])
def test_only_the_lead_and_the_department_answer(world, commissioned_evaluation, name):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    do(Verb.ANSWER, evaluation, world.lin, opinion="同意")
    with refused(NotAllowed):
        do(Verb.ANSWER, evaluation, world.people[name], opinion="同意")


def test_an_answer_has_words(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    with refused(InvalidInput, "opinion"):
        do(Verb.ANSWER, evaluation, world.lin, opinion="")


def test_the_draft_is_put_as_numbered_points(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    points = exchange_of(evaluation).points
    assert [(point.place, point.kind, point.text) for point in points] == [
        (1, PointKind.RESULT, ""),
        (2, PointKind.PROBLEM, "两个模块没有按期交付。"),
        (3, PointKind.SUGGESTION, "补签协议，明确交付期限。"),
        (4, PointKind.CONCLUSION, "初步结论：良好以上。"),
    ]
    assert points[0].grade == evaluation.draft_grade


def test_points_stay_as_they_were_put_when_the_report_changes(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    before = [point.text for point in exchange_of(evaluation).points]
    problem = evaluation.problems.get()
    problem.text = "后来改过的问题"
    problem.save_as(world.sun)
    assert [point.text for point in exchange_of(evaluation).points] == before


def test_an_opinion_alone_agrees_with_every_point_and_says_so_on_record(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    decision = do(Verb.ANSWER, evaluation, world.lin, opinion="同意")
    assert [view.stance for view in decision.views.all()] == [Stance.AGREE] * 4


def test_each_point_is_answered(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    first, *others = exchange_of(evaluation).points
    views = Views({point.pk: (Stance.AGREE, "") for point in others})
    with refused(InvalidInput, f"stance-{first.pk}"):
        do(Verb.ANSWER, evaluation, world.lin, opinion="同意", views=views)


def test_an_objection_says_what_it_objects_to(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    point = exchange_of(evaluation).points[1]
    with refused(InvalidInput, f"said-{point.pk}"):
        do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=objecting(evaluation, {2: " "}))


def test_both_addressees_answer_side_by_side(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    views = objecting(evaluation, {2: "模块已于年后交付。"}, further=["报告没有提到满意度提高。"])
    do(Verb.ANSWER, evaluation, world.zhao, opinion="部门同意。")
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 0)
    do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=views)
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 1)
    exchange = exchange_of(evaluation)
    assert [each.is_unit for each in exchange.addressees] == [True, False]
    assert [view.text for view in exchange.objections] == ["模块已于年后交付。", "报告没有提到满意度提高。"]
    unit, department = exchange.addressees
    point = exchange.points[1]
    assert (unit.view_of(point).stance, department.view_of(point).stance) == (Stance.OBJECT, Stance.AGREE)


def test_a_new_draft_asks_again_about_its_own_points(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=objecting(evaluation, {2: "已交付。"}))
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意")
    do(Verb.RETURN, evaluation, world.sun, opinion="采纳，重新起草。", to=Stage.DRAFT_CONCLUSION)
    draft_with_report(world, evaluation, problem="一个模块没有按期交付。")
    exchange = exchange_of(evaluation)
    assert exchange.points[1].text == "一个模块没有按期交付。"
    assert exchange.objections == []
    assert not exchange.is_answered


def test_the_department_does_not_have_to_answer_what_the_unit_was_asked(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation, ask="请说明依据。")
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意")
    with refused(InvalidInput):
        do(Verb.ANSWER, evaluation, world.lin, opinion="同意")


@pytest.mark.parametrize("table", ["approvals_draftpoint", "approvals_view", "approvals_consideration"])
def test_points_and_views_never_change(world, commissioned_evaluation, table):
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=objecting(evaluation, {2: "已交付。"}))
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意")
    (view,) = exchange_of(evaluation).objections
    do(Verb.CONSIDER, evaluation, world.sun, considered={view.pk: (True, "属实。")})
    assert View.objects.count() == 8
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
