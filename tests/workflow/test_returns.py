"""The pages of a return: pointing at rows, what the unit sees, and where it goes afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from approvals.actions.pointing import Pointer
from approvals.models import Verb
from audit_log import clock
from evaluations.models import Stage
from tests.cast import do, open_task
from tests.votes import agree, department, object_to, published
from tests.workflow.page_forms import address, read_form, send
from workflow import handing_over, services
from workflow.models import OPEN, FlowTask
from workflow.presentation.diagram import diagram, how_often
from workflow.presentation.procedure import local_day
from workflow.presentation.returned import pointed_words, straight_way
from workflow.presentation.stepper import stepper
from workflow.presentation.words import short_date, stage_label
from workflow.working_days import last_overdue

REMARK = "与验收单不符，请核对。"
REASON = "个别指标缺少依据。"


@pytest.fixture
def at_finance(self_evaluation):
    return self_evaluation(Stage.FINANCE_REVIEW)


def text(client, evaluation, actor=None):
    """What a page of the open step says."""
    return client.get(address(open_task(evaluation, actor))).content.decode()


def ticked(evaluation):
    """The fields that point at the first indicator with a remark, and at the first file."""
    indicator, file = evaluation.indicators.first(), evaluation.evidence.first()
    return {f"remark-indicator-{indicator.pk}": REMARK, f"point-file-{file.pk}": "on"}


def returned_on_the_page(as_, world, evaluation, **typed):
    """Finance returns it on its page, pointing at an indicator and a file."""
    client, task = as_(world.sun), open_task(evaluation)
    fields = {**read_form(client.get(address(task))).fields, **ticked(evaluation), "opinion": REASON, **typed}
    answer = client.post(address(task), {**fields, "verb": Verb.RETURN})
    assert answer.status_code == 302
    evaluation.refresh_from_db()


def test_a_return_on_the_page_points_with_a_remark_or_a_tick(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance, straight_back="on")
    decision = at_finance.decisions.get(verb=Verb.RETURN)
    assert [(row.kind, row.words) for row in decision.pointers.all()] == [("indicator", REMARK), ("file", "")]
    assert decision.straight_back


def test_what_was_ticked_is_kept_with_a_refused_return(world, as_, at_finance):
    client, task = as_(world.sun), open_task(at_finance)
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.sun)
    fields = {**read_form(client.get(address(task))).fields, **ticked(at_finance), "opinion": ""}
    answer = client.post(address(task), {**fields, "verb": Verb.RETURN})
    assert answer.status_code == 422
    assert read_form(answer).fields.items() >= ticked(at_finance).items()
    client.post(address(task), {**fields, "verb": "save"})
    kept = read_form(client.get(address(task))).fields
    assert {name: bool(value) for name, value in kept.items() if name in ticked(at_finance)} == dict.fromkeys(
        ticked(at_finance), True
    )


def test_the_unit_sees_the_reason_on_top_and_a_mark_at_each_row_until_it_hands_in(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance)
    file = at_finance.evidence.first()
    page = text(as_(world.lin), at_finance)
    assert 'id="returned"' in page
    assert REASON in page
    assert 'href="#indicators-0"' in page
    assert f'href="#file-{file.pk}"' in page
    assert f'id="file-{file.pk}"' in page
    card = page.split('id="indicators-0"')[1].split("</fieldset>")[0]
    assert REMARK in card
    do(Verb.SUBMIT, at_finance, world.lin)
    assert 'id="returned"' not in text(as_(world.wang), at_finance)


def test_the_marks_are_back_when_the_handing_in_is_withdrawn(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance)
    do(Verb.SUBMIT, at_finance, world.lin)
    handing_over.withdraw(evaluation=at_finance, actor=world.lin, opinion="数字有误。")
    at_finance.refresh_from_db()
    assert 'href="#indicators-0"' in text(as_(world.lin), at_finance)


def test_a_department_that_gets_it_back_sees_the_mark_under_the_row_of_the_scores(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance, to=Stage.DEPARTMENT_REVIEW)
    page = text(as_(world.zhao), at_finance)
    indicator = at_finance.indicators.first()
    assert f'href="#indicator-{indicator.pk}"' in page
    row = page.split(f'id="indicator-{indicator.pk}"')[1]
    assert REMARK in row.split('class="finding-row"')[1]


def test_what_a_return_points_at_stays_in_the_opinions(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance, straight_back="on")
    do(Verb.SUBMIT, at_finance, world.lin)
    opinions = as_(world.lin).get(reverse("dossier_tab", args=[at_finance.pk, "opinions"])).content.decode()
    decision = at_finance.decisions.get(verb=Verb.RETURN)
    assert REMARK in pointed_words(decision)
    assert pointed_words(decision) in opinions
    assert gettext("%(verb)s, straight back asked").partition("s")[2] in opinions


def test_every_vote_against_is_named_to_the_unit(world, as_, self_evaluation):
    policy = published(department_review=[department(who="all")])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    indicator = evaluation.indicators.first()
    object_to(evaluation, world.zhao, pointers=[Pointer("indicator", indicator.pk, REMARK)], opinion=REASON)
    agree(evaluation, world.qian)
    page = text(as_(world.lin), evaluation)
    assert REASON in page
    assert REMARK in page


# --- straight back -----------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.UNIT_APPROVAL, Stage.DEPARTMENT_REVIEW, Stage.CONCLUSION])
def test_every_review_of_a_self_evaluation_offers_the_straight_way(world, as_, self_evaluation, stage):
    people = {Stage.UNIT_APPROVAL: world.wang, Stage.DEPARTMENT_REVIEW: world.zhao}
    evaluation = self_evaluation(stage)
    client = as_(people.get(stage, world.zhou))
    assert "straight_back" in read_form(client.get(address(open_task(evaluation)))).ticks


@pytest.mark.parametrize("stage", [Stage.DRAFT_CONCLUSION, Stage.CONCLUSION])
def test_so_does_every_review_of_a_finance_evaluation(world, as_, commissioned_evaluation, stage):
    evaluation = commissioned_evaluation(stage)
    client = as_(world.sun if stage == Stage.DRAFT_CONCLUSION else world.zhou)
    assert "straight_back" in read_form(client.get(address(open_task(evaluation)))).ticks


def test_the_page_of_the_step_and_the_dossier_say_where_it_goes_straight_back_to(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance, straight_back="on")
    way = straight_way(at_finance)
    assert world.sun.display_name in way
    for page in (
        text(as_(world.lin), at_finance),
        as_(world.lin).get(reverse("dossier", args=[at_finance.pk])).content.decode(),
    ):
        assert way in page
    do(Verb.SUBMIT, at_finance, world.lin)
    assert straight_way(at_finance) == ""
    assert way not in text(as_(world.sun), at_finance)


def test_the_unit_hands_it_in_on_its_page_and_it_is_with_the_returner(world, as_, at_finance):
    returned_on_the_page(as_, world, at_finance, straight_back="on")
    assert send(as_(world.lin), open_task(at_finance), Verb.SUBMIT).status_code == 302
    at_finance.refresh_from_db()
    assert (at_finance.stage, open_task(at_finance).owner) == (Stage.FINANCE_REVIEW, world.sun)


def test_a_round_that_ended_with_a_withdrawal_has_its_scores(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    handing_over.withdraw(evaluation=evaluation, actor=world.lin, opinion="数字有误。")
    page = as_(world.lin).get(reverse("dossier_tab", args=[evaluation.pk, "scores"]) + "?round=1")
    assert page.status_code == 200


def test_the_procedure_says_who_gets_it_straight_back_and_how_often_that_was_asked(world, as_, at_finance):
    do(Verb.RETURN, at_finance, world.sun, opinion=REASON, straight_back=True)
    decisions = list(at_finance.decisions.all())
    notes = {step["label"]: step.get("note", "") for step in stepper(at_finance, decisions, [])}
    assert [label for label, note in notes.items() if gettext("gets it straight back") in note] == [
        stage_label(Stage.FINANCE_REVIEW)
    ]
    (way,) = [
        way["label"]
        for way in diagram(at_finance, decisions)["returns"]
        if "1" in way["label"] and way["earlier"] == 1
    ]
    assert way == how_often(1, 1) != how_often(1)
    do(Verb.SUBMIT, at_finance, world.lin)
    again = stepper(at_finance, list(at_finance.decisions.all()), [])
    assert not any(gettext("gets it straight back") in step.get("note", "") for step in again)


@pytest.fixture
def half_voted(world, self_evaluation):
    """Zhao and Qian are asked, and Zhao may be gone without; ``half_voted(vote)`` has Qian vote first."""

    def make(vote, **details):
        policy = published(department_review=[department(who="all")])
        evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
        vote(evaluation, world.qian, **details)
        FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN).update(due=last_overdue())
        return evaluation

    return make


def goes_on_without(evaluation, voter, actor):
    task = open_task(evaluation, voter)
    handing_over.excuse(process_id=task.process_id, task_id=task.pk, actor=actor, reason="逾期未审核。")
    evaluation.refresh_from_db()
    return list(evaluation.decisions.all())


def test_a_return_that_going_on_without_a_voice_completes_is_shown_as_one(world, half_voted):
    evaluation = half_voted(object_to)
    decisions = goes_on_without(evaluation, world.zhao, world.sun)
    assert (evaluation.stage, decisions[-1].verb) == (Stage.SELF_ASSESSMENT, Verb.EXCUSE)
    states = {each["label"]: each["state"] for each in stepper(evaluation, decisions, [])}
    assert states[stage_label(Stage.DEPARTMENT_REVIEW)] == "returned"
    labels = [way["label"] for way in diagram(evaluation, decisions)["returns"]]
    assert labels.count(how_often(1)) == 1


def test_a_step_is_passed_on_the_day_on_which_its_last_voice_is_gone_without(world, half_voted):
    evaluation = half_voted(agree)
    tomorrow = clock.now() + timedelta(days=1)
    with clock.at(tomorrow):
        decisions = goes_on_without(evaluation, world.zhao, world.sun)
    dates = {each["label"]: each.get("date") for each in stepper(evaluation, decisions, [])}
    assert dates[stage_label(Stage.DEPARTMENT_REVIEW)] == short_date(local_day(tomorrow))
