"""Applications on hold: which projects are held and why, for how long, who sees them, and what it costs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from approvals.models import ItemStage, UseOfResult, Verb
from audit_log import clock
from evaluations import actions
from evaluations.models import Kind, Project, Stage
from evaluations.policies.terms import DEFAULT_TERMS
from evaluations.strict_json import write
from tests.cast import bring_item, do, propose, soon
from tests.rectifying import leader_of
from tests.template_scenes import draft_of
from tests.workflow.test_integrity import seed
from workflow import on_hold, rectifying, services

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def concluded(world, self_evaluation):
    """A project that was concluded with a total, and with so many items."""

    def make(total: str = "40", items: int = 1, policy=None, **use):
        options = {"policy": policy} if policy else {}
        evaluation = self_evaluation(Stage.CONCLUSION, project=world.new_project(), **options)
        for _place in range(items):
            propose(world, evaluation, world.zhou)
        do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(total), conclusion="目标未实现。", **use)
        return evaluation

    return make


def held_by(user) -> list[str]:
    return [use.evaluation.number for use in on_hold.with_rows(on_hold.listed(user))]


def next_application(world, evaluation, name: str = "", year: int = 2026, unit=None) -> Project:
    """The project that the unit enters a year later."""
    project = Project(
        code=f"XM-{year}-{Project.objects.count() + 1:03d}",
        name=name or evaluation.project.name,
        fiscal_year=year,
        unit=unit or world.unit,
        lead=world.lin,
    )
    project.save_as(world.sun)
    return project


def page_of(client, name: str = "on_hold", *args, **asked) -> str:
    response = client.get(reverse(name, args=args), asked, headers=ENGLISH)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def late(item) -> None:
    """Its due date has passed long since."""
    day = clock.today() - timedelta(days=60)
    seed(
        (
            "UPDATE approvals_rectificationitem SET due = %s, original_due = %s WHERE id = %s",
            day,
            day,
            item.pk,
        )
    )


# --- what is held -----------------------------------------------------------------------


@pytest.mark.parametrize(("total", "is_held"), [("95", False), ("85", False), ("70", True), ("40", True)])
def test_fair_and_poor_results_are_held_while_items_are_open(world, concluded, total, is_held):
    evaluation = concluded(total)
    assert held_by(world.sun) == [evaluation.number] * is_held


def test_a_poor_result_without_items_is_not_held(world, concluded):
    concluded("40", items=0)
    assert held_by(world.sun) == []


def test_a_project_leaves_with_its_last_item_and_comes_back_with_a_reopened_one(world, concluded):
    evaluation = concluded("40", items=2)
    first, second = evaluation.items.order_by("pk")
    bring_item(world, first, ItemStage.CLOSED)
    assert held_by(world.sun) == [evaluation.number]
    rectifying.cancel(item=second, actor=leader_of(world), opinion="项目已经撤销。")
    assert held_by(world.sun) == []
    services.reopen(item=first, actor=world.sun, opinion="复查发现未落实。", due=soon())
    assert held_by(world.sun) == [evaluation.number]


def test_an_item_that_is_only_proposed_holds_nothing(world, concluded):
    evaluation = concluded("40")
    assigned = evaluation.items.get()
    propose(world, evaluation, world.sun)
    assert held_by(world.sun) == [evaluation.number]
    bring_item(world, assigned, ItemStage.CLOSED)
    assert held_by(world.sun) == []


@pytest.mark.parametrize(
    ("holding", "totals"), [((), []), (("差",), ["40"]), (("良", "中", "差"), ["85", "70", "40"])]
)
def test_the_policy_says_which_grades_hold(world, concluded, holding, totals):
    policy = policy_with(world, holding)
    made = {total: concluded(total, policy=policy, **KEPT) for total in ("85", "70", "40")}
    usual = concluded("70")
    expected = {usual.number, *(made[total].number for total in totals)}
    assert set(held_by(world.sun)) == expected
    held = {use.evaluation.number for use in on_hold.with_rows(every_use(world)) if on_hold.holds(use)}
    assert held == expected


KEPT = {"use": "keep", "use_reason": "保民生项目。"}


def every_use(world):
    return on_hold.held(on_hold.next_year.listed(world.sun), world.sun)


def policy_with(world, holding):
    draft = draft_of(world, "policy")
    part = write(replace(DEFAULT_TERMS, holding=holding))
    draft = actions.change_policy(
        actor=world.sun, policy=draft, document={**draft.content, "rectification": part}
    )
    return actions.publish_policy(actor=world.sun, policy=draft)


def test_a_use_that_was_decided_as_held_back_holds_whatever_the_grade(world, concluded):
    evaluation = concluded("85", use=UseOfResult.HOLD, use_reason="问题性质严重。")
    assert held_by(world.sun) == [evaluation.number]
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    assert held_by(world.sun) == []


def test_the_result_that_counts_in_next_years_list_decides(world, concluded, commissioned_evaluation):
    own = concluded("40")
    commissioned_evaluation(Stage.CLOSED, kind=Kind.DEPARTMENT, project=own.project)
    assert held_by(world.sun) == []


# --- what is similar --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("2025年度就业培训", "2026年度就业培训"),
        ("就业培训（2025年）", "就业培训（２０２６年）"),
        ("就业 培训", "就业培训"),
        ("2024-2025年就业培训", "2025-2026年就业培训"),
    ],
)
def test_a_name_is_the_same_but_for_its_years_and_spaces(name, later):
    assert on_hold.without_years(name) == on_hold.without_years(later)


@pytest.mark.parametrize("other", ["就业培训二期", "就业培训2", "创业培训", "就业培训12025"])
def test_any_other_difference_is_another_project(other):
    assert on_hold.without_years("就业培训") != on_hold.without_years(other)


def test_only_a_later_project_of_the_same_unit_and_name_is_similar(world, concluded):
    evaluation = concluded()
    seed(
        (
            "UPDATE evaluations_project SET name = '2025年就业培训' WHERE id = %s",
            evaluation.project_id,
        )
    )
    same = next_application(world, evaluation, "2026年就业培训")
    next_application(world, evaluation, "2026年创业培训")
    next_application(world, evaluation, "就业培训", year=2025)
    next_application(world, evaluation, "就业培训", unit=world.other_unit)
    (row,) = on_hold.rows_of(on_hold.with_rows(on_hold.listed(world.sun)), world.sun)
    assert row.similar == [same]


def test_the_list_names_a_similar_application_and_leads_to_its_evaluation(world, as_, concluded, opened):
    evaluation = concluded()
    entered = opened(next_application(world, evaluation))
    assert f'<a href="{reverse("dossier", args=[entered.pk])}">' in page_of(as_(world.sun))


@pytest.fixture
def opened(world, self_evaluation):
    """The evaluation that is opened for a project."""
    return lambda project: self_evaluation(Stage.SELF_ASSESSMENT, project=project)


# --- the page ---------------------------------------------------------------------------


def test_a_row_says_grade_year_budget_items_and_the_reason(world, as_, concluded):
    evaluation = concluded("40", items=2)
    first, second = evaluation.items.order_by("pk")
    late(first)
    shown = page_of(as_(world.sun))
    for words in (
        evaluation.project.name,
        evaluation.unit.name,
        "fiscal year 2025",
        f"{evaluation.budget.annual:,.2f}",
        "The result for 2025 was graded poor and 2 rectification items are not closed:"
        " a similar application is on hold until all of them are. 1 of them is overdue.",
        f'<a href="{reverse("item", args=[first.pk])}">{first.number}</a>',
        second.number,
        second.requirement,
        "Overdue",
        "No similar application is entered yet.",
    ):
        assert words in shown


def test_the_totals_agree_with_the_rows(world, as_, concluded):
    for items in (1, 2):
        evaluation = concluded("40", items=items)
    late(evaluation.items.first())
    rows = on_hold.rows_of(on_hold.with_rows(on_hold.listed(world.sun)), world.sun)
    (line,) = on_hold.totals_by_department(on_hold.listed(world.sun))
    assert on_hold.sum_of([line]) == replace(line, department="")
    assert line.department == world.department.name
    assert line.projects == len(rows) == 2
    assert line.items == sum(len(row.items) for row in rows) == 3
    assert line.overdue == sum(row.use.overdue_items for row in rows) == 1
    assert line.annual == sum(row.use.annual for row in rows)
    assert [row.use.open_items for row in rows] == [len(row.items) for row in rows]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, ["40", "70"]),
        ({"grade": "差"}, ["40"]),
        ({"year": "2025"}, ["40", "70"]),
        ({"q": "不存在"}, []),
        ({"year": "1999", "department": "x", "grade": "良好"}, ["40", "70"]),
    ],
)
def test_page_and_workbook_hold_what_was_asked_for(world, as_, concluded, asked, left):
    made = {total: concluded(total).project.name for total in ("40", "70")}
    names = [made[total] for total in left]
    shown = page_of(as_(world.sun), **asked)
    assert [name for name in made.values() if name in shown] == names
    response = as_(world.sun).get(reverse("export_on_hold"), asked)
    if not names:
        assert response.status_code == 404
    else:
        rows = sheet_of(response.content, "清单")
        assert [row[4] for row in rows[2:-1]] == names


def sheet_of(content: bytes, name: str) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def test_the_workbook_says_the_same_as_the_page(world, as_, concluded):
    evaluation = concluded("40", items=2)
    late(evaluation.items.first())
    content = as_(world.sun).get(reverse("export_on_hold")).content
    rows, items = sheet_of(content, "清单"), sheet_of(content, "未销号整改事项")
    annual = float(evaluation.budget.annual)
    assert rows[2][9:13] == ["差", 2, 1, annual]
    assert rows[2][13] == (
        "2025年度评价等级为“差”，2项整改事项未销号（其中1项已逾期），类似项目的预算申报在全部销号前暂缓安排。"
    )
    assert rows[-1][0] == "合计"
    assert rows[-1][10:13] == [2, 1, annual]
    assert {row[3] for row in items[2:]} == set(evaluation.items.values_list("number", flat=True))
    assert sorted(row[6] for row in items[2:]) == ["已逾期", "未逾期"]


def test_a_department_sees_its_own_projects_only(world, as_, concluded):
    name = concluded().project.name
    assert name in page_of(as_(world.zhao))
    assert name not in page_of(as_(world.chu))


def test_the_list_costs_the_same_statements_for_many_projects(world, as_, concluded):
    client, counts = as_(world.sun), []
    for items in (1, 3):
        next_application(world, concluded("40", items=items))
        page_of(client)
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 18


# --- what a later project meets ---------------------------------------------------------

NOTICE = "Application on hold"


def test_the_evaluation_of_a_held_projects_next_year_says_so_with_the_way_there(
    world, as_, concluded, opened
):
    evaluation = concluded()
    entered = opened(next_application(world, evaluation))
    shown = page_of(as_(world.sun), "dossier", entered.pk)
    assert NOTICE in shown
    assert "was graded poor and 1 rectification item is not closed" in shown
    assert reverse("dossier_tab", args=[evaluation.pk, "rectification"]) in shown
    assert f'href="{reverse("on_hold")}"' in shown
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    assert NOTICE not in page_of(as_(world.sun), "dossier", entered.pk)


def test_the_unit_reads_why_but_is_not_led_to_the_list(world, as_, concluded, opened):
    entered = opened(next_application(world, concluded()))
    shown = page_of(as_(world.lin), "dossier", entered.pk)
    assert NOTICE in shown
    assert f'href="{reverse("on_hold")}"' not in shown


def test_neither_the_held_project_itself_nor_another_one_says_so(world, as_, concluded, opened):
    evaluation = concluded()
    other = opened(next_application(world, evaluation, "另一个项目"))
    for shown in (evaluation, other):
        assert NOTICE not in page_of(as_(world.sun), "dossier", shown.pk)


def test_who_may_not_see_the_held_result_is_told_nothing(world, as_, concluded, commissioned_evaluation):
    project = next_application(world, concluded())
    entered = commissioned_evaluation(Stage.EXPERT_SCORING, project=project)
    assert NOTICE in page_of(as_(world.sun), "dossier", entered.pk)
    assert NOTICE not in page_of(as_(world.wu), "dossier", entered.pk)


def test_a_campaign_warns_at_each_project_that_is_on_hold(world, as_, concluded):
    evaluation = concluded()
    next_application(world, evaluation)
    free = next_application(world, evaluation, "另一个项目")
    campaign = campaign_of(world)
    client = as_(world.sun)
    shown = page_of(client, "campaign", campaign.pk)
    assert free.name in shown
    assert shown.count("was graded poor and 1 rectification item is not closed") == 1
    with CaptureQueriesContext(connection) as few:
        page_of(client, "campaign", campaign.pk)
    for _more in range(2):
        next_application(world, concluded())
    with CaptureQueriesContext(connection) as many:
        shown = page_of(client, "campaign", campaign.pk)
    assert shown.count("was graded poor") == 3
    assert len(few) == len(many)


def campaign_of(world):
    return actions.create_campaign(
        actor=world.sun,
        organizer=world.bureau,
        on_behalf_of=None,
        name="2026年度单位自评",
        fiscal_year=2026,
        kind=Kind.SELF,
        scheme=world.scheme,
    )


def test_the_form_that_opens_an_evaluation_marks_the_projects_on_hold(world, as_, concluded):
    evaluation = concluded()
    held = next_application(world, evaluation)
    shown = page_of(as_(world.sun), "open_evaluation")
    assert f">{held.name} · on hold</option>" in shown
    assert shown.count("· on hold</option>") == 1


# --- whether it holds together ----------------------------------------------------------


def test_no_unit_and_no_expert_has_the_list(world, as_, concluded):
    concluded()
    for address in ("on_hold", "export_on_hold"):
        found = {name: as_(person).get(reverse(address)).status_code for name, person in world.people.items()}
        reading = {name for name, status in found.items() if status == 200}
        assert reading == {"zhao", "qian", "sun", "zhou", "feng"} | (
            {"chu"} if address == "on_hold" else set()
        )
