"""A policy's draft as a form: what is shown is what is stored, and each fault stands at its field."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given

from evaluations.document_changes import changes_between
from evaluations.policies.arrangement import may_stand
from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import GRAMMAR, may_be_asked
from evaluations.policies.shipped import shipped_policies
from tests.evaluations.policies.samples import document, documents, shipped
from workflow.forms.policies import PolicyForm
from workflow.forms.policy_rows import MOST_STEPS, rearranged


def posted(form: PolicyForm) -> QueryDict:
    """What a browser sends when nothing was changed."""
    data = QueryDict(mutable=True)
    for _name, part in form.named_forms():
        for field in part:
            value = field.value()
            widget: Any = field.field.widget
            if isinstance(widget, forms.CheckboxSelectMultiple):
                data.setlist(field.html_name, list(value or ()))
            elif isinstance(widget, forms.CheckboxInput):
                if value:
                    data[field.html_name] = "on"
            else:
                if isinstance(widget, forms.TextInput):
                    value = widget.format_value(value)
                data[field.html_name] = "" if value is None else str(value)
    for stage in form.stages:
        data[f"{stage.stage}-count"] = str(len(stage.forms))
    return data


def refilled(stored: dict[str, Any], **typed: str) -> PolicyForm:
    data = posted(PolicyForm(stored))
    for name, value in typed.items():
        data[name.replace("__", "-")] = value
    return PolicyForm(stored, data)


def faults_of(form: PolicyForm) -> list[str]:
    """The fields at which there is something wrong; "part:" where it is the whole part."""
    return [
        f"{part.prefix}:" if field == "__all__" else f"{part.prefix}-{field}"
        for _name, part in form.named_forms()
        for field in part.errors
    ]


@pytest.mark.parametrize("code", shipped_policies())
def test_saving_the_form_untouched_changes_nothing(code):
    form = refilled(shipped(code))
    assert form.is_valid(), faults_of(form)
    assert changes_between(shipped(code), form.changed()) == []
    assert not form.find_faults()


@given(documents())
def test_any_policy_survives_its_form(found):
    stored = PolicyContent.from_json(found).to_json()
    form = refilled(stored)
    assert form.is_valid(), faults_of(form)
    assert PolicyContent.from_json(form.changed()) == PolicyContent.from_json(stored)


@pytest.mark.parametrize("kind", GRAMMAR)
def test_a_step_offers_exactly_those_who_may_be_asked(kind):
    for stage in PolicyForm(document(kind)).stages:
        for form in stage.forms:
            field: Any = form.fields["asked"]
            offered = [code for code, _words in field.choices]
            assert offered == list(may_be_asked(kind, stage.stage, form.step_work))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"department_review-0-who": "n_of_m"}, "department_review-0-needed"),
        ({"department_review-0-needed": "2"}, "department_review-0-needed"),
        ({"department_review-0-veto": "on"}, "department_review-0-veto"),
        ({"department_review-0-on_timeout": "escalate"}, "department_review-0-escalate_to"),
        ({"department_review-0-escalate_to": "department_head"}, "department_review-0-escalate_to"),
        ({"department_review-0-days": "0"}, "department_review-0-days"),
        ({"department_review-0-budget_over": "many"}, "department_review-0-budget_over"),
        ({"unit_approval-0-sample_percent": "0"}, "unit_approval-0-sample_percent"),
        ({"department_review-0-sample_percent": "5"}, "department_review-0:"),
        ({"department_review-0-asked": "finance_chief"}, "department_review-0-asked"),
        ({"rules-recheck_threshold": "101"}, "rules-recheck_threshold"),
        ({"general-name": ""}, "general-name"),
        ({"consequences-0-none_use": "cut"}, "consequences-0-none_percent"),
        ({"consequences-0-none_percent": "10"}, "consequences-0-none_percent"),
        ({"consequences-2-open_percent": "120"}, "consequences-2-open_percent"),
        ({"department_review-count": "0"}, "general:"),
    ],
)
def test_every_fault_stands_at_its_field(typed, field):
    form = refilled(document(), **typed)
    assert form.find_faults()
    assert faults_of(form) == [field]


def test_full_width_figures_and_signs_are_taken():
    form = refilled(
        document(),
        **{"unit_approval-0-budget_over": "５００万元", "unit_approval-0-sample_percent": "20%"},
    )
    assert not form.find_faults()
    assert form.content().steps_at("unit_approval")[0].condition.budget_over == 500


def test_what_cannot_be_saved_is_drawn_all_the_same():
    form = refilled(document(), **{"department_review-0-days": "soon", "department_review-0-who": "all"})
    assert form.find_faults()
    step = form.content().steps_at("department_review")[0]
    assert (step.who, step.days) == ("all", None)


# --- Adding, removing and moving -------------------------------------------------------


def after(stored: dict[str, Any], *verbs: str) -> PolicyForm:
    data = posted(PolicyForm(stored))
    for verb in verbs:
        changed = rearranged(stored["kind"], data, verb)
        assert changed is not None
        data = changed  # type: ignore[assignment]
    return PolicyForm(stored, data)


def works(form: PolicyForm, stage: str) -> list[str]:
    return next(each.works for each in form.stages if each.stage == stage)


def asked(form: PolicyForm, stage: str) -> list[str]:
    assert form.is_valid(), faults_of(form)
    return [step.asked for step in form.content().steps_at(stage)]


def test_a_step_is_added_where_the_procedure_lets_it_stand():
    assert works(after(document(), "add:finance_review"), "finance_review") == ["review", "file"]
    assert works(after(document(), "add:conclusion"), "conclusion") == ["conclude", "sign"]
    assert works(after(document("finance"), "add:draft_conclusion"), "draft_conclusion") == [
        "draft",
        "review",
    ]


def test_a_stage_that_was_left_out_comes_back():
    form = after(document(), "remove:finance_review:0")
    assert works(form, "finance_review") == []
    assert [each.stage for each in form.given_stages()][-2:] == ["department_review", "conclusion"]
    back = after(document(), "remove:finance_review:0", "add:finance_review")
    assert works(back, "finance_review") == ["file"]
    assert not back.find_faults()


def test_steps_change_places_with_all_that_was_typed_in_them():
    stored = shipped("self-large")
    before = asked(PolicyForm(stored, posted(PolicyForm(stored))), "department_review")
    moved = after(stored, "up:department_review:1")
    assert asked(moved, "department_review") == before[::-1]
    first = moved.content().steps_at("department_review")[0]
    assert first.condition.budget_over == 500
    assert asked(after(stored, "down:department_review:0"), "department_review") == before[::-1]


@pytest.mark.parametrize(
    "verb",
    [
        "add:self_assessment",
        "remove:department_review:0",
        "up:department_review:0",
        "down:department_review:0",
        "remove:department_review:7",
        "up:finance_review:x",
        "down:conclusion:99999999999999999999",
        "show",
    ],
)
def test_what_the_procedure_does_not_allow_changes_nothing(verb):
    stored = document()
    assert changes_between(stored, changed_by(after(stored, verb))) == []


def changed_by(form: PolicyForm) -> dict[str, Any]:
    assert form.is_valid(), faults_of(form)
    return form.changed()


@pytest.mark.parametrize("verb", ["save", "", "add:expert_scoring", "add:", "up"])
def test_other_buttons_arrange_nothing(verb):
    assert rearranged("self", posted(PolicyForm(document())), verb) is None


def test_a_stage_does_not_grow_without_end():
    form = after(document(), *["add:department_review"] * (MOST_STEPS + 3))
    assert len(works(form, "department_review")) == MOST_STEPS
    data = posted(form)
    data["department_review-count"] = "9999999"
    assert len(works(PolicyForm(document(), data), "department_review")) == MOST_STEPS


@given(documents())
def test_whatever_button_is_pressed_the_steps_can_stand(found):
    stored = PolicyContent.from_json(found).to_json()
    for stage in GRAMMAR[stored["kind"]]:
        for name in ("add", "remove", "up", "down"):
            verb = f"{name}:{stage}" if name == "add" else f"{name}:{stage}:0"
            assert may_stand(stored["kind"], stage, works(after(stored, verb), stage))
