"""The page of one rectification item, and what finance may do there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.documents.notice import document_number
from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.models import Refusal
from evaluations.models import Stage
from tests.cast import bring, bring_item, do, open_task, propose, soon, walk_self


def page(client, item):
    return client.get(f"/rectification/{item.pk}/")


def states(response):
    return [step["state"] for step in response.context["steps"]]


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "sun", "zhou", "feng"])
def test_people_of_unit_department_and_bureau_see_the_item(as_, world, item_at, name):
    response = page(as_(world.people[name]), item_at())
    assert response.status_code == 200
    assert "按期交付剩余两个模块" in response.content.decode()


@pytest.mark.parametrize("name", ["chen", "chu", "wei", "wu"])
def test_for_everybody_else_the_item_does_not_exist(as_, world, item_at, name):
    assert page(as_(world.people[name]), item_at()).status_code == 404


def test_an_item_that_does_not_exist_is_not_found(as_, world):
    assert as_(world.sun).get("/rectification/999999/").status_code == 404


def test_the_page_names_project_evaluation_problem_people_and_due_dates(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    item = propose(world, evaluation, world.sun, problem=evaluation.problems.get(), due=soon(20))
    facts = {pair["label"]: pair for pair in page(as_(world.sun), item).context["facts"]}
    values = [str(pair["value"]) for pair in facts.values()]
    assert {evaluation.project.name, evaluation.number, "两个模块未按期交付。", world.unit.name} <= set(
        values
    )
    assert any(str(world.sun) in value for value in values)
    assert str(world.lin) in values


def test_the_page_leads_to_the_notice_by_which_the_item_went_out(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    item = propose(world, evaluation, world.sun, responsible_unit=world.other_unit)
    address = f"/evaluations/{evaluation.pk}/rectification/notices/"
    assert address not in page(as_(world.sun), item).content.decode()
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    item.refresh_from_db()
    number = document_number(world.bureau.name, item.notice.year, item.notice.number)
    shown = page(as_(world.sun), item).content.decode()
    assert f"{address}#notice-{item.notice_id}" in shown
    assert number in shown
    # Whoever carries it out elsewhere does not see the evaluation, but what it came with.
    elsewhere = page(as_(world.chen), item).content.decode()
    assert number in elsewhere
    assert address not in elsewhere


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (ItemStage.ISSUED, ["current"] + ["todo"] * 6),
        (ItemStage.PLANNING, ["done", "current"] + ["todo"] * 5),
        (ItemStage.OBJECTION, ["done", "done", "current"] + ["todo"] * 5),
        (ItemStage.PLAN_REVIEW, ["done", "done", "current"] + ["todo"] * 4),
        (ItemStage.CARRYING_OUT, ["done"] * 3 + ["current", "todo", "todo", "todo"]),
        (ItemStage.FINANCE_VERIFICATION, ["done"] * 5 + ["current", "todo"]),
        (ItemStage.CLOSED, ["done"] * 7),
    ],
)
def test_the_steps_show_where_the_item_stands(as_, world, item_at, stage, expected):
    assert states(page(as_(world.sun), item_at(stage))) == expected


def test_an_item_of_the_department_passes_no_verification_by_finance(as_, world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.DEPARTMENT)
    assert states(page(as_(world.zhao), item)) == ["done"] * 4 + ["current", "todo"]


def test_an_item_that_was_sent_back_says_by_which_step_and_keeps_both_rounds(as_, world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION)
    do(Verb.SEND_BACK, item, world.sun, opinion="验收单缺签字。")
    response = page(as_(world.lin), item)
    assert states(response) == ["done"] * 3 + ["current", "todo", "returned", "todo"]
    assert [round["number"] for round in response.context["rounds"]] == [2, 1]
    assert len(response.context["rounds"][1]["files"]) == 1
    assert "验收单缺签字。" in response.content.decode()


def test_whoever_is_asked_gets_a_button_to_the_step_and_nobody_else(as_, world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    task = open_task(item)
    address = f"/tasks/{task.process_id}/{task.pk}/"
    assert address in page(as_(world.zhao), item).content.decode()
    for person in (world.lin, world.sun, world.feng):
        assert address not in page(as_(person), item).content.decode()


def test_finance_samples_an_item_that_the_department_raised(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT, raised_by=RaisedBy.DEPARTMENT)
    client = as_(world.sun)
    assert page(client, item).context["may_sample"]
    response = client.post(f"/rectification/{item.pk}/sample/")
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.sampled
    assert not page(client, item).context["may_sample"]


def test_sampling_twice_is_refused_as_out_of_date(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT, raised_by=RaisedBy.DEPARTMENT)
    client = as_(world.sun)
    client.post(f"/rectification/{item.pk}/sample/")
    assert client.post(f"/rectification/{item.pk}/sample/").status_code == 409


@pytest.mark.parametrize("name", ["lin", "zhao", "feng"])
def test_only_finance_samples_and_reopens(as_, world, item_at, name):
    item = item_at(ItemStage.CARRYING_OUT, raised_by=RaisedBy.DEPARTMENT)
    client = as_(world.people[name])
    context = page(client, item).context
    assert not context["may_sample"]
    assert not context["may_reopen"]
    assert client.post(f"/rectification/{item.pk}/sample/").status_code == 403
    item.refresh_from_db()
    assert not item.sampled


def test_a_stranger_who_posts_learns_only_that_nothing_is_there(as_, world, item_at):
    item = item_at(ItemStage.CLOSED)
    values = {"opinion": "试试", "due": soon().isoformat()}
    assert as_(world.chu).post(f"/rectification/{item.pk}/reopen/", values).status_code == 404
    assert not Refusal.objects.exists()


def test_finance_reopens_a_closed_item_with_a_reason_and_a_new_due_date(as_, world, item_at):
    item = item_at(ItemStage.CLOSED)
    client = as_(world.sun)
    response = client.post(
        f"/rectification/{item.pk}/reopen/", {"opinion": "模块停用。", "due": soon(40).isoformat()}
    )
    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.round, item.due) == (ItemStage.PLANNING, 2, soon(40))
    assert item.evaluation.stage == Stage.RECTIFICATION


@pytest.mark.parametrize(
    ("opinion", "due", "field"),
    [
        ("", soon().isoformat(), "opinion"),
        ("   ", soon().isoformat(), "opinion"),
        ("模块停用。", "", "due"),
        ("模块停用。", "下个月", "due"),
        ("模块停用。", "2020-01-01", "due"),
    ],
)
def test_reopening_with_bad_input_says_so_at_the_field_and_changes_nothing(
    as_, world, item_at, opinion, due, field
):
    item = item_at(ItemStage.CLOSED)
    response = as_(world.sun).post(f"/rectification/{item.pk}/reopen/", {"opinion": opinion, "due": due})
    assert response.status_code == 422
    assert field in response.context["reopen_form"].errors
    assert f'id="id_{field}_error"' in response.content.decode()
    item.refresh_from_db()
    assert item.stage == ItemStage.CLOSED


def test_what_was_typed_stays_in_the_form_when_the_date_is_refused(as_, world, item_at):
    item = item_at(ItemStage.CLOSED)
    response = as_(world.sun).post(
        f"/rectification/{item.pk}/reopen/", {"opinion": "模块停用。", "due": "2020-01-01"}
    )
    assert "模块停用。" in response.content.decode()


def test_an_item_that_is_not_closed_is_not_reopened(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    response = as_(world.sun).post(
        f"/rectification/{item.pk}/reopen/", {"opinion": "模块停用。", "due": soon().isoformat()}
    )
    assert response.status_code == 409


@pytest.mark.parametrize("path", ["sample", "reopen"])
def test_reading_the_address_of_a_change_changes_nothing(as_, world, item_at, path):
    item = item_at(ItemStage.CLOSED)
    assert as_(world.sun).get(f"/rectification/{item.pk}/{path}/").status_code == 405


def test_another_unit_that_has_to_carry_an_item_out_sees_the_item_but_not_the_evaluation(
    as_, world, self_evaluation
):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    item = propose(
        world, evaluation, world.sun, responsible_unit=world.other_unit, responsible_person=world.chen
    )
    do(Verb.ACCEPT, evaluation, world.sun)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("95"), conclusion="通过。")
    client = as_(world.chen)
    response = page(client, item)
    assert response.status_code == 200
    assert f"/evaluations/{evaluation.pk}/" not in response.content.decode()
    assert client.get(f"/evaluations/{evaluation.pk}/").status_code == 404
    bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    assert client.get(f"/evidence/{item.files.get().evidence_id}/").status_code == 200
    assert client.get(f"/evidence/{evaluation.evidence.first().pk}/").status_code == 404


def test_the_page_costs_the_same_whatever_the_number_of_rounds(
    as_, world, item_at, django_assert_max_num_queries
):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    for _ in range(4):
        do(Verb.SEND_BACK, item, world.zhao, opinion="还不够。")
        bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    client = as_(world.sun)
    with django_assert_max_num_queries(18):
        assert len(page(client, item).context["rounds"]) == 5
