"""Considering the answers to a draft: each objection is adopted or not, with a reason."""

from __future__ import annotations

import pytest

from approvals.exchange import exchange_of, exchanges_of
from approvals.models import Verb
from audit_log.errors import InvalidInput, NotAllowed
from evaluations.models import Kind, Stage
from tests.approvals.refusals import refused
from tests.cast import do
from tests.exchange import draft_with_report, objecting, put_to_the_unit


@pytest.fixture
def answered(world, commissioned_evaluation):
    """The unit objects to the problem and has a point of its own; the department objects to the result."""
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    views = objecting(evaluation, {2: "模块已于年后交付。"}, further=["没有提到满意度提高。"])
    do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=views)
    views = objecting(evaluation, {1: "分数偏低。"})
    do(Verb.ANSWER, evaluation, world.qian, opinion="有异议", views=views)
    return evaluation


def all_adopted(evaluation, adopted=True):
    return {view.pk: (adopted, "核对验收单。") for view in exchange_of(evaluation).objections}


def test_objections_stand_in_the_order_of_the_points(answered):
    said = [view.text for view in exchange_of(answered).objections]
    assert said == ["分数偏低。", "模块已于年后交付。", "没有提到满意度提高。"]


def test_every_objection_is_considered(world, answered):
    first, second, third = exchange_of(answered).objections
    considered = {first.pk: (True, "属实。"), second.pk: (False, " ")}
    fields = (f"reason-{second.pk}", f"adopted-{third.pk}", f"reason-{third.pk}")
    with refused(InvalidInput, *fields):
        do(Verb.CONSIDER, answered, world.sun, considered=considered)


@pytest.mark.parametrize("name", ["zhou", "zhao", "lin"])
def test_only_the_evaluators_office_considers(world, answered, name):
    with refused(NotAllowed):
        do(Verb.CONSIDER, answered, world.people[name], considered=all_adopted(answered))


def test_what_was_made_of_each_objection_stays_on_record(world, answered):
    views = exchange_of(answered).objections
    considered = {
        views[0].pk: (False, "按方案评分。"),
        views[1].pk: (True, "属实。"),
        views[2].pk: (True, "补写。"),
    }
    do(Verb.CONSIDER, answered, world.sun, considered=considered)
    made = exchange_of(answered).made_of
    assert {pk: (each.adopted, each.reason) for pk, each in made.items()} == considered
    assert (answered.stage, answered.step) == (Stage.CONCLUSION, 0)


def test_without_objections_there_is_nothing_to_weigh(world, commissioned_evaluation):
    evaluation = put_to_the_unit(world, commissioned_evaluation, kind=Kind.FINANCE)
    do(Verb.ANSWER, evaluation, world.lin, opinion="同意")
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意")
    do(Verb.CONSIDER, evaluation, world.sun)
    assert evaluation.stage == Stage.CONCLUSION


def test_what_is_adopted_may_lead_to_a_new_draft_that_is_put_again(world, answered):
    _first, second, _third = exchange_of(answered).objections
    returned = {"opinion": "采纳，重新起草。", "to": Stage.DRAFT_CONCLUSION}
    with refused(InvalidInput, f"reason-{second.pk}"):
        do(Verb.RETURN, answered, world.sun, considered={second.pk: (True, "")}, **returned)
    do(Verb.RETURN, answered, world.sun, considered={second.pk: (True, "属实。")}, **returned)
    assert exchange_of(answered).made_of[second.pk].adopted
    draft_with_report(world, answered, problem="一个模块没有按期交付。")
    assert (answered.stage, answered.step, answered.round) == (Stage.EXCHANGE_OF_VIEWS, 0, 2)
    do(Verb.ANSWER, answered, world.lin, opinion="同意")
    do(Verb.ANSWER, answered, world.qian, opinion="同意")
    do(Verb.CONSIDER, answered, world.sun)
    assert answered.stage == Stage.CONCLUSION
    latest, earlier = exchanges_of(answered)
    assert (latest.objections, len(earlier.objections)) == ([], 3)
    assert earlier.made_of[second.pk].reason == "属实。"


@pytest.mark.parametrize("to", [Stage.DRAFT_CONCLUSION, Stage.EXCHANGE_OF_VIEWS])
def test_no_straight_way_leads_past_the_exchange(world, answered, to):
    do(Verb.CONSIDER, answered, world.sun, considered=all_adopted(answered))
    with refused(InvalidInput, "straight_back"):
        do(Verb.RETURN, answered, world.zhou, opinion="请改。", to=to, straight_back=True)


@pytest.mark.parametrize("to", [Stage.MATERIAL, Stage.EXPERT_SCORING])
def test_no_straight_way_leads_past_the_draft_from_what_it_rests_on(world, answered, to):
    do(Verb.CONSIDER, answered, world.sun, considered=all_adopted(answered))
    with refused(InvalidInput, "straight_back"):
        do(Verb.RETURN, answered, world.zhou, opinion="补材料。", to=to, straight_back=True)
    do(Verb.RETURN, answered, world.zhou, opinion="补材料。", to=to)
    assert answered.stage == to


def test_returned_to_the_considering_every_objection_is_weighed_again(world, answered):
    do(Verb.CONSIDER, answered, world.sun, considered=all_adopted(answered))
    do(Verb.RETURN, answered, world.zhou, opinion="理由不足。", to=f"{Stage.EXCHANGE_OF_VIEWS}:1")
    with refused(InvalidInput):
        do(Verb.CONSIDER, answered, world.sun)
    do(Verb.CONSIDER, answered, world.sun, considered=all_adopted(answered, adopted=False))
    assert {each.adopted for each in exchange_of(answered).made_of.values()} == {False}
