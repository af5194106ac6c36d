"""The judge of the random courses finds what is wrong, and nothing where all is right."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from accounts.models import User
from approvals.models import Decision, ItemStage, RaisedBy, RectificationItem, Verb
from evaluations.models import Stage
from tests.workflow.office.judging import Judge, Life, faults_of_closing

BY_ORIGIN = {RaisedBy.SELF: False, RaisedBy.DEPARTMENT: False, RaisedBy.FINANCE: True}


def proofs(item: RectificationItem) -> list[Decision]:
    found = item.decisions.filter(verb=Verb.VERIFY).order_by("pk")
    return list(found.select_related("evaluation__project"))


def made_by(decision: Decision, actor: User, principal: User | None = None) -> Decision:
    """The same decision, had somebody else made it."""
    other = copy.copy(decision)
    other.actor, other.on_behalf_of = actor, principal
    return other


def closed(item: RectificationItem, *given: Decision, by_finance: bool = False) -> list[str]:
    """What is wrong with an item that these verifications closed."""
    life = Life(by_finance, item.amount, stage="closed", proofs=list(given))
    return list(faults_of_closing(item, life))


@pytest.mark.parametrize("origin", list(BY_ORIGIN))
@pytest.mark.parametrize("stage", [ItemStage.ISSUED, ItemStage.FINANCE_VERIFICATION, ItemStage.CLOSED])
def test_the_usual_life_of_an_item_has_no_fault(item_at, origin, stage):
    item = item_at(stage, raised_by=origin)
    assert list(Judge({item.pk: BY_ORIGIN[origin]}).faults([item.evaluation])) == []


def test_an_item_that_is_not_where_its_decisions_lead_is_found(item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    (item_fault, evaluation_fault) = Judge({item.pk: True}).faults([item.evaluation])
    assert "its decisions lead to finance_verification" in item_fault
    assert "is at closed" in evaluation_fault


@pytest.mark.parametrize(
    ("at", "told"), [(ItemStage.CLOSED, Stage.RECTIFICATION), (ItemStage.PLANNING, Stage.CLOSED)]
)
def test_an_evaluation_that_is_open_or_closed_against_its_items_is_found(item_at, at, told):
    item = item_at(at)
    item.evaluation.refresh_from_db()
    item.evaluation.stage = told
    (fault,) = Judge({item.pk: True}).faults([item.evaluation])
    assert f"is at {told}" in fault


def test_a_missing_verification_is_found(item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    (fault,) = closed(item, *proofs(item), by_finance=True)
    assert "needs" in fault
    (fault,) = closed(item)
    assert "closed with []" in fault


def test_whoever_carried_it_out_is_found_to_have_verified_it(world, item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    (proof,) = proofs(item)
    own, no_right = closed(item, made_by(proof, world.lin))
    assert "what they had carried out" in own
    assert "had the right" in no_right
    (own, no_right) = closed(item, made_by(proof, world.lin, world.zhao))
    assert "what they had carried out" in own
    (own, no_right) = closed(item, made_by(proof, world.zhao, world.lin))
    assert "what they had carried out" in own


def test_one_person_at_both_verifications_is_found(world, item_at):
    item = item_at(ItemStage.CLOSED)
    first, second = proofs(item)
    twice, no_right = closed(item, first, made_by(second, world.zhao), by_finance=True)
    assert "verified twice" in twice
    assert "had the right" in no_right


def test_a_right_that_was_not_held_at_that_moment_is_found(world, item_at):
    item = item_at(ItemStage.CLOSED, raised_by=RaisedBy.DEPARTMENT)
    (proof,) = proofs(item)
    too_early = copy.copy(proof)
    too_early.decided_at = world.zhao.holdings.get().granted_at - timedelta(days=1)
    for verified in (too_early, made_by(proof, world.sun), made_by(proof, world.sun, world.qian)):
        (fault,) = closed(item, verified)
        assert "had the right" in fault
