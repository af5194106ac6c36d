"""Ways round what a procedure asks for, each found by somebody who looked for one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.roles import Role
from approvals.models import ItemStage, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.actions import DossierChanges
from evaluations.models import Kind, Part, Stage
from tests.approvals.refusals import refused
from tests.cast import do, open_task, person
from tests.dossier_content import PDF, evidence_file
from tests.evaluations.policies.samples import step
from tests.signing import AGENCY, signed_evaluation
from tests.standing_in import let
from tests.votes import agree, at_departments_vote, department, object_to, position, published
from workflow import appointing, handing_over, services

pytestmark = pytest.mark.django_db
LEADER = step("bureau_leader", "bureau", work="sign")


def test_the_last_who_agreed_does_not_withdraw_a_vote_that_failed(world, self_evaluation):
    evaluation, voters = at_departments_vote(world, self_evaluation, who="all")
    object_to(evaluation, voters[0], straight_back=True)
    agree(evaluation, *voters[1:])
    assert evaluation.stage == Stage.SELF_ASSESSMENT
    with refused(WrongStage):
        handing_over.withdraw(evaluation=evaluation, actor=voters[-1], opinion="投错了。")


@pytest.mark.parametrize(("asks", "stage"), [(True, Stage.UNIT_APPROVAL), (False, Stage.DEPARTMENT_REVIEW)])
def test_an_error_counts_at_the_very_step_after_it_came_in(world, self_evaluation, asks, stage):
    approval = step("approve_unit", "unit", condition={"error_finding": asks})
    evaluation = self_evaluation(policy=published(unit_approval=[approval]))
    do(Verb.SUBMIT, evaluation, world.lin)
    assert evaluation.stage == stage


def test_no_straight_way_leads_past_the_conclusion(world, self_evaluation):
    leader = person("leader", "分管局领导", Role.BUREAU_LEADER, world.bureau)
    conclude = step("conclude", "bureau", work="conclude")
    evaluation = self_evaluation(Stage.CONCLUSION, policy=published(conclusion=[conclude, LEADER]))
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("96.5"), conclusion="目标基本实现。")
    sent_back = {"opinion": "数据须核实。", "to": Stage.SELF_ASSESSMENT}
    with refused(InvalidInput, "straight_back"):
        do(Verb.RETURN, evaluation, leader, **sent_back, straight_back=True)
    do(Verb.RETURN, evaluation, leader, **sent_back)
    assert evaluation.stage == Stage.SELF_ASSESSMENT


def test_two_people_stay_two_when_the_straight_way_passes_by_the_first(world, self_evaluation):
    evaluation = self_evaluation(
        Stage.DEPARTMENT_REVIEW, policy=published(department_review=[department(), department()])
    )
    do(Verb.APPROVE, evaluation, world.zhao)
    do(Verb.RETURN, evaluation, world.qian, opinion="请核实。", straight_back=True)
    do(Verb.SUBMIT, evaluation, world.lin, opinion="已核实。")
    assert position(evaluation)[:2] == (Stage.DEPARTMENT_REVIEW, 1)
    task = open_task(evaluation)
    with refused(ConflictOfInterest):
        handing_over.transfer(
            process_id=task.process_id, task_id=task.pk, actor=world.qian, to=world.zhao, reason="出差。"
        )


def test_after_a_return_through_all_steps_everybody_decides_anew_where_they_like(world, self_evaluation):
    third = person("third", "审核员三", Role.DEPARTMENT_REVIEWER, world.department)
    evaluation = self_evaluation(
        Stage.DEPARTMENT_REVIEW, policy=published(department_review=[department(), department()])
    )
    do(Verb.APPROVE, evaluation, world.zhao)
    do(Verb.RETURN, evaluation, world.qian, opinion="请补充。", to=Stage.SELF_ASSESSMENT)
    task = open_task(evaluation)
    services.attach(process_id=task.process_id, task_id=task.pk, actor=world.lin, **new_proof())
    do(Verb.SUBMIT, evaluation, world.lin)
    do(Verb.APPROVE, evaluation, world.wang)
    do(Verb.APPROVE, evaluation, third)
    do(Verb.APPROVE, evaluation, world.zhao)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def new_proof():
    return evidence_file("补充合同.pdf", PDF + b"%more")


def test_whoever_approved_the_draft_does_not_weigh_the_answers(world, commissioned_evaluation):
    officer = person("second", "绩效科经办人二", Role.FINANCE_OFFICER, world.bureau)
    review = step("finance_officer", "bureau")
    draft = step("run_evaluation", "evaluator", work="draft")
    policy = published("finance", draft_conclusion=[draft, review])
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, kind=Kind.FINANCE, policy=policy)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初步结论。")
    do(Verb.APPROVE, evaluation, officer)
    do(Verb.ANSWER, evaluation, world.lin, opinion="同意。")
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意。")
    with refused(ConflictOfInterest):
        do(Verb.CONSIDER, evaluation, officer)
    do(Verb.CONSIDER, evaluation, world.sun)
    assert evaluation.stage == Stage.CONCLUSION


def test_an_agency_does_not_come_in_after_the_draft_that_it_has_to_review(world, commissioned_evaluation):
    head = person("head", "工作组组长")
    evaluation = signed_evaluation(
        world, commissioned_evaluation, stage=Stage.EXCHANGE_OF_VIEWS, group_head=head
    )
    late = {"part": Part.LEAD_EVALUATOR, "agency": AGENCY, "person": person("late", "主评人")}
    with refused(WrongStage):
        appointing.appoint(evaluation=evaluation, actor=world.sun, **late)


def test_nobody_acts_on_an_experts_seat_in_the_experts_name(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    task = open_task(evaluation, world.wu)
    with refused(NotAllowed):
        services.perform(Verb.SCORE, process_id=task.process_id, task_id=task.pk, actor=world.sun, scores={})


def test_the_unit_changes_no_files_by_the_departments_task_after_its_answer(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    own = open_task(evaluation, world.lin)
    late = services.attach(process_id=own.process_id, task_id=own.pk, actor=world.lin, **new_proof())
    do(Verb.ANSWER, evaluation, world.lin, opinion="同意。")
    task = open_task(evaluation, world.qian)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.lin}
    with refused(WrongStage):
        services.withdraw(**place, evidence_id=late.pk)
    with refused(WrongStage):
        services.attach(**place, **new_proof())
    with refused(WrongStage):
        services.save_draft(**place, changes=DossierChanges())


def test_nobody_of_the_unit_concludes_for_the_bureau(world, self_evaluation):
    approver = person("deputy", "单位负责人二", Role.UNIT_APPROVER, world.unit)
    let(world.zhou, approver)
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(ConflictOfInterest):
        do(Verb.CONCLUDE, evaluation, approver, total=Decimal("96.5"), conclusion="目标基本实现。")


def test_somebody_of_another_unit_concludes_for_the_bureau(world, self_evaluation):
    let(world.zhou, world.chen)
    evaluation = self_evaluation(Stage.CONCLUSION)
    do(Verb.CONCLUDE, evaluation, world.chen, total=Decimal("96.5"), conclusion="目标基本实现。")
    assert evaluation.stage == Stage.CLOSED


def test_nobody_of_the_unit_takes_a_task_for_the_department(world, self_evaluation):
    approver = person("deputy", "单位负责人二", Role.UNIT_APPROVER, world.unit)
    let(world.zhao, approver)
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    with refused(ConflictOfInterest):
        services.claim(process_id=task.process_id, task_id=task.pk, actor=approver)


def test_whoever_leads_another_project_of_the_unit_still_approves_for_its_approver(world, self_evaluation):
    lead = person("lead", "项目负责人二", Role.PROJECT_LEAD, world.unit)
    let(world.wang, lead)
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    do(Verb.APPROVE, evaluation, lead)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW


@pytest.fixture
def of_the_own_level(world, self_evaluation):
    """A department's evaluation of itself as a unit, at a stage of its choice; and its approver."""
    lead = person("own_lead", "本级项目负责人", Role.PROJECT_LEAD, world.own_level)
    approver = person("own_approver", "本级负责人", Role.UNIT_APPROVER, world.own_level)

    def at_review():
        evaluation = self_evaluation(project=world.new_project(lead, world.own_level))
        do(Verb.SUBMIT, evaluation, lead, opinion="请审核。")
        do(Verb.APPROVE, evaluation, approver)
        return evaluation

    return at_review


def test_the_departments_people_act_for_each_other_on_its_own_level(world, of_the_own_level):
    head = person("own_head", "部门负责人二", Role.DEPARTMENT_HEAD, world.other_department)
    let(world.chu, head)
    evaluation = of_the_own_level()
    task = open_task(evaluation)
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.chu)
    decision = do(Verb.APPROVE, evaluation, head)
    assert (decision.on_behalf_of, evaluation.stage) == (world.chu, Stage.FINANCE_REVIEW)


def test_nobody_of_the_department_decides_for_the_bureau_on_its_own_level(world, of_the_own_level):
    head = person("own_head", "部门负责人二", Role.DEPARTMENT_HEAD, world.other_department)
    let(world.sun, head)
    evaluation = of_the_own_level()
    do(Verb.APPROVE, evaluation, world.chu)
    with refused(ConflictOfInterest):
        do(Verb.ACCEPT, evaluation, head)


@pytest.mark.parametrize(
    ("stage", "delegator"),
    [(ItemStage.DEPARTMENT_VERIFICATION, "zhao"), (ItemStage.FINANCE_VERIFICATION, "sun")],
)
def test_nobody_of_the_unit_verifies_its_rectification_for_those_above(world, item_at, stage, delegator):
    approver = person("deputy", "单位负责人二", Role.UNIT_APPROVER, world.unit)
    let(world.people[delegator], approver)
    item = item_at(stage)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, approver, opinion="已上线。")
