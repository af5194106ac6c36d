"""Findings on the pages: in the unit's form, on the dossier's tab, and in a review."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, RecordedFinding, RectificationItem, TurnKind, Verb
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Score, ScoreSource, Stage
from tests.cast import do, open_task, soon
from tests.workflow.page_forms import address, explained, read_form, send
from tests.workflow.reading import get, save, statements_of, tab_of, text_of
from workflow import services

UNMET = "The target ≥28个 is not met (actual 26个), and no reason is given."
REASON = "两个模块的需求到年底才确认，顺延到次年交付。"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def lin(world, as_):
    return as_(world.lin)


@pytest.fixture
def zhao(world, as_):
    return as_(world.zhao)


def unmet(evaluation):
    """The finding about the two modules, as handed in last."""
    latest = FindingsOnRecord(evaluation).latest
    return next(found for found in latest if found.code == "reason-missing")


def part(page, element_id: str) -> str:
    """The words from an element of the page on."""
    return page.content.decode().split(f'id="{element_id}"', 1)[1][:1500]


def reason_field(fields):
    return next(name for name in fields if name.startswith("reason-"))


# --- in the form --------------------------------------------------------------------


def test_a_finding_stands_under_the_row_that_it_speaks_of_and_on_top(lin, self_evaluation):
    evaluation = self_evaluation()
    page = get(lin, address(open_task(evaluation)))
    assert UNMET in part(page, "findings-indicators-0")
    assert UNMET not in part(page, "findings-indicators-1")
    assert "1 error · 7 warnings" in text_of(page)
    assert '<a class="finding-action" href="#id_indicators-0-deviation_reason">' in page.content.decode()


def test_the_findings_follow_what_is_typed_without_javascript(lin, self_evaluation):
    task = open_task(self_evaluation())
    fields = read_form(lin.get(address(task))).fields
    typed = {**fields, "indicators-0-deviation_reason": REASON, "verb": "recalculate"}
    page = lin.post(address(task), typed, headers=ENGLISH)
    assert UNMET not in page.content.decode()
    assert "7 warnings" in text_of(page)


def test_the_findings_follow_what_is_typed_in_place(lin, self_evaluation):
    task = open_task(self_evaluation())
    fields = read_form(get(lin, address(task))).fields
    url = reverse("totals", args=[task.process_id, task.pk])
    same = lin.post(url, fields, headers=ENGLISH).content.decode()
    assert "hx-swap-oob" not in same
    other = lin.post(
        url, {**fields, "indicators-0-deviation_reason": REASON}, headers=ENGLISH
    ).content.decode()
    assert 'id="findings-indicators-0" class="row-findings" hx-swap-oob="true"' in other
    assert UNMET not in other


def test_the_number_of_findings_is_told_politely(lin, self_evaluation):
    page = get(lin, address(open_task(self_evaluation()))).content.decode()
    assert re.search(r'<p role="status" aria-live="polite"[^>]*><span id="findings-count">', page)


def test_a_submit_without_reasons_is_refused_and_loses_nothing_typed(lin, self_evaluation):
    evaluation = self_evaluation()
    task = open_task(evaluation)
    fields = read_form(lin.get(address(task))).fields
    page = lin.post(address(task), {**fields, "goal_achieved": "刚写的话", "verb": "submit"}, headers=ENGLISH)
    form = read_form(page)
    assert page.status_code == 422
    assert form.fields["goal_achieved"] == "刚写的话"
    assert UNMET in form.errors[reason_field(form.fields)]
    assert "Confirm that you have seen the warnings" in text_of(page)
    assert not evaluation.decisions.filter(verb=Verb.SUBMIT).exists()


def test_reasons_and_the_tick_bring_the_dossier_through(lin, self_evaluation):
    evaluation = self_evaluation()
    task = open_task(evaluation)
    fields = explained(lin, task, read_form(lin.get(address(task))).fields)
    fields[reason_field(fields)] = REASON
    assert lin.post(address(task), {**fields, "verb": "submit"}).status_code == 302
    assert unmet(evaluation).reason == REASON


def test_a_tick_stands_for_the_warnings_that_were_listed(lin, self_evaluation):
    evaluation = self_evaluation()
    task = open_task(evaluation)
    fields = explained(lin, task, read_form(lin.get(address(task))).fields)
    other = {**fields, "indicators-7-actual_value": "150", "indicators-7-actual_text": "150%"}
    page = lin.post(address(task), {**other, "verb": "submit"}, headers=ENGLISH)
    assert page.status_code == 422
    assert "The warnings have changed" in text_of(page)
    assert not evaluation.decisions.filter(verb=Verb.SUBMIT).exists()


def test_one_refusal_names_everything_that_is_missing(lin, world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    send_turn(world, evaluation, "ask", "有没有补充协议？")
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    task = open_task(evaluation)
    fields = explained(lin, task, read_form(lin.get(address(task))).fields)
    blank = {reason_field(fields): "", "indicators-6-actual_value": "", "indicators-6-actual_text": ""}
    other = {"indicators-7-actual_value": "150", "indicators-7-actual_text": "150%"}
    page = lin.post(address(task), {**fields, **blank, **other, "verb": "submit"}, headers=ENGLISH)
    question = FindingTurn.objects.get(kind=TurnKind.QUESTION)
    expected = {f"answer-{question.pk}", reason_field(fields), "indicators-6-actual_text"}
    assert page.status_code == 422
    assert expected <= set(read_form(page).errors)
    assert "The warnings have changed" in text_of(page)
    assert "Confirm that you have seen" not in text_of(page)


def test_a_figure_that_cannot_be_read_is_named_with_what_is_not_answered(lin, self_evaluation):
    task = open_task(self_evaluation())
    fields = read_form(lin.get(address(task))).fields
    page = lin.post(address(task), {**fields, "budget-paid": "abc", "verb": "submit"}, headers=ENGLISH)
    assert {"budget-paid", reason_field(fields)} <= set(read_form(page).errors)
    assert "Confirm that you have seen the warnings" in text_of(page)


def test_the_subject_of_an_error_is_named_once_in_the_refusal(lin, self_evaluation):
    task = open_task(self_evaluation())
    fields = read_form(lin.get(address(task))).fields
    page = lin.post(address(task), {**fields, "verb": "submit"}, headers=ENGLISH)
    assert "Why it stands: 上线业务模块 : Put it right, or say why it stands." in text_of(page).replace(
        "模块: ", "模块 : "
    )


def test_a_reason_is_there_again_when_its_error_is(lin, self_evaluation):
    task = open_task(self_evaluation())
    fields = read_form(lin.get(address(task))).fields
    name = reason_field(fields)
    gone = {**fields, name: REASON, "indicators-0-deviation_reason": REASON, "verb": "recalculate"}
    form = read_form(lin.post(address(task), gone))
    assert name not in form.errors
    again = {**form.fields, "indicators-0-deviation_reason": "", "verb": "recalculate"}
    page = lin.post(address(task), again)
    assert REASON in part(page, "explanations")


def test_the_boxes_for_reasons_come_with_the_findings_in_place(lin, self_evaluation):
    task = open_task(self_evaluation())
    fields = read_form(get(lin, address(task))).fields
    url = reverse("totals", args=[task.process_id, task.pk])
    other = lin.post(url, {**fields, "indicators-0-deviation_reason": REASON}).content.decode()
    assert 'id="explanations-part" data-keeps-typed hx-swap-oob="true"' in other
    assert f'name="{reason_field(fields)}"' not in other


def test_the_word_to_the_reviewers_is_called_an_explanation(lin, self_evaluation):
    page = get(lin, address(open_task(self_evaluation())))
    assert re.search(r'<label for="id_opinion">\s*Explanation', page.content.decode())


def test_a_reason_that_was_typed_is_kept_with_the_draft(lin, self_evaluation):
    task = open_task(self_evaluation())
    name = reason_field(read_form(lin.get(address(task))).fields)
    send(lin, task, "save", **{name: REASON})
    assert read_form(lin.get(address(task))).fields[name] == REASON


def test_a_reason_for_the_same_doubt_stands_in_its_field_after_a_return(lin, world, self_evaluation):
    evaluation = self_evaluation()
    task = open_task(evaluation)
    fields = explained(lin, task, read_form(lin.get(address(task))).fields)
    lin.post(address(task), {**fields, reason_field(fields): REASON, "verb": "submit"})
    evaluation.refresh_from_db()
    do(Verb.RETURN, evaluation, world.wang, opinion="请再核对。")
    page = get(lin, address(open_task(evaluation)))
    again = read_form(page).fields
    assert again[reason_field(again)] == REASON
    assert f"Reason given: {REASON}" in text_of(page)
    assert "acknowledged" not in again


def test_a_question_stands_in_the_form_after_a_return_and_is_answered_there(lin, world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    send_turn(world, evaluation, "ask", "有没有补充协议？")
    do(Verb.RETURN, evaluation, world.zhao, opinion="请回答提问。")
    task = open_task(evaluation)
    assert "有没有补充协议？" in text_of(get(lin, address(task)))
    assert send(lin, task, "submit").status_code == 422
    question = FindingTurn.objects.get(kind=TurnKind.QUESTION)
    assert send(lin, task, "submit", **{f"answer-{question.pk}": "有，已上传。"}).status_code == 302
    assert FindingTurn.objects.get(kind=TurnKind.ANSWER).text == "有，已上传。"


def send_turn(world, evaluation, verb: str, text: str) -> None:
    """A turn by the service, as the page's button makes it."""
    found = unmet(evaluation)
    if verb == "ask":
        services.ask(finding=found, actor=world.zhao, question=text)
    else:
        services.dismiss(finding=found, actor=world.zhao, reason=text)


def test_a_unit_that_supplies_material_sees_what_its_money_says(world, lin, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    task = open_task(evaluation)
    page = send(lin, task, "recalculate", budget__paid="520")
    assert "520" in part(page, "findings-now")
    assert any(name.startswith("reason-") for name in read_form(page).fields)
    url = reverse("totals", args=[task.process_id, task.pk])
    assert lin.post(url, {**read_form(page).fields, "findings_shown": ""}).status_code == 200


def test_the_evaluator_sees_the_findings_of_the_draft_and_answers_for_them(
    world, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    sun = as_(world.sun)
    given = {"total": "80", "conclusion": "初步结论：良。"}
    assert send(sun, open_task(evaluation), "draft", **given).status_code == 302
    assert RecordedFinding.objects.filter(
        decision__verb=Verb.DRAFT, code="total-mismatch", severity="error"
    ).exists()


# --- on the dossier's tab -----------------------------------------------------------


def test_the_tab_shows_the_findings_as_handed_in_with_the_reasons(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    text = text_of(get(as_(world.feng), tab_of(evaluation, "findings")))
    assert UNMET in text
    assert f"Reason given: {unmet(evaluation).reason}" in text
    assert "round 1" in text


def test_the_tab_filters_by_severity(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    url = tab_of(evaluation, "findings")
    assert UNMET in text_of(get(zhao, url, severity="error"))
    assert UNMET not in text_of(get(zhao, url, severity="warning"))
    assert UNMET in text_of(get(zhao, url, severity="nonsense"))


def test_while_the_unit_fills_in_the_tab_shows_what_is_found_now(lin, self_evaluation):
    evaluation = self_evaluation()
    url = tab_of(evaluation, "findings")
    assert "as the dossier stands now" in text_of(get(lin, url))
    row = evaluation.indicators.get(name="上线业务模块")
    row.deviation_reason = REASON
    row.save()
    assert UNMET not in text_of(get(lin, url))


@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.DEPARTMENT_REVIEW])
def test_the_tab_costs_as_many_statements_with_many_rows(world, zhao, self_evaluation, stage):
    few = self_evaluation(stage)
    cost = statements_of(zhao, tab_of(few, "findings"))
    many = self_evaluation(Stage.SELF_ASSESSMENT, project=world.new_project())
    rows = [
        RowChange(
            values={"position": place, "level1": "产出", "name": f"新增{place}", "kind": "quantitative"}
        )
        for place in range(40)
    ]
    save(many, world.lin, DossierChanges(indicators=rows))
    if stage != Stage.SELF_ASSESSMENT:
        texts = {"target_text": "完成", "actual_text": "完成"}
        rows = [RowChange(values={**texts, "level1": "产出", "name": f"再增{n}"}) for n in range(40)]
        save(many, world.lin, DossierChanges(indicators=rows))
        drop_unfinished(many, world.lin)
        do(Verb.SUBMIT, many, world.lin)
        do(Verb.APPROVE, many, world.wang)
    assert statements_of(zhao, tab_of(many, "findings")) == cost


def drop_unfinished(evaluation, actor) -> None:
    """Take the rows out that have neither target nor actual."""
    for row in evaluation.indicators.filter(target_text="", target_value=None):
        row._history_user = actor
        row.delete()


# --- in a review --------------------------------------------------------------------


def test_a_finding_stands_under_its_score_row_with_one_link_that_deals_with_it(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = get(zhao, address(open_task(evaluation))).content.decode()
    found = unmet(evaluation)
    assert f'href="#finding-{found.pk}"' in page
    assert f'id="finding-{found.pk}"' in page
    assert f'value="dismiss:{found.pk}"' in page


@pytest.mark.parametrize(
    ("stage", "person", "may"),
    [
        (Stage.UNIT_APPROVAL, "wang", False),
        (Stage.DEPARTMENT_REVIEW, "zhao", True),
        (Stage.FINANCE_REVIEW, "sun", True),
        (Stage.CONCLUSION, "zhou", True),
    ],
)
def test_the_units_approver_only_reads_what_reviewers_deal_with(
    world, as_, self_evaluation, stage, person, may
):
    evaluation = self_evaluation(stage)
    page = get(as_(world.people[person]), address(open_task(evaluation)))
    assert UNMET in text_of(page)
    assert ("Ask the unit" in text_of(page)) is may


def test_a_seated_expert_reads_the_findings_and_deals_with_none(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    page = get(as_(world.wu), address(open_task(evaluation, world.wu)))
    assert "Findings as handed in" in text_of(page)
    assert "Ask the unit" not in text_of(page)


def turn_on_page(client, evaluation, verb: str, **typed):
    task = open_task(evaluation)
    found = unmet(evaluation)
    return found, send(client, task, f"{verb}:{found.pk}", **typed)


def test_a_reviewer_asks_and_nothing_typed_is_lost(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    typed = {f"turn-{found.pk}": "有没有补充协议？", "opinion": "还在看。"}
    _found, page = turn_on_page(zhao, evaluation, "ask", **typed)
    fields = read_form(page).fields
    assert (page.status_code, fields["opinion"], fields[f"turn-{found.pk}"]) == (200, "还在看。", "")
    assert FindingTurn.objects.get().text == "有没有补充协议？"
    assert "有没有补充协议？" in text_of(page)


def test_a_dismissal_without_a_reason_is_refused_at_its_field(zhao, self_evaluation):
    found, page = turn_on_page(zhao, self_evaluation(Stage.DEPARTMENT_REVIEW), "dismiss")
    assert page.status_code == 422
    assert f"turn-{found.pk}" in read_form(page).errors
    assert not FindingTurn.objects.exists()


def test_a_score_is_prefilled_with_what_the_rule_gives_and_given_with_the_decision(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    row = evaluation.indicators.get(name="上线业务模块")
    Score.objects.filter(indicator=row).update(points=Decimal("20"))
    found, page = turn_on_page(zhao, evaluation, "adjust")
    form = read_form(page).fields
    assert form[f"score-{row.pk}"] == "18.57"
    assert form[f"reason-{row.pk}"]
    assert not FindingTurn.objects.exists()
    assert zhao.post(address(open_task(evaluation)), {**form, "verb": "approve"}).status_code == 302
    turn = FindingTurn.objects.get(kind=TurnKind.ADJUSTMENT)
    assert (turn.finding, turn.score.points, turn.score.source) == (
        found,
        Decimal("18.57"),
        ScoreSource.DEPARTMENT,
    )


def test_a_rectification_item_is_prefilled_with_the_finding_as_its_ground(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found, page = turn_on_page(zhao, evaluation, "finding_item")
    form = read_form(page).fields
    assert found.subject in form["item-requirement"]
    assert form["item-finding"] == str(found.pk)
    typed = {**form, "item-due": soon().isoformat(), "verb": "raise_item"}
    assert zhao.post(address(open_task(evaluation)), typed).status_code == 200
    turn = FindingTurn.objects.get(kind=TurnKind.ITEM)
    assert (turn.finding, turn.item) == (found, RectificationItem.objects.get(evaluation=evaluation))


def test_the_page_of_a_new_item_takes_a_finding_as_its_ground(zhao, world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    other = unmet(self_evaluation(Stage.DEPARTMENT_REVIEW, project=world.new_project()))
    url = reverse("raise_item", args=[evaluation.pk])
    assert unmet(evaluation).subject in text_of(get(zhao, url, finding=unmet(evaluation).pk))
    assert UNMET not in text_of(get(zhao, url, finding=other.pk))


def test_a_reason_typed_at_a_finding_does_not_vanish_with_the_decision(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    typed = {f"turn-{unmet(evaluation).pk}": "写了一半"}
    page = send(zhao, open_task(evaluation), "approve", **typed)
    assert page.status_code == 422
    assert evaluation.decisions.filter(stage=Stage.DEPARTMENT_REVIEW).count() == 0


def test_a_finding_of_another_dossier_is_not_there(zhao, world, self_evaluation):
    other = unmet(self_evaluation(Stage.DEPARTMENT_REVIEW))
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, project=world.new_project())
    page = send(zhao, open_task(evaluation), f"dismiss:{other.pk}")
    assert page.status_code == 404


def test_the_history_names_what_was_done_with_a_finding(zhao, world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    send_turn(world, evaluation, "dismiss", "补充协议已核对。")
    text = text_of(get(zhao, tab_of(evaluation, "history")))
    assert "dismissed a finding" in text
    assert "上线业务模块" in text
    assert UNMET in text
    assert "reason-missing" not in text


def test_a_question_is_withdrawn_on_the_page_and_the_dossier_then_goes_on(zhao, world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    send_turn(world, evaluation, "ask", "有没有补充协议？")
    found, task = unmet(evaluation), open_task(evaluation)
    fields = read_form(zhao.get(address(task))).fields
    page = zhao.post(address(task), {**fields, "verb": "approve"}, headers=ENGLISH)
    words = "1 question to the unit is open: return the dossier, or withdraw the question."
    assert read_form(page).errors[f"turn-{found.pk}"] == words
    assert f'<a href="#id_turn-{found.pk}">' in page.content.decode()
    question = FindingTurn.objects.get(kind=TurnKind.QUESTION)
    assert send(zhao, task, f"withdraw_question:{question.pk}").status_code == 200
    assert send(zhao, task, f"withdraw_question:{question.pk}").status_code == 404
    assert send(zhao, task, "approve").status_code == 302


def test_a_refused_decision_opens_at_its_faults_and_links_to_the_box(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    page = send(zhao, open_task(evaluation), "approve", **{f"turn-{found.pk}": "写了一半"}).content.decode()
    assert re.search(r'id="faults" tabindex="-1" autofocus', page)
    assert f'<a href="#id_turn-{found.pk}">' in page
    assert f'action="{address(open_task(evaluation))}"' in page


def test_an_item_that_is_typed_stays_as_typed_when_something_else_is_refused(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    found = unmet(evaluation)
    typed = {"item-requirement": "补签协议。", "item-due": soon().isoformat(), "item-finding": str(found.pk)}
    page = send(zhao, open_task(evaluation), f"dismiss:{found.pk}", **typed)
    fields = read_form(page).fields
    assert {name: fields[name] for name in typed} == typed
    unfolded = r'<details class="more-fields" open>\s*<summary>提出整改事项'
    assert re.search(unfolded, page.content.decode())
    refused = send(zhao, open_task(evaluation), "approve", **typed)
    assert "item-requirement" in read_form(refused).errors
    assert read_form(refused).fields["item-requirement"] == "补签协议。"


def test_what_was_typed_at_a_finding_becomes_the_requirement_of_its_item(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    name = f"turn-{unmet(evaluation).pk}"
    _found, page = turn_on_page(zhao, evaluation, "finding_item", **{name: "请补签顺延协议。"})
    fields = read_form(page).fields
    assert (fields["item-requirement"], fields[name]) == ("请补签顺延协议。", "")


def test_what_was_typed_at_a_finding_becomes_the_reason_of_its_score(zhao, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    name = f"turn-{unmet(evaluation).pk}"
    found, page = turn_on_page(zhao, evaluation, "adjust", **{name: "没有说明原因。"})
    fields = read_form(page).fields
    assert (fields[f"reason-{found.indicator_id}"], fields[name]) == ("没有说明原因。", "")
