"""The pages of approving several at once: what is offered, what is asked, what is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Decision, Verb
from audit_log.models import Refusal
from evaluations.models import Evaluation, Stage
from tests.cast import do, open_task
from tests.votes import at_departments_vote
from tests.workflow.page_forms import read_form
from tests.workflow.reading import get, statements_of, text_of
from tests.workflow.several import asked, claimed, contents, several, without_errors
from workflow import services
from workflow.bulk import MOST

INBOX, LOOK_OVER, APPROVE = (reverse(name) for name in ("inbox", "look_over_several", "approve_several"))
ENGLISH = {"accept-language": "en"}


def ids(*evaluations: Evaluation) -> list[int]:
    return [open_task(evaluation).pk for evaluation in evaluations]


def sent_from(client, page, *ticked: int, **typed: str):
    """Tick these rows of the page that asks, and press its button."""
    fields = {name: value for name, value in read_form(page, "several").fields.items() if name != "task"}
    return client.post(APPROVE, {**fields, **typed, "task": list(ticked)}, headers=ENGLISH)


def test_the_inbox_offers_boxes_where_agreement_is_enough(world, as_, self_evaluation):
    (task,) = ids(self_evaluation(Stage.DEPARTMENT_REVIEW))
    page = get(as_(world.zhao), INBOX)
    assert f'name="task" value="{task}" form="several"' in page.content.decode()
    assert "Agree to the ticked ones…" in text_of(page)
    self_evaluation(Stage.SELF_ASSESSMENT)
    self_evaluation(Stage.CONCLUSION)
    for name in ("lin", "zhou"):
        page = get(as_(world.people[name]), INBOX)
        assert len(page.context["rows"]) == 1
        assert "several" not in page.content.decode()


def test_a_step_of_a_rectification_item_has_no_box(world, as_, item_at, self_evaluation):
    item_at("department_verification")
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = get(as_(world.zhao), INBOX)
    assert sorted(bool(row["tick"]) for row in page.context["rows"]) == [False, True]
    assert page.content.decode().count('class="tick"') == 1


def test_the_filter_on_one_stage_offers_all_of_its_rows(world, as_, self_evaluation):
    several(self_evaluation, 22)
    client = as_(world.zhao)
    plain = get(client, INBOX)
    assert "Choose all at “Department review”" in text_of(plain)
    (kind,) = plain.context["several"]["kinds"]
    assert kind["url"] == f"{INBOX}?stage={Stage.DEPARTMENT_REVIEW}"
    filtered = get(client, INBOX, stage=Stage.DEPARTMENT_REVIEW, q="信息")
    assert "Agree to all 22 at “Department review”…" in text_of(filtered)
    fields = read_form(filtered, "several").fields
    assert fields == {"q": "信息", "stage": Stage.DEPARTMENT_REVIEW}
    page = get(client, LOOK_OVER, **fields, all="1")
    assert len(page.context["rows"]) == 22
    nothing = client.get(LOOK_OVER, {"stage": Stage.FINANCE_REVIEW, "all": "1"})
    assert (nothing.status_code, nothing.headers["Location"]) == (302, INBOX)


def test_nothing_chosen_leads_back_to_the_inbox_with_a_word(world, as_):
    response = as_(world.zhao).get(LOOK_OVER, headers=ENGLISH, follow=True)
    assert response.redirect_chain == [(INBOX, 302)]
    assert "Tick what you want to agree to first." in text_of(response)
    assert as_(world.zhao).get(APPROVE).headers["Location"] == INBOX


def test_looking_over_decides_nothing_and_ticks_what_nothing_speaks_against(world, as_, self_evaluation):
    clean, faulty, held = without_errors(world), *several(self_evaluation, 2)
    asked(held, world.qian)
    client, tasks = as_(world.zhao), ids(clean, faulty, held)
    get(client, INBOX)
    before = contents("django_session")
    page = get(client, LOOK_OVER, task=tasks)
    assert contents("django_session") == before
    assert [row["chosen"] for row in page.context["rows"]] == [True, False, False]
    words = text_of(page)
    assert "Would be refused" in words
    assert "1 question to the unit is open" in words
    assert "1 error" in words
    form = read_form(page, "several")
    assert form.fields["task"] == str(tasks[0])
    assert form.ticks == {"task": str(tasks[1])}
    assert "退回" not in client.get(LOOK_OVER, {"task": tasks[:2]}).content.decode()


def test_what_is_ticked_is_approved_and_each_row_told(world, as_, self_evaluation):
    evaluations = several(self_evaluation, 3)
    client, tasks = as_(world.zhao), ids(*evaluations)
    page = get(client, LOOK_OVER, task=tasks)
    claimed(evaluations[2], world.qian)
    answer = sent_from(client, page, *tasks, opinion="材料齐全。")
    assert (answer.status_code, answer.context["heading"]) == (200, "2 of 3 matters done")
    assert [row["tag"] for row in answer.context["rows"]] == ["Done", "Done", "Refused"]
    assert "This task is in somebody else's hands." in text_of(answer)
    assert [row["next_label"] for row in answer.context["rows"]] == ["Finance review", "Finance review", ""]
    dossiers = [reverse("dossier", args=[evaluation.pk]) for evaluation in evaluations]
    assert [row["url"] for row in answer.context["rows"]] == dossiers
    assert Decision.objects.filter(opinion="材料齐全。").count() == 2


def test_a_double_click_finds_the_rows_handled_already(world, as_, self_evaluation):
    client, tasks = as_(world.zhao), ids(*several(self_evaluation, 2))
    page = get(client, LOOK_OVER, task=tasks)
    sent_from(client, page, *tasks)
    decisions = Decision.objects.count()
    again = sent_from(client, page, *tasks)
    assert [row["tag"] for row in again.context["rows"]] == ["Handled already"] * 2
    assert "You have handled this already." in text_of(again)
    assert Decision.objects.count() == decisions


def test_a_dossier_that_changed_since_the_look_is_refused(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    client, tasks = as_(world.zhao), ids(evaluation)
    page = get(client, LOOK_OVER, task=tasks)
    services.withdraw_question(question=asked(evaluation, world.qian), actor=world.qian)
    answer = sent_from(client, page, *tasks)
    assert "This changed since you looked at it" in text_of(answer)
    assert open_task(evaluation).pk == tasks[0]


def test_a_row_sent_without_what_was_seen_is_refused(world, as_, self_evaluation):
    (task,) = ids(self_evaluation(Stage.DEPARTMENT_REVIEW))
    answer = as_(world.zhao).post(APPROVE, {"task": task, "verb": "return"}, headers=ENGLISH)
    assert "This changed since you looked at it" in text_of(answer)


def test_with_no_row_ticked_the_page_comes_back_with_what_was_typed(world, as_, self_evaluation):
    client, tasks = as_(world.zhao), ids(*several(self_evaluation, 2))
    answer = sent_from(client, get(client, LOOK_OVER, task=tasks), opinion="材料齐全。")
    assert answer.status_code == 422
    assert "Tick at least one row." in text_of(answer)
    assert read_form(answer, "several").fields["opinion"] == "材料齐全。"
    assert len(answer.context["rows"]) == 2


def test_of_two_kinds_the_larger_is_shown_and_the_other_is_one_press_away(world, as_, self_evaluation):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.FINANCE_OFFICER)
    grant_role(actor=None, user=world.sun, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    at_finance = self_evaluation(Stage.FINANCE_REVIEW)
    at_department = several(self_evaluation, 2)
    page = get(as_(world.sun), LOOK_OVER, task=ids(at_finance, *at_department))
    assert [row["task_id"] for row in page.context["rows"]] == ids(*at_department)
    (other,) = page.context["others"]
    assert "1 of what you chose waits at “Finance review” and is not on this page." in text_of(page)
    shown = get(as_(world.sun), other["url"])
    assert [row["task_id"] for row in shown.context["rows"]] == ids(at_finance)
    assert "Accept the ticked ones for the record" in text_of(shown)


def test_where_several_are_asked_the_page_says_vote_and_not_approve(world, as_, self_evaluation):
    evaluation, _voters = at_departments_vote(world, self_evaluation, who="all")
    task = open_task(evaluation, world.zhao).pk
    words = text_of(get(as_(world.zhao), LOOK_OVER, task=[task]))
    for said in ("Vote for several", "Vote for the ticked ones", "as if you voted for it", "Your vote would"):
        assert said in words
    assert "approve" not in words.lower()


def test_votes_are_a_kind_of_their_own(world, as_, self_evaluation):
    approvals = several(self_evaluation, 2)
    voted_on, _voters = at_departments_vote(world, self_evaluation, who="all")
    vote = open_task(voted_on, world.zhao).pk
    page = get(as_(world.zhao), LOOK_OVER, task=[vote, *ids(*approvals)])
    assert "Approve the ticked ones" in text_of(page)
    (other,) = page.context["others"]
    assert (other["label"], other["number"]) == ("Department review, by vote", 1)
    shown = get(as_(world.zhao), other["url"])
    assert [row["task_id"] for row in shown.context["rows"]] == [vote]
    mixed = {"task": [vote, *ids(*approvals)], **{f"seen-{task}": "x" for task in [vote, *ids(*approvals)]}}
    refused = as_(world.zhao).post(APPROVE, mixed, headers=ENGLISH)
    assert refused.status_code == 422
    assert not Decision.objects.filter(actor=world.zhao).exists()


def test_what_is_not_the_readers_is_a_row_without_a_name_beside_what_is(world, as_, self_evaluation):
    own = self_evaluation(Stage.DEPARTMENT_REVIEW)
    stranger = self_evaluation(project=world.new_project(lead=world.chen, unit=world.own_level), filled=False)
    page = get(as_(world.zhao), LOOK_OVER, task=[*ids(own, stranger), "no number", 9**17])
    assert [row["url"] for row in page.context["rows"]][1:] == [""] * 3
    assert stranger.project.name not in page.content.decode()
    nothing = as_(world.chu).get(LOOK_OVER, {"task": ids(own)})
    assert nothing.status_code == 404


def test_more_rows_than_are_taken_at_once_are_refused(world, as_):
    answer = as_(world.zhao).get(LOOK_OVER, {"task": list(range(1, MOST + 2))}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "At most 200 matters are decided on at once; you chose 201." in text_of(answer)


def test_whoever_chooses_only_what_is_not_theirs_is_told_nothing_and_it_is_noted(world, as_, self_evaluation):
    (task,) = ids(self_evaluation(Stage.DEPARTMENT_REVIEW))
    answer = as_(world.feng).post(APPROVE, {"task": task, f"seen-{task}": "x"})
    assert answer.status_code == 404
    assert Refusal.objects.filter(object_id=task, actor_id=world.feng.pk, code="not_found").count() == 1


def test_looking_over_costs_the_same_for_each_row(world, as_, self_evaluation):
    client, costs = as_(world.zhao), []
    for number in (1, 3, 5):
        costs.append(statements_of(client, LOOK_OVER, task=ids(*several(self_evaluation, number))))
    one, three, five = costs
    assert three - one == five - three


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_read_in_both_languages(world, as_, self_evaluation, language):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    client, tasks = as_(world.zhao), ids(evaluation)
    page = client.get(LOOK_OVER, {"task": tasks}, headers={"accept-language": language})
    assert page.status_code == 200
    do(Verb.APPROVE, evaluation, world.zhao)
    assert sent_from(client, page, *tasks).status_code == 200
