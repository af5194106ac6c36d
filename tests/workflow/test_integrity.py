"""check_integrity finds each corruption, and nothing where nothing is wrong.

The corruptions are written by raw SQL with triggers off, as a broken script or an
intruder with the database's own rights would write them.
"""

from __future__ import annotations

import io
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import ItemStage, RaisedBy
from evaluations.models import Kind, Stage
from tests.cast import bring, bring_item, open_task, propose, walk_self
from workflow import integrity
from workflow.integrity import faults

pytestmark = pytest.mark.corrupts

COPY_OF_TASK = """
INSERT INTO workflow_flowtask (flow_task, flow_task_type, status, created, token, process_id, evaluation_id,
                               item_id, stage, step, ballot_id, round, "right", organization_id, data)
SELECT flow_task, flow_task_type, status, created, token || '/copy', process_id, evaluation_id,
       item_id, stage, step, ballot_id, round, "right", organization_id, data
FROM workflow_flowtask WHERE id = %s
"""


def seed(*statements):
    """Run each (sql, parameters) with triggers and foreign keys off; each has to hit a row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for sql, *parameters in statements:
            cursor.execute(sql, parameters)
            assert cursor.rowcount, sql
        cursor.execute("SET session_replication_role = origin")


def only(found, *words):
    """Exactly one fault, and it says all these words."""
    assert len(found) == 1, found
    assert all(str(word) in found[0] for word in words), found
    return True


def told(found, *words):
    """One of two faults says all these words; the other check found the same in other rows."""
    assert len(found) == 2, found
    assert any(all(str(word) in line for word in words) for line in found), found
    return True


@pytest.mark.parametrize(
    "stage", [Stage.SELF_ASSESSMENT, Stage.DEPARTMENT_REVIEW, Stage.RECTIFICATION, Stage.CLOSED]
)
def test_a_sound_self_evaluation_has_no_faults(self_evaluation, stage):
    self_evaluation(stage)
    assert faults() == []


@pytest.mark.parametrize("stage", [Stage.MATERIAL, Stage.EXPERT_SCORING, Stage.CLOSED])
def test_a_sound_commissioned_evaluation_has_no_faults(commissioned_evaluation, stage):
    commissioned_evaluation(stage, kind=Kind.DEPARTMENT)
    assert faults() == []


@pytest.mark.parametrize("stage", [Stage.FINANCE_REVIEW, Stage.CONCLUSION])
def test_a_stage_that_disagrees_with_its_tasks_is_found(self_evaluation, stage):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    seed(("UPDATE evaluations_evaluation SET stage = %s WHERE id = %s", stage, evaluation.pk))
    assert told(faults(), evaluation.number, stage, Stage.DEPARTMENT_REVIEW)


def test_a_stage_without_any_task_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    seed(("UPDATE workflow_flowtask SET status = 'CANCELED' WHERE id = %s", open_task(evaluation).pk))
    assert told(faults(), evaluation.number, "none")


def test_a_step_of_the_evaluation_that_is_open_during_rectification_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.RECTIFICATION)
    seed(
        (
            "UPDATE workflow_flowtask SET status = 'NEW' WHERE id ="
            " (SELECT max(id) FROM workflow_flowtask WHERE evaluation_id = %s AND stage = 'conclusion')",
            evaluation.pk,
        )
    )
    assert only(faults(), evaluation.number, "rectification", "conclusion")


def test_two_open_tasks_for_one_step_are_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    seed((COPY_OF_TASK, open_task(evaluation).pk))
    assert told(faults(), evaluation.number, "2 open tasks", Stage.DEPARTMENT_REVIEW)


def test_two_open_tasks_for_one_seat_are_found(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    task = open_task(evaluation, world.wu)
    seed((COPY_OF_TASK, task.pk))
    seed(("UPDATE workflow_flowtask SET owner_id = %s WHERE token LIKE '%%/copy'", world.wu.pk))
    assert only(faults(), evaluation.number, "2 open tasks")


def test_a_task_of_another_round_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    seed(("UPDATE workflow_flowtask SET round = 7 WHERE id = %s", open_task(evaluation).pk))
    assert only(faults(), evaluation.number, "round 7", "expected 1")


def test_an_open_task_on_a_closed_evaluation_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    seed(
        (
            "UPDATE workflow_flowtask SET status = 'NEW' WHERE id ="
            " (SELECT max(id) FROM workflow_flowtask WHERE evaluation_id = %s AND stage = 'conclusion')",
            evaluation.pk,
        )
    )
    assert only(faults(), evaluation.number, "closed", "conclusion")


def test_an_open_task_on_a_closed_item_is_found(item_at):
    item = item_at(ItemStage.CLOSED)
    seed(
        (
            "UPDATE workflow_flowtask SET status = 'NEW' WHERE id ="
            " (SELECT max(id) FROM workflow_flowtask WHERE item_id = %s AND stage = 'planning')",
            item.pk,
        )
    )
    assert only(faults(), item.evaluation.number, "closed", "planning")


def test_a_decision_without_its_event_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    decision = evaluation.decisions.get(verb="submit")
    seed(
        (
            "INSERT INTO approvals_decision (evaluation_id, verb, stage, step, next_stage, next_step, round,"
            " opinion, actor_id, decided_at, content_digest, is_demonstration, straight_back)"
            " SELECT evaluation_id, verb, stage, step, next_stage, next_step, round, 'forged', actor_id,"
            " decided_at, content_digest, false, false FROM approvals_decision WHERE id = %s",
            decision.pk,
        )
    )
    assert told(faults(), evaluation.number, "submit", "no audit event")


def test_an_event_without_its_decision_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    decision = evaluation.decisions.get(verb="submit")
    seed(("DELETE FROM approvals_decision WHERE id = %s", decision.pk))
    assert only(faults(), f"evaluation:{evaluation.pk}", decision.pk, "does not exist")


def test_a_decision_that_was_rewritten_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    decision = evaluation.decisions.get(verb="submit")
    seed(("UPDATE approvals_decision SET opinion = 'forged' WHERE id = %s", decision.pk))
    assert only(faults(), evaluation.number, decision.pk)


def test_an_item_whose_stage_disagrees_with_its_task_is_found(item_at):
    item = item_at(ItemStage.PLANNING)
    seed(("UPDATE approvals_rectificationitem SET stage = 'carrying_out' WHERE id = %s", item.pk))
    assert only(faults(), item.number, "carrying_out", "planning")


def test_an_open_item_without_any_task_is_found(item_at):
    item = item_at(ItemStage.PLANNING)
    seed(("UPDATE workflow_flowtask SET status = 'DONE' WHERE id = %s", open_task(item).pk))
    assert only(faults(), item.number, "none")


def close_by_hand(item):
    """An item of two, so that its evaluation rightly stays in rectification."""
    seed(
        (
            "UPDATE approvals_rectificationitem SET stage = 'closed', closed_at = now() WHERE id = %s",
            item.pk,
        ),
        ("UPDATE workflow_flowtask SET status = 'DONE' WHERE id = %s", open_task(item).pk),
    )


@pytest.fixture
def two_items(world, self_evaluation):
    """Both of finance, received and waiting for measures."""
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun) for _ in range(2)]
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    return [bring_item(world, item, ItemStage.PLANNING) for item in items]


def test_a_closed_item_without_any_verification_is_found(two_items):
    close_by_hand(two_items[0])
    found = faults()
    assert len(found) == 2
    assert {"department_verification", "finance_verification"} == {fault.split()[-1] for fault in found}


def test_an_item_of_finance_that_finance_never_verified_is_found(world, two_items):
    item = bring_item(world, two_items[0], ItemStage.FINANCE_VERIFICATION)
    close_by_hand(item)
    assert only(faults(), item.number, "finance_verification")


def test_an_item_of_the_department_needs_no_verification_by_finance(item_at):
    item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    assert faults() == []


def test_a_sampled_item_that_finance_never_verified_is_found(item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    seed(("UPDATE approvals_rectificationitem SET sampled = true WHERE id = %s", item.pk))
    assert only(faults(), item.number, "finance_verification")


def test_a_verification_of_an_earlier_round_does_not_count(item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    seed(("UPDATE approvals_rectificationitem SET round = 2 WHERE id = %s", item.pk))
    assert only(faults(), item.number, "department_verification")


def test_a_closed_evaluation_with_an_open_item_is_found(item_at):
    item = item_at(ItemStage.PLANNING)
    seed(
        (
            "UPDATE evaluations_evaluation SET stage = 'closed', closed_at = now() WHERE id = %s",
            item.evaluation_id,
        )
    )
    found = faults()
    assert any(item.number in fault and "closed, but item" in fault for fault in found)


def test_an_evaluation_in_rectification_without_an_open_item_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    seed(
        (
            "UPDATE evaluations_evaluation SET stage = 'rectification', closed_at = NULL WHERE id = %s",
            evaluation.pk,
        )
    )
    assert only(faults(), evaluation.number, "no item is open")


@pytest.mark.parametrize("points", ["20.01", "-0.01"])
def test_a_score_outside_of_its_weight_is_found(self_evaluation, points):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    indicator = evaluation.indicators.get(name="上线业务模块")
    seed(("UPDATE evaluations_score SET points = %s WHERE indicator_id = %s", points, indicator.pk))
    assert only(faults(), evaluation.number, indicator.name, points)


def test_a_role_holding_whose_group_is_missing_is_found(world):
    seed(
        (
            "DELETE FROM accounts_rolegroup WHERE organization_id = %s AND role = 'project_lead'",
            world.unit.pk,
        )
    )
    found = faults()
    assert any("lin" in fault and "not in its group" in fault for fault in found)


def test_somebody_who_was_taken_out_of_the_roles_group_is_found(world):
    seed(("DELETE FROM accounts_user_groups WHERE user_id = %s", world.lin.pk))
    assert only(faults(), "lin", "not in its group")


def test_somebody_in_a_roles_group_without_the_role_is_found(world):
    seed(
        (
            "INSERT INTO accounts_user_groups (user_id, group_id)"
            " SELECT %s, group_id FROM accounts_rolegroup WHERE organization_id = %s",
            world.wei.pk,
            world.unit.pk,
        )
    )
    found = faults()
    assert len(found) == 2
    assert all("wei" in fault and "without holding the role" in fault for fault in found)


def test_a_group_that_lacks_one_of_its_roles_rights_is_found(world):
    seed(
        (
            "DELETE FROM accounts_organizationgrouppermission WHERE content_object_id = %s"
            " AND permission_id = (SELECT id FROM auth_permission WHERE codename = 'approve_unit')",
            world.unit.pk,
        )
    )
    assert only(faults(), "unit_approver", "approve_unit")


def test_a_group_with_a_right_that_its_role_does_not_carry_is_found(world):
    seed(
        (
            "INSERT INTO accounts_organizationgrouppermission (group_id, permission_id, content_object_id)"
            " SELECT g.group_id, p.id, g.organization_id FROM accounts_rolegroup g, auth_permission p"
            " WHERE g.role = 'auditor' AND p.codename = 'conclude'",
        )
    )
    assert only(faults(), "auditor", "conclude")


def test_a_broken_audit_chain_is_found(self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    chain = f"evaluation:{evaluation.pk}"
    seed(("UPDATE audit_log_auditevent SET actor_label = 'x' WHERE chain = %s AND sequence = 2", chain))
    assert only(faults(), chain, "event 2", "hash")


def test_the_command_says_0_faults_and_succeeds_when_all_is_sound(self_evaluation):
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    out = io.StringIO()
    call_command("check_integrity", stdout=out)
    assert out.getvalue() == "0 faults\n"


def test_the_command_prints_a_line_for_each_fault_and_fails(self_evaluation):
    for _ in range(2):
        evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
        seed(("UPDATE workflow_flowtask SET round = 7 WHERE id = %s", open_task(evaluation).pk))
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_integrity", stdout=out)
    assert end.value.code == 1
    assert len(out.getvalue().splitlines()) == 2


def test_every_subjects_checks_are_asked_once():
    names = [found.name for found in iter_modules(integrity.__path__) if found.name != "asking"]
    subjects = [import_module(f"workflow.integrity.{name}") for name in names]
    asked = [check for subject in subjects for check in subject.CHECKS]
    assert sorted(map(id, integrity.CHECKS)) == sorted(map(id, asked))


def test_the_number_of_statements_does_not_grow_with_the_evaluations(self_evaluation):
    counts = set()
    for _ in range(3):
        self_evaluation(Stage.DEPARTMENT_REVIEW)
        with CaptureQueriesContext(connection) as statements:
            assert faults() == []
        counts.add(len(statements))
    assert len(counts) == 1, counts
