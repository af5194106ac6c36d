"""Several steps at a stage: which of them apply, who signs last, and where the straight way back leads."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from accounts.roles import Role
from approvals.course import lot_of
from approvals.models import ItemStage, Verb
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests.cast import bring, do, fill, open_self_evaluation, person, propose, walk_self
from tests.evaluations.policies.samples import step
from tests.votes import agree, asked, at_departments_vote, department, object_to, position, published


@pytest.fixture
def at_vote(world, self_evaluation):
    """``at_vote(who="all", veto=True)``: the department votes; with its voters."""
    return partial(at_departments_vote, world, self_evaluation)


# --- conditions ------------------------------------------------------------------------------


def skipped(decision):
    """The steps that the decision passed by, as its event names them."""
    event = AuditEvent.objects.get(object_type="decision", object_id=decision.pk, verb=decision.verb)
    return event.data.get("skipped", [])


def approved_by_zhao(world, self_evaluation, condition):
    """What the department's first step leads to, where the second has this condition."""
    second = step("department_head", "department", condition=condition)
    policy = published(department_review=[department(), second])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    return evaluation, agree(evaluation, world.zhao)


# The cast's dossier: an annual budget of 300 (×10,000 yuan), the stated grade 优, an error that is explained.
@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ({"budget_over": "299.99"}, True),
        ({"budget_over": "300"}, False),
        ({"grades": ["优"]}, True),
        ({"grades": ["良", "中", "差"]}, False),
        ({"error_finding": True}, True),
        ({"error_finding": False}, False),
        ({"sample_percent": "100"}, True),
        ({"budget_over": "300", "grades": ["优"]}, False),
        ({"budget_over": "300", "grades": ["优"], "match": "any"}, True),
    ],
)
def test_a_step_is_passed_by_when_its_condition_is_not_met(world, self_evaluation, condition, applies):
    evaluation, decision = approved_by_zhao(world, self_evaluation, condition)
    expected = (Stage.DEPARTMENT_REVIEW, 1) if applies else (Stage.FINANCE_REVIEW, 0)
    assert (evaluation.stage, evaluation.step) == expected
    assert skipped(decision) == ([] if applies else ["department_review:1"])


@pytest.mark.parametrize(("distance", "is_drawn"), [("0", False), ("0.01", True)])
def test_a_sample_takes_whoever_has_a_lot_below_the_percentage(world, self_evaluation, distance, is_drawn):
    evaluation = self_evaluation()
    # Chosen after the fact, to lie just at the lot that was drawn.
    evaluation.sample_seed = "2025"
    percent = lot_of(evaluation, Stage.DEPARTMENT_REVIEW, 1) + Decimal(distance)
    second = step("department_head", "department", condition={"sample_percent": str(percent)})
    evaluation.policy = published(department_review=[department(), second])
    evaluation.save_as(None, "test")
    bring(evaluation, Stage.DEPARTMENT_REVIEW, walk_self(world))
    agree(evaluation, world.zhao)
    assert (evaluation.step == 1) is is_drawn


def test_a_whole_stage_is_passed_by_and_named(world, self_evaluation):
    never = {"budget_over": "99999"}
    policy = published(
        unit_approval=[step("approve_unit", "unit", condition=never)],
        finance_review=[
            step("review_finance", condition=never, who="all"),
            step("review_finance", work="file", condition=never),
        ],
    )
    evaluation = open_self_evaluation(world, policy=policy)
    fill(evaluation, world.lin)
    handed_in = do(Verb.SUBMIT, evaluation, world.lin)
    assert (evaluation.stage, skipped(handed_in)) == (Stage.DEPARTMENT_REVIEW, ["unit_approval:0"])
    approved = agree(evaluation, world.zhao)
    assert (evaluation.stage, asked(evaluation)) == (Stage.CONCLUSION, [None])
    assert skipped(approved) == ["finance_review:0", "finance_review:1"]
    assert not evaluation.ballots.exists()


# --- signatures after the conclusion ---------------------------------------------------------------


@pytest.fixture
def concluded(world, self_evaluation):
    """A conclusion that the bureau's two leaders have to sign, all of them; with the leaders."""

    def make(*, with_item=False, **options):
        leaders = [
            person(f"leader{place}", f"局领导{place}", Role.BUREAU_LEADER, world.bureau) for place in range(2)
        ]
        policy = published(
            conclusion=[
                step("conclude", work="conclude"),
                step("bureau_leader", work="sign", who="all", **options),
            ]
        )
        evaluation = self_evaluation(Stage.FINANCE_REVIEW, policy=policy)
        if with_item:
            propose(world, evaluation, world.sun)
        bring(evaluation, Stage.CONCLUSION, walk_self(world))
        walk_self(world)[Stage.CONCLUSION](evaluation)
        evaluation.refresh_from_db()
        return evaluation, leaders

    return make


def test_only_the_last_signature_closes_the_evaluation(concluded):
    evaluation, leaders = concluded()
    for leader in leaders:
        assert (evaluation.stage, evaluation.closed_at) == (Stage.CONCLUSION, None)
        do(Verb.SIGN, evaluation, leader)
    assert evaluation.stage == Stage.CLOSED
    assert asked(evaluation) == []


def test_only_the_last_signature_assigns_the_items(concluded):
    evaluation, leaders = concluded(with_item=True)
    item = evaluation.items.get()
    do(Verb.SIGN, evaluation, leaders[0])
    item.refresh_from_db()
    assert item.stage == ItemStage.DRAFT
    do(Verb.SIGN, evaluation, leaders[1])
    item.refresh_from_db()
    assert (evaluation.stage, item.stage) == (Stage.RECTIFICATION, ItemStage.ISSUED)


def test_a_leader_who_does_not_sign_sends_it_back_to_the_conclusion(world, concluded):
    evaluation, leaders = concluded(veto=True)
    object_to(evaluation, leaders[1], to=Stage.CONCLUSION)
    assert position(evaluation) == (Stage.CONCLUSION, 0, 2)
    walk_self(world)[Stage.CONCLUSION](evaluation)
    evaluation.refresh_from_db()
    assert asked(evaluation) == leaders


# --- straight ways back ---------------------------------------------------------------------------


def test_a_vote_that_asks_for_the_straight_way_comes_back_to_everybody(world, at_vote):
    evaluation, voters = at_vote(who="all", veto=True)
    agree(evaluation, voters[0])
    object_to(evaluation, voters[1], straight_back=True)
    assert evaluation.stage == Stage.SELF_ASSESSMENT
    do(Verb.SUBMIT, evaluation, world.lin)
    assert (position(evaluation), evaluation.detours) == ((Stage.DEPARTMENT_REVIEW, 0, 2), [])
    assert asked(evaluation) == voters


def test_the_straight_way_is_gone_only_when_all_against_it_asked_for_it(world, at_vote):
    evaluation, voters = at_vote(who="all")
    object_to(evaluation, voters[0], straight_back=True)
    object_to(evaluation, voters[1])
    agree(evaluation, voters[2])
    assert (evaluation.stage, evaluation.detours) == (Stage.SELF_ASSESSMENT, [])


def test_a_later_step_returns_to_a_vote_and_gets_it_straight_back(world, at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=2)
    agree(evaluation, *voters[:2])
    do(
        Verb.RETURN,
        evaluation,
        world.sun,
        opinion="请重新会签。",
        to=Stage.DEPARTMENT_REVIEW,
        straight_back=True,
    )
    assert asked(evaluation) == voters
    agree(evaluation, *voters[1:])
    assert position(evaluation) == (Stage.FINANCE_REVIEW, 0, 2)
    assert asked(evaluation) == [world.sun]
