"""A notice's documents on pages: asked for, watched, fetched, and listed for whoever asked."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string

from approvals.models import GeneratedDocument, ItemStage
from audit_log.models import Refusal
from tests.dossier_content import PDF
from workflow.presentation.notice_documents import notice_documents

Status, Form = GeneratedDocument.Status, GeneratedDocument.Form
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def notice(item_at):
    return item_at(ItemStage.ISSUED).notice


def asked(notice):
    return f"/rectification/notices/{notice.pk}/documents/add/"


def finished(notice, world, form=Form.WORD):
    document = GeneratedDocument(
        evaluation=notice.evaluation, notice=notice, requested_by=world.lin, form=form, status=Status.DONE
    )
    document.file.save(f"notice.{form}", ContentFile(PDF), save=False)
    document.save()
    return document


@pytest.mark.parametrize(("typed", "form"), [({}, Form.PDF), ({"form": "docx"}, Form.WORD)])
def test_asking_queues_a_document_and_leads_to_its_progress(as_, world, notice, typed, form):
    response = as_(world.lin).post(asked(notice), typed)
    document = GeneratedDocument.objects.get()
    assert response.url == f"/documents/{document.pk}/"
    assert (document.notice, document.form, document.language) == (notice, form, "zh-hans")


def test_an_unknown_format_is_refused(as_, world, notice):
    assert as_(world.lin).post(asked(notice), {"form": "exe"}).status_code == 422
    assert Refusal.objects.get().verb == "request_notice_document"


@pytest.mark.parametrize("name", ["chen", "chu", "wei", "wu"])
def test_strangers_find_neither_notice_nor_document(as_, world, notice, name):
    document = finished(notice, world)
    client = as_(world.people[name])
    assert client.post(asked(notice)).status_code == 404
    assert client.get(f"/documents/{document.pk}/").status_code == 404
    assert client.get(f"/documents/{document.pk}/file/").status_code == 404


def test_the_word_file_comes_with_its_type_and_is_named_after_the_notice(as_, world, notice):
    project = notice.evaluation.project
    project.name = '../一期/二期"\r\n三期'
    project.save_as(world.sun)
    response = as_(world.zhao).get(f"/documents/{finished(notice, world).pk}/file/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == WORD
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert ".docx" in disposition
    assert "/" not in disposition.replace("utf-8''", "")


def test_a_failed_document_can_be_made_again_in_the_same_format(as_, world, notice):
    document = finished(notice, world)
    document.status, document.error = Status.FAILED, "没有找到中文字体。"
    document.save()
    text = as_(world.lin).get(f"/documents/{document.pk}/").content.decode()
    assert f'action="{asked(notice)}"' in text
    assert '<input type="hidden" name="form" value="docx">' in text


def test_the_dossiers_printed_reports_do_not_list_notices(as_, world, notice):
    document = finished(notice, world)
    text = as_(world.lin).get(f"/evaluations/{notice.evaluation_id}/").content.decode()
    assert f"/documents/{document.pk}/" not in text


def test_the_part_of_a_page_offers_both_formats_and_the_readers_own_documents(world, notice):
    own = finished(notice, world)
    queued = GeneratedDocument.objects.create(
        evaluation=notice.evaluation, notice=notice, requested_by=world.lin
    )
    report = GeneratedDocument.objects.create(evaluation=notice.evaluation, requested_by=world.lin)
    text = render_to_string("workflow/_notice_documents.html", notice_documents(notice, world.lin))
    assert f'action="{asked(notice)}"' in text
    assert 'value="pdf"' in text
    assert 'value="docx"' in text
    assert f'href="/documents/{own.pk}/file/"' in text
    assert f'href="/documents/{queued.pk}/"' in text
    assert f"/documents/{report.pk}/" not in text
    assert f"衡州市财政局〔{notice.year}〕{notice.number}号" in text
    assert notice_documents(notice, world.zhao)["documents"] == []
