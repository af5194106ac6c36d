"""A printed document: who may ask for it, watch it and fetch it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from approvals.models import GeneratedDocument
from audit_log.models import Refusal
from evaluations.models import Stage
from tests.dossier_content import PDF

Status = GeneratedDocument.Status
HTMX = {"HX-Request": "true"}


@pytest.fixture
def document(world, self_evaluation):
    """Asked for by Sun, and waiting in the queue."""
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    return GeneratedDocument.objects.create(evaluation=evaluation, requested_by=world.sun)


def finished(document):
    document.status, document.progress = Status.DONE, 100
    document.file.save("report.pdf", ContentFile(PDF), save=False)
    document.save()
    return document


def test_asking_for_a_document_queues_one_and_leads_to_its_progress(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    response = as_(world.lin).post(f"/evaluations/{evaluation.pk}/documents/add/")
    document = GeneratedDocument.objects.get()
    assert response.url == f"/documents/{document.pk}/"
    assert (document.status, document.requested_by, document.language) == (
        Status.QUEUED,
        world.lin,
        "zh-hans",
    )


def test_asking_twice_leads_to_the_document_that_is_under_way(as_, world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    client = as_(world.lin)
    first = client.post(f"/evaluations/{evaluation.pk}/documents/add/", {"language": "en"})
    assert client.post(f"/evaluations/{evaluation.pk}/documents/add/", {"language": "en"}).url == first.url
    assert GeneratedDocument.objects.get().language == "en"


def test_a_language_that_is_not_printed_is_refused(as_, world, self_evaluation):
    evaluation = self_evaluation()
    response = as_(world.lin).post(f"/evaluations/{evaluation.pk}/documents/add/", {"language": "xx"})
    assert response.status_code == 422
    assert Refusal.objects.get().verb == "request_document"


def test_strangers_cannot_ask_for_a_document(as_, world, self_evaluation):
    evaluation = self_evaluation()
    for name in ("chen", "chu", "wei"):
        response = as_(world.people[name]).post(f"/evaluations/{evaluation.pk}/documents/add/")
        assert response.status_code == 404
    assert not GeneratedDocument.objects.exists()


def test_a_document_is_asked_for_by_post_only(as_, world, self_evaluation):
    assert as_(world.lin).get(f"/evaluations/{self_evaluation().pk}/documents/add/").status_code == 405


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_while_it_is_made_the_page_shows_progress_and_a_link_to_look_again(as_, world, document, status):
    document.status, document.progress = status, 20
    document.save()
    text = as_(world.sun).get(f"/documents/{document.pk}/").content.decode()
    assert 'value="20"' in text
    assert 'hx-trigger="every 1s"' in text
    assert f'href="/documents/{document.pk}/"' in text
    assert f"/documents/{document.pk}/file/" not in text


def test_htmx_gets_only_the_part_that_changes(as_, world, document):
    text = as_(world.sun).get(f"/documents/{document.pk}/", headers=HTMX).content.decode()
    assert "<html" not in text
    assert 'id="document-progress"' in text


def test_a_finished_document_stops_asking_and_offers_the_file(as_, world, document):
    finished(document)
    text = as_(world.sun).get(f"/documents/{document.pk}/", headers=HTMX).content.decode()
    assert "hx-trigger" not in text
    assert f"/documents/{document.pk}/file/" in text


def test_a_failed_document_says_why_and_can_be_made_again(as_, world, document):
    document.status, document.error = Status.FAILED, "没有找到中文字体。"
    document.save()
    text = as_(world.sun).get(f"/documents/{document.pk}/").content.decode()
    assert "没有找到中文字体。" in text
    assert "hx-trigger" not in text
    assert f'action="/evaluations/{document.evaluation_id}/documents/add/"' in text


def test_the_file_comes_as_an_attachment_named_after_number_and_project(as_, world, document):
    response = as_(world.zhao).get(f"/documents/{finished(document).pk}/file/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert document.evaluation.number in response["Content-Disposition"]


@pytest.mark.parametrize("path", ["", "file/"])
def test_strangers_find_no_document(as_, world, document, path):
    finished(document)
    for name in ("chen", "chu", "wei", "wu"):
        assert as_(world.people[name]).get(f"/documents/{document.pk}/{path}").status_code == 404


def test_an_unfinished_document_has_no_file_yet(as_, world, document):
    assert as_(world.sun).get(f"/documents/{document.pk}/file/").status_code == 404


def test_a_file_that_was_lost_is_not_found_instead_of_a_crash(as_, world, document):
    finished(document)
    document.file.storage.delete(document.file.name)
    assert as_(world.sun).get(f"/documents/{document.pk}/file/").status_code == 404


def test_the_page_of_a_document_whose_file_was_lost_still_opens(as_, world, document):
    finished(document)
    document.file.storage.delete(document.file.name)
    assert as_(world.sun).get(f"/documents/{document.pk}/").status_code == 200


def test_a_project_name_cannot_put_a_path_into_the_file_name(as_, world, document):
    project = document.evaluation.project
    project.name = '../../一期/二期"\r\n三期'
    project.save_as(world.sun)
    disposition = as_(world.sun).get(f"/documents/{finished(document).pk}/file/")["Content-Disposition"]
    assert "/" not in disposition.replace("utf-8''", "")
