"""Next year's list: which results count, what they come to, who sees them, and what it costs."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from approvals.models import ItemStage, Verb
from evaluations.models import Kind, Stage
from evaluations.policies.consequences import suggested_amount
from tests.cast import bring_item, do, propose
from tests.workflow.test_integrity import seed
from workflow import next_year, uses

CONCLUSION = "目标基本实现。"


@pytest.fixture
def concluded(world, self_evaluation):
    """One more project that was concluded with a total."""

    def make(total: str, *, with_item: bool = False, lead=None, unit=None, **use):
        project = world.new_project(lead, unit)
        evaluation = self_evaluation(Stage.CONCLUSION, project=project)
        if with_item:
            propose(world, evaluation, world.zhou)
        do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(total), conclusion=CONCLUSION, **use)
        return evaluation

    return make


def page_of(client, **asked) -> str:
    response = client.get(reverse("next_year"), asked)
    assert response.status_code == 200
    return response.content.decode()


def workbook_of(client, **asked) -> list[list]:
    content = client.get(reverse("export_next_year"), asked).content
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("清单").to_python()


def listed(user) -> dict[str, tuple[str, Decimal | None]]:
    rows = next_year.with_rows(next_year.listed(user))
    return {row.evaluation.project.name: (row.use, row.suggested) for row in rows}


def test_each_concluded_project_stands_in_the_list_with_its_amount(world, concluded):
    made = {total: concluded(total) for total in ("95", "70", "40")}
    annual = made["95"].budget.annual
    assert listed(world.sun) == {
        made["95"].project.name: ("support", annual),
        made["70"].project.name: ("cut", (annual * Decimal("0.9")).quantize(Decimal("0.01"))),
        made["40"].project.name: ("cancel", 0),
    }


def test_what_is_held_back_has_no_amount_and_its_budget_is_told_apart(world, concluded):
    annual = concluded("40", with_item=True).budget.annual
    total = next_year.sum_of(next_year.totals_by_department(next_year.listed(world.sun)))
    assert (total.projects, total.annual, total.held_back) == (1, annual, annual)
    assert (total.suggested, total.difference) == (0, 0)


def test_an_evaluation_that_is_not_concluded_is_not_in_the_list(world, self_evaluation):
    self_evaluation(Stage.CONCLUSION)
    assert listed(world.sun) == {}


def test_a_finance_evaluation_counts_before_the_units_own(world, self_evaluation, commissioned_evaluation):
    own = self_evaluation(Stage.CLOSED)
    by_department = commissioned_evaluation(Stage.CLOSED, kind=Kind.DEPARTMENT, project=own.project)
    assert [row.evaluation for row in next_year.listed(world.sun)] == [by_department]
    by_finance = commissioned_evaluation(Stage.CLOSED, project=own.project)
    assert [row.evaluation for row in next_year.listed(world.sun)] == [by_finance]
    assert next_year.totals_by_department(next_year.listed(world.sun))[0].projects == 1


def test_the_totals_agree_with_the_rows_department_by_department(world, concluded):
    concluded("95")
    concluded("70", use="cut", percent=Decimal("33.33"), use_reason="压缩规模。")
    concluded("40", with_item=True)
    rows = list(next_year.with_rows(next_year.listed(world.sun)))
    (line,) = next_year.totals_by_department(next_year.listed(world.sun))
    assert line.department == world.department.name
    assert line.annual == sum(row.annual for row in rows)
    assert line.suggested == sum(row.suggested for row in rows if row.suggested is not None)
    assert line.projects == len(rows) == 3


@pytest.mark.parametrize(
    ("annual", "percent"),
    [("0.05", "50"), ("152.96", "33.33"), ("100.005", "0.01"), ("999999999999.999999", "12.34")],
)
def test_the_database_rounds_as_the_table_of_consequences_says(world, concluded, annual, percent):
    evaluation = concluded("70", use="cut", percent=Decimal(percent), use_reason="压缩规模。")
    seed(("UPDATE evaluations_budget SET annual = %s WHERE evaluation_id = %s", annual, evaluation.pk))
    row = next_year.listed(world.sun).get()
    assert row.suggested == suggested_amount(Decimal(annual), "cut", Decimal(percent))


def test_an_unknown_budget_suggests_nothing_and_counts_as_nothing(world, concluded):
    evaluation = concluded("95")
    seed(("UPDATE evaluations_budget SET annual = NULL WHERE evaluation_id = %s", evaluation.pk))
    assert list(listed(world.sun).values()) == [("support", None)]
    assert next_year.totals_by_department(next_year.listed(world.sun))[0].suggested == 0


# --- the page -----------------------------------------------------------------------


def test_the_page_shows_grade_state_use_and_both_amounts(world, as_, concluded):
    evaluation = concluded("70", with_item=True)
    page = page_of(as_(world.sun), year=2025)
    annual = evaluation.budget.annual
    left = f"{annual * Decimal('0.8'):,.2f}"
    for words in (evaluation.project.name, evaluation.number, "70.00", f"{annual:,.2f}", "20%", "2026"):
        assert words in page
    assert page.count(f">{left}<") == 3  # row, department, total


def test_the_page_says_what_the_table_names_after_rectification(world, as_, concluded):
    evaluation = concluded("70", with_item=True)
    client = as_(world.sun)
    client.cookies["django_language"] = "en"
    assert "the table names: Cut back 10%" not in page_of(client)
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    assert "the table names: Cut back 10%" in page_of(client)
    uses.change_use(evaluation=evaluation, actor=world.zhou)
    assert "the table names: Cut back 10%" not in page_of(client)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"use": "cut"}, ["70"]),
        ({"grade": "优"}, ["95"]),
        ({"q": "不存在"}, []),
        ({"year": "1999"}, ["95", "70"]),
        ({"use": "unknown", "department": "x"}, ["95", "70"]),
    ],
)
def test_page_and_workbook_hold_what_was_asked_for(world, as_, concluded, asked, left):
    made = {total: concluded(total) for total in ("95", "70")}
    names = [made[total].project.name for total in left]
    page = page_of(as_(world.sun), **asked)
    assert [name for name in (found.project.name for found in made.values()) if name in page] == names
    rows = workbook_of(as_(world.sun), **asked)
    assert [row[4] for row in rows[2:] if row[0] != "合计"] == names


def test_the_workbook_says_the_same_as_the_page(world, as_, concluded):
    concluded("95")
    concluded("70", use="cut", percent=Decimal("33.33"), use_reason="压缩规模。")
    rows = workbook_of(as_(world.sun))
    (line,) = next_year.totals_by_department(next_year.listed(world.sun))
    assert rows[0][0] == "2026年度预算安排建议清单"
    assert rows[-1][11:13] == [float(line.annual), float(line.suggested)]
    assert rows[3][13] == "压缩规模。"


def test_a_department_sees_its_own_projects_only(world, as_, concluded):
    name = concluded("95").project.name
    assert name in page_of(as_(world.zhao))
    assert name not in page_of(as_(world.chu))


def test_the_header_leads_departments_and_the_bureau_to_the_list(world, as_):
    link = f'href="{reverse("next_year")}"'
    seeing = {name for name, who in world.people.items() if link in as_(who).get("/").content.decode()}
    assert seeing == {"zhao", "qian", "chu", "sun", "zhou", "feng"}


def test_the_list_costs_the_same_statements_for_many_projects(world, as_, concluded):
    client, counts = as_(world.sun), []
    concluded("95")
    for _more in range(2):
        concluded("70", with_item=True)
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
