"""Reminding whoever has a task, and that withdrawing, handing over and excusing leave no two answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import delegate
from approvals.models import Decision, ItemStage, Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled, NotAllowed, NotFound
from audit_log.models import AuditEvent
from evaluations.models import Stage
from notices import messages
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.cast import all_scores, do, open_task, soon
from workflow import handing_over, services

pytestmark = pytest.mark.django_db


def place_of(subject, actor=None):
    task = open_task(subject, actor)
    return {"process_id": task.process_id, "task_id": task.pk}


def test_whoever_handed_it_in_reminds_the_role_that_it_waits_for(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = handing_over.remind(**place_of(evaluation), actor=world.wang)
    assert task.reminded_on == clock.today()
    found = told(messages.REMINDED)
    assert [notice["recipient_id"] for notice in found] == [world.zhao.pk, world.qian.pk]
    assert {notice["values"]["person"] for notice in found} == {"小王"}
    event = AuditEvent.objects.get(verb="remind")
    assert (event.actor_id, event.data) == (world.wang.pk, {"stage": Stage.DEPARTMENT_REVIEW, "name": ""})


def test_a_person_who_has_claimed_it_is_reminded_alone(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    handing_over.remind(**place_of(evaluation), actor=world.sun)
    assert [notice["recipient_id"] for notice in told(messages.REMINDED)] == [world.zhao.pk]


def test_one_reminds_at_most_once_a_day_whoever_it_is(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    handing_over.remind(**place_of(evaluation), actor=world.wang)
    for person in (world.wang, world.lin, world.sun):
        with refused(AlreadyHandled):
            handing_over.remind(**place_of(evaluation), actor=person)
    with clock.at(clock.now() + timedelta(days=1)):
        handing_over.remind(**place_of(evaluation), actor=world.lin)
    assert len({notice["source"] for notice in told(messages.REMINDED)}) == 2


def test_the_next_step_may_be_reminded_of_on_the_same_day(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    handing_over.remind(**place_of(evaluation), actor=world.wang)
    do(Verb.APPROVE, evaluation, world.zhao)
    handing_over.remind(**place_of(evaluation), actor=world.wang)


def test_nobody_reminds_of_what_is_their_own(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(NotAllowed):
        handing_over.remind(**place_of(evaluation), actor=world.sun)
    services.claim(**place_of(evaluation), actor=world.sun)
    with refused(NotAllowed):
        handing_over.remind(**place_of(evaluation), actor=world.sun)


def test_whoever_stands_in_for_the_owner_does_not_remind(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.qian)
    delegate(actor=world.qian, delegate=world.wang, starts=clock.today(), ends=soon(), reason="出差")
    with refused(NotAllowed):
        handing_over.remind(**place_of(evaluation), actor=world.wang)


def test_a_delegate_of_the_role_does_not_remind_the_role(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    delegate(actor=world.qian, delegate=world.sun, starts=clock.today(), ends=soon(), reason="出差")
    with refused(NotAllowed):
        handing_over.remind(**place_of(evaluation), actor=world.sun)


def test_whoever_has_nothing_to_do_with_it_does_not_remind(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    for stranger in (world.zhou, world.feng, world.chen, world.chu, world.wu, world.wei):
        with refused(NotAllowed):
            handing_over.remind(**place_of(evaluation), actor=stranger)


def test_an_expert_does_not_remind_another(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation))
    with refused(NotAllowed):
        handing_over.remind(**place_of(evaluation, world.zheng), actor=world.wu)
    handing_over.remind(**place_of(evaluation, world.zheng), actor=world.sun)
    assert [notice["recipient_id"] for notice in told(messages.REMINDED)] == [world.zheng.pk]


def test_an_items_step_is_reminded_of_too(world, item_at):
    item = item_at(ItemStage.PLANNING)
    handing_over.remind(**place_of(item), actor=world.sun)
    assert [notice["recipient_id"] for notice in told(messages.REMINDED)] == [world.lin.pk]


def test_what_is_done_is_reminded_of_no_more(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    do(Verb.APPROVE, evaluation, world.zhao)
    with refused(AlreadyHandled):
        handing_over.remind(**place, actor=world.wang)


@pytest.mark.parametrize("verb", ["transfer", "excuse", "remind"])
def test_ids_that_do_not_belong_together_find_nothing(world, self_evaluation, verb):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    other = self_evaluation(Stage.DEPARTMENT_REVIEW, project=world.new_project())
    place = {"process_id": open_task(other).process_id, "task_id": open_task(evaluation).pk}
    details = {
        "transfer": {"actor": world.zhao, "to": world.qian, "reason": "出差"},
        "excuse": {"actor": world.sun, "reason": "逾期"},
        "remind": {"actor": world.wang},
    }
    with refused(NotFound):
        getattr(handing_over, verb)(**place, **details[verb])


def test_a_reminder_decides_nothing(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    before = Decision.objects.count()
    handing_over.remind(**place_of(evaluation), actor=world.wang)
    evaluation.refresh_from_db()
    assert (evaluation.stage, Decision.objects.count()) == (Stage.DEPARTMENT_REVIEW, before)
