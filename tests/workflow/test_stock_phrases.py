"""What our forms say when something is missing or wrong: words of our catalogue, many of them our own."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.urls import reverse
from django.utils.translation import override

from accounts.delegation_form import DelegationForm
from accounts.forms import PersonForm
from evaluations.models import Stage
from tests.cast import open_task
from tests.experts import in_conflict, registered
from tests.workflow.page_forms import address
from tests.workflow.reading import text_of
from workflow import forms as workflow_forms
from workflow.forms.stock_phrases import COUNTED_PHRASES, STOCK_PHRASES

ONES: dict[str, int] = defaultdict(lambda: 1)
IN_ENGLISH = {"accept-language": "en"}
STOCK = "This field is required."
DASHES = "---------"


# --- the catalogue ------------------------------------------------------------------------


def form_classes() -> list[type[Any]]:
    """Every form of the project."""
    for module in pkgutil.walk_packages(workflow_forms.__path__, "workflow.forms."):
        importlib.import_module(module.name)
    found, waiting = set[type[Any]](), [forms.BaseForm]
    while waiting:
        below = [each for each in waiting.pop().__subclasses__() if each not in found]
        found.update(below)
        waiting += below
    return [each for each in found if each.__module__.startswith(("workflow.", "accounts."))]


def stock_of(field: forms.Field) -> Iterator[Any]:
    """What Django itself would say about the field."""
    for kind in type(field).__mro__:
        if kind.__module__.startswith("django."):
            phrases = vars(kind).get("default_error_messages", {})
            yield from (said for name, said in phrases.items() if field.error_messages.get(name) is said)
    for validator in field.validators:
        if type(validator).__module__.startswith("django."):
            yield from getattr(validator, "messages", {}).values()
            yield from filter(None, [getattr(validator, "message", None)])


def test_every_stock_phrase_that_a_form_can_say_is_in_our_catalogue():
    classes = form_classes()
    assert {DelegationForm, PersonForm} < set(classes)
    with override("en"):
        said = {
            str(phrase % ONES)
            for form in classes
            for field in form.base_fields.values()
            for phrase in stock_of(field)
        }
        known = {str(phrase % ONES) for phrase in (*STOCK_PHRASES, *COUNTED_PHRASES)}
    assert STOCK in said
    assert sorted(said - known) == []


# --- the pages ----------------------------------------------------------------------------


def sent_empty(client, url: str, **typed: Any) -> str:
    """The words of the page that comes back."""
    page = client.post(url, typed, headers=IN_ENGLISH)
    assert page.status_code == 422
    words = text_of(page)
    assert STOCK not in words
    assert DASHES not in words
    return words


@pytest.mark.django_db
def test_a_delegation_says_what_is_missing(world, as_):
    words = sent_empty(as_(world.zhao), reverse("delegate"))
    for said in (
        "Choose the person who acts for you.",
        "Choose what you delegate.",
        "Enter the first day.",
        "Enter the last day.",
        "Say why you delegate.",
    ):
        assert said in words
    assert DASHES not in text_of(as_(world.zhao).get(reverse("delegations")))


@pytest.mark.django_db
def test_handing_over_says_what_is_missing(world, as_, self_evaluation):
    url = address(open_task(self_evaluation(Stage.DEPARTMENT_REVIEW)), "hand_over")
    words = sent_empty(as_(world.zhao), url)
    assert "Choose to whom you hand it over." in words
    assert "Say why you hand it over." in words


@pytest.mark.django_db
def test_the_register_of_experts_says_what_is_missing(world, as_):
    profile = registered(world, world.wu)
    conflict = in_conflict(world, profile)
    client = as_(world.sun)
    for name, ids, said in (
        ("add_expert", [], "Choose an expert."),
        ("suspend_expert", [profile.pk], "Say why the expert is suspended."),
        ("declare_conflict", [profile.pk], "Say what the conflict of interest is."),
        ("end_conflict", [conflict.pk], "Say why the conflict has ended."),
    ):
        assert said in sent_empty(client, reverse(name, args=ids))


@pytest.mark.django_db
def test_seating_says_what_is_missing(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=(world.wu,))
    client, seat = as_(world.sun), evaluation.seats.get()
    for name, ids, said in (
        ("seat_expert", [evaluation.pk], "Choose an expert."),
        ("draw_experts", [evaluation.pk], "Enter how many experts are drawn."),
        ("recuse", [evaluation.pk, seat.pk], "Say why the expert does not take part."),
    ):
        assert said in sent_empty(client, reverse(name, args=ids))


@pytest.mark.django_db
def test_a_campaign_says_what_is_missing(world, as_):
    words = sent_empty(as_(world.sun), reverse("campaigns"))
    for said in (
        "Enter the campaign's name.",
        "Enter the fiscal year.",
        "Choose the kind of evaluation.",
        "Choose who runs it.",
        "Choose a scheme.",
        "Enter the number of days.",
    ):
        assert said in words
