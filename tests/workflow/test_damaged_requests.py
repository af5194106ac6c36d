"""What no form of ours sends is refused with a page, never with a fault on our side."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import RoleHolding
from evaluations.models import Stage
from tests.cast import open_task
from tests.workflow.page_forms import address
from workflow.forms.dossier import DossierForm
from workflow.whole_numbers import whole_number

TOO_MANY_DIGITS = "9" * 4301


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("9" * 18, int("9" * 18))]
    + [(text, None) for text in ("", "-1", "1.0", " 1", "²", "१", "9" * 19, TOO_MANY_DIGITS)],
)
def test_a_whole_number_is_ascii_digits_that_the_database_can_hold(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("name", ["inbox", "evaluation_list", "people", "ledger"])
@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1"])
def test_a_nul_in_an_address_is_refused_as_damaged(world, as_, name, query):
    page = as_(world.zhou).get(f"{reverse(name)}?{query}", headers={"accept-language": "en"})
    assert page.status_code == 400
    assert "cannot be stored" in page.content.decode()


def test_a_nul_in_a_field_is_refused_and_changes_nothing(world, as_):
    holding = RoleHolding.objects.get(user=world.feng)
    page = as_(world.zhou).post(reverse("end_role", args=[holding.pk]), {"reason": "调离\0原岗"})
    assert page.status_code == 400
    assert "调离原岗" in page.content.decode()
    holding.refresh_from_db()
    assert holding.ended_at is None


@pytest.mark.parametrize("asked", [TOO_MANY_DIGITS, "²", "१"])
def test_a_round_that_is_no_number_does_not_exist(world, as_, self_evaluation, asked):
    tab = reverse("dossier_tab", args=[self_evaluation(Stage.UNIT_APPROVAL).pk, "scores"])
    assert as_(world.wang).get(tab, {"round": asked}).status_code == 404


@pytest.mark.parametrize("subject", [TOO_MANY_DIGITS, "²", ""])
def test_dropping_what_is_no_number_finds_nothing(world, as_, self_evaluation, subject):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    assert as_(world.zhao).post(address(task), {"verb": f"drop:{subject}"}).status_code == 404


@pytest.mark.parametrize("posted", [TOO_MANY_DIGITS, "²"])
def test_a_notice_that_is_no_number_does_not_exist(world, as_, posted):
    assert as_(world.lin).post(reverse("notices"), {"notice": posted}).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"verb": "withdraw:²"},
        {"verb": f"withdraw:{TOO_MANY_DIGITS}"},
        {"verb": "save", "seen": "²"},
        {"verb": "save", "lines-TOTAL_FORMS": TOO_MANY_DIGITS},
        {"verb": "add:lines", "lines-TOTAL_FORMS": "²"},
    ],
    ids=["power", "long withdrawal", "state", "long table", "table"],
)
def test_odd_digits_in_the_form_of_the_dossier_are_no_fault_of_ours(world, as_, self_evaluation, fields):
    task = open_task(self_evaluation(Stage.SELF_ASSESSMENT))
    assert as_(world.lin).post(address(task), fields).status_code < 500


def test_a_fault_at_an_odd_place_belongs_to_no_row(world, self_evaluation):
    form = DossierForm(self_evaluation(Stage.SELF_ASSESSMENT), ("goal", "indicators"))
    assert form.form_of("indicators-²-name") == (form.parts.get("goal"), "indicators-²-name")
