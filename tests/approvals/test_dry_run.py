"""Where an evaluation would go by a policy, and who would be asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.course import lot_of
from approvals.dry_run import dry_run
from approvals.models import Decision, Verb
from evaluations import actions
from evaluations.models import ReviewPolicy, Stage
from tests.cast import do, person, soon
from tests.evaluations.policies.samples import stage_of, step
from tests.standing_in import let

pytestmark = pytest.mark.django_db


def drafted(world, code="self-default", **stages):
    source = ReviewPolicy.objects.get(code=code, version=1)
    draft = actions.draft_policy(actor=world.sun, source=source, bureau=world.bureau, code="own")
    found = draft.content
    for name, steps in stages.items():
        stage_of(found, name)[:] = steps
    return actions.change_policy(actor=world.sun, policy=draft, document=found)


def shipped(code):
    return ReviewPolicy.objects.get(code=code, version=1)


def names(found):
    return [[each.username for each in row.asked] for row in found]


def barred(row):
    return {each.person.username: each.bar for each in row.candidates if each.bar}


def at(found, stage, number=0):
    return next(row for row in found if row.step.position == (stage, number))


def test_the_usual_procedure_names_everybody_who_would_be_asked(world, self_evaluation):
    evaluation = self_evaluation()
    found = dry_run(evaluation, evaluation.policy)
    assert names(found) == [["lin"], ["wang"], ["zhao", "qian"], ["sun"], ["zhou"]]
    assert [row.offices[0] for row in found[:3]] == [world.unit, world.unit, world.department]
    assert not any(row.is_stuck for row in found)


def test_nothing_is_stored_and_the_evaluation_stays_where_it_is(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    before = (Decision.objects.count(), evaluation.policy_id, evaluation.stage, evaluation.step)
    dry_run(evaluation, shipped("self-large"))
    assert before == (Decision.objects.count(), evaluation.policy_id, evaluation.stage, evaluation.step)
    evaluation.refresh_from_db()
    assert evaluation.policy == shipped("self-default")


@pytest.mark.parametrize(("limit", "passed"), [("10", True), ("99999", False)])
def test_a_step_is_passed_by_with_the_figure_that_decided_it(world, self_evaluation, limit, passed):
    evaluation = self_evaluation()
    head = step("department_head", "department", condition={"budget_over": limit})
    policy = drafted(world, department_review=[step("department_reviewer", "department"), head])
    row = at(dry_run(evaluation, policy), Stage.DEPARTMENT_REVIEW, 1)
    (ground,) = row.grounds
    assert row.applies is passed
    assert (ground.part, ground.is_met) == ("budget_over", passed)
    assert (ground.found, ground.asked) == (Decimal(300), Decimal(limit))
    assert row.asked == ([world.qian] if passed else [])


def test_a_budget_that_nobody_entered_is_unknown_and_not_nought(world, self_evaluation):
    head = step("department_head", "department", condition={"budget_over": "0"})
    policy = drafted(world, department_review=[step("department_reviewer", "department"), head])
    evaluation = self_evaluation(filled=False)
    row = at(dry_run(evaluation, policy), Stage.DEPARTMENT_REVIEW, 1)
    assert not row.applies
    assert [ground.found for ground in row.grounds] == [None]


def test_a_lot_is_shown_as_it_will_be_drawn(world, self_evaluation):
    evaluation = self_evaluation()
    sampled = step("finance_officer", condition={"sample_percent": "20"})
    policy = drafted(world, finance_review=[sampled, step("review_finance", work="file")])
    (ground,) = at(dry_run(evaluation, policy), Stage.FINANCE_REVIEW).grounds
    assert ground.found == lot_of(evaluation, Stage.FINANCE_REVIEW, 0)
    assert ground.is_met == (ground.found < 20)


def test_of_several_parts_each_is_shown(world, self_evaluation):
    condition = {"budget_over": "99999", "error_finding": True, "grades": ["差"], "match": "any"}
    reviewed = step("finance_officer", condition=condition)
    policy = drafted(world, finance_review=[reviewed, step("review_finance", work="file")])
    row = at(dry_run(self_evaluation(), policy), Stage.FINANCE_REVIEW)
    assert [ground.part for ground in row.grounds] == ["budget_over", "grades", "error_finding"]
    assert not row.applies


def test_whoever_decided_is_barred_elsewhere_but_not_where_they_did(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.APPROVE, evaluation, world.zhao)
    head = step("review_department", "department")
    policy = drafted(world, department_review=[head, head])
    found = dry_run(evaluation, policy)
    assert at(found, Stage.DEPARTMENT_REVIEW).asked == [world.zhao, world.qian]
    second = at(found, Stage.DEPARTMENT_REVIEW, 1)
    assert barred(second) == {"zhao": "took_part"}
    assert second.asked == [world.qian]


def test_the_only_one_for_a_step_is_not_asked_at_a_later_one(world, self_evaluation):
    head = [step("department_head", "department"), step("review_department", "department")]
    found = dry_run(self_evaluation(), drafted(world, department_review=head))
    second = at(found, Stage.DEPARTMENT_REVIEW, 1)
    assert barred(second) == {"qian": "acts_earlier"}
    assert second.asked == [world.zhao]


def test_a_step_for_which_nobody_is_left_is_stuck(world, self_evaluation):
    twice = [step("department_head", "department"), step("department_head", "department")]
    found = dry_run(self_evaluation(), drafted(world, department_review=twice))
    assert [row.step.position for row in found if row.is_stuck] == [(Stage.DEPARTMENT_REVIEW, 1)]


def test_a_joint_step_needs_as_many_as_it_says(world, self_evaluation):
    joint = step("finance_officer", who="n_of_m", needed=2)
    policy = drafted(world, finance_review=[joint, step("review_finance", work="file")])
    evaluation = self_evaluation()
    assert at(dry_run(evaluation, policy), Stage.FINANCE_REVIEW).is_stuck
    person("second", "小何", Role.FINANCE_OFFICER, world.bureau)
    found = dry_run(evaluation, policy)
    assert len(at(found, Stage.FINANCE_REVIEW).asked) == 2
    assert at(found, Stage.FINANCE_REVIEW, 1).is_stuck


def test_a_finance_evaluation_asks_seats_addressees_and_appointed_people(world, commissioned_evaluation):
    found = dry_run(commissioned_evaluation(), shipped("finance-signed"))
    assert at(found, Stage.EXPERT_SCORING).asked == [world.wu, world.zheng]
    views = at(found, Stage.EXCHANGE_OF_VIEWS)
    assert set(views.asked) >= {world.lin, world.zhao}
    assert list(views.offices) == [world.unit, world.department]
    assert at(found, Stage.EXCHANGE_OF_VIEWS, 1).asked == [world.sun]
    agency, head = (at(found, Stage.CONCLUSION, number) for number in (0, 2))
    assert not agency.applies
    assert head.is_stuck


def test_the_officer_who_drafts_weighs_the_answers(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    found = dry_run(evaluation, evaluation.policy)
    assert not any(row.is_stuck for row in found)
    assert at(found, Stage.EXCHANGE_OF_VIEWS, 1).asked == [world.sun]


# --- Who stands in for whom ----------------------------------------------------------------


def standing_in(row):
    return {each.person.username: [other.username for other in each.stand_ins] for each in row.candidates}


def test_whoever_stands_in_today_is_named_beside_the_person(world, self_evaluation):
    deputy = person("deputy", "小何", Role.AUDITOR, world.bureau)
    let(world.zhou, deputy)
    let(world.sun, deputy, starts=soon(2), ends=soon(7))
    evaluation = self_evaluation()
    found = dry_run(evaluation, evaluation.policy)
    assert standing_in(at(found, Stage.CONCLUSION)) == {"zhou": ["deputy"]}
    assert standing_in(at(found, Stage.FINANCE_REVIEW)) == {"sun": []}


def test_whoever_fills_in_may_let_somebody_stand_in(world, self_evaluation):
    let(world.lin, world.wang)
    evaluation = self_evaluation()
    found = dry_run(evaluation, evaluation.policy)
    assert standing_in(at(found, Stage.SELF_ASSESSMENT)) == {"lin": ["wang"]}


@pytest.mark.parametrize("stand_in", ["lin", "sun"])
def test_a_stand_in_who_leads_it_or_acts_earlier_is_not_named(world, self_evaluation, stand_in):
    let(world.zhou, getattr(world, stand_in))
    evaluation = self_evaluation()
    assert standing_in(at(dry_run(evaluation, evaluation.policy), Stage.CONCLUSION)) == {"zhou": []}


def test_who_has_a_voice_of_their_own_has_none_for_another(world, self_evaluation):
    both = step("review_department", "department", who="all")
    policy = drafted(world, department_review=[both])
    let(world.zhao, world.qian)
    assert standing_in(at(dry_run(self_evaluation(), policy), Stage.DEPARTMENT_REVIEW)) == {
        "zhao": [],
        "qian": [],
    }


def test_nobody_stands_in_for_a_seat_but_for_an_answer_somebody_may(world, commissioned_evaluation):
    grant_role(actor=None, user=world.wu, organization=world.bureau, role=Role.BUREAU_LEADER)
    for asked in (world.wu, world.zhao):
        let(asked, world.wang)
    found = dry_run(commissioned_evaluation(), shipped("finance-default"))
    assert standing_in(at(found, Stage.EXPERT_SCORING))["wu"] == []
    assert standing_in(at(found, Stage.EXCHANGE_OF_VIEWS))["zhao"] == ["wang"]
