"""From a dossier in the database to the plain report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from approvals.documents.builder import report_of
from approvals.documents.rendering import render_pdf
from approvals.documents.report import ReportKind
from approvals.models import ItemStage, RectificationItem, Verb
from audit_log import clock
from evaluations.models import Evaluation, Kind, Stage
from tests.approvals.documents.reading import squeezed, text_of
from tests.cast import World, all_scores, bring, do, walk_self
from tests.rectifying import on

Make = Callable[..., Evaluation]
QUERIES = 11


def queries_of(evaluation: Evaluation) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report_of(evaluation)
    return len(queries)


def test_the_report_names_the_project_its_bodies_and_its_money(self_evaluation: Make, world: World) -> None:
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    report = report_of(evaluation)
    assert report.kind == ReportKind.SELF
    assert (report.number, report.fiscal_year) == (evaluation.number, 2025)
    assert (report.unit, report.department, report.bureau) == (
        world.unit.name,
        world.department.name,
        world.bureau.name,
    )
    money = report.money
    assert (money.declared, money.initial, money.annual, money.received, money.paid) == (
        320,
        280,
        300,
        300,
        290,
    )
    assert money.rate is not None
    assert round(money.rate, 2) == Decimal("96.67")
    assert (money.weight, money.scores.stated, money.scores.computed) == (
        10,
        Decimal("9.67"),
        Decimal("9.67"),
    )
    assert [(line.annual, line.paid) for line in money.sources] == [(280, 270), (20, 20), (None, None)]
    assert money.sources[1].rate == 100
    assert [payment.item for payment in money.payments] == ["软件开发", "硬件购置"]


def test_stated_and_computed_scores_stand_beside_each_other_with_the_explanation(
    self_evaluation: Make,
) -> None:
    report = report_of(self_evaluation(Stage.UNIT_APPROVAL))
    first = report.indicators[0]
    assert (first.name, first.target, first.actual, first.weight) == ("上线业务模块", "≥28个", "26个", 20)
    assert (first.scores.stated, first.scores.computed) == (Decimal("18.57"), Decimal("18.57"))
    assert "20 × 26 ÷ 28 = 18.57" in str(first.explanation)
    assert report.totals.scores.stated == Decimal("98.24")
    assert report.totals.scores.department is None


def test_the_parts_of_the_total_add_up_to_it(self_evaluation: Make, world: World) -> None:
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    settle(evaluation, world)
    report = report_of(evaluation)
    for party in ("stated", "computed"):
        parts = [getattr(part.scores, party) for part in report.subtotals]
        assert sum(parts) == getattr(report.totals.scores, party)
    assert sum(part.weight for part in report.subtotals if part.weight) == 100


def test_a_total_that_waits_for_a_judgement_is_open_and_says_so(self_evaluation: Make) -> None:
    report = report_of(self_evaluation(Stage.UNIT_APPROVAL))
    assert report.totals.scores.computed is None
    with override("en"):
        assert any("Scores still open: 1." in str(note) for note in report.notes)


def settle(evaluation: Evaluation, world: World) -> None:
    """Give the one indicator that only words describe a figure."""
    indicator = evaluation.indicators.get(kind="qualitative")
    indicator.kind = "quantitative"
    indicator.target_value = indicator.actual_value = Decimal(1)
    indicator.save_as(world.lin)


def test_a_departments_score_counts_where_it_was_given_and_the_stated_one_elsewhere(
    self_evaluation: Make, world: World
) -> None:
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    changed = evaluation.indicators.all()[1]
    do(
        Verb.APPROVE,
        evaluation,
        world.zhao,
        opinion="同意。",
        scores={changed.pk: (Decimal("8"), "抽样不足。")},
    )
    report = report_of(evaluation)
    assert [row.scores.department for row in report.indicators[:3]] == [None, Decimal("8"), None]
    assert report.indicators[1].opinion == "抽样不足。"
    output = next(part for part in report.subtotals if part.level1 == "产出")
    assert (output.scores.stated, output.scores.department) == (Decimal("48.57"), Decimal("46.57"))
    assert report.totals.scores.department == Decimal("96.24")
    assert report.totals.scores.stated == Decimal("98.24")


def test_every_opinion_carries_the_role_of_whoever_gave_it(self_evaluation: Make, world: World) -> None:
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    do(Verb.RETURN, evaluation, world.wang, opinion="请补充验收报告。", to=Stage.SELF_ASSESSMENT)
    report = report_of(bring(evaluation, Stage.FINANCE_REVIEW, walk_self(world)))
    with override("en"):
        found = [(str(one.stage), str(one.role), str(one.verb), one.round) for one in report.opinions]
    assert found == [
        ("self-assessment", "project lead", "submit", 1),
        ("unit approval", "unit approver", "return for changes", 1),
        ("self-assessment", "project lead", "submit", 2),
        ("unit approval", "unit approver", "approve", 2),
        ("department review", "department reviewer", "approve", 2),
    ]
    assert report.opinions[1].opinion == "请补充验收报告。"
    assert report.opinions[4].organization == world.department.name


def test_the_form_is_signed_by_who_submitted_and_who_approved_last(
    self_evaluation: Make, world: World
) -> None:
    before = report_of(self_evaluation(Stage.SELF_ASSESSMENT)).signatures
    assert (before.filled_in_by, before.unit_head, before.filled_in_on) == ("", "", None)
    after = report_of(self_evaluation(Stage.DEPARTMENT_REVIEW)).signatures
    assert (after.filled_in_by, after.unit_head) == (str(world.lin), str(world.wang))
    assert after.filled_in_on == timezone.localdate()


def test_the_conclusion_stands_beside_what_others_gave(self_evaluation: Make) -> None:
    report = report_of(self_evaluation(Stage.CLOSED))
    assert (report.totals.concluded, report.totals.scores.stated) == (Decimal("96.5"), Decimal("98.24"))
    assert report.conclusion == "目标基本实现。"
    with override("en"):
        assert str(report.totals.grade) == "excellent"


def test_a_finance_evaluation_shows_the_experts_mean_and_no_score_of_the_unit(
    commissioned_evaluation: Make,
) -> None:
    report = report_of(commissioned_evaluation(Stage.CLOSED))
    assert report.kind == ReportKind.FINANCE
    assert report.evaluator == report.bureau
    assert [row.scores.panel for row in report.indicators[:2]] == [Decimal("13.5"), Decimal("13.5")]
    assert report.totals.scores.panel == report.totals.concluded == 90
    assert {row.scores.stated for row in report.indicators} == {None}
    assert report.totals.scores.stated is None
    with override("en"):
        roles = [str(one.role) for one in report.opinions if one.verb == Verb.SCORE.label]
    assert roles == ["expert", "expert"]


def test_a_department_evaluation_is_the_departments_report(commissioned_evaluation: Make) -> None:
    report = report_of(commissioned_evaluation(Stage.CLOSED, kind=Kind.DEPARTMENT))
    assert report.kind == ReportKind.DEPARTMENT
    assert report.evaluator == report.department


def test_no_document_tells_an_expert_what_another_gave(commissioned_evaluation: Make, world: World) -> None:
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    do(Verb.SCORE, evaluation, world.wu, scores=all_scores(evaluation), opinion="单独意见")
    blind = report_of(evaluation)
    assert {row.scores.panel for row in blind.indicators} == {None}
    assert "单独意见" not in [one.opinion for one in blind.opinions]
    do(Verb.SCORE, evaluation, world.zheng, scores=all_scores(evaluation, "0.8"))
    seen = report_of(evaluation)
    assert seen.indicators[0].scores.panel == Decimal("12.75")
    assert "单独意见" in [one.opinion for one in seen.opinions]


def test_rectification_shows_assigned_items_and_how_late_they_are(
    item_at: Callable[..., RectificationItem],
) -> None:
    item = item_at(ItemStage.CARRYING_OUT)
    (row,) = report_of(item.evaluation).rectification
    assert (row.number, row.requirement, row.is_overdue) == (item.number, item.requirement, False)
    with override("en"):
        assert str(row.status) == "being carried out"
    with clock.at(timezone.now() + timedelta(days=60)):
        (row,) = report_of(item.evaluation).rectification
    assert row.is_overdue


def test_an_item_is_late_only_once_the_working_day_on_which_its_due_date_ends_is_over(
    item_at: Callable[..., RectificationItem],
) -> None:
    """12 September 2026 is a Saturday."""
    with on(date(2026, 9, 1)):
        item = item_at(ItemStage.CARRYING_OUT, due=date(2026, 9, 12))
    with on(date(2026, 9, 14)):
        (monday,) = report_of(item.evaluation).rectification
    with on(date(2026, 9, 15)):
        (tuesday,) = report_of(item.evaluation).rectification
    assert [monday.is_overdue, tuesday.is_overdue] == [False, True]


def test_an_item_that_is_only_proposed_is_not_told(item_at: Callable[..., RectificationItem]) -> None:
    assert report_of(item_at(ItemStage.DRAFT).evaluation).rectification == ()


def test_a_closed_item_is_told_with_its_date(item_at: Callable[..., RectificationItem]) -> None:
    (row,) = report_of(item_at(ItemStage.CLOSED).evaluation).rectification
    assert row.closed_on == timezone.localdate()
    assert not row.is_overdue


def test_the_number_of_queries_does_not_grow_with_the_dossier(self_evaluation: Make, world: World) -> None:
    full = self_evaluation(Stage.RECTIFICATION)
    assert queries_of(full) == QUERIES
    bare = self_evaluation(Stage.SELF_ASSESSMENT, filled=False, project=world.new_project())
    assert queries_of(bare) <= QUERIES


def test_weights_that_are_not_published_are_noted(self_evaluation: Make, world: World) -> None:
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    remove_weights(evaluation, world)
    with override("en"):
        notes = [str(note) for note in report_of(evaluation).notes]
    assert any("equal shares" in note for note in notes)


def remove_weights(evaluation: Evaluation, world: World) -> None:
    for indicator in evaluation.indicators.all():
        indicator.weight = None
        indicator.save_as(world.lin)


def test_an_empty_dossier_can_be_printed(self_evaluation: Make) -> None:
    text = text_of(render_pdf(report_of(self_evaluation(filled=False)), "en"))
    assert squeezed("(No opinion has been given yet.)") in text


def test_one_report_is_printed_in_the_language_that_is_asked_for(self_evaluation: Make) -> None:
    report: Any = report_of(self_evaluation(Stage.DEPARTMENT_REVIEW))
    english = text_of(render_pdf(report, "en"))
    assert squeezed("unit approver") in english
    assert squeezed("this year's appropriation") in english
