"""Asking for a notice as a document, and the job that writes it."""

from __future__ import annotations

import io

import pytest
from django.db import IntegrityError, transaction
from docx import Document
from procrastinate.contrib.django.models import ProcrastinateJob

from approvals.actions import request_document, request_notice_document
from approvals.documents.jobs import build_report
from approvals.models import GeneratedDocument, ItemStage
from audit_log.errors import InvalidInput, NotFound
from audit_log.models import AuditEvent
from audit_log.record import chain_of
from evaluations.models import Stage
from tests.approvals.documents.reading import text_of
from workflow import rectifying

Status, Form = GeneratedDocument.Status, GeneratedDocument.Form


@pytest.fixture
def notice(item_at):
    """A notice that went out to Lin's unit."""
    return item_at(ItemStage.ISSUED).notice


def made(notice, actor, form):
    document = request_notice_document(notice=notice, actor=actor, form=form)
    assert build_report(document_id=document.pk) == Status.DONE
    document.refresh_from_db()
    with document.file.open("rb") as file:
        return document, file.read()


def test_a_request_makes_a_row_an_event_and_a_job(notice, world):
    document = request_notice_document(notice=notice, actor=world.lin, form=Form.WORD)
    assert (document.status, document.notice, document.form) == (Status.QUEUED, notice, Form.WORD)
    event = AuditEvent.objects.filter(chain=chain_of(notice.evaluation_id)).latest("sequence")
    assert (event.verb, event.actor_id) == ("request_notice_document", world.lin.pk)
    assert event.data == {"language": "zh-hans", "form": "docx", "notice": notice.pk}
    waiting = ProcrastinateJob.objects.filter(task_name=build_report.name, status="todo")
    assert [job.args for job in waiting] == [{"document_id": document.pk}]


def test_a_second_click_gets_the_document_that_is_under_way_another_format_does_not(notice, world):
    first = request_notice_document(notice=notice, actor=world.lin)
    assert request_notice_document(notice=notice, actor=world.lin) == first
    others = [
        request_notice_document(notice=notice, actor=world.lin, form=Form.WORD),
        request_notice_document(notice=notice, actor=world.lin, language="en"),
        request_notice_document(notice=notice, actor=world.zhao),
        request_document(evaluation=notice.evaluation, actor=world.lin),
    ]
    assert len({first, *others}) == 5


def test_the_job_writes_the_pdf(notice, world):
    document, content = made(notice, world.lin, Form.PDF)
    assert document.file.name.endswith(".pdf")
    text = text_of(content)
    assert f"衡州市财政局〔{notice.year}〕{notice.number}号" in text
    assert "按期交付剩余两个模块" in text


def test_the_job_writes_the_word_document(notice, world):
    document, content = made(notice, world.lin, Form.WORD)
    assert document.file.name.endswith(".docx")
    opened = Document(io.BytesIO(content))
    assert f"衡州市财政局〔{notice.year}〕{notice.number}号" in [one.text for one in opened.paragraphs]
    assert opened.tables[0].rows[1].cells[0].text == notice.items.get().number


def test_a_letter_of_feedback_is_written_too(commissioned_evaluation, world):
    letter = commissioned_evaluation(Stage.CLOSED).rectification_notices.get()
    _document, content = made(letter, world.lin, Form.WORD)
    assert len(Document(io.BytesIO(content)).tables) == 1


@pytest.mark.parametrize("name", ["chen", "chu", "wei", "wu"])
def test_who_may_not_see_the_evaluation_cannot_have_its_notice_written(notice, world, name):
    with pytest.raises(NotFound):
        request_notice_document(notice=notice, actor=world.people[name])
    assert not GeneratedDocument.objects.exists()


def test_a_notice_in_preparation_is_not_written(self_evaluation, world):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    notice = rectifying.prepare_notice(evaluation=evaluation, actor=world.sun)
    with pytest.raises(NotFound):
        request_notice_document(notice=notice, actor=world.sun)


@pytest.mark.parametrize(("field", "value"), [("language", "../../etc"), ("form", "exe")])
def test_an_unknown_language_or_format_is_refused_at_its_field(notice, world, field, value):
    with pytest.raises(InvalidInput) as refused:
        request_notice_document(notice=notice, actor=world.lin, **{field: value})
    assert field in refused.value.fields


def test_the_database_keeps_reports_from_being_word_documents(notice, world):
    document = GeneratedDocument(evaluation=notice.evaluation, requested_by=world.lin, form=Form.WORD)
    with pytest.raises(IntegrityError, match="only_notices_are_written_in_word"), transaction.atomic():
        document.save()
