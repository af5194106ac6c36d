"""Whoever may not decide at a step reads it before they type anything: on its page, and in the inbox."""

from __future__ import annotations

from itertools import product

import pytest
from django.urls import reverse

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.actions.independence import involved, involved_in
from approvals.models import ItemStage, Verb
from evaluations.actions import attach_evidence
from evaluations.models import Stage
from tests.cast import open_task
from tests.dossier_content import evidence_file
from tests.experts import in_conflict, registered
from tests.standing_in import at, let
from tests.votes import at_departments_vote
from tests.workflow.page_forms import address
from tests.workflow.reading import get, statements_of, text_of
from workflow import services

pytestmark = pytest.mark.django_db

INBOX = reverse("inbox")
DECIDED = "You submitted this dossier or decided on it earlier: somebody else has to decide now."


@pytest.fixture
def for_zhao(world, self_evaluation):
    """A dossier that the department reviews; Wang, who approved it for the unit, acts for Zhao."""
    let(world.zhao, world.wang)
    return self_evaluation(Stage.DEPARTMENT_REVIEW)


def page_of(client, task):
    return get(client, address(task))


def is_form(page) -> bool:
    return 'id="task-form"' in page.content.decode()


# --- the page of the step ---------------------------------------------------------------


def test_a_delegate_with_a_hand_in_it_reads_why_not_and_who_can_instead_of_a_form(world, as_, for_zhao):
    page = page_of(as_(world.wang), open_task(for_zhao))
    words = text_of(page)
    assert "You cannot decide this" in words
    assert DECIDED in words
    assert "These can decide: 小赵, 小钱." in words
    assert "You act for" not in words
    assert not is_form(page)
    for verb in ("claim", "consult"):
        assert f"/{verb}/" not in page.content.decode()


def test_whoever_is_free_finds_the_form(world, as_, self_evaluation):
    let(world.zhao, world.chu)
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    for person in (world.zhao, world.chu):
        page = page_of(as_(person), task)
        assert is_form(page)
        assert "You cannot decide this" not in text_of(page)


def test_in_the_delegators_hands_the_delegator_can(world, as_, for_zhao):
    task = open_task(for_zhao)
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.zhao)
    page = page_of(as_(world.wang), task)
    assert "小赵 can decide: the task is in their hands." in text_of(page)


def test_nobody_decides_for_a_delegator_with_a_hand_in_it(world, as_, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    let(world.wang, world.chu)
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    page = page_of(as_(world.chu), task)
    assert "You act for 小王, who led or handed in this matter or decided on it earlier." in text_of(page)
    assert "These can decide: 小赵, 小钱." in text_of(page)
    assert not is_form(page)


def test_of_two_delegators_the_free_one_is_acted_for_from_the_claim_on(world, as_, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    let(world.wang, world.chu)
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    assert "You act for 小赵" in text_of(page_of(as_(world.chu), task))
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.chu)
    decision = at(task, Verb.APPROVE, world.chu, opinion="材料齐全。")
    assert (decision.actor, decision.on_behalf_of) == (world.chu, world.zhao)


def test_whoever_took_it_and_brought_a_file_since_is_asked_to_hand_it_over(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.qian)
    attach_evidence(evaluation=evaluation, actor=world.qian, **evidence_file())
    page = page_of(as_(world.qian), task)
    assert "Hand it over: 小赵 can decide." in text_of(page)
    assert address(task, "hand_over") in page.content.decode()


def test_with_nobody_left_it_says_that_the_role_has_to_be_given(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    attach_evidence(evaluation=evaluation, actor=world.wang, **evidence_file())
    words = text_of(page_of(as_(world.wang), open_task(evaluation)))
    assert DECIDED in words
    assert "Nobody else who may decide holds this role now" in words


def test_whoever_carried_an_item_out_does_not_find_the_form_to_verify_it(world, as_, item_at):
    let(world.zhao, world.lin)
    task = open_task(item_at(ItemStage.DEPARTMENT_VERIFICATION))
    page = page_of(as_(world.lin), task)
    assert "You cannot decide this" in text_of(page)
    assert not is_form(page)
    assert is_form(page_of(as_(world.zhao), task))


def test_who_votes_themself_does_not_find_the_form_of_anothers_vote(world, as_, self_evaluation):
    evaluation, _voters = at_departments_vote(world, self_evaluation, who="all")
    let(world.zhao, world.qian)
    words = text_of(page_of(as_(world.qian), open_task(evaluation, world.zhao)))
    assert "You have a voice at this step already" in words
    assert "小赵 can decide: the task is in their hands." in words
    assert is_form(page_of(as_(world.qian), open_task(evaluation, world.qian)))


def test_an_expert_with_a_conflict_since_is_told_to_give_the_seat_up(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    in_conflict(world, registered(world, world.wu))
    page = page_of(as_(world.wu), open_task(evaluation, world.wu))
    assert "recuse yourself instead of scoring" in text_of(page)
    assert not is_form(page)


# --- the inbox --------------------------------------------------------------------------


def test_the_inbox_marks_what_is_for_somebody_else_to_decide(world, as_, for_zhao):
    (row,) = get(as_(world.wang), INBOX).context["rows"]
    assert (row["is_barred"], row["tick"], row["claim_url"]) == (True, None, "")
    page = get(as_(world.wang), INBOX)
    assert "for somebody else to decide" in text_of(page)
    assert page.context["several"] is None
    (own,) = get(as_(world.zhao), INBOX).context["rows"]
    assert (own["is_barred"], own["tick"]) == (False, open_task(for_zhao).pk)


def test_the_mark_costs_the_same_for_one_row_and_for_many(world, as_, self_evaluation, for_zhao):
    client = as_(world.wang)
    with_one = statements_of(client, INBOX)
    for _place in range(4):
        self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert len(get(client, INBOX).context["rows"]) == 5
    assert statements_of(client, INBOX) == with_one <= 14
    assert statements_of(as_(world.zhao), INBOX) <= 13


def test_many_pairs_are_answered_as_each_by_itself(world, self_evaluation, commissioned_evaluation):
    evaluations = [
        self_evaluation(Stage.DEPARTMENT_REVIEW),
        self_evaluation(Stage.CONCLUSION),
        commissioned_evaluation(Stage.DRAFT_CONCLUSION),
        commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS),
    ]
    people = [person.pk for person in world.people.values()]
    each = {(evaluation.pk, person) for evaluation in evaluations for person in involved(evaluation, people)}
    assert len(each) > 8
    assert involved_in(product(evaluations, people)) == each
    assert involved_in([]) == set()
