"""Evidence: handed out as a download to whoever may see it; added and withdrawn at the step only."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit_log.models import Refusal
from evaluations.models import Evidence, Stage
from tests.cast import fill, open_self_evaluation, open_task
from tests.dossier_content import PDF
from tests.workflow.reading import get, text_of


@pytest.fixture
def evidence(world, self_evaluation) -> Evidence:
    return self_evaluation(Stage.DEPARTMENT_REVIEW).evidence.get()


@pytest.fixture
def draft(world):
    """A self-assessment that waits for Lin, with one file."""
    evaluation = open_self_evaluation(world)
    fill(evaluation, world.lin)
    return evaluation


def place(name: str, evaluation, *more: int) -> str:
    task = open_task(evaluation)
    return reverse(name, args=[task.process_id, task.pk, *more])


def pdf(name: str = "合同.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


# --- handing out ------------------------------------------------------------------


def test_the_file_comes_whole_as_a_download_with_its_chinese_name(world, as_, evidence):
    response = as_(world.zhao).get(reverse("evidence_file", args=[evidence.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E9%AA%8C%E6%94%B6%E6%8A%A5%E5%91%8A.pdf"
    )
    assert response["Content-Length"] == str(len(PDF))


def test_no_browser_may_guess_its_type_run_or_frame_it(world, as_, evidence):
    response = as_(world.zhao).get(reverse("evidence_file", args=[evidence.pk]))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"


def test_a_line_break_in_the_name_cannot_break_the_header(world, as_, evidence):
    evidence.name = "report\r\nX-Evil: 1.pdf"
    evidence.save_as(world.lin)
    response = as_(world.zhao).get(reverse("evidence_file", args=[evidence.pk]))
    assert response.status_code == 200
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize("name", ["chen", "chu", "wei", "wu"])
def test_for_people_of_other_offices_the_file_does_not_exist(world, as_, evidence, name):
    assert as_(world.people[name]).get(reverse("evidence_file", args=[evidence.pk])).status_code == 404


def test_without_signing_in_one_is_asked_to(as_, evidence):
    response = as_(None).get(reverse("evidence_file", args=[evidence.pk]))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_a_file_missing_from_the_storage_gets_a_clear_page(world, as_, evidence):
    evidence.file.storage.delete(evidence.file.name)
    response = as_(world.zhao).get(
        reverse("evidence_file", args=[evidence.pk]), headers={"accept-language": "en"}
    )
    assert response.status_code == 404
    assert "missing from the storage" in text_of(response)


# --- adding -------------------------------------------------------------------------


def test_a_file_is_added_to_an_indicator_and_one_is_back_at_the_task(world, as_, draft):
    indicator = draft.indicators.first()
    response = as_(world.lin).post(
        place("attach_evidence", draft),
        {"file": pdf(), "file_indicator": indicator.pk, "file_description": "采购合同"},
    )
    assert response["Location"] == place("task", draft)
    added = draft.evidence.get(name="合同.pdf")
    assert (added.indicator, added.description, added.uploaded_by) == (indicator, "采购合同", world.lin)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "Choose a file first."),
        (pdf(content=b""), "This file is empty."),
        (pdf("program.pdf", b"MZ\x90\x00" + b"\x00" * 100), "is not what its name says"),
        (pdf("page.html", b"<script>alert(1)</script>"), "Files of this type are not accepted"),
    ],
    ids=["none", "empty", "disguised", "type"],
)
def test_a_file_that_cannot_be_taken_says_why_at_the_field_and_is_not_kept(world, as_, draft, file, words):
    before = draft.evidence.count()
    response = as_(world.lin).post(
        place("attach_evidence", draft),
        {"file": file} if file else {},
        headers={"accept-language": "en"},
    )
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'id="id_file_error"' in response.content.decode()
    assert draft.evidence.count() == before


def test_a_good_file_stays_when_another_one_is_refused(world, as_, draft):
    response = as_(world.lin).post(
        place("attach_evidence", draft), {"file": [pdf("好.pdf"), pdf("坏.pdf", b"")]}
    )
    assert response.status_code == 422
    assert draft.evidence.filter(name="好.pdf").count() == 1
    assert not draft.evidence.filter(name="坏.pdf").exists()


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(world, draft, settings):
    settings.EVIDENCE_MAX_BYTES = 1024**2
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lin, backend="django.contrib.auth.backends.ModelBackend")
    client.get(place("attach_evidence", draft))
    response = client.post(
        place("attach_evidence", draft),
        {
            "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
            "file": pdf(content=PDF + b"0" * 3 * 1024**2),
        },
        headers={"accept-language": "en"},
    )
    assert response.status_code == 413
    assert "The file is larger than 1 MB." in text_of(response)
    assert draft.evidence.count() == 1


def test_an_indicator_of_another_evaluation_is_refused(world, as_, draft, self_evaluation):
    foreign = self_evaluation(Stage.DEPARTMENT_REVIEW).indicators.first()
    response = as_(world.lin).post(
        place("attach_evidence", draft), {"file": pdf(), "file_indicator": foreign.pk}
    )
    assert response.status_code == 422
    assert not draft.evidence.filter(name="合同.pdf").exists()


def test_htmx_gets_the_form_alone(world, as_, draft):
    response = as_(world.lin).post(place("attach_evidence", draft), {}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert b"<html" not in response.content
    assert b"<form" in response.content


def test_the_form_is_a_page_of_its_own_for_whoever_may_act(world, as_, draft):
    assert "Add files" in text_of(get(as_(world.lin), place("attach_evidence", draft)))
    assert as_(world.wang).get(place("attach_evidence", draft)).status_code == 404


def test_whoever_may_see_but_not_act_adds_nothing_and_the_refusal_is_noted(world, as_, draft):
    response = as_(world.zhao).post(place("attach_evidence", draft), {"file": pdf()})
    assert response.status_code == 403
    assert Refusal.objects.filter(verb="attach_evidence", actor_id=world.zhao.pk).count() == 1
    assert draft.evidence.count() == 1


def test_the_process_in_the_address_has_to_be_the_tasks(world, as_, draft, self_evaluation):
    other = open_task(self_evaluation(Stage.SELF_ASSESSMENT))
    url = reverse("attach_evidence", args=[other.process_id, open_task(draft).pk])
    assert as_(world.lin).post(url, {"file": pdf()}).status_code == 404


# --- withdrawing ----------------------------------------------------------------------


def test_a_file_is_withdrawn_after_asking_once_more_and_kept_for_the_record(world, as_, draft):
    file = draft.evidence.get()
    url = place("withdraw_evidence", draft, file.pk)
    assert file.name in text_of(get(as_(world.lin), url))
    file.refresh_from_db()
    assert file.withdrawn_at is None
    assert as_(world.lin).post(url)["Location"] == place("task", draft)
    file.refresh_from_db()
    assert file.withdrawn_at is not None
    assert file.file.storage.exists(file.file.name)
    page = get(as_(world.lin), reverse("dossier_tab", args=[draft.pk, "evidence"]))
    assert [group["title"] for group in page.context["groups"]] == ["Withdrawn, kept for the record"]


def test_a_file_of_another_evaluation_is_not_withdrawn_here(world, as_, draft, self_evaluation):
    foreign = self_evaluation(Stage.DEPARTMENT_REVIEW).evidence.get()
    response = as_(world.lin).post(place("withdraw_evidence", draft, foreign.pk))
    assert response.status_code == 404
    foreign.refresh_from_db()
    assert foreign.withdrawn_at is None


def test_whoever_may_not_act_withdraws_nothing(world, as_, draft):
    file = draft.evidence.get()
    url = place("withdraw_evidence", draft, file.pk)
    assert as_(world.zhao).get(url).status_code == 404
    assert as_(world.zhao).post(url).status_code == 403
    file.refresh_from_db()
    assert file.withdrawn_at is None
