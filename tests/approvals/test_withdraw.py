"""Taking one's own decision back before anybody has acted on it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import delegate, end_role, revoke_delegation
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import Audience, Decision, Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Stage
from notices import messages
from tests import votes
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.approvals.test_turn_finding import ANSWER, ask
from tests.cast import do, open_task, person, propose, soon
from tests.signing import signed_evaluation
from workflow import handing_over, services, talk
from workflow.integrity import faults
from workflow.models import OPEN, FlowTask

pytestmark = pytest.mark.django_db


def withdraw(evaluation, actor, opinion="漏看一份合同。"):
    decision = handing_over.withdraw(evaluation=evaluation, actor=actor, opinion=opinion)
    evaluation.refresh_from_db()
    return decision


def place_of(evaluation):
    task = open_task(evaluation)
    return {"process_id": task.process_id, "task_id": task.pk}


# --- what it does -----------------------------------------------------------------------


def test_the_dossier_is_back_in_the_hands_of_whoever_withdrew_in_a_new_round(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    approval = Decision.objects.get(verb=Verb.APPROVE, stage=Stage.DEPARTMENT_REVIEW)
    decision = withdraw(evaluation, world.zhao)
    assert (evaluation.stage, evaluation.step, evaluation.round) == (Stage.DEPARTMENT_REVIEW, 0, 2)
    assert (decision.verb, decision.stage, decision.next_stage) == (
        Verb.WITHDRAW,
        Stage.FINANCE_REVIEW,
        Stage.DEPARTMENT_REVIEW,
    )
    assert (decision.next_person, decision.on_behalf_of, decision.opinion) == (
        world.zhao,
        None,
        "漏看一份合同。",
    )
    assert AuditEvent.objects.get(verb="withdraw").data["withdrawn"] == approval.pk
    task = open_task(evaluation)
    assert (task.owner, task.stage, task.round) == (world.zhao, Stage.DEPARTMENT_REVIEW, 2)
    assert faults() == []


def test_the_withdrawn_decision_can_be_made_again_and_the_procedure_ends(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    withdraw(evaluation, world.zhao)
    do(Verb.APPROVE, evaluation, world.zhao, opinion="材料齐全。")
    do(Verb.ACCEPT, evaluation, world.sun, opinion="予以备案。")
    assert evaluation.stage == Stage.CONCLUSION
    assert faults() == []


def test_the_unit_gets_its_dossier_back_to_fill_in(world, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    withdraw(evaluation, world.lin)
    assert open_task(evaluation).owner == world.lin
    do(Verb.SUBMIT, evaluation, world.lin)
    assert (evaluation.stage, evaluation.round) == (Stage.UNIT_APPROVAL, 2)
    assert faults() == []


def test_a_draft_that_nobody_has_answered_is_withdrawn_from_both_addressees(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    withdraw(evaluation, world.sun)
    assert [task.stage for task in open_tasks(evaluation)] == [Stage.DRAFT_CONCLUSION]
    assert faults() == []


def test_material_is_withdrawn_while_no_expert_has_begun(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    withdraw(evaluation, world.lin)
    assert [task.owner for task in open_tasks(evaluation)] == [world.lin]
    do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")
    assert votes.asked(evaluation) == [world.wu, world.zheng]
    assert faults() == []


def test_a_conclusion_is_withdrawn_before_it_is_signed(world, commissioned_evaluation):
    evaluation = signed_evaluation(
        world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=person_of_the_group(world)
    )
    do(Verb.SIGN, evaluation, evaluation.appointments.get().person, opinion="签署。")
    assert (evaluation.stage, evaluation.step) == (Stage.CONCLUSION, 3)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(90), conclusion="实现了预期目标。")
    assert evaluation.stage == Stage.CONCLUSION
    withdraw(evaluation, world.zhou)
    assert open_task(evaluation).owner == world.zhou
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(91), conclusion="实现了预期目标。")
    assert faults() == []


def person_of_the_group(world):
    return person("heading", "工作组组长", Role.FINANCE_DIVISION_REVIEWER, world.bureau)


def test_where_several_voted_all_of_them_are_asked_again(world, self_evaluation):
    policy = votes.published(department_review=[votes.department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    votes.agree(evaluation, world.zhao)
    with refused(WrongStage):
        withdraw(evaluation, world.zhao)
    votes.agree(evaluation, world.qian)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    decision = withdraw(evaluation, world.qian)
    assert decision.next_person is None
    assert sorted(person.username for person in votes.asked(evaluation)) == ["qian", "zhao"]
    votes.agree(evaluation, world.zhao, world.qian)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert faults() == []


def test_a_straight_way_back_is_there_again(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    do(Verb.RETURN, evaluation, world.sun, opinion="请补充。", straight_back=True)
    way_back = evaluation.detours
    assert way_back
    do(Verb.SUBMIT, evaluation, world.lin)
    assert (evaluation.stage, evaluation.detours) == (Stage.FINANCE_REVIEW, [])
    withdraw(evaluation, world.lin)
    assert evaluation.detours == way_back
    do(Verb.SUBMIT, evaluation, world.lin)
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert open_task(evaluation).owner == world.sun
    assert faults() == []


def test_whoever_withdrew_is_told_nothing_but_that_the_step_waits(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    before = len(told(messages.NEW_TASK))
    withdraw(evaluation, world.zhao)
    assert [notice["recipient_id"] for notice in told(messages.NEW_TASK)[before:]] == [world.zhao.pk]


# --- what keeps it from being done --------------------------------------------------------


@pytest.mark.parametrize("opinion", ["", "   ", "\n"])
def test_nothing_is_withdrawn_without_a_reason(world, self_evaluation, opinion):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "opinion"):
        withdraw(evaluation, world.zhao, opinion)
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_only_whoever_decided_withdraws(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    for stranger in (world.qian, world.sun, world.chu, world.feng):
        with refused(NotAllowed):
            withdraw(evaluation, stranger)
    for overtaken in (world.wang, world.lin):
        with refused(AlreadyHandled):
            withdraw(evaluation, overtaken)


def test_whoever_holds_the_role_no_longer_withdraws_nothing(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.zhao))
    with refused(NotAllowed):
        withdraw(evaluation, world.zhao)


def test_only_the_last_decision_is_withdrawn_and_not_twice(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(AlreadyHandled):
        withdraw(evaluation, world.wang)
    withdraw(evaluation, world.zhao)
    with refused(WrongStage):
        withdraw(evaluation, world.zhao)


def test_nothing_is_withdrawn_at_the_beginning_nor_at_the_end(world, self_evaluation):
    opened = self_evaluation()
    with refused(WrongStage):
        withdraw(opened, world.sun)
    closed = self_evaluation(Stage.CLOSED)
    with refused(WrongStage):
        withdraw(closed, world.zhou)
    rectified = self_evaluation(Stage.RECTIFICATION)
    with refused(WrongStage):
        withdraw(rectified, world.zhou)


def test_a_return_is_not_withdrawn(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请补充。")
    with refused(WrongStage):
        withdraw(evaluation, world.zhao)


def claims(world, evaluation):
    services.claim(**place_of(evaluation), actor=world.sun)


def claims_and_gives_back(world, evaluation):
    claims(world, evaluation)
    services.release(**place_of(evaluation), actor=world.sun)


def types(world, evaluation):
    claims(world, evaluation)
    services.keep_typed(**place_of(evaluation), actor=world.sun, typed={"opinion": "写到一半"})


def proposes_an_item(world, evaluation):
    propose(world, evaluation, world.sun)


def asks_a_colleague(world, evaluation):
    talk.consult(evaluation=evaluation, actor=world.sun, colleague=world.zhou, question="可否备案？")


def decides(world, evaluation):
    do(Verb.ACCEPT, evaluation, world.sun, opinion="予以备案。")


def hands_over(world, evaluation):
    colleague = person("officer", "另一经办人", Role.FINANCE_OFFICER, world.bureau)
    handing_over.transfer(**place_of(evaluation), actor=world.sun, to=colleague, reason="出差。")


@pytest.mark.parametrize(
    ("begin", "error"),
    [
        (claims, AlreadyHandled),
        (claims_and_gives_back, AlreadyHandled),
        (types, AlreadyHandled),
        (proposes_an_item, AlreadyHandled),
        (asks_a_colleague, AlreadyHandled),
        (hands_over, AlreadyHandled),
        (decides, AlreadyHandled),
    ],
)
def test_what_somebody_has_begun_to_work_on_is_not_withdrawn(world, self_evaluation, begin, error):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    begin(world, evaluation)
    with refused(error):
        withdraw(evaluation, world.zhao)


def comments(world, evaluation):
    talk.add_comment(evaluation=evaluation, actor=world.sun, audience=Audience.DEPARTMENT, text="请核对。")


def reminds(world, evaluation):
    handing_over.remind(**place_of(evaluation), actor=world.zhao)


def asks_for_the_report(world, evaluation):
    services.request_document(evaluation=evaluation, actor=world.sun, language="zh-hans")


@pytest.mark.parametrize("done", [comments, reminds, asks_for_the_report])
def test_what_decides_nothing_does_not_keep_it_from_being_withdrawn(world, self_evaluation, done):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    done(world, evaluation)
    withdraw(evaluation, world.zhao)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW


def test_what_answered_a_reviewers_question_is_withdrawn_like_anything_handed_in(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    question = ask(evaluation, world.zhao)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    do(Verb.SUBMIT, evaluation, world.lin, answers={question.pk: ANSWER})
    withdraw(evaluation, world.lin)
    assert evaluation.stage == Stage.SELF_ASSESSMENT
    assert faults() == []


def test_a_draft_that_one_addressee_has_answered_stays(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。")
    with refused(WrongStage):
        withdraw(evaluation, world.sun)


# --- for somebody else --------------------------------------------------------------------


def test_a_delegates_decision_is_withdrawn_by_the_delegate_for_the_same_person(world, self_evaluation):
    evaluation, _delegation = delegated_approval(world, self_evaluation)
    decision = withdraw(evaluation, world.chu)
    assert (decision.actor, decision.on_behalf_of) == (world.chu, world.qian)
    assert open_task(evaluation).owner == world.qian
    assert faults() == []


def test_a_delegates_decision_is_withdrawn_by_the_delegator_in_their_own_name(world, self_evaluation):
    evaluation, _delegation = delegated_approval(world, self_evaluation)
    decision = withdraw(evaluation, world.qian)
    assert (decision.actor, decision.on_behalf_of) == (world.qian, None)
    assert open_task(evaluation).owner == world.qian
    assert faults() == []


def test_after_the_revocation_only_the_delegator_withdraws(world, self_evaluation):
    evaluation, delegation = delegated_approval(world, self_evaluation)
    revoke_delegation(actor=world.qian, delegation=delegation, reason="已返岗")
    with refused(NotAllowed):
        withdraw(evaluation, world.chu)
    withdraw(evaluation, world.qian)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW


def delegated_approval(world, self_evaluation):
    """Chu of another department has approved for Qian."""
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    delegation = delegate(
        actor=world.qian, delegate=world.chu, starts=clock.today(), ends=soon(), reason="出差"
    )
    approval = do(Verb.APPROVE, evaluation, world.chu, opinion="同意。")
    assert approval.on_behalf_of == world.qian
    return evaluation, delegation


def open_tasks(evaluation):
    return list(FlowTask.objects.filter(evaluation=evaluation, flow_task_type="HUMAN", status__in=OPEN))
