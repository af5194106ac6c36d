"""Handing one's work over to another holder of the same role."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.access import rights_of
from accounts.actions import deactivate_person, delegate, end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import Ballot, ItemStage, Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled, ConflictOfInterest, InvalidInput, NotAllowed
from audit_log.models import AuditEvent
from evaluations.models import Kind, Stage
from notices import messages
from notices.announcing import announce
from notices.models import Notice
from tests import votes
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.cast import all_scores, do, open_task, person, soon
from tests.signing import signed_evaluation
from workflow import handing_over, services
from workflow.integrity import faults

pytestmark = pytest.mark.django_db

REASON = "出差，请代为办理。"


def place_of(subject, actor=None):
    task = open_task(subject, actor)
    return {"process_id": task.process_id, "task_id": task.pk}


def transfer(subject, actor, to, reason=REASON):
    return handing_over.transfer(**place_of(subject, actor), actor=actor, to=to, reason=reason)


# --- what it does -----------------------------------------------------------------------


def test_another_holder_of_the_role_gets_it_and_decides(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    task = transfer(evaluation, world.zhao, world.qian)
    assert (task.owner, task.status) == (world.qian, "ASSIGNED")
    event = AuditEvent.objects.get(verb="transfer")
    assert (event.actor_id, event.object_type) == (world.zhao.pk, "evaluation")
    assert event.data == {
        "to": world.qian.pk,
        "stage": Stage.DEPARTMENT_REVIEW,
        "name": "小钱",
        "reason": REASON,
        "ballot": None,
    }
    (notice,) = told(messages.HANDED_OVER)
    assert (notice["recipient_id"], notice["values"]["reason"]) == (world.qian.pk, REASON)
    place = place_of(evaluation)
    with refused(NotAllowed):
        services.perform(Verb.APPROVE, **place, actor=world.zhao, opinion="同意。")
    do(Verb.APPROVE, evaluation, world.qian, opinion="同意。")
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert faults() == []


def test_whoever_gets_a_task_back_is_told_each_time(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    transfer(evaluation, world.zhao, world.qian)
    transfer(evaluation, world.qian, world.zhao)
    transfer(evaluation, world.zhao, world.qian)
    for notice in told(messages.HANDED_OVER):
        words = {name: notice[name] for name in ("message", "values", "path", "source")}
        announce(**words, owner_id=notice["recipient_id"])
    assert Notice.objects.filter(recipient=world.qian, message=messages.HANDED_OVER).count() == 2


def test_what_nobody_has_claimed_can_be_handed_to_a_colleague_too(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    transfer(evaluation, world.zhao, world.qian)
    assert open_task(evaluation).owner == world.qian


def test_what_was_typed_stays_behind(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    services.claim(**place, actor=world.zhao)
    services.keep_typed(**place, actor=world.zhao, typed={"opinion": "不给别人看"})
    transfer(evaluation, world.zhao, world.qian)
    assert "typed" not in open_task(evaluation).data


def test_the_lead_hands_the_filling_over_within_the_unit(world, self_evaluation):
    evaluation = self_evaluation()
    grant_role(actor=None, user=world.chen, organization=world.unit, role=Role.PROJECT_LEAD)
    transfer(evaluation, world.lin, world.chen)
    do(Verb.SUBMIT, evaluation, world.chen)
    assert evaluation.stage == Stage.UNIT_APPROVAL
    assert faults() == []


def test_an_items_step_is_handed_over_too(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    transfer(item, world.zhao, world.qian)
    event = AuditEvent.objects.get(verb="transfer")
    assert (event.object_type, event.object_id) == ("rectificationitem", item.pk)
    do(Verb.VERIFY, item, world.qian, opinion="已核实。")
    assert item.stage != ItemStage.DEPARTMENT_VERIFICATION


def test_a_ballot_follows_the_person(world, self_evaluation):
    evaluation = asking_all(world, self_evaluation)
    newcomer = person("newcomer", "新审核员", Role.DEPARTMENT_REVIEWER, world.department)
    transfer(evaluation, world.zhao, newcomer)
    assert Ballot.objects.filter(person=newcomer).count() == 1
    assert not Ballot.objects.filter(person=world.zhao).exists()
    place = place_of(evaluation, newcomer)
    with refused(NotAllowed):
        services.perform(Verb.APPROVE, **place, actor=world.zhao, opinion="同意。")
    votes.agree(evaluation, newcomer, world.qian)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert faults() == []


def test_the_departments_answer_to_a_draft_is_handed_over_with_its_ballot(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    transfer(evaluation, world.zhao, world.qian)
    assert [voter.username for voter in votes.asked(evaluation)] == ["lin", "qian"]
    assert faults() == []
    do(Verb.ANSWER, evaluation, world.qian, opinion="没有不同意见。")
    assert faults() == []


def test_a_delegate_hands_over_in_the_delegators_place(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.qian)
    delegate(actor=world.qian, delegate=world.chu, starts=clock.today(), ends=soon(), reason="出差")
    place = place_of(evaluation)
    with refused(InvalidInput, "to"):
        handing_over.transfer(**place, actor=world.chu, to=world.qian, reason=REASON)
    handing_over.transfer(**place, actor=world.chu, to=world.zhao, reason=REASON)
    assert open_task(evaluation).owner == world.zhao


# --- what keeps it from being done --------------------------------------------------------


def test_only_what_is_ones_own_is_handed_over(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    for stranger in (world.sun, world.wang, world.chu):
        with refused(NotAllowed):
            transfer(evaluation, stranger, world.qian)
    services.claim(**place_of(evaluation), actor=world.zhao)
    with refused(NotAllowed):
        transfer(evaluation, world.qian, world.qian)


def test_whoever_holds_the_role_no_longer_hands_nothing_over(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    rights_of(world.zhao)
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.zhao))
    with refused(NotAllowed):
        transfer(evaluation, world.zhao, world.qian)


def test_it_asks_for_a_reason_and_for_somebody_else_with_the_role(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(InvalidInput, "reason"):
        transfer(evaluation, world.zhao, world.qian, reason="  ")
    for other in (world.zhao, world.sun, world.chu, world.feng):
        with refused(InvalidInput, "to"):
            transfer(evaluation, world.zhao, other)


def test_nobody_who_left_gets_it(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    deactivate_person(actor=world.zhou, person=world.qian)
    world.qian.refresh_from_db()
    with refused(InvalidInput, "to"):
        transfer(evaluation, world.zhao, world.qian)


def test_a_delegate_of_somebody_is_no_holder_of_the_role(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    delegate(actor=world.qian, delegate=world.chu, starts=clock.today(), ends=soon(), reason="出差")
    with refused(InvalidInput, "to"):
        transfer(evaluation, world.zhao, world.chu)


def test_whoever_had_a_hand_in_the_dossier_does_not_get_it_to_decide(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    for involved in (world.lin, world.wang):
        grant_role(actor=None, user=involved, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
        with refused(ConflictOfInterest):
            transfer(evaluation, world.zhao, involved)


def test_whoever_carried_an_item_out_does_not_get_it_to_verify(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    with refused(ConflictOfInterest):
        transfer(item, world.zhao, world.lin)


def test_nobody_gets_a_second_ballot(world, self_evaluation):
    evaluation = asking_all(world, self_evaluation)
    with refused(ConflictOfInterest):
        transfer(evaluation, world.zhao, world.qian)
    votes.agree(evaluation, world.qian)
    with refused(ConflictOfInterest):
        transfer(evaluation, world.zhao, world.qian)


def test_a_seat_is_personal(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    with refused(NotAllowed):
        transfer(evaluation, world.wu, world.zheng)
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))


def test_a_part_is_personal(world, commissioned_evaluation):
    heads = [
        person(name, f"组长{name}", Role.FINANCE_DIVISION_REVIEWER, world.bureau)
        for name in ("first", "second")
    ]
    evaluation = signed_evaluation(
        world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=heads[0]
    )
    with refused(NotAllowed):
        transfer(evaluation, heads[0], heads[1])


def test_what_is_done_is_handed_to_nobody(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    do(Verb.APPROVE, evaluation, world.zhao)
    with refused(AlreadyHandled):
        handing_over.transfer(**place, actor=world.zhao, to=world.qian, reason=REASON)


def test_a_department_evaluation_is_drafted_by_another_of_the_office(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, kind=Kind.DEPARTMENT)
    other = person("other", "另一审核员", Role.DEPARTMENT_REVIEWER, world.department)
    transfer(evaluation, world.zhao, other)
    do(Verb.DRAFT, evaluation, other, total=Decimal(90), conclusion="初步结论：良好以上。")
    assert evaluation.stage == Stage.EXCHANGE_OF_VIEWS


def asking_all(world, self_evaluation):
    """Zhao and Qian both have to approve."""
    policy = votes.published(department_review=[votes.department(who="all")])
    return self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
