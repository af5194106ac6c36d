"""The pages for taking a decision back, handing over, reminding, and going on without a vote."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.models import Verb
from audit_log.models import Refusal
from evaluations.models import Stage
from tests import votes
from tests.cast import do, open_task, person
from workflow import handing_over, services
from workflow.deadlines import chase_overdue
from workflow.models import OPEN, FlowTask
from workflow.working_days import last_overdue

pytestmark = pytest.mark.django_db


def place_of(evaluation, actor=None):
    task = open_task(evaluation, actor)
    return [task.process_id, task.pk]


def text_of(client, name, *arguments):
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def waiting_list(client, evaluation):
    return text_of(client, "dossier_tab", evaluation.pk, "process")


@pytest.fixture
def late_vote(world, self_evaluation):
    """Zhao and Qian have to approve, and their days are over."""
    policy = votes.published(
        department_review=[votes.department(who="all", on_timeout="escalate", escalate_to="finance_chief")]
    )
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN).update(due=last_overdue())
    return evaluation


# --- withdrawing ------------------------------------------------------------------------


def test_whoever_decided_withdraws_on_the_dossier_as_long_as_nobody_has_acted(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    url = reverse("withdraw_decision", args=[evaluation.pk])
    assert url in text_of(as_(world.zhao), "dossier", evaluation.pk)
    for other in (world.wang, world.qian, world.sun):
        assert url not in text_of(as_(other), "dossier", evaluation.pk)
    assert "材料齐全。" in text_of(as_(world.zhao), "withdraw_decision", evaluation.pk)
    page = as_(world.zhao).post(url, {"opinion": " "})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["opinion"]
    response = as_(world.zhao).post(url, {"opinion": "漏看一份合同。"})
    assert response.status_code == 302
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    assert url not in text_of(as_(world.zhao), "dossier", evaluation.pk)


def test_what_was_claimed_offers_no_withdrawal_and_says_so_to_whoever_was_too_late(
    world, as_, self_evaluation
):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    process_id, task_id = place_of(evaluation)
    services.claim(process_id=process_id, task_id=task_id, actor=world.sun)
    url = reverse("withdraw_decision", args=[evaluation.pk])
    assert url not in text_of(as_(world.zhao), "dossier", evaluation.pk)
    assert as_(world.zhao).get(url).status_code == 404
    assert as_(world.zhao).post(url, {"opinion": "漏看一份合同。"}).status_code == 409


# --- handing over -----------------------------------------------------------------------


def test_a_task_is_handed_to_a_colleague_who_may_decide(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    url = reverse("hand_over", args=place)
    assert url in text_of(as_(world.zhao), "task", *place)
    page = text_of(as_(world.zhao), "hand_over", *place)
    assert f'value="{world.qian.pk}"' in page
    assert f'value="{world.sun.pk}"' not in page
    typed = {"to": world.qian.pk, "reason": "出差，请代为办理。"}
    assert as_(world.zhao).post(url, typed).status_code == 302
    assert open_task(evaluation).owner == world.qian
    history = text_of(as_(world.zhao), "dossier_tab", evaluation.pk, "history")
    assert "小钱" in history
    assert "出差，请代为办理。" in history


def test_whoever_hands_over_too_late_learns_that_somebody_was_faster(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    process_id, task_id = place_of(evaluation)
    url = reverse("hand_over", args=[process_id, task_id])
    typed = {"to": world.qian.pk, "reason": "出差，请代为办理。"}
    services.claim(process_id=process_id, task_id=task_id, actor=world.qian)
    assert as_(world.zhao).post(url, typed).status_code == 409
    assert as_(world.sun).post(url, typed).status_code == 404
    do(Verb.APPROVE, evaluation, world.qian)
    page = as_(world.zhao).post(url, typed)
    assert page.status_code == 409
    assert "出差，请代为办理。" in page.content.decode()
    assert Refusal.objects.filter(verb="transfer", actor_id=world.zhao.pk).count() == 2


def test_nobody_is_offered_who_decided_before_or_is_asked_already(world, as_, late_vote):
    person("newcomer", "新审核员", Role.DEPARTMENT_REVIEWER, world.department)
    page = text_of(as_(world.zhao), "hand_over", *place_of(late_vote, world.zhao))
    assert "新审核员" in page
    assert f'value="{world.qian.pk}"' not in page


def test_where_nobody_else_could_decide_the_page_says_so(world, as_, self_evaluation):
    place = place_of(self_evaluation(Stage.UNIT_APPROVAL))
    page = text_of(as_(world.wang), "hand_over", *place)
    assert "<select" not in page.split("<main")[1]
    assert as_(world.wang).post(reverse("hand_over", args=place), {}).status_code == 422


def test_without_a_reason_nothing_is_handed_over(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    response = as_(world.zhao).post(
        reverse("hand_over", args=place_of(evaluation)), {"to": world.qian.pk, "reason": " "}
    )
    assert response.status_code == 422
    assert open_task(evaluation).owner is None


def test_a_seat_offers_no_handing_over(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    place = place_of(evaluation)
    url = reverse("hand_over", args=place)
    assert url not in text_of(as_(world.wu), "task", *place)
    assert as_(world.wu).get(url).status_code == 404


# --- who is asked now -------------------------------------------------------------------


def test_the_dossier_says_whom_it_waits_for_and_lets_remind_once_a_day(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    url = reverse("remind", args=place_of(evaluation))
    for reader, offered in ((world.wang, True), (world.sun, True), (world.zhao, False), (world.feng, False)):
        page = waiting_list(as_(reader), evaluation)
        assert str(world.department) in page
        assert (url in page) is offered
    assert as_(world.wang).post(url).status_code == 302
    page = waiting_list(as_(world.wang), evaluation)
    assert url not in page
    assert "reminded on" in page or "已催办" in page
    assert as_(world.sun).post(url).status_code == 409


def test_the_office_goes_on_without_a_late_vote(world, as_, late_vote):
    chase_overdue(0)
    do(Verb.APPROVE, late_vote, world.qian, opinion="同意。")
    place = place_of(late_vote, world.zhao)
    url = reverse("excuse", args=place)
    for reader, offered in ((world.sun, True), (world.zhao, False), (world.lin, False), (world.zhou, False)):
        assert (url in waiting_list(as_(reader), late_vote)) is offered
    assert "小赵" in text_of(as_(world.sun), "excuse", *place)
    assert as_(world.sun).post(url, {"reason": " "}).status_code == 422
    assert as_(world.sun).post(url, {"reason": "逾期未审核。"}).status_code == 302
    late_vote.refresh_from_db()
    assert late_vote.stage == Stage.FINANCE_REVIEW
    assert as_(world.sun).post(url, {"reason": "逾期未审核。"}).status_code == 409
    assert "小赵" in text_of(as_(world.sun), "dossier_tab", late_vote.pk, "history")


def test_the_last_vote_cannot_be_gone_without(world, as_, late_vote):
    handing_over.excuse(
        **dict(zip(("process_id", "task_id"), place_of(late_vote, world.qian), strict=True)),
        actor=world.sun,
        reason="逾期未审核。",
    )
    url = reverse("excuse", args=place_of(late_vote, world.zhao))
    response = as_(world.sun).post(url, {"reason": "逾期未审核。"})
    assert response.status_code == 422


def test_a_vote_that_still_has_time_is_not_gone_without(world, as_, self_evaluation):
    policy = votes.published(department_review=[votes.department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    url = reverse("excuse", args=place_of(evaluation, world.zhao))
    assert url not in waiting_list(as_(world.sun), evaluation)
    assert as_(world.sun).get(url).status_code == 404
    world.zhao.is_active = False
    world.zhao.save_as(world.zhou)
    assert url in waiting_list(as_(world.sun), evaluation)


def test_the_history_says_to_which_role_it_was_escalated(world, as_, late_vote):
    chase_overdue(0)
    page = text_of(as_(world.sun), "dossier_tab", late_vote.pk, "history")
    assert "财政业务科室负责人" in page or str(Role.FINANCE_CHIEF.label) in page
