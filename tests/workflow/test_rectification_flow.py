"""A rectification item's flow: plan, carry out, verify, send back, sample, reopen, close."""

from __future__ import annotations

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests.cast import bring, bring_item, do, open_task, planned, propose, report_done, soon, walk_self
from tests.workflow.test_flows import open_tasks
from workflow import services


def verifications(item):
    return [decision.stage for decision in item.decisions.filter(verb=Verb.VERIFY)]


@pytest.mark.parametrize("raised_by", [RaisedBy.SELF, RaisedBy.DEPARTMENT])
def test_an_item_of_unit_or_department_is_closed_by_the_departments_verification(item_at, raised_by):
    item = item_at(ItemStage.CLOSED, raised_by=raised_by)
    assert verifications(item) == [ItemStage.DEPARTMENT_VERIFICATION]


def test_an_item_of_finance_needs_both_verifications(item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.FINANCE)
    assert verifications(item) == [ItemStage.DEPARTMENT_VERIFICATION, ItemStage.FINANCE_VERIFICATION]


def test_a_sampled_item_of_the_department_needs_both_verifications_too(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT, raised_by=RaisedBy.DEPARTMENT)
    services.sample(item=item, actor=world.sun)
    bring_item(world, item, ItemStage.CLOSED)
    assert verifications(item) == [ItemStage.DEPARTMENT_VERIFICATION, ItemStage.FINANCE_VERIFICATION]


def test_an_item_may_still_be_sampled_while_the_department_verifies(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.DEPARTMENT)
    services.sample(item=item, actor=world.sun)
    do(Verb.VERIFY, item, world.zhao, opinion="已核实。")
    assert item.stage == ItemStage.FINANCE_VERIFICATION


@pytest.mark.parametrize(
    ("stage", "actor"),
    [(ItemStage.DEPARTMENT_VERIFICATION, "zhao"), (ItemStage.FINANCE_VERIFICATION, "sun")],
)
def test_each_check_may_send_the_item_back_and_the_old_round_stays(world, item_at, stage, actor):
    item = item_at(stage)
    do(Verb.SEND_BACK, item, world.people[actor], opinion="缺少验收单。")
    assert (item.stage, item.round) == (ItemStage.CARRYING_OUT, 2)
    assert open_task(item).round == 2
    bring_item(world, item, ItemStage.CLOSED)
    assert list(item.files.values_list("round", flat=True)) == [1, 2]
    reports = item.decisions.filter(verb=Verb.REPORT).values_list("round", flat=True)
    assert list(reports) == [1, 2]


def test_after_finance_sends_back_the_department_verifies_again(world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    do(Verb.SEND_BACK, item, world.sun, opinion="缺少验收单。")
    report_done(item, world.lin)
    assert item.stage == ItemStage.DEPARTMENT_VERIFICATION


def test_a_report_rests_on_a_file_of_its_own_round(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    do(Verb.SEND_BACK, item, world.zhao, opinion="缺少验收单。")
    with pytest.raises(InvalidInput):
        do(Verb.REPORT, item, world.lin, result="已补充。")


def test_whoever_planned_or_reported_does_not_verify(world, item_at):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    item = item_at(ItemStage.PLANNING, responsible_person=world.wang)
    bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    with pytest.raises(ConflictOfInterest):
        do(Verb.VERIFY, item, world.wang, opinion="属实。")
    with pytest.raises(ConflictOfInterest):
        do(Verb.SEND_BACK, item, world.wang, opinion="不属实。")


def test_one_person_does_not_verify_for_department_and_finance(world, item_at):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.FINANCE_OFFICER)
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    with pytest.raises(ConflictOfInterest):
        do(Verb.VERIFY, item, world.zhao, opinion="属实。")


def test_an_item_asks_the_responsible_person_and_nobody_else(world, item_at):
    item = item_at(ItemStage.PLANNING)
    assert open_task(item).owner == world.lin
    with pytest.raises(NotAllowed):
        do(Verb.PLAN, item, world.wang, measures=planned(item, "补充协议。"))


def test_an_item_of_another_unit_without_a_named_person_asks_its_role(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    item = propose(world, evaluation, world.sun, responsible_unit=world.other_unit)
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    task = open_task(item)
    assert (task.owner, task.organization) == (None, world.other_unit)
    do(Verb.RECEIVE, item, world.chen)


def test_nobody_is_made_responsible_who_could_not_carry_it_out(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with pytest.raises(InvalidInput) as refusal:
        propose(world, evaluation, world.sun, responsible_person=world.chen)
    assert list(refusal.value.fields) == ["responsible_person"]
    with pytest.raises(InvalidInput) as refusal:
        propose(world, evaluation, world.sun, responsible_unit=world.own_level)
    assert list(refusal.value.fields) == ["responsible_unit"]


def test_closing_the_last_item_closes_the_evaluation(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    first, last = (propose(world, evaluation, world.sun) for _ in range(2))
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    bring_item(world, first, ItemStage.CLOSED)
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.RECTIFICATION
    bring_item(world, last, ItemStage.CLOSED)
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.CLOSED
    assert evaluation.closed_at is not None
    assert AuditEvent.objects.filter(verb="close_evaluation", object_id=evaluation.pk).count() == 1


def test_reopening_starts_a_new_process_and_reopens_the_closed_evaluation(world, item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    services.reopen(item=item, actor=world.sun, opinion="模块停用。", due=soon(60))
    item.refresh_from_db()
    assert (item.stage, item.round, item.closed_at) == (ItemStage.PLANNING, 2, None)
    assert (item.evaluation.stage, item.evaluation.closed_at) == (Stage.RECTIFICATION, None)
    assert sorted(item.processes.values_list("status", flat=True)) == ["DONE", "NEW"]
    assert (item.due, item.original_due) == (soon(60), soon(30))


def test_a_reopened_item_is_closed_again_only_with_finances_verification(world, item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    services.reopen(item=item, actor=world.sun, opinion="模块停用。", due=soon(60))
    bring_item(world, item, ItemStage.CLOSED)
    assert verifications(item)[-1] == ItemStage.FINANCE_VERIFICATION
    assert item.evaluation.__class__.objects.get(pk=item.evaluation_id).stage == Stage.CLOSED


def test_reopening_one_item_leaves_the_other_closed(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun) for _ in range(2)]
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    for item in items:
        bring_item(world, item, ItemStage.CLOSED)
    services.reopen(item=items[0], actor=world.zhou, opinion="复发。", due=soon())
    assert [task.item_id for task in open_tasks(evaluation)] == [items[0].pk]


@pytest.mark.parametrize("stage", [ItemStage.DRAFT, ItemStage.CLOSED])
def test_only_an_open_item_is_sampled(world, item_at, stage):
    item = item_at(stage, raised_by=RaisedBy.DEPARTMENT)
    with pytest.raises(WrongStage):
        services.sample(item=item, actor=world.sun)


def test_an_item_whose_due_date_has_passed_is_not_assigned(world, self_evaluation):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from audit_log import clock

    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    item = propose(world, evaluation, world.sun, due=soon(1))
    do(Verb.ACCEPT, evaluation, world.sun)
    later = datetime.combine(soon(3), datetime.min.time(), tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.at(later), pytest.raises(InvalidInput) as refusal:
        bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    assert list(refusal.value.fields) == [f"item-{item.pk}"]
