"""The pages of review policies, as a browser without JavaScript uses them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.models import Verb
from audit_log.models import AuditEvent, Refusal
from evaluations import actions
from evaluations.models import Campaign, Evaluation, ReviewPolicy, Stage
from evaluations.policies.chosen import content_of
from evaluations.policies.terms import DEFAULT_TERMS, Rungs
from evaluations.strict_json import write
from tests.cast import do, open_self_evaluation, person
from tests.evaluations.policies.samples import stage_of, step
from tests.standing_in import let
from tests.template_scenes import draft_of
from tests.workflow.page_forms import read_form
from tests.workflow.test_integrity import seed

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
DEFAULT_DOCUMENT = write(DEFAULT_TERMS)


@pytest.fixture
def draft(world):
    return draft_of(world, "policy")


def text_of(response):
    return " ".join(response.content.decode().split())


def page(client, name, version, **asked):
    return client.get(reverse(name, args=[version.pk]), asked, headers=ENGLISH)


def form_of(response):
    return read_form(response, "policy-form")


def with_signature(world, draft, **condition):
    """The draft with the bureau leader's signature after the conclusion."""
    found = draft.content
    signed = step("bureau_leader", work="sign", **condition)
    stage_of(found, "conclusion").append(signed)
    return actions.change_policy(actor=world.sun, policy=draft, document=found)


def publish_as_shown(client, version):
    seen = page(client, "policy", version).context["seen"]
    return client.post(reverse("publish_policy", args=[version.pk]), {"seen": seen})


def test_a_policy_is_copied_changed_published_and_retired_on_screen(world, as_):
    officer = as_(world.sun)
    source = ReviewPolicy.objects.get(code="self-default")
    typed = {"code": "city-2026", "name": "本市流程", "bureau": world.bureau.pk}
    reply = officer.post(reverse("copy_policy", args=[source.pk]), typed)
    made = ReviewPolicy.objects.get(code="city-2026")
    edit = reverse("edit_policy", args=[made.pk])
    assert reply["Location"] == edit
    form = form_of(officer.get(edit)).fields
    added = officer.post(edit, {**form, "verb": "add:department_review", "general-note": "试行"})
    form = form_of(added).fields
    assert form["general-note"] == "试行"
    typed = {
        **form,
        "department_review-1-asked": "department_head",
        "department_review-1-budget_over": "500",
        "verb": "save",
    }
    assert officer.post(edit, typed).status_code == 302
    made.refresh_from_db()
    head = made.content["stages"][2]["steps"][1]
    assert (head["asked"], head["condition"]["budget_over"]) == ("department_head", "500")
    assert publish_as_shown(officer, made).status_code == 302
    officer.post(reverse("retire_policy", args=[made.pk]), {"reason": "由新版替代"})
    made.refresh_from_db()
    assert made.is_retired
    verbs = AuditEvent.objects.filter(chain="policy:city-2026").values_list("verb", flat=True)
    assert list(verbs) == ["draft_policy", "change_policy", "publish_policy", "retire_policy"]


@pytest.mark.parametrize(
    ("verb", "count"),
    [("add:conclusion", "2"), ("add:unit_approval", "2"), ("remove:finance_review:0", "0")],
)
def test_steps_come_and_go_without_javascript_and_nothing_typed_is_lost(world, as_, draft, verb, count):
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    form = form_of(officer.get(edit)).fields
    reply = officer.post(edit, {**form, "verb": verb, "general-name": "还没写完的名称"})
    again = form_of(reply).fields
    assert again[f"{verb.split(':')[1]}-count"] == count
    assert again["general-name"] == "还没写完的名称"
    draft.refresh_from_db()
    assert draft.name != "还没写完的名称"


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(world, as_, draft):
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    form = form_of(officer.get(edit)).fields
    typed = {**form, "verb": "save", "department_review-0-who": "n_of_m", "general-note": "保留"}
    reply = officer.post(edit, typed)
    again = form_of(reply)
    assert reply.status_code == 422
    assert set(again.errors) == {"department_review-0-needed"}
    assert again.fields["general-note"] == "保留"


def test_the_diagram_and_the_faults_follow_what_is_typed_and_nothing_is_stored(world, as_, draft):
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    form = form_of(officer.get(edit)).fields
    typed = {
        **form,
        "verb": "show",
        "finance_review-0-asked": "finance_chief",
        "finance_review-0-budget_over": "500",
        "finance_review-0-days": "0",
    }
    reply = officer.post(edit, typed, headers=ENGLISH)
    assert reply.status_code == 200
    (box,) = reply.context["diagram"]["nodes"][3]["steps"]
    assert box["label"] == "Finance chief"
    assert "500" in box["condition"]
    assert "diagram-conditional" in text_of(reply)
    assert [fault["anchor"] for fault in reply.context["typed_faults"]] == ["id_finance_review-0-days"]
    draft.refresh_from_db()
    assert draft.content["stages"][3]["steps"][0]["asked"] == "review_finance"


def test_what_nobody_could_complete_is_said_while_it_is_typed_and_at_its_step(world, as_, draft):
    officer = as_(world.sun)
    draft = with_signature(world, draft)
    shown = page(officer, "edit_policy", draft)
    assert len(shown.context["people_faults"]) == 1
    refused = publish_as_shown(officer, draft)
    assert refused.status_code == 422
    at_conclusion = refused.context["stages"][-1]["steps"]
    assert [bool(each["faults"]) for each in at_conclusion] == [False, True]
    assert Refusal.objects.filter(verb="publish_policy").exists()
    draft.refresh_from_db()
    assert draft.is_draft
    person("leader", "小沈", Role.BUREAU_LEADER, world.bureau)
    assert page(officer, "policy", draft).context["people_faults"] == []
    assert publish_as_shown(officer, draft).status_code == 302


def test_offices_that_could_not_complete_it_are_named_to_whoever_maintains_it(world, as_, draft):
    found = draft.content
    stage_of(found, "department_review").append(step("department_head", "department"))
    draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    assert page(as_(world.sun), "policy", draft).context["people_warnings"]
    assert publish_as_shown(as_(world.sun), draft).status_code == 302
    shown = text_of(page(as_(world.sun), "policy", draft))
    assert world.other_department.name in shown
    assert world.other_department.name not in text_of(page(as_(world.lin), "policy", draft))


def test_whoever_saves_second_is_told_and_keeps_what_was_typed(world, as_, draft):
    edit = reverse("edit_policy", args=[draft.pk])
    first, second = as_(world.sun), as_(world.zhou)
    form, later = (form_of(client.get(edit)).fields for client in (first, second))
    first.post(edit, {**form, "verb": "save", "general-name": "先存的"})
    reply = second.post(edit, {**later, "verb": "save", "general-name": "后存的名称"})
    assert reply.status_code == 409
    assert "后存的名称" in text_of(reply)


def test_the_page_says_each_step_in_words(world, as_, draft):
    found = draft.content
    joint = step("finance_officer", who="n_of_m", needed=2, veto=True, days=7)
    joint |= {"on_timeout": "escalate", "escalate_to": "finance_chief", "condition": {"sample_percent": "20"}}
    stage_of(found, "finance_review").insert(0, joint)
    draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    shown = text_of(page(as_(world.sun), "policy", draft))
    for words in ("2 of them; one vote against", "20 %", "7 days; then it is escalated to: finance chief"):
        assert words in shown
    (box, file) = page(as_(world.sun), "policy", draft).context["diagram"]["nodes"][3]["steps"]
    assert box["how"] == "2 of 1"
    assert (box["veto"], file["veto"]) == ("one vote against returns it at once", "")
    assert '<span class="diagram-veto">one vote against' in shown


def test_the_diagram_says_where_a_return_may_lead(world, as_, draft, self_evaluation):
    words = "a return may lead to any completed step."
    assert words in text_of(page(as_(world.sun), "policy", draft)).lower()
    assert words in text_of(process_of(as_(world.lin), self_evaluation())).lower()


def test_a_right_and_the_one_role_that_carries_it_are_told_from_each_other(world, as_, draft):
    shown = page(as_(world.sun), "edit_policy", draft).context["form"]
    for stage in shown.stages:
        for form in stage.forms:
            labels = [words for _code, words in form.fields["asked"].choices]
            assert len(set(labels)) == len(labels), labels
    found = draft.content
    stage_of(found, "unit_approval")[:] = [step("unit_approver", "unit")]
    draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    compared = page(as_(world.sun), "compare_policies", draft)
    assert compared.context["differing"] == 1
    for words in ("Unit approver, by role", "Unit approver, by the right “approve for the unit”"):
        assert words in text_of(compared)


def test_what_was_wrong_is_said_once_and_no_more_after_the_next_look(world, as_, draft):
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    form = form_of(officer.get(edit)).fields
    wrong = {**form, "department_review-0-days": "0"}
    link = 'href="#id_department_review-0-days"'
    assert text_of(officer.post(edit, {**wrong, "verb": "save"})).count(link) == 1
    looked = officer.post(edit, {**form, "verb": "show"})
    assert '<div id="summary"> </div>' in text_of(looked)
    assert 'hx-select-oob="#summary"' in text_of(looked)


def test_a_comparison_shows_the_step_that_differs(world, as_, draft):
    draft = with_signature(world, draft)
    shown = page(as_(world.sun), "compare_policies", draft)
    assert shown.context["other"].code == "self-default"
    differing = [
        (section["title"], row["label"])
        for section in shown.context["sections"]
        for row in section["rows"]
        if row["differs"]
    ]
    assert differing == [("Conclusion", "Step 2")]
    offered = shown.context["choices"]
    assert set(offered.values_list("kind", flat=True)) == {"self"}


# --- The terms of rectification ----------------------------------------------------------

TERMS = {
    "terms-measures_days": "20",
    "terms-objection_days": "7",
    "terms-extensions": "0",
    "terms-holding": "差",
    "ladder-serious-before": "１５、10，3",
    "ladder-serious-overdue": "2 4",
    "ladder-serious-head_after": "1",
    "ladder-serious-chief_after": "2",
    "ladder-general-chief_after": "",
    "ladder-minor-before": "",
}


def test_the_terms_of_rectification_that_are_typed_are_those_of_the_policy(world, as_, draft):
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    form = form_of(officer.get(edit)).fields
    assert officer.post(edit, {**form, **TERMS, "verb": "save"}).status_code == 302
    draft.refresh_from_db()
    terms = content_of(draft).rectification
    assert (terms.measures_days, terms.objection_days, terms.extensions) == (20, 7, 0)
    assert terms.holding == ("差",)
    assert terms.ladder.serious == Rungs(before=(15, 10, 3), overdue=(2, 4), head_after=1, chief_after=2)
    assert terms.ladder.general.chief_after is None
    assert terms.ladder.minor == replace(DEFAULT_TERMS.ladder.minor, before=())
    again = form_of(officer.get(edit)).fields
    assert again["ladder-serious-before"] == "15, 10, 3"
    assert again["terms-measures_days"] == "20"


def test_a_published_policy_shows_its_terms_read_only(world, as_, draft):
    found = {**draft.content, "rectification": {**DEFAULT_DOCUMENT, "measures_days": 21}}
    draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    policy = actions.publish_policy(actor=world.sun, policy=draft)
    shown = page(as_(world.lin), "policy", policy)
    assert dict(shown.context["terms"]["rows"])["Measures are planned within"] == (
        "21 calendar days from the receipt"
    )
    for words in ("10, 5, 3, 1 working days", "never told", "Set by the office in this policy"):
        assert words in text_of(shown)
    assert "terms-measures_days" not in text_of(shown)


def test_a_policy_without_terms_keeps_the_default_and_says_whose_it_is(world, as_, draft):
    words = "default terms of this product. No national rule sets a term"
    found = {key: value for key, value in draft.content.items() if key != "rectification"}
    seed(("UPDATE evaluations_reviewpolicy SET content = %s WHERE id = %s", json.dumps(found), draft.pk))
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    assert words in text_of(page(officer, "policy", draft))
    reply = page(officer, "edit_policy", draft)
    assert words in text_of(reply)
    assert officer.post(edit, {**sent_untouched(reply), "verb": "save"}).status_code == 302
    draft.refresh_from_db()
    assert content_of(draft).rectification == DEFAULT_TERMS
    assert words in text_of(page(officer, "policy", draft))


def sent_untouched(reply):
    """What a browser sends; a reader by name keeps only the last of several ticked boxes."""
    return {**form_of(reply).fields, "terms-holding": ["中", "差"]}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("terms-measures_days", "0"),
        ("terms-objection_days", "366"),
        ("terms-extensions", "11"),
        ("ladder-serious-before", "五天"),
        ("ladder-serious-before", "3, 3"),
        ("ladder-general-overdue", "0"),
        ("ladder-general-overdue", "1 2 3 4 5 6 7 8 9 10 11"),
        ("ladder-minor-head_after", "-1"),
    ],
)
def test_a_fault_of_the_terms_stands_at_its_field_with_what_was_typed(world, as_, draft, field, typed):
    officer, edit = as_(world.sun), reverse("edit_policy", args=[draft.pk])
    form = sent_untouched(officer.get(edit))
    reply = officer.post(edit, {**form, "general-note": "保留", field: typed, "verb": "save"})
    again = form_of(reply)
    assert reply.status_code == 422
    assert set(again.errors) == {field}
    assert (again.fields[field], again.fields["general-note"]) == (typed, "保留")
    draft.refresh_from_db()
    assert content_of(draft).rectification == DEFAULT_TERMS


def test_a_comparison_shows_the_terms_that_differ(world, as_, draft):
    ladder = {**DEFAULT_DOCUMENT["ladder"], "minor": {"before": [], "overdue": [1, 10]}}
    found = {**draft.content, "rectification": {**DEFAULT_DOCUMENT, "extensions": 5, "ladder": ladder}}
    draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    shown = page(as_(world.sun), "compare_policies", draft)
    differing = {
        row["label"]: (row["before"], row["after"])
        for section in shown.context["sections"]
        for row in section["rows"]
        if row["differs"]
    }
    assert differing == {
        "Extensions of one item at most": ("2", "5"),
        "Minor · Reminded before the date": ("3 working days", "not reminded"),
        "Minor · Department head told after": ("10 working days", "never told"),
    }


def test_the_list_names_kinds_and_versions(world, as_, draft):
    shown = text_of(as_(world.sun).get(reverse("policies"), headers=ENGLISH))
    assert "finance evaluation" in shown
    assert f'<a href="{reverse("schemes")}" aria-current="page">' in shown
    assert draft.code in shown
    assert draft.code not in [row.code for row in as_(world.lin).get(reverse("policies")).context["versions"]]


# --- The dry run -------------------------------------------------------------------------


def test_a_dry_run_names_people_and_says_why_a_step_is_passed_by(world, as_, draft, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    person("leader", "小沈", Role.BUREAU_LEADER, world.bureau)
    draft = with_signature(world, draft, condition={"budget_over": "500"})
    shown = page(as_(world.sun), "try_policy", draft, evaluation=evaluation.number)
    rows = shown.context["trial"]["rows"]
    assert [row["asked"] for row in rows[:2]] == [world.lin.display_name, world.wang.display_name]
    assert rows[-1]["is_passed_by"]
    assert "annual budget 300.00 (10,000 yuan) is not over 500.00" in text_of(shown)


def test_a_dry_run_says_where_it_would_wait_for_ever(world, as_, draft, self_evaluation):
    evaluation = self_evaluation()
    draft = with_signature(world, draft)
    shown = page(as_(world.sun), "try_policy", draft, evaluation=evaluation.number)
    assert shown.context["trial"]["stuck"] == 1
    assert "would wait for ever" in text_of(shown)


def test_a_dry_run_names_who_stands_in_and_says_what_is_not_known(world, as_, draft, self_evaluation):
    deputy = person("deputy", "小何", Role.AUDITOR, world.bureau)
    let(world.zhou, deputy)
    evaluation = self_evaluation(filled=False)
    draft = with_signature(world, draft, condition={"budget_over": "500"})
    shown = text_of(page(as_(world.sun), "try_policy", draft, evaluation=evaluation.number))
    assert f"{deputy.display_name} may act for {world.zhou.display_name} today" in shown
    assert "the annual budget is not known yet; asked for: over 500.00" in shown
    assert "not certain yet" in shown


@pytest.mark.parametrize("number", ["", "JX-1"])
def test_a_number_that_finds_no_evaluation_is_said_at_the_field(world, as_, draft, number):
    reply = page(as_(world.sun), "try_policy", draft, evaluation=number)
    assert reply.status_code == 200
    assert reply.context["form"].errors["evaluation"]


def test_only_evaluations_of_the_policy_s_kind_can_be_tried(world, as_, draft, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    reply = page(as_(world.sun), "try_policy", draft, evaluation=evaluation.number)
    assert reply.context["trial"] is None
    (said,) = reply.context["form"].errors["evaluation"]
    assert said == (
        "This evaluation is a finance evaluation; this review policy is for: unit self-assessment."
    )
    finance = ReviewPolicy.objects.get(code="finance-signed")
    reply = page(as_(world.sun), "try_policy", finance, evaluation=evaluation.number)
    assert "Nobody has been appointed" in text_of(reply)


# --- What an evaluation shows of its policy ----------------------------------------------


def process_of(client, evaluation):
    return client.get(reverse("dossier_tab", args=[evaluation.pk, "process"]), headers=ENGLISH)


def published(world, draft, **stages):
    found = draft.content
    for name, steps in stages.items():
        stage_of(found, name)[:] = steps
    changed = actions.change_policy(actor=world.sun, policy=draft, document=found)
    return actions.publish_policy(actor=world.sun, policy=changed)


HEAD = {"work": "review", "asked": "department_head", "held_at": "department"}
REVIEWER = {"work": "review", "asked": "department_reviewer", "held_at": "department"}


def test_a_dossier_links_to_the_version_that_it_runs_by(world, as_, self_evaluation):
    evaluation = self_evaluation()
    shown = text_of(as_(world.lin).get(reverse("dossier", args=[evaluation.pk])))
    assert f'href="{reverse("policy", args=[evaluation.policy_id])}"' in shown
    assert page(as_(world.lin), "policy", evaluation.policy).status_code == 200


def test_steps_that_were_passed_by_are_shown_as_such(world, as_, draft, self_evaluation):
    small = {**HEAD, "condition": {"budget_over": "500"}}
    policy = published(world, draft, department_review=[REVIEWER, small])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    boxes = process_of(as_(world.lin), evaluation).context["diagram"]["nodes"][2]["steps"]
    assert [box["state"] for box in boxes] == ["current", "todo"]
    assert "500" in boxes[1]["condition"]
    do(Verb.APPROVE, evaluation, world.zhao)
    shown = process_of(as_(world.lin), evaluation)
    boxes = shown.context["diagram"]["nodes"][2]["steps"]
    assert [(box["state"], box["note"]) for box in boxes] == [("done", ""), ("skipped", "passed by")]
    states = [one["state"] for one in shown.context["steps"]]
    assert states == ["done", "done", "done", "skipped", "current", "todo", "todo"]
    assert shown.context["steps"][3]["label"] == "Department review · Department head"


def test_a_joint_step_says_how_many_have_voted(world, as_, draft, self_evaluation):
    person("third", "小何", Role.DEPARTMENT_HEAD, world.department)
    joint = {**REVIEWER, "asked": "review_department", "who": "n_of_m", "needed": 2}
    policy = published(world, draft, department_review=[joint])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    do(Verb.APPROVE, evaluation, world.zhao)
    shown = process_of(as_(world.lin), evaluation)
    (box,) = shown.context["diagram"]["nodes"][2]["steps"]
    assert (box["how"], box["note"]) == ("2 of 3", "1 of 3 have voted")
    assert "1 of 3 have voted" in shown.context["steps"][2]["note"]


def test_a_vote_that_returned_it_is_a_way_back(world, as_, draft, self_evaluation):
    joint = {**REVIEWER, "asked": "review_department", "who": "all", "veto": True}
    policy = published(world, draft, department_review=[joint])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    do(Verb.OBJECT, evaluation, world.qian, opinion="请核对数量。")
    shown = process_of(as_(world.lin), evaluation)
    assert {"column": 3, "earlier": 1, "label": "returned 1 time"} in shown.context["diagram"]["returns"]
    assert shown.context["steps"][2]["state"] == "returned"


# --- Choosing one ------------------------------------------------------------------------


def test_a_campaign_offers_published_policies_by_kind(world, as_, draft):
    own = published_of_draft(world, draft)
    shown = text_of(as_(world.sun).get(reverse("campaigns"), headers=ENGLISH))
    assert '<optgroup label="Finance evaluation">' in shown
    assert f'<option value="{own.pk}">{own} · unit self-assessment</option>' in shown


def published_of_draft(world, draft):
    return actions.publish_policy(actor=world.sun, policy=draft)


def campaign_typed(world, **more):
    return {
        "name": "2025年度单位自评",
        "fiscal_year": 2025,
        "kind": "self",
        "organizer": world.bureau.pk,
        "scheme": world.scheme.pk,
        "days_to_fill": 30,
        "days_to_review": 10,
        **more,
    }


def test_a_campaign_keeps_the_policy_that_was_chosen(world, as_, draft):
    own = published_of_draft(world, draft)
    typed = campaign_typed(world, policy=own.pk)
    assert as_(world.sun).post(reverse("campaigns"), typed).status_code == 302
    assert Campaign.objects.get().policy == own


@pytest.mark.parametrize("code", ["finance-default", "own"])
def test_a_policy_of_another_kind_or_a_draft_is_refused_at_the_field(world, as_, draft, code):
    other = ReviewPolicy.objects.get(code=code)
    reply = as_(world.sun).post(reverse("campaigns"), campaign_typed(world, policy=other.pk))
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == ["policy"]


def test_an_evaluation_is_opened_by_the_policy_that_was_chosen(world, as_, draft):
    own = published_of_draft(world, draft)
    typed = {
        "project": world.project.pk,
        "kind": "self",
        "scheme": world.scheme.pk,
        "policy": own.pk,
        "days_to_fill": 30,
        "days_to_review": 10,
    }
    wrong = {**typed, "policy": ReviewPolicy.objects.get(code="finance-default").pk}
    reply = as_(world.sun).post(reverse("open_evaluation"), wrong)
    assert reply.status_code == 422
    assert list(reply.context["opening"].errors) == ["policy"]
    assert as_(world.sun).post(reverse("open_evaluation"), typed).status_code == 302
    assert Evaluation.objects.get().policy == own


def test_without_a_choice_it_is_the_product_s_own(world):
    evaluation = open_self_evaluation(world)
    assert evaluation.policy.code == "self-default"
