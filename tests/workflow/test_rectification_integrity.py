"""check_integrity finds each corruption of what happened to rectification items."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.models import ItemStage, RaisedBy, Verb
from evaluations.models import Stage
from tests.cast import bring_item, do, propose, soon
from tests.rectifying import issued_items, leader_of
from tests.workflow.test_integrity import only, seed
from workflow import rectifying, services
from workflow.integrity import faults

pytestmark = pytest.mark.corrupts

AMOUNT = Decimal("100.5")


def set_item(item, assignment, *parameters):
    seed((f"UPDATE approvals_rectificationitem SET {assignment} WHERE id = %s", *parameters, item.pk))


def without_limits():
    """The database's own checks on money would refuse before anything is found."""
    return ("ALTER TABLE approvals_rectificationitem DROP CONSTRAINT item_settles_at_most_its_amount",)


@pytest.fixture
def settled(world, item_at):
    """An item of finance of which a part is settled, and the rest carried out."""
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.FINANCE, amount=AMOUNT)
    do(Verb.VERIFY, item, world.zhao, opinion="属实。", settled=Decimal(60))
    do(Verb.VERIFY, item, world.sun, opinion="属实。", settled=Decimal(50))
    return item


@pytest.fixture
def extended(world, item_at):
    """An item whose due date was moved once."""
    item = item_at(ItemStage.CARRYING_OUT)
    extension = rectifying.ask_extension(item=item, actor=world.lin, due=soon(60), reason="延期交货。")
    rectifying.answer_extension(extension=extension, actor=world.sun, granted=True)
    item.refresh_from_db()
    return item


@pytest.mark.parametrize("stage", list(ItemStage)[:-1])
def test_an_item_that_came_soundly_to_its_stage_leaves_no_fault(item_at, stage):
    item_at(stage, amount=AMOUNT)
    assert faults() == []


def test_items_with_all_that_may_happen_to_them_leave_no_fault(world, self_evaluation, settled, extended):
    leader = leader_of(world)
    ended, reopened = issued_items(world, self_evaluation, {}, {})
    bring_item(world, reopened, ItemStage.CLOSED)
    services.reopen(item=reopened, actor=world.sun, opinion="复发。", due=soon(20))
    propose(world, ended.evaluation, world.sun)
    rectifying.cancel(item=ended, actor=leader, opinion="单位已经撤销。")
    bring_item(world, settled, ItemStage.CLOSED)
    assert faults() == []


# --- notice and receipt --------------------------------------------------------------------


@pytest.mark.parametrize("stage", [ItemStage.ISSUED, ItemStage.PLANNING, ItemStage.CLOSED])
def test_an_item_that_lost_its_notice_is_found(item_at, stage):
    item = item_at(stage)
    set_item(item, "notice_id = NULL")
    assert only(faults(), item.number, stage, "notice")


def test_an_item_in_a_notice_of_another_evaluation_is_found(item_at):
    item, other = item_at(ItemStage.PLANNING), item_at(ItemStage.ISSUED)
    set_item(other, "notice_id = %s", item.notice_id)
    assert only(faults(), other.number, "notice")


def test_an_item_whose_notice_never_went_out_is_found(item_at):
    item = item_at(ItemStage.ISSUED)
    seed(
        (
            "UPDATE approvals_rectificationnotice SET issued_at = NULL, issued_by_id = NULL, year = NULL,"
            " number = NULL WHERE id = %s",
            item.notice_id,
        )
    )
    assert only(faults(), item.number, "notice")


def test_a_proposed_item_in_a_notice_is_found(world, item_at):
    item = item_at(ItemStage.PLANNING)
    proposed = propose(world, item.evaluation, world.sun)
    set_item(proposed, "notice_id = %s", item.notice_id)
    assert only(faults(), proposed.number, "draft", "notice")


def test_an_item_that_went_on_without_a_receipt_is_found(item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    seed(("DELETE FROM approvals_receipt WHERE notice_id = %s", item.notice_id))
    assert only(faults(), item.number, "receipt")


def test_a_receipt_of_another_unit_is_none(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    seed(("UPDATE approvals_receipt SET unit_id = %s", world.other_unit.pk))
    assert only(faults(), item.number, "receipt")


def test_an_item_that_was_ended_before_anybody_signed_needs_no_receipt(world, item_at):
    rectifying.cancel(item=item_at(ItemStage.ISSUED), actor=leader_of(world), opinion="单位已经撤销。")
    assert faults() == []


def test_an_item_from_before_there_were_notices_needs_none(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    set_item(item, "notice_id = NULL")
    seed(
        ("DELETE FROM approvals_receipt",),
        ("DELETE FROM audit_log_auditevent WHERE verb = 'receive'",),
        ("DELETE FROM approvals_decision WHERE verb = 'receive'",),
        ("DELETE FROM approvals_historicalrectificationitem WHERE stage = 'issued'",),
    )
    assert not [line for line in faults() if item.number in line]


# --- money -----------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["0", "49.999999", "100.5"])
def test_more_or_less_than_was_proved_is_found(settled, amount):
    set_item(settled, "settled = %s", amount)
    assert only(faults(), settled.number, "verifications proved 50.000000")


def test_more_than_the_amount_is_found(settled):
    seed(without_limits())
    set_item(settled, "amount = 49")
    assert only(faults(), settled.number, "50.000000 are settled")


def test_what_was_proved_before_a_reopening_counts_no_more(world, item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT, amount=AMOUNT)
    services.reopen(item=item, actor=world.sun, opinion="资金被退回。", due=soon(60))
    assert faults() == []
    set_item(item, "settled = %s", AMOUNT)
    assert only(faults(), item.number, "verifications proved 0")


def test_a_closed_item_with_money_outstanding_is_found(item_at):
    item = item_at(ItemStage.CLOSED, amount=AMOUNT)
    set_item(item, "amount = 200")
    assert only(faults(), item.number, "only 100.500000 of 200.000000")


def test_finance_beyond_the_department_is_found(settled):
    seed(("UPDATE approvals_settlement SET amount = 49 WHERE NOT counts",))
    assert only(faults(), settled.number, "finance settled 50.000000", "49.000000")


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [ItemStage.DRAFT, ItemStage.PLANNING, ItemStage.CLOSED])
def test_a_due_date_that_nobody_set_is_found(item_at, stage):
    item = item_at(stage)
    set_item(item, "due = %s", soon(31))
    assert only(faults(), item.number, f"due on {soon(31)}, but {soon(30)} was decided")


def test_a_due_date_beside_its_extension_is_found(extended):
    set_item(extended, "due = %s", soon(30))
    assert only(faults(), extended.number, f"but {soon(60)} was decided")


def test_an_extension_that_was_not_granted_moves_nothing(extended):
    seed(("UPDATE approvals_extensionanswer SET outcome = 'refused', due = NULL",))
    assert only(faults(), extended.number, f"but {soon(30)} was decided")


def test_a_due_date_beside_the_reopening_is_found(world, extended):
    item = bring_item(world, extended, ItemStage.CLOSED)
    services.reopen(item=item, actor=world.sun, opinion="复发。", due=soon(20))
    assert faults() == []
    set_item(item, "due = %s", soon(60))
    assert only(faults(), item.number, f"but {soon(20)} was decided")


@pytest.mark.parametrize("stage", [ItemStage.CLOSED, ItemStage.CARRYING_OUT])
def test_an_answer_to_an_extension_without_its_event_is_found(world, extended, stage):
    bring_item(world, extended, stage)
    seed(("UPDATE audit_log_auditevent SET verb = 'forged' WHERE verb = 'answer_extension'",))
    assert any(extended.number in line and "answered without an event" in line for line in faults())


def test_an_extension_that_waits_at_the_end_of_its_item_is_found(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    rectifying.ask_extension(item=item, actor=world.lin, due=soon(60), reason="延期交货。")
    bring_item(world, item, ItemStage.CLOSED)
    assert faults() == []
    seed(("DELETE FROM approvals_extensionanswer",))
    assert only(faults(), item.number, "still waits")


# --- who verified ------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["actor_id", "on_behalf_of_id"])
def test_a_verification_by_whoever_reported_is_found(world, item_at, column):
    item = item_at(ItemStage.CLOSED)
    seed(
        (
            f"UPDATE approvals_decision SET {column} = %s WHERE item_id = %s"
            " AND stage = 'department_verification'",
            world.lin.pk,
            item.pk,
        )
    )
    assert any(item.number in line and "had a hand in it" in line for line in faults())


def test_both_verifications_of_a_round_by_one_person_are_found(world, item_at):
    item = item_at(ItemStage.CLOSED)
    seed(
        (
            "UPDATE approvals_decision SET actor_id = %s WHERE item_id = %s"
            " AND stage = 'finance_verification'",
            world.zhao.pk,
            item.pk,
        )
    )
    assert any(item.number in line and "had a hand in it" in line for line in faults())


# --- the end -----------------------------------------------------------------------------------


@pytest.fixture
def ended(world, item_at):
    """An item that the leader ended."""
    item, leader = item_at(ItemStage.PLANNING), leader_of(world)
    rectifying.cancel(item=item, actor=leader, opinion="单位已经撤销。")
    return item


def test_an_end_that_nobody_decided_is_found(world, self_evaluation):
    item, _other = issued_items(world, self_evaluation, {}, {})
    set_item(item, "stage = 'cancelled', cancelled_at = now()")
    seed(("UPDATE workflow_flowtask SET status = 'CANCELED' WHERE item_id = %s", item.pk))
    found = faults()
    assert any(item.number in line and "without a decision of the bureau's leader" in line for line in found)
    assert any(item.number in line and "receipt" in line for line in found)


def test_an_end_by_somebody_who_did_not_lead_the_bureau_is_found(ended):
    seed(
        (
            "UPDATE accounts_roleholding SET ended_at = '2000-01-01' WHERE role = 'bureau_leader'"
            " AND user_id = (SELECT actor_id FROM approvals_decision WHERE verb = 'cancel')",
        )
    )
    assert any(ended.number in line and "bureau's leader" in line for line in faults())


def test_an_end_by_a_leader_who_has_left_since_is_none(world, ended):
    seed(
        ("UPDATE accounts_roleholding SET ended_at = now() + interval '1 day' WHERE role = 'bureau_leader'",)
    )
    assert not [line for line in faults() if ended.number in line]


def test_a_proposed_item_of_a_closed_evaluation_is_found(world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    proposed = propose(world, item.evaluation, world.sun)
    bring_item(world, item, ItemStage.CLOSED)
    seed(
        (
            "UPDATE evaluations_evaluation SET stage = 'closed', closed_at = now() WHERE id = %s",
            item.evaluation_id,
        )
    )
    assert any(proposed.number in line and "closed, but item" in line for line in faults())


# --- numbers and plans ----------------------------------------------------------------------------


def test_a_gap_in_the_numbers_of_an_office_is_found(world, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    self_evaluation(Stage.CLOSED)
    seed(("DELETE FROM approvals_rectificationnotice WHERE evaluation_id = %s", evaluation.pk))
    assert only(faults(), world.bureau.name, "the last is number 2, but there are 1")


def test_a_plan_without_its_measures_is_found(item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    seed(("DELETE FROM approvals_measure WHERE item_id = %s", item.pk))
    assert only(faults(), item.number, "measures")


def test_a_plan_that_lost_one_of_its_measures_is_found(item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    seed(("UPDATE approvals_measure SET place = 2 WHERE item_id = %s", item.pk))
    assert only(faults(), item.number, "measures")
