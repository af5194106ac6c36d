"""Closing an item by amount: in parts, each proved, and never more than was proved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.errors import InvalidInput
from notices import messages
from notices.models import Notice
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, open_task, propose, report_done, soon
from tests.dossier_content import evidence_file
from tests.rectifying import last_event, refused_by_the_database, run_sql
from workflow import services

AMOUNT = Decimal("100.5")


def verify(item, actor, settled=None):
    details = {} if settled is None else {"settled": Decimal(settled)}
    return do(Verb.VERIFY, item, actor, opinion="核对缴款凭证。", **details)


@pytest.fixture
def of_department(item_at):
    """An item of the department, which the department alone closes."""
    return item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.DEPARTMENT, amount=AMOUNT)


@pytest.fixture
def of_finance(item_at):
    """An item of finance, before the department verifies."""
    return item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.FINANCE, amount=AMOUNT)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_involved_is_above_nothing(world, item_at, amount):
    evaluation = item_at(ItemStage.DRAFT).evaluation
    with refused(InvalidInput, "amount"):
        propose(world, evaluation, world.sun, amount=Decimal(amount))


@pytest.mark.parametrize("amount", ["0.0000001", "12.3456789", "1234567890123", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_kept_as_it_is_is_refused_not_rounded(world, item_at, amount):
    evaluation = item_at(ItemStage.DRAFT).evaluation
    with refused(InvalidInput, "amount"):
        propose(world, evaluation, world.sun, amount=Decimal(amount))


@pytest.mark.parametrize("settled", ["0.0000001", "100.4999999", "NaN"])
def test_what_is_settled_is_not_rounded_either(world, of_department, settled):
    with refused(InvalidInput, "settled"):
        verify(of_department, world.zhao, settled)


def test_nothing_is_settled_where_no_money_is_involved(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    with refused(InvalidInput, "settled"):
        verify(item, world.zhao, "1")


@pytest.mark.parametrize("settled", ["0", "-0.01", "100.500001"])
def test_what_is_settled_is_above_nothing_and_at_most_the_amount(world, of_department, settled):
    with refused(InvalidInput, "settled"):
        verify(of_department, world.zhao, settled)


def test_left_out_everything_is_settled(world, of_department):
    decision = verify(of_department, world.zhao)
    assert (of_department.stage, of_department.settled) == (ItemStage.CLOSED, AMOUNT)
    assert (decision.settlement.amount, decision.settlement.counts) == (AMOUNT, True)
    assert Decimal(last_event(of_department, "verify").data["settled"]) == AMOUNT


def test_the_unit_is_told_once_an_item_is_closed_not_for_a_part(world, of_department):
    verify(of_department, world.zhao, "30")
    assert not Notice.objects.filter(message=messages.ITEM_CLOSED).exists()
    report_done(of_department, world.lin)
    decision = verify(of_department, world.zhao)
    (notice,) = Notice.objects.filter(message=messages.ITEM_CLOSED)
    assert notice.recipient == world.lin
    assert notice.source == f"decision:{decision.pk}:item:{of_department.pk}"


def test_a_part_is_closed_and_the_rest_goes_back_to_the_unit_in_a_new_round(world, of_department):
    item = of_department
    verify(item, world.zhao, "30")
    assert (item.stage, item.round, item.settled) == (ItemStage.CARRYING_OUT, 2, 30)
    assert (item.outstanding, open_task(item).owner) == (Decimal("70.5"), world.lin)
    report_done(item, world.lin)
    with refused(InvalidInput, "settled"):
        verify(item, world.zhao, "70.51")
    verify(item, world.zhao)
    assert (item.stage, item.settled) == (ItemStage.CLOSED, AMOUNT)
    assert list(item.settlements.values_list("amount", "counts")) == [(30, True), (Decimal("70.5"), True)]


def test_the_files_of_a_part_that_was_closed_prove_nothing_of_the_rest(world, of_department):
    item = of_department
    do(Verb.SEND_BACK, item, world.zhao, opinion="缺少缴款凭证。")
    task = open_task(item)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.lin}
    left_over = services.attach(**place, **evidence_file())
    report_done(item, world.lin)
    verify(item, world.zhao, "30")
    with refused(InvalidInput, "file"):
        do(Verb.REPORT, item, world.lin, result="已缴清。", evidence=[left_over])


def test_what_the_department_proves_of_finances_item_counts_only_with_finance(world, of_finance):
    item = of_finance
    verify(item, world.zhao, "60")
    assert (item.stage, item.settled) == (ItemStage.FINANCE_VERIFICATION, 0)
    verify(item, world.sun, "50")
    assert (item.stage, item.settled) == (ItemStage.CARRYING_OUT, 50)
    assert list(item.settlements.values_list("amount", "counts")) == [(60, False), (50, True)]


def test_finance_settles_no_more_than_the_department_has_proved(world, of_finance):
    item = of_finance
    verify(item, world.zhao, "60")
    with refused(InvalidInput, "settled"):
        verify(item, world.sun, "60.01")
    verify(item, world.sun)
    assert (item.stage, item.settled) == (ItemStage.CARRYING_OUT, 60)


def test_what_the_department_proved_in_an_earlier_round_binds_nobody_later(world, of_finance):
    item = of_finance
    verify(item, world.zhao, "60")
    do(Verb.SEND_BACK, item, world.sun, opinion="凭证不全。")
    report_done(item, world.lin)
    verify(item, world.zhao)
    verify(item, world.sun)
    assert (item.stage, item.settled) == (ItemStage.CLOSED, AMOUNT)


def test_an_item_with_money_outstanding_is_never_closed_however_many_parts_it_takes(world, of_finance):
    item = of_finance
    for settled in ("40", "40"):
        verify(item, world.zhao, settled)
        verify(item, world.sun)
        assert item.stage == ItemStage.CARRYING_OUT
        report_done(item, world.lin)
    verify(item, world.zhao)
    verify(item, world.sun)
    assert (item.stage, item.round, item.settled) == (ItemStage.CLOSED, 3, AMOUNT)


def test_a_reopened_item_is_settled_from_nothing_again_and_what_was_proved_stays(world, of_department):
    item = of_department
    verify(item, world.zhao)
    services.reopen(item=item, actor=world.sun, opinion="资金被退回。", due=soon(60))
    item.refresh_from_db()
    assert (item.settled, item.outstanding) == (0, AMOUNT)
    bring_item(world, item, ItemStage.CLOSED)
    assert item.settled == AMOUNT
    assert list(item.settlements.values_list("counts", flat=True)) == [True, False, True]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE approvals_settlement SET amount = 1", "DELETE FROM approvals_settlement"],
)
def test_a_settlement_stays_as_it_was_proved(world, of_department, statement):
    verify(of_department, world.zhao, "30")
    with refused_by_the_database("append-only"):
        run_sql(statement)


@pytest.mark.parametrize("settled", ["100.500001", "-1"])
def test_the_database_refuses_to_settle_more_than_the_amount_or_less_than_nothing(of_department, settled):
    with pytest.raises(IntegrityError, match="settles_at_most"), transaction.atomic():
        run_sql(
            "UPDATE approvals_rectificationitem SET settled = %s WHERE id = %s", settled, of_department.pk
        )
