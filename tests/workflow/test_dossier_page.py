"""The dossier: who sees it, and what its heading, figures, process and items say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import ItemStage, RaisedBy, Verb
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.cast import do, open_self_evaluation, open_task, propose
from tests.dossier_content import filled_self_assessment
from tests.standing_in import let
from tests.votes import department, published
from tests.workflow.reading import TABS, get, save, tab_of, text_of
from workflow.models import FlowTask

# --- who sees it ---------------------------------------------------------------------


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_there_for_unit_department_bureau_and_auditor(world, as_, self_evaluation, tab):
    evaluation = self_evaluation(Stage.RECTIFICATION)
    for name in ("lin", "wang", "zhao", "sun", "feng"):
        assert evaluation.project.name in text_of(get(as_(world.people[name]), tab_of(evaluation, tab)))


@pytest.mark.parametrize("tab", ["figures", "history"])
@pytest.mark.parametrize("name", ["chen", "chu", "wu", "wei"])
def test_for_everybody_else_it_does_not_exist(world, as_, self_evaluation, name, tab):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert as_(world.people[name]).get(tab_of(evaluation, tab)).status_code == 404


def test_an_unknown_tab_does_not_exist(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    assert as_(world.lin).get(tab_of(evaluation, "nothing")).status_code == 404


# --- above the tabs ------------------------------------------------------------------


def test_the_heading_says_who_what_year_how_much_and_the_execution_rate(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = text_of(get(as_(world.sun), reverse("dossier", args=[evaluation.pk])))
    for found in (
        f"{evaluation.number} · Round 1",
        evaluation.unit.name,
        "fiscal year 2025",
        "annual budget 300.00, paid 290.00",
        "execution rate 96.67%",
    ):
        assert found in page


def test_the_steps_say_what_is_passed_where_it_stands_and_who_returned_it(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)

    def states() -> list[str]:
        page = get(as_(world.sun), reverse("dossier", args=[evaluation.pk]))
        return [step["state"] for step in page.context["steps"]]

    assert states() == ["done", "done", "current", "todo", "todo", "todo"]
    do(Verb.RETURN, evaluation, world.zhao, opinion="数量指标与验收报告不一致。")
    assert states() == ["current", "todo", "returned", "todo", "todo", "todo"]


def test_a_closed_evaluation_has_passed_every_step(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    steps = get(as_(world.sun), reverse("dossier", args=[evaluation.pk])).context["steps"]
    assert {step["state"] for step in steps} == {"done"}
    assert steps[-1]["label"] == "Closed"


def test_the_totals_stand_side_by_side(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    cells = get(as_(world.sun), reverse("dossier", args=[evaluation.pk])).context["cells"]
    assert [(cell["label"], str(cell["value"]), cell["note"]) for cell in cells] == [
        ("Stated score", "98.24", ""),
        ("Computed score", "None", "between 93.24 and 98.24"),
        ("Department score", "98.24", "as stated"),
        ("Finance score", "98.24", "accepted for the record"),
        ("Concluded score", "96.50", ""),
    ]


def test_a_score_of_the_reviewer_stands_instead_of_as_stated(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    first = evaluation.indicators.first()
    do(Verb.APPROVE, evaluation, world.zhao, scores={first.pk: (Decimal("10"), "两个模块未交付。")})
    page = get(as_(world.sun), tab_of(evaluation, "scores"))
    department = page.context["cells"][2]
    assert (str(department["value"]), department["note"]) == ("89.67", "")
    row = page.context["table"]["groups"][0]["rows"][0]
    assert [str(cell["value"]) for cell in row["cells"]] == ["18.57", "18.57", "10.00"]
    assert row["cells"][2]["explanation"] == "两个模块未交付。"
    assert [str(total) for total in page.context["table"]["totals"]] == ["98.24", "None", "89.67"]


def test_whoever_is_asked_gets_one_button_to_the_step(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    url = reverse("dossier", args=[evaluation.pk])
    assert get(as_(world.zhao), url).context["next_task"] == {
        "label": "Department review",
        "url": reverse("task", args=[task.process_id, task.pk]),
    }
    assert get(as_(world.lin), url).context["next_task"] is None


def test_whoever_votes_for_themself_and_for_another_gets_to_the_first_of_the_votes(
    world, as_, self_evaluation
):
    policy = published(department_review=[department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    let(world.qian, world.zhao)
    task = open_task(evaluation, world.zhao)
    next_task = get(as_(world.zhao), reverse("dossier", args=[evaluation.pk])).context["next_task"]
    assert next_task["label"] == "Department review"
    votes = FlowTask.objects.filter(evaluation=evaluation, ballot__isnull=False)
    urls = [reverse("task", args=[task.process_id, pk]) for pk in votes.values_list("pk", flat=True)]
    assert len(urls) == 2
    assert next_task["url"] in urls


def test_several_items_are_chosen_from_on_their_tab(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    for number in range(2):
        propose(world, evaluation, world.sun, requirement=f"事项{number}")
    do(Verb.ACCEPT, evaluation, world.sun)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="良好。")
    page = get(as_(world.lin), tab_of(evaluation, "rectification"))
    assert page.context["next_task"]["url"] == tab_of(evaluation, "rectification")
    assert all(row["task"] for row in page.context["rows"])


def test_a_report_can_be_asked_for(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    action = f'action="{reverse("request_document", args=[evaluation.pk])}"'
    assert action in get(as_(world.lin), reverse("dossier", args=[evaluation.pk])).content.decode()


# --- figures -------------------------------------------------------------------------


def test_the_figures_show_money_payments_with_their_sum_goal_problems_and_report(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = get(as_(world.zhao), tab_of(evaluation, "figures"))
    (group,) = page.context["payments"]["groups"]
    assert (group["planned"], group["paid"]) == (300, 290)
    text = text_of(page)
    for found in ("320.00", "建成覆盖全部经办业务的信息系统。", "≥28个", "26个", "两个模块未按期交付。"):
        assert found in text
    assert "项目为经办业务提供统一的信息平台。" in text


def test_a_stated_total_stands_beside_the_sum_of_the_lines(world, as_):
    evaluation = open_self_evaluation(world)
    total = RowChange(values={"group": "", "column": "paid", "amount": Decimal("291")})
    save(evaluation, world.lin, DossierChanges(lines=filled_self_assessment().lines, stated_totals=[total]))
    (group,) = get(as_(world.lin), tab_of(evaluation, "figures")).context["payments"]["groups"]
    assert (group["paid"], group["stated_paid"]) == (290, 291)


def test_an_empty_dossier_is_a_page_too(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT, filled=False)
    for tab in TABS:
        get(as_(world.lin), tab_of(evaluation, tab))


# --- process and rectification -------------------------------------------------------


def test_the_diagram_says_where_it_stands_and_how_often_it_came_back(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请核对。")
    diagram = get(as_(world.lin), tab_of(evaluation, "process")).context["diagram"]
    assert [node["state"] for node in diagram["nodes"]] == ["current"] + ["todo"] * 6
    assert {"column": 3, "earlier": 1, "label": "returned 1 time"} in diagram["returns"]


def test_a_step_that_is_skipped_is_not_drawn(world, as_):
    evaluation = open_self_evaluation(world, unit_approval=False)
    page = get(as_(world.lin), tab_of(evaluation, "process"))
    labels = [node["label"] for node in page.context["diagram"]["nodes"]]
    assert "Unit approval" not in labels
    assert len(page.context["steps"]) == 5


def test_the_items_stand_on_their_tab_with_the_way_to_the_readers_task(world, as_, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.FINANCE)
    url = tab_of(item.evaluation, "rectification")
    (row,) = get(as_(world.zhao), url).context["rows"]
    assert (row["item"], row["task"]) == (item, open_task(item))
    (row,) = get(as_(world.lin), url).context["rows"]
    assert row["task"] is None


@pytest.mark.parametrize("stage", [Stage.RECTIFICATION, Stage.CLOSED])
def test_the_evaluators_office_opens_a_dossier_behind_its_last_step(
    world, as_, commissioned_evaluation, stage
):
    """Seats and appointments are managed on its first tab; nothing of them is asked any more."""
    evaluation = commissioned_evaluation(stage)
    assert as_(world.sun).get(f"/evaluations/{evaluation.pk}/").status_code == 200
