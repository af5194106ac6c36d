"""Re-checks by lot, from the department's approval to the comparison: flow, notices, pages, integrity."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import RecheckDraw, Verb
from evaluations.models import Stage
from notices import messages
from tests.approvals.test_telling import told, who
from tests.cast import do, open_task
from tests.rechecks import draw, drawn, points, recheck, stop_at_department
from tests.workflow.test_integrity import only, seed
from workflow import handing_over, rechecking
from workflow.integrity import faults
from workflow.models import FlowProcess, FlowTask

DRAW = {
    "fiscal_year": "2025",
    "number": "1",
    "amount": "1",
    "error": "2",
    "warning": "0.5",
    "low_execution": "2",
}


def test_by_the_shipped_policy_finance_sees_a_self_assessment_only_when_it_is_drawn(world):
    evaluation = stop_at_department(world)
    assert not FlowTask.objects.filter(evaluation=evaluation, stage=Stage.FINANCE_REVIEW).exists()
    draw(world)
    evaluation.refresh_from_db()
    task = open_task(evaluation)
    assert (task.stage, task.right, task.organization) == ("finance_review", "review_finance", world.bureau)
    recheck(evaluation, world.sun, "10")
    assert open_task(evaluation).right == "conclude"
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="自评得分偏高。")
    assert (evaluation.stage, FlowProcess.objects.filter(evaluation=evaluation).count()) == (Stage.CLOSED, 2)
    verbs = evaluation.decisions.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["open", "submit", "approve", "approve", "draw", "recheck", "conclude"]


def test_finance_and_the_unit_are_told_of_a_draw(world):
    drawn(world)
    assert who(messages.DRAWN) == {world.lin.pk, world.wang.pk}
    waiting = [notice for notice in told(messages.NEW_TASK) if notice["values"]["stage"] == "finance review"]
    assert [notice["recipient_id"] for notice in waiting] == [world.sun.pk]


def test_a_recheck_can_be_withdrawn_and_given_again(world):
    evaluation = drawn(world)
    recheck(evaluation, world.sun, "10")
    handing_over.withdraw(evaluation=evaluation, actor=world.sun, opinion="得分填错。")
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.round) == (Stage.FINANCE_REVIEW, 2)
    assert recheck(evaluation, world.sun, "18").next_stage == Stage.CLOSED


def test_two_draws_one_after_the_other_share_nothing(world):
    for _turn in range(3):
        stop_at_department(world)
    first, second = draw(world, number=2), draw(world)
    assert second.candidates.count() == 1
    chosen = [set(rechecking.drawn_of(each).values_list("evaluation", flat=True)) for each in (first, second)]
    assert not chosen[0] & chosen[1]


def test_looking_draws_nothing(world):
    for _turn in range(3):
        stop_at_department(world)
    outlook = rechecking.look(bureau=world.bureau, fiscal_year=2025, number=2)
    assert (outlook.size, len(outlook.rows)) == (2, 3)
    assert sum(chance for _each, chance in outlook.rows) == pytest.approx(2)
    assert not RecheckDraw.objects.exists()


# --- pages ------------------------------------------------------------------------------


@pytest.fixture
def officer(world, as_):
    """Sun's browser, in English."""
    client = as_(world.sun)
    client.cookies["django_language"] = "en"
    return client


def test_a_draw_is_looked_at_then_drawn_then_compared(world, officer):
    evaluation = stop_at_department(world)
    asked = {**DRAW, "bureau": str(world.bureau.pk)}
    page = officer.get(reverse("draw_recheck"), asked).content.decode()
    assert evaluation.project.name in page
    assert "100.0%" in page
    response = officer.post(reverse("draw_recheck"), asked)
    made = RecheckDraw.objects.get()
    assert response.headers["Location"] == reverse("recheck_draw", args=[made.pk])
    evaluation.refresh_from_db()
    recheck(evaluation, world.sun, "13")
    page = officer.get(reverse("recheck_draw", args=[made.pk])).content.decode()
    assert "above the threshold" in page
    assert made.seed in page
    comparison = reverse("recheck_comparison", args=[made.candidates.get().pk])
    assert comparison in page
    page = officer.get(comparison).content.decode()
    assert "−5.57" in page
    assert "核对验收单后核减。" in page


def test_a_size_that_cannot_be_drawn_is_said_at_its_field(world, officer):
    stop_at_department(world)
    asked = {**DRAW, "bureau": str(world.bureau.pk), "number": "5"}
    assert "From 1 to 1 can be drawn." in officer.get(reverse("draw_recheck"), asked).content.decode()
    response = officer.post(reverse("draw_recheck"), asked)
    assert response.status_code == 422
    assert not RecheckDraw.objects.exists()


@pytest.mark.parametrize("size", [{"number": ""}, {"percent": "10"}])
def test_one_size_is_asked_for(world, officer, size):
    asked = {**DRAW, "bureau": str(world.bureau.pk), **size}
    assert "one of the two" in officer.get(reverse("draw_recheck"), asked).content.decode()


def test_the_step_of_what_was_drawn_offers_the_recheck_alone(world, officer):
    evaluation = drawn(world)
    task = open_task(evaluation)
    page = officer.get(reverse("task", args=[task.process_id, task.pk])).content.decode()
    assert 'value="recheck"' in page
    assert 'value="accept"' not in page
    assert 'value="return"' not in page
    assert 'value="ask:' not in page


def test_the_finding_stands_on_the_dossiers_tab(world, officer):
    evaluation = drawn(world)
    recheck(evaluation, world.sun, "13")
    address = reverse("dossier_tab", args=[evaluation.pk, "findings"])
    assert "a difference of 5.57" in officer.get(address).content.decode()


# --- integrity --------------------------------------------------------------------------


@pytest.mark.corrupts
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE approvals_recheckdraw SET seed = repeat('0', 64)", "differs from its audit event"),
        ("UPDATE approvals_recheckcandidate SET errors = errors + 1", "does not follow"),
        ("UPDATE evaluations_evaluation SET drawn_at = now() WHERE drawn_at IS NOT NULL", "its mark"),
        ("UPDATE approvals_recheckresult SET stated = stated - 1", "differs from its audit event"),
        ("DELETE FROM approvals_recheckresult", "is missing or another"),
    ],
)
def test_a_corruption_of_a_recheck_is_found(world, statement, words):
    evaluation = drawn(world)
    recheck(evaluation, world.sun, "18")
    seed((statement,))
    assert only(faults(), words)


@pytest.mark.corrupts
def test_a_lost_finding_of_a_recheck_is_found(world):
    evaluation = drawn(world)
    decision = recheck(evaluation, world.sun, "10")
    seed(("DELETE FROM approvals_recordedfinding WHERE decision_id = %s", decision.pk))
    found = faults()
    assert any(f"the finding of re-check {decision.pk}" in fault for fault in found)


def test_points_typed_for_the_recheck_are_kept_apart_from_the_stated_ones(world):
    evaluation = drawn(world)
    do(Verb.RECHECK, evaluation, world.sun, scores=points(evaluation, "15"), opinion="复核")
    indicator = evaluation.indicators.get(name="上线业务模块")
    assert {score.source: f"{score.points:.2f}" for score in indicator.scores.all()} == {
        "stated": "18.57",
        "finance": "15.00",
    }
