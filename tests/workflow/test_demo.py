"""The four real cases, loaded by the same services that clicks use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.access import rights_of
from accounts.demonstration import demo_accounts
from accounts.models import User
from approvals.exchange import exchange_of
from approvals.models import (
    Decision,
    FindingTurn,
    ItemStage,
    RecordedFinding,
    RectificationItem,
    Verb,
)
from audit_log import clock
from evaluations.access import visible_to
from evaluations.computed import computed, total_from
from evaluations.models import Evaluation, Kind, Stage
from workflow.management.commands.load_demo import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(settings) -> dict[str, Evaluation]:
    """The demonstration, by the bureau's code."""
    settings.DEMO_MODE = True
    load(lambda line: None)
    return {evaluation.bureau.code: evaluation for evaluation in Evaluation.objects.select_related("bureau")}


def rules_total(evaluation):
    rows = list(evaluation.indicators.prefetch_related("scores"))
    return computed(evaluation, rows, evaluation.scheme.as_parameters())


def test_kashgar_was_self_assessed_as_published_and_returned_by_the_department(cases):
    case = cases["KASHGAR"]
    assert (case.stage, case.round, case.stated_total) == (Stage.SELF_ASSESSMENT, 2, Decimal(100))
    returned = Decision.objects.get(evaluation=case, verb=Verb.RETURN)
    assert (returned.stage, returned.is_demonstration) == (Stage.DEPARTMENT_REVIEW, True)
    assert all(indicator.weight is None for indicator in case.indicators.all())
    result = rules_total(case)
    assert result.assigned_weights
    assert result.total == Decimal("97.72")
    assert (case.budget.annual, case.budget.paid) == (Decimal("591.299"), Decimal("476.9512"))
    assert case.budget.lines.count() == 12


def test_what_the_checks_find_in_each_case_is_on_record_with_its_answer(cases):
    for case in cases.values():
        found = RecordedFinding.objects.filter(evaluation=case, decision__verb__in=(Verb.SUBMIT, Verb.DRAFT))
        assert found.filter(severity="error").exists()
        assert not found.filter(severity="error", reason="").exists()
    asked = FindingTurn.objects.get()
    assert (asked.finding.evaluation, asked.finding.code) == (cases["KASHGAR"], "total-mismatch")
    assert asked.is_demonstration


def test_shaoxing_is_concluded_at_98_beside_a_computed_99_29(cases):
    case = cases["SHAOXING"]
    assert (case.concluded_total, case.concluded_grade) == (Decimal(98), "优")
    assert rules_total(case).total == Decimal("99.29")
    closed, overdue = case.items.order_by("stage", "pk").reverse()
    assert {closed.stage, overdue.stage} == {ItemStage.CLOSED, ItemStage.CARRYING_OUT}
    late = case.items.exclude(stage=ItemStage.CLOSED).get()
    assert late.due < clock.today()
    assert all(item.is_demonstration for item in case.items.all())
    assert not Decision.objects.get(evaluation=case, verb=Verb.SUBMIT).is_demonstration


def test_guangzhou_waits_at_finance_review(cases):
    case = cases["GUANGZHOU"]
    assert case.stage == Stage.FINANCE_REVIEW
    assert case.tasks.get(stage=Stage.FINANCE_REVIEW).is_open
    assert case.stated_total == Decimal(100)
    assert rules_total(case).total is None  # one actual only repeats its target


def test_dongcheng_was_scored_by_experts_and_has_six_items_in_different_states(cases):
    case = cases["DONGCHENG"]
    assert case.kind == Kind.FINANCE
    assert case.stated_total is None
    assert not case.indicators.filter(scores__source="stated").exists()
    rows = list(case.indicators.prefetch_related("scores"))
    assert total_from(case, rows, "expert") == case.concluded_total == Decimal("90.8")
    levels = {"决策": "8.72", "过程": "17.88", "产出": "37.4", "效益": "26.8"}
    for level, published in levels.items():
        points = [score.points for row in rows if row.level1 == level for score in row.scores.all()]
        assert sum(points) / 2 == Decimal(published)
    assert all(score.is_illustrative for row in rows for score in row.scores.all())
    states = {(item.stage, item.round, item.due < clock.today()) for item in case.items.all()}
    assert len(states) == case.items.count() == case.problems.count() == 6
    assert {item.problem_id for item in case.items.all()} == set(case.problems.values_list("pk", flat=True))


def test_the_items_are_classed_and_only_the_budgets_has_an_amount(cases):
    items = RectificationItem.objects.order_by("pk")
    classed = [(item.kind, item.severity) for item in items.filter(evaluation=cases["DONGCHENG"])]
    assert classed == [
        ("indicator", "general"),
        ("system", "general"),
        ("system", "general"),
        ("deliver", "serious"),
        ("deliver", "general"),
        ("other", "minor"),
    ]
    of_modules = [(item.kind, item.severity) for item in items.filter(evaluation=cases["SHAOXING"])]
    assert of_modules == [("deliver", "serious"), ("deliver", "general")]
    involved = items.get(amount__isnull=False)
    assert (involved.evaluation, involved.amount) == (cases["DONGCHENG"], Decimal("153.455"))


def test_dongcheng_exchanged_views_point_by_point_and_was_signed(cases):
    case = cases["DONGCHENG"]
    exchange = exchange_of(case)
    assert [exchange.made_of[view.pk].adopted for view in exchange.objections] == [False, True]
    assert [each.decision.is_demonstration for each in exchange.addressees] == [True, True]
    signed = case.decisions.filter(verb=Verb.SIGN).order_by("pk")
    assert [decision.actor.username.rpartition("-")[2] for decision in signed] == ["head", "leader"]
    assert all(decision.is_demonstration for decision in signed)
    assert case.is_concluded


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("KASHGAR", ["114.3478", "38.12%", "16.32%"]),
        ("SHAOXING", ["70余个"]),
        ("DONGCHENG", ["1个月"]),
    ],
)
def test_the_figures_of_problems_and_suggestions_are_kept(cases, code, figures):
    case = cases[code]
    words = " ".join(str(row) for row in [*case.problems.all(), *case.suggestions.all()])
    for figure in figures:
        assert figure in words


def test_each_case_says_what_of_it_is_demonstration(cases):
    assert all(case.demonstration_note for case in cases.values())


def test_people_of_another_unit_and_department_see_nothing(cases):
    strangers = User.objects.filter(username__contains="-other-")
    assert strangers.count() == 4
    for person in strangers:
        assert rights_of(person).by_codename
        assert not visible_to(person).exists()


def test_every_account_is_listed_with_its_role_and_organization(cases):
    rows = demo_accounts()
    assert len(rows) == User.objects.count()
    assert {"username", "role", "organization"} <= set(rows[0])


def test_loading_twice_is_loading_once(cases, capsys):
    before = Decision.objects.count(), RectificationItem.objects.count(), User.objects.count()
    call_command("load_demo")
    assert "already" in capsys.readouterr().out
    assert before == (Decision.objects.count(), RectificationItem.objects.count(), User.objects.count())


def test_a_broken_load_leaves_nothing_behind(settings):
    settings.DEMO_MODE = True

    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(stop)
    assert not Evaluation.objects.exists()
    assert not User.objects.exists()


def test_outside_of_demo_mode_nothing_is_loaded(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not User.objects.exists()
