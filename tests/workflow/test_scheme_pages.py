"""The pages of schemes and frameworks, as a browser without JavaScript uses them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit_log.models import AuditEvent, Refusal
from evaluations import actions
from evaluations.access import visible_to
from evaluations.models import Framework, Scheme, Stage
from tests.cast import open_self_evaluation
from tests.template_scenes import draft_of, published_of
from tests.workflow.page_forms import read_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world):
    return draft_of(world, "scheme")


def text_of(response):
    return " ".join(response.content.decode().split())


def publish_as_shown(client, kind, version):
    """Look at the page of a draft, then press its button."""
    page = client.get(reverse(kind, args=[version.pk]))
    return client.post(reverse(f"publish_{kind}", args=[version.pk]), {"seen": page.context["seen"]})


def test_a_scheme_is_copied_changed_published_and_retired_on_screen(world, as_):
    officer = as_(world.sun)
    reply = officer.post(
        reverse("copy_scheme", args=[world.scheme.pk]),
        {"code": "city-2026", "name": "本市办法", "bureau": world.bureau.pk},
    )
    made = Scheme.objects.get(code="city-2026")
    edit = reverse("edit_scheme", args=[made.pk])
    assert reply["Location"] == edit
    form = read_form(officer.get(edit), "scheme-form").fields
    added = officer.post(edit, {**form, "verb": "add:caps", "over-threshold": "150"})
    form = read_form(added, "scheme-form").fields
    assert form["over-threshold"] == "150"
    typed = {**form, "caps-0-low": "70", "caps-0-high": "80", "caps-0-most": "89", "verb": "save"}
    assert officer.post(edit, typed).status_code == 302
    made.refresh_from_db()
    parameters = made.as_parameters()
    assert (parameters.caps[0].most, parameters.over_achievement_threshold) == (89, Decimal("1.5"))
    publish_as_shown(officer, "scheme", made)
    officer.post(reverse("retire_scheme", args=[made.pk]), {"reason": "由新版替代"})
    made.refresh_from_db()
    assert made.status == Scheme.Status.RETIRED
    verbs = AuditEvent.objects.filter(chain="scheme:city-2026").values_list("verb", flat=True)
    assert list(verbs) == ["draft_scheme", "change_scheme", "publish_scheme", "retire_scheme"]


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("caps", "caps-0-most"),
        ("bands", "bands-0-share"),
        ("thresholds", "thresholds-0-share"),
        ("rules", "rules-0-bands"),
    ],
)
def test_a_row_is_added_without_javascript_and_nothing_typed_is_lost(world, as_, draft, table, field):
    officer, edit = as_(world.sun), reverse("edit_scheme", args=[draft.pk])
    form = read_form(officer.get(edit), "scheme-form").fields
    assert field not in form
    reply = officer.post(edit, {**form, "verb": f"add:{table}", "general-name": "还没写完的名称"})
    again = read_form(reply, "scheme-form").fields
    assert field in again
    assert again["general-name"] == "还没写完的名称"


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(world, as_, draft):
    officer, edit = as_(world.sun), reverse("edit_scheme", args=[draft.pk])
    form = read_form(officer.get(edit), "scheme-form").fields
    reply = officer.post(
        edit, {**form, "verb": "save", "total-tolerance": "-2", "over-threshold": "80", "general-name": "试"}
    )
    page = read_form(reply, "scheme-form")
    assert reply.status_code == 422
    assert set(page.errors) == {"total-tolerance", "over-threshold"}
    assert (page.fields["total-tolerance"], page.fields["general-name"]) == ("-2", "试")
    draft.refresh_from_db()
    assert draft.as_parameters().tolerance == Decimal("0.05")


def test_level_weights_that_do_not_add_up_are_said_beside_them(world, as_, draft):
    officer, edit = as_(world.sun), reverse("edit_scheme", args=[draft.pk])
    form = read_form(officer.get(edit), "scheme-form").fields
    reply = officer.post(edit, {**form, "verb": "save", "levels-level_4": "51"})
    assert "101" in text_of(reply)
    assert reply.status_code == 422


def test_whoever_saves_second_is_told_and_keeps_what_was_typed(world, as_, draft):
    edit = reverse("edit_scheme", args=[draft.pk])
    first, second = as_(world.sun), as_(world.zhou)
    form = read_form(first.get(edit), "scheme-form").fields
    later = read_form(second.get(edit), "scheme-form").fields
    first.post(edit, {**form, "verb": "save", "general-name": "先存的"})
    reply = second.post(edit, {**later, "verb": "save", "general-name": "后存的名称"})
    assert reply.status_code == 409
    assert "后存的名称" in text_of(reply)


@pytest.mark.parametrize("kind", ["scheme", "framework"])
def test_what_somebody_changed_after_the_look_is_not_published(world, as_, kind):
    draft, officer = draft_of(world, kind), as_(world.sun)
    page = officer.get(reverse(kind, args=[draft.pk]))
    assert f'name="seen" value="{page.context["seen"]}"' in page.content.decode()
    change = getattr(actions, f"change_{kind}")
    change(actor=world.zhou, document={**draft.document, "name": "另一个窗口改的"}, **{kind: draft})
    publish = reverse(f"publish_{kind}", args=[draft.pk])
    assert officer.post(publish, {"seen": page.context["seen"]}).status_code == 409
    assert officer.post(publish).status_code == 409
    draft.refresh_from_db()
    assert draft.is_draft
    publish_as_shown(officer, kind, draft)
    draft.refresh_from_db()
    assert draft.is_published


def test_a_refused_publication_is_noted(world, as_, draft):
    actions.publish_scheme(actor=world.sun, scheme=draft)
    assert as_(world.zhao).post(reverse("publish_scheme", args=[draft.pk])).status_code == 403
    assert Refusal.objects.get().verb == "publish_scheme"


def test_a_comparison_starts_with_what_the_draft_was_copied_from(world, as_, draft):
    document = {**draft.parameters, "tolerance": "0.5"}
    actions.change_scheme(actor=world.sun, scheme=draft, document=document)
    page = text_of(as_(world.sun).get(reverse("compare_schemes", args=[draft.pk])))
    assert page.count("chip-amber") == 1
    assert "0.05" in page


def test_a_trial_shows_what_the_draft_would_give_and_stores_nothing(world, as_, draft, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    document = {**draft.parameters, "default_rule": {"type": "all_or_nothing"}}
    actions.change_scheme(actor=world.sun, scheme=draft, document=document)
    officer, address = as_(world.sun), reverse("try_scheme", args=[draft.pk])
    page = officer.get(address, {"evaluation": evaluation.number})
    shown = page.context["trial"]
    assert shown["changed"] >= 1
    assert shown["now"] != shown["then"]
    assert evaluation.number in text_of(officer.get(address))
    evaluation.refresh_from_db()
    assert evaluation.scheme == world.scheme


@pytest.mark.parametrize("number", ["", "JX-1"])
def test_a_number_that_finds_no_evaluation_is_said_at_the_field(world, as_, draft, number):
    reply = as_(world.sun).get(reverse("try_scheme", args=[draft.pk]), {"evaluation": number})
    assert reply.status_code == 200
    (message,) = reply.context["form"].errors["evaluation"]
    assert message in text_of(reply)


def test_the_words_of_a_scheme_name_every_parameter(world, as_, draft):
    document = {
        **draft.parameters,
        "caps": [{"from": "0.7", "to": "0.8", "most": "89"}],
        "over_achievement_deduction": {"by": "points", "amount": "1.5"},
        "dimension_rules": {"满意度": {"type": "bands", "bands": [{"from": "90", "share": "1"}]}},
    }
    actions.change_scheme(actor=world.sun, scheme=draft, document=document)
    page = text_of(as_(world.sun).get(reverse("scheme", args=[draft.pk])))
    for figure in ("70%", "89", "1.5", "≥90", "130%", "0.05", "5%"):
        assert figure in page


def test_a_framework_is_changed_on_screen(world, as_):
    officer, made = as_(world.sun), draft_of(world, "framework")
    edit = reverse("edit_framework", args=[made.pk])
    form = read_form(officer.get(edit), "framework-form").fields
    typed = {**form, "verb": "save", "items-0-weight": "4", "items-0-points": "依据充分\n不重复"}
    assert officer.post(edit, typed).status_code == 302
    made = Framework.objects.get(pk=made.pk)
    content = made.as_content()
    assert content.items[0].points == ("依据充分", "不重复")
    assert sum(content.weights()) == 100
    reply = officer.post(edit, {**form, "verb": "save", "items-0-level1": "管理", "items-1-weight": "11"})
    assert reply.status_code == 409
    form = read_form(officer.get(edit), "framework-form").fields
    reply = officer.post(edit, {**form, "verb": "save", "items-0-level1": "管理"})
    assert set(read_form(reply, "framework-form").errors) == {"items-0-level1"}


def statements(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["schemes", "frameworks"])
def test_a_list_takes_as_many_statements_however_long_it_is(world, as_, name):
    officer = as_(world.sun)
    few = statements(officer, reverse(name))
    source = published_of(world, name.removesuffix("s"))
    for place in range(12):
        draft = actions.draft_scheme if name == "schemes" else actions.draft_framework
        draft(actor=world.sun, source=source, bureau=world.bureau, code=f"copy-{place}")
    assert statements(officer, reverse(name)) == few


@pytest.mark.parametrize("reader", ["sun", "lin"])
def test_only_the_evaluations_that_the_reader_may_see_are_counted(world, as_, reader):
    open_self_evaluation(world, project=world.project)
    open_self_evaluation(world, project=world.other_project)
    person = getattr(world, reader)
    seen = visible_to(person).filter(scheme=world.scheme).count()
    assert seen == {"sun": 2, "lin": 1}[reader]
    client = as_(person)
    assert client.get(reverse("scheme", args=[world.scheme.pk])).context["used"] == seen
    rows = client.get(reverse("schemes")).context["versions"]
    assert {row.pk: row.used for row in rows}[world.scheme.pk] == seen


def test_what_a_version_was_copied_from_is_a_link(world, as_, draft):
    page = text_of(as_(world.sun).get(reverse("scheme", args=[draft.pk])))
    assert f'<a href="{reverse("scheme", args=[world.scheme.pk])}">{world.scheme}</a>' in page


def test_the_dimensions_stand_under_a_heading_of_their_own(world, as_, draft):
    reply = as_(world.sun).get(reverse("edit_scheme", args=[draft.pk]), headers={"accept-language": "en"})
    page = text_of(reply)
    heading, first = (
        page.index("Required and optional dimensions</h3>"),
        page.index('name="checks-dimension_0"'),
    )
    assert page.index('name="checks-budget_adjustment"') < heading < first


@pytest.mark.parametrize("kind", ["scheme", "framework"])
def test_publishing_and_retiring_are_confirmed_and_retiring_has_a_reason(world, as_, kind):
    made, officer = draft_of(world, kind), as_(world.sun)
    page = text_of(officer.get(reverse(kind, args=[made.pk])))
    for verb in ("publish", "retire"):
        address = reverse(f"{verb}_{kind}", args=[made.pk])
        assert page.rindex("<details", 0, page.index(address)) > page.rfind(
            "</details>", 0, page.index(address)
        )
    reply = officer.post(reverse(f"retire_{kind}", args=[made.pk]), {"reason": "  "})
    assert reply.status_code == 422
    assert reply.context["retire_form"].errors["reason"]
    assert '<details class="more-fields" open>' in text_of(reply)
    made.refresh_from_db()
    assert made.is_draft
