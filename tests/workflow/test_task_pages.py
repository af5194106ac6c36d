"""The page of a step: whose it is, what it shows, and what it says to whoever comes too late."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Decision, ItemStage, Verb
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.cast import do, open_task, propose
from tests.dossier_content import evidence_file
from tests.workflow.page_forms import address, explained, read_form, send
from workflow import services

SELF_STAGES = {
    Stage.SELF_ASSESSMENT: "lin",
    Stage.UNIT_APPROVAL: "wang",
    Stage.DEPARTMENT_REVIEW: "zhao",
    Stage.FINANCE_REVIEW: "sun",
    Stage.CONCLUSION: "zhou",
}
COMMISSIONED_STAGES = {
    Stage.MATERIAL: "lin",
    Stage.EXPERT_SCORING: "wu",
    Stage.DRAFT_CONCLUSION: "sun",
    Stage.EXCHANGE_OF_VIEWS: "lin",
    Stage.CONCLUSION: "zhou",
}


@pytest.mark.parametrize(("stage", "name"), SELF_STAGES.items())
def test_each_stage_of_a_self_evaluation_has_its_page(stage, name, world, as_, self_evaluation):
    task = open_task(self_evaluation(stage))
    page = as_(getattr(world, name)).get(address(task))
    assert page.status_code == 200


@pytest.mark.parametrize(("stage", "name"), COMMISSIONED_STAGES.items())
def test_each_stage_of_a_finance_evaluation_has_its_page(stage, name, world, as_, commissioned_evaluation):
    person = getattr(world, name)
    task = open_task(commissioned_evaluation(stage), person)
    page = as_(person).get(address(task))
    assert page.status_code == 200


ITEM_STAGES = {
    ItemStage.ISSUED: "lin",
    ItemStage.PLANNING: "lin",
    ItemStage.OBJECTION: "sun",
    ItemStage.PLAN_REVIEW: "sun",
    ItemStage.CARRYING_OUT: "lin",
    ItemStage.DEPARTMENT_VERIFICATION: "zhao",
    ItemStage.FINANCE_VERIFICATION: "sun",
}


@pytest.mark.parametrize(("stage", "name"), ITEM_STAGES.items())
def test_each_stage_of_an_item_has_its_page(stage, name, world, as_, item_at):
    task = open_task(item_at(stage))
    page = as_(getattr(world, name)).get(address(task))
    assert page.status_code == 200


# --- whose it is -----------------------------------------------------------------


@pytest.fixture
def review(self_evaluation):
    """At department review: Zhao's or Qian's."""
    return self_evaluation(Stage.DEPARTMENT_REVIEW)


@pytest.mark.parametrize("name", ["lin", "wang", "sun", "zhou", "feng", "chen", "chu", "wu", "wei"])
def test_a_step_that_is_not_yours_does_not_exist(name, world, as_, review):
    client = as_(getattr(world, name))
    task = open_task(review)
    assert client.get(address(task)).status_code == 404
    assert client.post(address(task), {"verb": "approve"}).status_code == 404
    assert client.post(address(task, "totals"), {}).status_code == 404


def test_whoever_has_not_signed_in_is_asked_to(as_, review):
    page = as_(None).get(address(open_task(review)))
    assert page.status_code == 302
    assert page.url.startswith("/login/")


def test_a_step_taken_by_a_colleague_is_theirs_alone(world, as_, review):
    task = open_task(review)
    as_(world.qian).post(address(task, "claim"))
    assert as_(world.zhao).get(address(task)).status_code == 404


def test_a_step_of_another_process_does_not_exist(world, as_, self_evaluation, review):
    task, other = open_task(review), open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    client = as_(world.zhao)
    url = f"/tasks/{other.process_id}/{task.pk}/"
    for answer in (client.get(url), client.post(url, {"verb": "approve"}), client.post(f"{url}claim/")):
        assert answer.status_code == 404


def test_an_automatic_step_has_no_page(world, as_, review):
    start = open_task(review).process.tasks.exclude(flow_task_type="HUMAN").first()
    assert as_(world.zhao).get(address(start)).status_code == 404


def test_somebody_who_led_the_project_meets_a_reason_not_a_decision(world, as_, review):
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    page = send(as_(world.lin), open_task(review), "approve", opinion="自己同意自己")
    assert page.status_code == 403
    assert "自己同意自己" in page.content.decode()
    review.refresh_from_db()
    assert review.stage == Stage.DEPARTMENT_REVIEW


# --- claim and release --------------------------------------------------------------


def test_a_step_can_be_taken_and_given_back(world, as_, review):
    client, task = as_(world.zhao), open_task(review)
    client.post(address(task, "claim"))
    task.refresh_from_db()
    assert task.owner == world.zhao
    assert f"{address(task)}release/" in client.get(address(task)).content.decode()
    client.post(address(task, "release"))
    task.refresh_from_db()
    assert task.owner is None


def test_the_units_own_step_cannot_be_given_back(world, as_, self_evaluation):
    task = open_task(self_evaluation(Stage.SELF_ASSESSMENT))
    client = as_(world.lin)
    assert "release/" not in client.get(address(task)).content.decode()
    assert client.post(address(task, "release")).status_code == 403


@pytest.mark.parametrize("name", ["claim", "release", "totals"])
def test_what_changes_something_is_not_done_by_following_a_link(name, world, as_, review):
    assert as_(world.zhao).get(address(open_task(review), name)).status_code == 405


# --- too late ----------------------------------------------------------------------


def test_a_step_done_meanwhile_leads_to_the_dossier(world, as_, review):
    task = open_task(review)
    do(Verb.APPROVE, review, world.qian)
    page = as_(world.zhao).get(address(task))
    assert page.status_code == 302
    assert page.url == f"/evaluations/{review.pk}/"


def test_the_second_decision_is_refused_and_loses_nothing_typed(world, as_, review):
    task = open_task(review)
    client = as_(world.zhao)
    pk = review.indicators.first().pk
    fields = read_form(client.get(address(task))).fields
    do(Verb.APPROVE, review, world.qian)
    fields |= {"opinion": "两个模块请再核对。", f"score-{pk}": "17.25", "verb": "return"}
    page = client.post(address(task), fields)
    text = page.content.decode()
    assert page.status_code == 409
    assert "已被他人办理" in text
    assert "两个模块请再核对。" in text
    assert "17.25" in text
    assert review.decisions.filter(stage=Stage.DEPARTMENT_REVIEW).count() == 1


def test_a_double_submit_makes_one_decision(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    task = open_task(evaluation)
    client = as_(world.lin)
    typed = {**read_form(client.get(address(task))).fields, "goal_achieved": "刚写的"}
    fields = {**explained(client, task, typed), "verb": "submit"}
    assert client.post(address(task), fields).status_code == 302
    page = client.post(address(task), {**fields, "goal_achieved": "第二次写的"})
    assert page.status_code == 409
    assert "第二次写的" in page.content.decode()
    assert Decision.objects.filter(evaluation=evaluation, verb=Verb.SUBMIT).count() == 1


def test_a_colleague_who_took_the_step_meanwhile_costs_nobody_their_words(world, as_, review):
    task = open_task(review)
    client = as_(world.zhao)
    fields = {**read_form(client.get(address(task))).fields, "verb": "approve", "opinion": "写了很久"}
    as_(world.qian).post(address(task, "claim"))
    page = client.post(address(task), fields)
    assert page.status_code == 409
    assert "写了很久" in page.content.decode()


def test_an_experts_second_submission_is_refused(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    task = open_task(evaluation, world.wu)
    client = as_(world.wu)
    fields = read_form(client.get(address(task))).fields
    fields |= {name: "5" for name in fields if name.startswith("score-")}
    assert client.post(address(task), {**fields, "verb": "score"}).status_code == 302
    assert client.post(address(task), {**fields, "verb": "score"}).status_code == 409


# --- what it costs --------------------------------------------------------------------


def statements(client, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_a_review_page_costs_the_same_for_more_items(world, as_, review):
    client = as_(world.zhao)
    url = address(open_task(review))
    propose(world, review, world.zhao)
    before = statements(client, url)
    for number in range(5):
        propose(world, review, world.zhao, requirement=f"事项{number}")
    assert statements(client, url) == before <= 40


def test_the_units_form_costs_the_same_for_more_rows(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    client, task = as_(world.lin), open_task(evaluation)
    before = statements(client, address(task))
    rows = [
        RowChange(
            values={"level1": "产出", "name": f"指标{number}", "target_text": "有", "actual_text": "有"}
        )
        for number in range(10)
    ]
    key = {"process_id": task.process_id, "task_id": task.pk, "actor": world.lin}
    services.save_draft(**key, changes=DossierChanges(indicators=rows))
    services.attach(**key, **evidence_file())
    assert statements(client, address(task)) == before <= 45


def test_the_reason_of_a_return_is_read_first(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="模块数量与验收单不符。")
    page = as_(world.lin).get(address(open_task(evaluation))).content.decode()
    assert 0 < page.index("模块数量与验收单不符。") < page.index("<fieldset")
