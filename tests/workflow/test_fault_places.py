"""Where the messages of a refused verb stand among the forms of a page."""

from __future__ import annotations

from django import forms

from audit_log.errors import InvalidInput
from workflow.forms.faults import place


class Reason(forms.Form):
    reason = forms.CharField()


class Date(forms.Form):
    due = forms.CharField()


def placed(error):
    chosen = [Reason({"reason": "逾期"}), Date({"due": "2026-09-11"})]
    place(error, chosen)
    return [form.errors.get_json_data() for form in chosen]


def messages_of(faults):
    return {field: [fault["message"] for fault in found] for field, found in faults.items()}


def test_a_message_stands_at_the_field_of_whichever_form_has_it():
    first, second = placed(InvalidInput("no", fields={"due": ["too early", "a day off"]}))
    assert (first, messages_of(second)) == ({}, {"due": ["too early", "a day off"]})


def test_a_message_at_a_field_that_no_form_has_stands_on_top_of_the_first():
    first, second = placed(InvalidInput("no", fields={"elsewhere": ["too late"]}))
    assert (messages_of(first), second) == ({"__all__": ["too late"]}, {})


def test_a_refusal_without_fields_is_said_on_top_of_the_first():
    first, second = placed(InvalidInput("nothing is left"))
    assert (messages_of(first), second) == ({"__all__": ["nothing is left"]}, {})
