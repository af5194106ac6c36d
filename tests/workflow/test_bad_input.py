"""What cannot be taken is said at its field, with nothing half-written and everything typed still there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from approvals.models import Decision, ItemStage, Verb
from audit_log import clock
from audit_log.models import AuditEvent, Refusal
from evaluations.models import Evidence, Stage
from tests.cast import do, open_task, propose
from tests.dossier_content import PDF
from tests.workflow.page_forms import address, read_form, send


@pytest.fixture
def dossier(self_evaluation):
    return self_evaluation(Stage.SELF_ASSESSMENT)


@pytest.fixture
def lin(world, as_):
    return as_(world.lin)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """The files of this test alone."""
    storage = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    return tmp_path


@pytest.fixture
def stored_files(folder):
    """A look at what lies on the disk."""
    return lambda: sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def state_of(stored_files):
    return lambda dossier: (*rows_of(dossier), stored_files())


def rows_of(dossier):
    """Everything that a refused verb must leave as it was."""
    dossier.refresh_from_db()
    dossier.budget.refresh_from_db()
    rows = list(dossier.indicators.values_list("name", "weight", "target_value", "actual_value"))
    return (
        dossier.stage,
        dossier.goal_achieved,
        dossier.budget.paid,
        rows,
        AuditEvent.objects.count(),
        Decision.objects.count(),
        Evidence.objects.count(),
    )


FAULTS = {
    "letters in an amount": {"budget-paid": "abc"},
    "Chinese numerals in an amount": {"budget-paid": "二百九十"},
    "yuan where 10,000 yuan are meant": {"budget-paid": "2900000元"},
    "commas at the wrong places": {"budget-paid": "29,00"},
    "two points": {"budget-paid": "2.9.0"},
    "an exponent": {"budget-paid": "2e3"},
    "no number": {"budget-paid": "NaN"},
    "a sign before an amount": {"budget-paid": "≥290"},
    "a negative amount": {"budget-paid": "-1"},
    "more digits than there is room for": {"budget-paid": "9" * 30},
    "letters in an actual figure": {"indicators-0-actual_value": "26x"},
    "a weight over 100": {"indicators-0-weight": "101"},
    "a negative weight": {"indicators-0-weight": "-5"},
    "a score above its weight": {"indicators-0-score": "20.01"},
    "a negative score": {"indicators-0-score": "-1"},
    "a score with three decimals": {"indicators-0-score": "18.575"},
    "an execution score above its weight": {"budget-stated_score": "10.5"},
    "no name": {"indicators-0-name": " "},
    "an unknown level": {"indicators-0-level1": "机密"},
    "an unknown kind": {"indicators-0-kind": "magic"},
    "an unknown direction": {"indicators-0-direction": "sideways"},
    "a date that does not exist": {"lines-0-date": "2025-02-30"},
    "a problem without words": {"problems-0-text": ""},
    "a problem about another's indicator": {"problems-0-indicator": "999999"},
    "a text beyond its length": {"indicators-0-target_text": "长" * 501},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("verb", ["save", "submit"])
def test_a_faulty_field_is_named_and_nothing_is_saved(verb, fault, lin, dossier, state_of):
    before = state_of(dossier)
    page = send(lin, open_task(dossier), verb, goal_achieved="改过的文字", **fault)
    form = read_form(page)
    (name,) = fault
    assert page.status_code == 422
    assert name in form.errors
    assert form.fields["goal_achieved"] == "改过的文字"
    assert state_of(dossier) == before


def test_what_was_typed_wrongly_is_shown_again(lin, dossier):
    page = send(lin, open_task(dossier), "save", budget__paid="二百九十")
    assert read_form(page).fields["budget-paid"] == "二百九十"


def test_a_target_of_zero_where_more_is_better_is_refused_at_the_target(lin, dossier, state_of):
    before = state_of(dossier)
    page = send(lin, open_task(dossier), "save", indicators__0__target_value="0")
    assert page.status_code == 422
    assert "indicators-0-target_value" in read_form(page).errors
    assert state_of(dossier) == before


def test_the_rules_refusal_finds_its_row_behind_a_removed_one(lin, dossier):
    page = send(lin, open_task(dossier), "save", indicators__0__DELETE="on", indicators__4__target_value="0")
    assert list(read_form(page).errors) == ["indicators-4-target_value"]


@pytest.mark.parametrize("side", ["actual", "target"])
def test_a_missing_figure_is_asked_for_only_on_submitting(side, lin, dossier):
    gone = {f"indicators-0-{side}_value": "", f"indicators-0-{side}_text": ""}
    assert send(lin, open_task(dossier), "save", **gone).status_code == 302
    page = send(lin, open_task(dossier), "submit")
    assert page.status_code == 422
    assert f"indicators-0-{side}_text" in read_form(page).errors


def test_what_is_missing_is_asked_for_at_the_row_behind_a_removed_one(lin, dossier):
    page = send(
        lin,
        open_task(dossier),
        "submit",
        indicators__0__DELETE="on",
        indicators__3__actual_value="",
        indicators__3__actual_text="",
    )
    assert list(read_form(page).errors) == ["indicators-3-actual_text"]


def test_a_dossier_without_indicators_cannot_be_submitted(lin, self_evaluation):
    empty = self_evaluation(Stage.SELF_ASSESSMENT, filled=False)
    page = send(lin, open_task(empty), "submit")
    assert page.status_code == 422
    assert 'id="faults"' in page.content.decode()


def test_somebody_elses_row_cannot_be_changed(lin, world, self_evaluation, dossier):
    other = self_evaluation(Stage.SELF_ASSESSMENT)
    foreign = other.indicators.first()
    page = send(
        lin, open_task(dossier), "save", indicators__0__id=str(foreign.pk), indicators__0__name="冒名"
    )
    assert page.status_code == 422
    foreign.refresh_from_db()
    assert foreign.name != "冒名"


def test_a_problem_that_an_item_rests_on_cannot_be_removed(world, lin, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    propose(world, evaluation, world.zhao, problem=evaluation.problems.get())
    do(Verb.RETURN, evaluation, world.zhao, opinion="请核对。")
    page = send(lin, open_task(evaluation), "save", problems__0__DELETE="on")
    assert page.status_code == 422
    assert evaluation.problems.exists()


def test_a_page_without_its_row_counts_is_refused(lin, dossier, state_of):
    fields = read_form(lin.get(address(open_task(dossier)))).fields
    del fields["indicators-TOTAL_FORMS"]
    before = state_of(dossier)
    page = lin.post(address(open_task(dossier)), {**fields, "verb": "save"})
    assert page.status_code == 422
    assert state_of(dossier) == before


@pytest.mark.parametrize("verb", ["", "explode", "approve"])
def test_a_verb_that_the_step_does_not_offer_is_refused(verb, lin, dossier, state_of):
    before = state_of(dossier)
    page = lin.post(address(open_task(dossier)), {"verb": verb})
    assert page.status_code == 400
    assert state_of(dossier) == before


def test_a_refusal_is_noted(lin, dossier):
    send(lin, open_task(dossier), "submit", indicators__0__target_value="0")
    assert Refusal.objects.filter(verb="submit", code="invalid_input").count() == 1


@pytest.mark.parametrize("to", ["conclusion", "moon", "finance_review"])
def test_an_unknown_stage_to_return_to_is_refused_at_its_field(to, world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = send(as_(world.zhao), open_task(evaluation), "return", opinion="请核对。", to=to)
    assert page.status_code == 422
    assert "to" in read_form(page).errors


@pytest.mark.parametrize("points", ["十", "20.01", "-1", "18.571"])
def test_points_that_cannot_be_given_are_refused_at_their_field(points, world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    name = f"score-{evaluation.indicators.first().pk}"
    page = send(as_(world.zhao), open_task(evaluation), "approve", **{name: points})
    form = read_form(page)
    assert page.status_code == 422
    assert name in form.errors
    assert form.fields[name] == points


# --- files ----------------------------------------------------------------------


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


FILES = {
    "a program under a document's name": ("报告.pdf", b"MZ" + b"\0" * 200),
    "a picture under a document's name": ("报告.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "an unknown type": ("程序.exe", b"MZ" + b"\0" * 200),
    "an empty file": ("报告.pdf", b""),
    "a page with a script": ("报告.html", b"<script>alert(1)</script>"),
}


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
@pytest.mark.parametrize("verb", ["attach", "submit"])
def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(verb, name, content, lin, dossier, state_of):
    before = state_of(dossier)
    page = send(lin, open_task(dossier), verb, file=upload(name, content), goal_achieved="改过的文字")
    form = read_form(page)
    assert page.status_code == 422
    assert "file" in form.errors
    assert form.fields["goal_achieved"] == "改过的文字"
    assert state_of(dossier) == before


def test_a_file_just_over_the_limit_is_refused_at_its_field(lin, dossier, settings, state_of):
    settings.EVIDENCE_MAX_BYTES = 1000
    before = state_of(dossier)
    page = send(lin, open_task(dossier), "attach", file=upload("报告.pdf", PDF + b"%" * 1000))
    assert page.status_code == 422
    assert "file" in read_form(page).errors
    assert state_of(dossier) == before


def test_a_huge_file_is_refused_before_it_is_read(lin, dossier, settings, state_of):
    before = state_of(dossier)
    task = open_task(dossier)
    fields = {**read_form(lin.get(address(task))).fields, "verb": "attach"}
    settings.EVIDENCE_MAX_BYTES = 0
    page = lin.post(address(task), {**fields, "file": upload("报告.pdf", PDF + b"%" * 1024 * 1024)})
    assert page.status_code == 413
    assert "MB" in page.content.decode()
    assert state_of(dossier) == before


def test_one_bad_file_keeps_the_good_one_out_too(lin, dossier, state_of):
    before = state_of(dossier)
    task = open_task(dossier)
    fields = {**read_form(lin.get(address(task))).fields, "verb": "attach"}
    fields["file"] = [upload("好.pdf", PDF), upload("坏.pdf", b"MZ" + b"\0" * 200)]
    page = lin.post(address(task), fields)
    assert page.status_code == 422
    assert state_of(dossier) == before


# --- reporting on an item ------------------------------------------------------------


def test_a_report_goes_in_with_its_file(lin, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    page = send(lin, open_task(item), "report", result="已交付。", file=upload("验收单.pdf", PDF))
    assert page.status_code == 302
    item.refresh_from_db()
    assert item.stage == ItemStage.DEPARTMENT_VERIFICATION
    assert item.files.get().evidence.name == "验收单.pdf"


def test_a_refused_report_leaves_no_file_behind(lin, item_at, stored_files):
    item = item_at(ItemStage.CARRYING_OUT)
    before = Evidence.objects.count(), stored_files()
    page = send(lin, open_task(item), "report", result=" ", file=upload("验收单.pdf", PDF))
    assert page.status_code == 422
    assert "result" in read_form(page).errors
    assert (Evidence.objects.count(), stored_files()) == before


def test_a_report_without_a_file_is_refused_at_the_file(lin, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    page = send(lin, open_task(item), "report", result="已交付。")
    form = read_form(page)
    assert page.status_code == 422
    assert "file" in form.errors
    assert form.fields["result"] == "已交付。"


def test_a_conclusion_over_an_expired_item_names_the_item(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    item = propose(world, evaluation, world.zhou)
    with clock.at(clock.now() + timedelta(days=60)):
        page = send(as_(world.zhou), open_task(evaluation), "conclude", total="90", conclusion="实现。")
    assert page.status_code == 422
    assert item.requirement in page.content.decode()
    evaluation.refresh_from_db()
    assert evaluation.concluded_total is None


def test_a_huge_file_is_refused_in_plain_words_to_a_real_browser_too(world, dossier, settings):
    """The forgery check reads the request first, outside of the page."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lin, backend="django.contrib.auth.backends.ModelBackend")
    task = open_task(dossier)
    fields = {**read_form(client.get(address(task))).fields, "verb": "attach"}
    settings.EVIDENCE_MAX_BYTES = 0
    page = client.post(address(task), {**fields, "file": upload("报告.pdf", PDF + b"%" * 1024 * 1024)})
    assert page.status_code == 413
    assert "MB" in page.content.decode()
