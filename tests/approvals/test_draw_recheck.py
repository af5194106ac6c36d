"""Drawing self-assessments for a re-check: what is refused, and what a draw leaves behind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, RecheckDraw, TurnKind, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Stage
from evaluations.sampling import RecheckWeights, in_order_of_lots
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, propose, soon
from tests.rechecks import draw, drawn, filed_policy, points, recheck, stop_at_department
from workflow import rechecking, services


def test_a_draw_brings_what_came_out_before_finance(world):
    evaluations = [stop_at_department(world) for _turn in range(3)]
    made = draw(world, number=2)
    chosen = [each.evaluation_id for each in rechecking.drawn_of(made)]
    for evaluation in evaluations:
        evaluation.refresh_from_db()
    assert sorted(chosen) == sorted(each.pk for each in evaluations if each.drawn_at is not None)
    assert {each.stage for each in evaluations if each.pk in chosen} == {Stage.FINANCE_REVIEW}
    assert [each.stage for each in evaluations if each.pk not in chosen] == [Stage.CLOSED]


def test_a_draw_keeps_every_candidate_with_its_weight_and_can_be_drawn_again(world):
    for _turn in range(3):
        stop_at_department(world)
    made = draw(world)
    weights = {each.evaluation_id: each.weight for each in made.candidates.all()}
    assert len(weights) == 3
    assert in_order_of_lots(weights, made.seed) == [each.evaluation_id for each in made.candidates.all()]
    event = AuditEvent.objects.get(chain=f"rechecks:{world.bureau.pk}", verb="draw_recheck")
    assert event.data["seed"] == made.seed


def test_the_decision_says_that_it_was_drawn_in_the_round_in_which_it_stopped(world):
    evaluation = drawn(world)
    decision = evaluation.decisions.get(verb=Verb.DRAW)
    assert (decision.stage, decision.next_stage, decision.next_step) == ("closed", "finance_review", 0)
    assert decision.round == evaluation.round == 1
    assert (evaluation.closed_at, evaluation.drawn_at) == (None, RecheckDraw.objects.get().drawn_at)


def test_a_percentage_is_taken_of_all_that_could_be_drawn(world):
    for _turn in range(3):
        stop_at_department(world)
    assert draw(world, percent=Decimal(40)).number == 2


def test_nothing_is_drawn_twice(world):
    drawn(world)
    with refused(InvalidInput):
        draw(world)


def test_what_finance_saw_anyway_is_not_drawn(world, self_evaluation):
    self_evaluation(Stage.CLOSED)
    with refused(InvalidInput):
        draw(world)


def test_what_is_still_under_review_is_not_drawn(world, self_evaluation):
    self_evaluation(Stage.DEPARTMENT_REVIEW, policy=filed_policy())
    with refused(InvalidInput):
        draw(world)


@pytest.mark.parametrize(
    ("size", "field"),
    [
        ({"number": 2}, "number"),
        ({"number": 0}, "number"),
        ({"number": None}, "number"),
        ({"number": 1, "percent": Decimal(10)}, "number"),
        ({"percent": Decimal(0)}, "percent"),
        ({"percent": Decimal("100.5")}, "percent"),
    ],
)
def test_a_size_that_cannot_be_drawn_is_refused(world, size, field):
    stop_at_department(world)
    with refused(InvalidInput, field):
        draw(world, **size)


def test_a_weight_below_zero_is_refused(world):
    stop_at_department(world)
    with refused(InvalidInput, "warning"):
        draw(world, weights=RecheckWeights(warning=Decimal(-1)))


@pytest.mark.parametrize("name", ["zhou", "zhao", "lin", "feng", "wei"])
def test_only_whoever_runs_the_bureaus_evaluations_draws(world, name):
    stop_at_department(world)
    with refused(NotAllowed):
        rechecking.draw_recheck(bureau=world.bureau, actor=world.people[name], fiscal_year=2025, number=1)


def test_a_department_does_not_draw_for_itself(world):
    stop_at_department(world)
    with refused(NotAllowed):
        rechecking.draw_recheck(bureau=world.department, actor=world.zhao, fiscal_year=2025, number=1)


# --- the step that it waits at ----------------------------------------------------------


def test_a_drawn_self_assessment_is_not_filed_unseen(world):
    evaluation = drawn(world)
    with refused(WrongStage):
        do(Verb.ACCEPT, evaluation, world.sun)


def test_a_drawn_self_assessment_is_not_returned_to_be_written_anew(world):
    evaluation = drawn(world)
    with refused(WrongStage):
        do(Verb.RETURN, evaluation, world.sun, opinion="请补充材料。")


def test_the_unit_is_asked_nothing_that_it_could_never_answer(world):
    evaluation = drawn(world)
    finding = evaluation.findings.first()
    with refused(WrongStage):
        services.ask(finding=finding, actor=world.sun, question="为何未完成？")


def test_whoever_approved_it_in_the_department_does_not_recheck_it(world):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluation = drawn(world)
    with refused(ConflictOfInterest):
        recheck(evaluation, world.zhao, "10")


def test_whoever_drew_it_may_recheck_it(world):
    evaluation = drawn(world)
    assert recheck(evaluation, world.sun, "18.57").verb == Verb.RECHECK


def test_a_recheck_gives_the_points_that_the_unit_left_out(world):
    evaluation = stop_at_department(world)
    evaluation.indicators.get(name="建设成本").scores.all().delete()
    draw(world)
    evaluation.refresh_from_db()
    with refused(InvalidInput):
        recheck(evaluation, world.sun, "18")


# --- what a re-check leads to -----------------------------------------------------------


def test_within_the_threshold_it_is_closed_again_with_both_scores(world):
    evaluation = drawn(world)
    decision = recheck(evaluation, world.sun, "14")
    assert (evaluation.stage, decision.next_stage) == (Stage.CLOSED, Stage.CLOSED)
    assert evaluation.concluded_total is None
    result = decision.recheck_result
    assert (result.difference, result.exceeds) == (Decimal("4.57"), False)
    assert not decision.findings.exists()
    assert evaluation.stated_total - decision.total == Decimal("4.57")


def test_above_the_threshold_it_becomes_a_finding_and_is_concluded(world):
    evaluation = drawn(world)
    decision = recheck(evaluation, world.sun, "13")
    assert evaluation.stage == Stage.CONCLUSION
    finding = decision.findings.get()
    assert (finding.code, finding.severity) == ("recheck-difference", "error")
    assert finding.values["difference"] == "5.57"
    assert (finding.stated, finding.expected) == (
        f"{evaluation.stated_total:.2f}",
        f"{evaluation.stated_total - Decimal('5.57'):.2f}",
    )


def test_a_difference_of_the_threshold_itself_is_none(world):
    evaluation = drawn(world)
    assert recheck(evaluation, world.sun, "13.57").next_stage == Stage.CLOSED


def test_finance_may_find_more_than_was_stated(world):
    evaluation = drawn(world)
    assert recheck(evaluation, world.sun, "20").recheck_result.difference == Decimal("1.43")


def test_the_finding_leads_to_an_item_of_the_conclusion(world):
    evaluation = drawn(world)
    finding = recheck(evaluation, world.sun, "10").findings.get()
    item = propose(world, evaluation, world.zhou, finding=finding)
    assert finding.turns.get().kind == TurnKind.ITEM
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="自评得分偏高。")
    item.refresh_from_db()
    assert (evaluation.stage, item.stage) == (Stage.RECTIFICATION, ItemStage.ISSUED)


def test_at_the_conclusion_the_unit_can_be_asked_about_the_difference(world):
    evaluation = drawn(world)
    finding = recheck(evaluation, world.sun, "10").findings.get()
    services.ask(finding=finding, actor=world.zhou, question="请说明差异原因。")
    do(Verb.RETURN, evaluation, world.zhou, opinion="请说明差异。", to=Stage.SELF_ASSESSMENT)
    assert evaluation.stage == Stage.SELF_ASSESSMENT


def test_a_returned_conclusion_is_concluded_again_even_when_nothing_differs_any_more(world):
    evaluation = drawn(world)
    recheck(evaluation, world.sun, "10")
    do(
        Verb.RETURN,
        evaluation,
        world.zhou,
        opinion="请复核。",
        to=Stage.FINANCE_REVIEW,
        straight_back=True,
    )
    decision = recheck(evaluation, world.sun, "18.57")
    assert (decision.next_stage, decision.findings.count()) == (Stage.CONCLUSION, 0)


def test_a_finding_that_a_recheck_has_done_away_with_is_dealt_with_no_more(world):
    evaluation = drawn(world)
    finding = recheck(evaluation, world.sun, "10").findings.get()
    do(Verb.RETURN, evaluation, world.zhou, opinion="请复核。", to=Stage.FINANCE_REVIEW)
    with refused(WrongStage):
        services.dismiss(finding=finding, actor=world.sun, reason="已重新核对，差异不存在。")


def test_an_item_is_not_reopened_while_its_evaluation_is_rechecked(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=filed_policy())
    item = propose(world, evaluation, world.zhao)
    do(Verb.APPROVE, evaluation, world.zhao, opinion="材料齐全。")
    item.refresh_from_db()
    bring_item(world, item, ItemStage.CLOSED)
    draw(world)
    with refused(WrongStage):
        services.reopen(item=item, actor=world.zhou, opinion="复查发现未落实。", due=soon())


def test_points_out_of_range_leave_the_draw_as_it_was(world):
    evaluation = drawn(world)
    with refused(InvalidInput):
        do(Verb.RECHECK, evaluation, world.sun, scores=points(evaluation, "21"), opinion="复核")
