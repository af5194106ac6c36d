"""Approving: what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import end_role, grant_role
from accounts.roles import Role
from approvals.actions.independence import require_independence
from approvals.models import Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do, open_task
from tests.dossier_content import evidence_file, filled_self_assessment
from workflow import services


def test_finance_accepts_or_rechecks_but_does_not_approve(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(WrongStage):
        do(Verb.APPROVE, evaluation, world.sun)


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (Stage.UNIT_APPROVAL, "lin"),
        (Stage.UNIT_APPROVAL, "zhao"),
        (Stage.UNIT_APPROVAL, "chen"),
        (Stage.DEPARTMENT_REVIEW, "wang"),
        (Stage.DEPARTMENT_REVIEW, "sun"),
        (Stage.DEPARTMENT_REVIEW, "chu"),
        (Stage.DEPARTMENT_REVIEW, "feng"),
        (Stage.DEPARTMENT_REVIEW, "wei"),
    ],
)
def test_nobody_approves_without_the_right_at_this_organization(world, self_evaluation, stage, name):
    evaluation = self_evaluation(stage)
    with refused(NotAllowed):
        do(Verb.APPROVE, evaluation, world.people[name])


def test_somebody_whose_account_was_closed_approves_nothing(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    world.zhao.is_active = False
    world.zhao.save_as(world.zhou)
    with refused(NotAllowed):
        do(Verb.APPROVE, evaluation, world.zhao)


def test_the_lead_does_not_approve_with_another_hat_on(world, self_evaluation):
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_HEAD)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(ConflictOfInterest):
        do(Verb.APPROVE, evaluation, world.lin)


@pytest.mark.parametrize(
    ("points", "reason"),
    [("20.01", "加分"), ("-1", "扣分"), ("18.555", "取三位"), ("15", ""), ("15", "  ")],
)
def test_a_score_out_of_range_or_without_its_reason_is_refused_at_its_field(
    world, self_evaluation, points, reason
):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    indicator = evaluation.indicators.get(name="上线业务模块")
    with refused(InvalidInput, f"score-{indicator.pk}"):
        do(Verb.APPROVE, evaluation, world.zhao, scores={indicator.pk: (Decimal(points), reason)})


def test_a_score_for_another_evaluations_indicator_is_refused(world, self_evaluation):
    evaluation, other = self_evaluation(Stage.DEPARTMENT_REVIEW), self_evaluation(Stage.DEPARTMENT_REVIEW)
    foreign = other.indicators.first()
    with refused(InvalidInput):
        do(Verb.APPROVE, evaluation, world.zhao, scores={foreign.pk: (Decimal("1"), "误填")})


@pytest.mark.parametrize("helps_by", ["filling in", "adding a file"])
def test_whoever_filled_in_figures_or_added_a_file_does_not_decide_on_them(world, self_evaluation, helps_by):
    """Chen begins the dossier, then the project goes to Lin and Chen to the department."""
    lead = grant_role(actor=None, user=world.chen, organization=world.unit, role=Role.PROJECT_LEAD)
    evaluation = self_evaluation(filled=False, project=world.new_project(lead=world.chen))
    task = open_task(evaluation)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.chen}
    if helps_by == "filling in":
        services.save_draft(**place, changes=filled_self_assessment())
    else:
        services.attach(**place, **evidence_file())
    end_role(actor=None, holding=lead)
    grant_role(actor=None, user=world.chen, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    evaluation.project.lead = world.lin
    evaluation.project.save_as(world.sun)
    with pytest.raises(ConflictOfInterest):
        require_independence(evaluation, world.chen)
    require_independence(evaluation, world.zhao)


def test_nobody_decides_at_two_stages_on_the_same_content_in_any_round(world, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    do(Verb.APPROVE, evaluation, world.wang)
    do(Verb.RETURN, evaluation, world.zhao, to=Stage.UNIT_APPROVAL, opinion="请再核对。")
    grant_role(actor=None, user=world.zhao, organization=world.unit, role=Role.UNIT_APPROVER)
    assert evaluation.round == 2
    with refused(ConflictOfInterest):
        do(Verb.APPROVE, evaluation, world.zhao)
    do(Verb.APPROVE, evaluation, world.wang)
    do(Verb.APPROVE, evaluation, world.zhao)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_scores_are_adjusted_at_the_departments_review_only(world, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    scores = {evaluation.indicators.all()[0].pk: (Decimal("1"), "核减")}
    with refused(InvalidInput):
        do(Verb.APPROVE, evaluation, world.wang, scores=scores)
