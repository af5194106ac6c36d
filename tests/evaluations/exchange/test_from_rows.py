"""What is entered comes out again: a dossier filled in from a document gives that document back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from audit_log.models import AuditEvent
from evaluations.dossier import ChapterFacts, Dossier, FundingRowFacts, ProblemFacts, read_dossier
from evaluations.exchange.changes import changes_from, left_out
from evaluations.exchange.chapters import HEADINGS, code_of
from evaluations.exchange.from_rows import dossier_of
from evaluations.exchange.funding_names import NAMES, funding_code_of
from evaluations.models import Evaluation, Indicator, Stage
from tests.cast import open_self_evaluation, open_task
from workflow import services

CASES = Path(__file__).resolve().parents[3] / "workflow" / "demo" / "cases"
SELF = ["kashgar-2019", "shaoxing-2019", "guangzhou-2023"]


def case(name: str) -> Dossier:
    return read_dossier((CASES / f"{name}.json").read_bytes())


def filled_with(evaluation: Evaluation, dossier: Dossier, actor: object) -> Evaluation:
    task = open_task(evaluation)
    services.save_draft(
        process_id=task.process_id, task_id=task.pk, actor=actor, changes=changes_from(dossier)
    )
    return Evaluation.objects.get(pk=evaluation.pk)


def content(dossier: Dossier) -> dict[str, object]:
    """All but whose project it is and the evaluation's own words, which do not come from the document."""
    return {
        "budget": dossier.budget,
        "goal": dossier.goal,
        "indicators": dossier.indicators,
        "stated": dossier.stated,
        "problems": dossier.problems,
        "recommendations": dossier.recommendations,
        "team": dossier.team,
        "report": dossier.report,
    }


@pytest.mark.parametrize("name", SELF)
def test_a_dossier_filled_in_from_a_document_gives_it_back(world, self_evaluation, name):
    document = case(name)
    evaluation = filled_with(open_self_evaluation(world), document, world.lin)
    assert content(dossier_of(evaluation)) == content(document)


def test_the_document_names_unit_department_year_and_scheme(world, self_evaluation):
    evaluation = open_self_evaluation(world)
    document = dossier_of(evaluation)
    assert document.project.unit == evaluation.unit.name
    assert document.project.department == evaluation.department.name
    assert document.project.fiscal_year == evaluation.fiscal_year
    assert document.evaluation.scheme == evaluation.scheme.code


def test_the_funding_table_keeps_what_is_printed_in_it(world, self_evaluation):
    rows = (
        FundingRowFacts(
            "年度资金总额",
            Decimal("150"),
            Decimal("125.46"),
            Decimal("121.25"),
            Decimal("10"),
            "96.64%",
            Decimal("9.66"),
        ),
        FundingRowFacts("其中：当年财政拨款", Decimal("150"), Decimal("125.46"), Decimal("121.25")),
    )
    document = case("shaoxing-2019")
    document = replace(document, budget=replace(document.budget, rows=rows))
    evaluation = filled_with(open_self_evaluation(world), document, world.lin)
    assert dossier_of(evaluation).budget.rows == (rows[0], replace(rows[1], name="当年财政拨款"))


def test_amounts_in_yuan_are_kept_in_ten_thousands(world, self_evaluation):
    document = replace(case("shaoxing-2019"), currency_unit="元")
    evaluation = filled_with(open_self_evaluation(world), document, world.lin)
    assert dossier_of(evaluation).budget.annual == Decimal("0.012546")


def test_a_problem_keeps_the_indicator_that_it_speaks_of(world, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    problem = evaluation.problems.first()
    problem.indicator = Indicator.objects.filter(evaluation=evaluation).first()
    problem.save_as(world.lin)
    found = dossier_of(Evaluation.objects.get(pk=evaluation.pk)).problems[0]
    assert found == ProblemFacts(
        problem.text, problem.owner or None, problem.due or None, problem.indicator.name
    )


def test_what_has_no_place_in_the_product_is_told():
    document = replace(
        case("shaoxing-2019"),
        report=(ChapterFacts("六、有关建议", "略。"), ChapterFacts("附件清单", "略。")),
    )
    row = FundingRowFacts("彩票公益金")
    remarks = left_out(replace(document, budget=replace(document.budget, rows=(row,))))
    assert [(remark.place, remark.found) for remark in remarks] == [
        ("budget.rows[0]", "彩票公益金"),
        ("report[1]", "附件清单"),
    ]


def test_filling_in_the_same_again_leaves_no_trace(world, self_evaluation):
    evaluation = open_self_evaluation(world)
    evaluation = filled_with(evaluation, case("shaoxing-2019"), world.lin)
    events = AuditEvent.objects.count()
    task = open_task(evaluation)
    goal = {"goal_expected": evaluation.goal_expected}
    services.save_draft(
        process_id=task.process_id,
        task_id=task.pk,
        actor=world.lin,
        changes=replace(changes_from(case("shaoxing-2019")).__class__(), evaluation=goal),
    )
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("code", list(HEADINGS))
def test_every_heading_of_the_outline_leads_back_to_its_code(code):
    assert code_of(HEADINGS[code]) == code
    assert code_of(code) == code


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("（一）项目概况", "overview"),
        ("一、基本情况", "overview"),
        ("三、综合评价情况及评价结论（附相关评分表）", "conclusion"),
        ("（二）项目过程情况。", "process"),
        ("五、主要经验及做法、存在的问题及原因分析", "experience"),
        ("六、有关建议", "suggestion"),
        ("附件", None),
        ("", None),
    ],
)
def test_a_heading_is_recognised_with_and_without_its_number(heading, code):
    assert code_of(heading) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [(name, code) for code, name in NAMES.items()]
    + [("其中：当年财政拨款", "appropriation"), (" 上年结转 资金", "carried_over"), ("彩票公益金", None)],
)
def test_a_row_of_the_funding_table_is_recognised_as_printed(name, code):
    assert funding_code_of(name) == code
