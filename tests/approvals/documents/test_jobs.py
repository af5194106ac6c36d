"""Asking for a document, and the job that prints it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from approvals.actions import request_document
from approvals.documents import jobs
from approvals.documents.errors import DocumentFontMissing
from approvals.documents.jobs import build_report
from approvals.models import GeneratedDocument
from audit_log.errors import InvalidInput, NotFound
from audit_log.models import AuditEvent
from audit_log.record import chain_of
from evaluations.models import Evaluation, Stage
from tests.approvals.documents.reading import text_of
from tests.cast import World

Make = Callable[..., Evaluation]
Status = GeneratedDocument.Status


@pytest.fixture
def document(self_evaluation: Make, world: World) -> GeneratedDocument:
    """A document that Lin has asked for."""
    return request_document(evaluation=self_evaluation(Stage.DEPARTMENT_REVIEW), actor=world.lin)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Printing that takes no time; remembers what was printed."""
    reports: list[Any] = []

    def remember(report: Any, language: str) -> bytes:
        reports.append((report, language))
        return b"%PDF-1.7 printed"

    monkeypatch.setattr(jobs, "render_pdf", remember)
    return reports


def waiting_jobs() -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=build_report.name, status="todo")]


def test_a_request_makes_a_row_an_event_and_a_job(document: GeneratedDocument, world: World) -> None:
    assert (document.status, document.progress, document.requested_by) == (Status.QUEUED, 0, world.lin)
    event = AuditEvent.objects.filter(chain=chain_of(document.evaluation_id)).latest("sequence")
    assert (event.verb, event.actor_id, event.object_id) == ("request_document", world.lin.pk, document.pk)
    assert event.data == {"language": "zh-hans"}
    assert waiting_jobs() == [{"document_id": document.pk}]


def test_a_request_that_is_rolled_back_leaves_no_job(self_evaluation: Make, world: World) -> None:
    evaluation = self_evaluation()
    with transaction.atomic():
        request_document(evaluation=evaluation, actor=world.lin)
        assert len(waiting_jobs()) == 1
        transaction.set_rollback(True)
    assert waiting_jobs() == []
    assert not GeneratedDocument.objects.exists()


def test_a_second_click_gets_the_document_that_is_under_way(
    document: GeneratedDocument, world: World
) -> None:
    assert request_document(evaluation=document.evaluation, actor=world.lin) == document
    assert request_document(evaluation=document.evaluation, actor=world.lin, language="en") != document
    assert request_document(evaluation=document.evaluation, actor=world.zhao) != document
    assert len(waiting_jobs()) == 3


def test_a_finished_document_does_not_stop_a_new_request(
    document: GeneratedDocument, world: World, printed: list[Any]
) -> None:
    build_report(document_id=document.pk)
    assert request_document(evaluation=document.evaluation, actor=world.lin) != document


@pytest.mark.parametrize("name", ["chen", "chu", "wei"])
def test_who_may_not_see_the_dossier_cannot_print_it(self_evaluation: Make, world: World, name: str) -> None:
    evaluation = self_evaluation()
    with pytest.raises(NotFound):
        request_document(evaluation=evaluation, actor=world.people[name])
    assert not GeneratedDocument.objects.exists()


def test_an_unknown_language_is_refused_at_its_field(self_evaluation: Make, world: World) -> None:
    evaluation = self_evaluation()
    with pytest.raises(InvalidInput) as refused:
        request_document(evaluation=evaluation, actor=world.lin, language="../../etc")
    assert "language" in refused.value.fields


def test_the_job_prints_the_dossier_and_stores_the_file(document: GeneratedDocument) -> None:
    assert build_report(document_id=document.pk) == Status.DONE
    document.refresh_from_db()
    assert (document.status, document.progress, document.error) == (Status.DONE, 100, "")
    assert document.finished_at is not None
    with document.file.open("rb") as file:
        assert "上线业务模块" in text_of(file.read())


def test_the_document_is_printed_in_the_language_asked_for(
    self_evaluation: Make, world: World, printed: list[Any]
) -> None:
    document = request_document(evaluation=self_evaluation(), actor=world.lin, language="en")
    build_report(document_id=document.pk)
    assert [language for _report, language in printed] == ["en"]


def test_twice_is_once(document: GeneratedDocument, printed: list[Any]) -> None:
    build_report(document_id=document.pk)
    assert build_report(document_id=document.pk) == Status.DONE
    assert len(printed) == 1


def test_a_job_taken_up_again_leaves_one_file(document: GeneratedDocument, printed: list[Any]) -> None:
    build_report(document_id=document.pk)
    document.refresh_from_db()
    first = document.file.name
    GeneratedDocument.objects.filter(pk=document.pk).update(status=Status.RUNNING, file="")
    build_report(document_id=document.pk)
    document.refresh_from_db()
    assert document.file.name == first
    assert len(printed) == 2


def test_the_page_can_follow_the_progress(
    document: GeneratedDocument, printed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    advance = jobs.advance

    def watch(document: GeneratedDocument, status: str, progress: int) -> None:
        advance(document, status, progress)
        seen.append(GeneratedDocument.objects.values_list("status", "progress").get(pk=document.pk))

    monkeypatch.setattr(jobs, "advance", watch)
    build_report(document_id=document.pk)
    assert [status for status, _progress in seen] == [Status.RUNNING] * 3 + [Status.DONE]
    steps = [progress for _status, progress in seen]
    assert steps == sorted(set(steps))
    assert steps[-1] == 100


def test_a_document_that_cannot_be_printed_tells_why_and_is_not_tried_again(
    document: GeneratedDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> bytes:
        raise DocumentFontMissing("install fonts-noto-cjk")

    monkeypatch.setattr(jobs, "render_pdf", refuse)
    assert build_report(document_id=document.pk) == Status.FAILED
    document.refresh_from_db()
    assert (document.status, document.error) == (Status.FAILED, "install fonts-noto-cjk")
    assert not document.file


def test_an_unexpected_error_is_left_to_the_queue_and_the_next_try_succeeds(
    document: GeneratedDocument, printed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "report_of", lambda evaluation: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_report(document_id=document.pk)
    document.refresh_from_db()
    assert document.status == Status.FAILED
    assert document.error
    assert build_report(document_id=document.pk) == Status.DONE
    document.refresh_from_db()
    assert document.error == ""
    assert build_report.retry_strategy.max_attempts == 3
