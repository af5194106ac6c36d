from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.access import notice_for
from approvals.actions.shape import locked
from approvals.documents.jobs import build_report
from approvals.models import GeneratedDocument, RectificationNotice
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.access import get_for
from evaluations.models import Evaluation

UNDER_WAY = (GeneratedDocument.Status.QUEUED, GeneratedDocument.Status.RUNNING)


@transaction.atomic
def request_document(*, evaluation: Evaluation, actor: User, language: str = "zh-hans") -> GeneratedDocument:
    """Ask for the evaluation's PDF: whoever may see the dossier may print it.

    A second request while one of the same person is under way returns that one.
    Raises NotFound for a dossier that is not the actor's to see, and InvalidInput
    for a language that documents are not printed in.
    """
    require_language(language)
    evaluation = locked(get_for(actor, evaluation.pk).pk)
    asked = GeneratedDocument(evaluation=evaluation, requested_by=actor, language=language)
    return queued(asked, actor, "request_document")


@transaction.atomic
def request_notice_document(
    *,
    notice: RectificationNotice,
    actor: User,
    form: str = GeneratedDocument.Form.PDF,
    language: str = "zh-hans",
) -> GeneratedDocument:
    """Ask for an issued notice, or letter of feedback, as PDF or Word: whoever may read it.

    A second request while one of the same person is under way returns that one. Raises
    NotFound for a notice that is not issued or not the actor's to read, and InvalidInput for a
    language or a format that documents are not made in.
    """
    require_language(language)
    if form not in GeneratedDocument.Form.values:
        raise InvalidInput.at("form", _("Documents are not made in this format."), found=form)
    notice = notice_for(actor, notice.pk)
    evaluation = locked(notice.evaluation_id)
    asked = GeneratedDocument(
        evaluation=evaluation, notice=notice, requested_by=actor, language=language, form=form
    )
    return queued(asked, actor, "request_notice_document")


def require_language(language: str) -> None:
    """Raises InvalidInput for a language that documents are not printed in."""
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput.at("language", _("Documents are not printed in this language."), found=language)


def queued(asked: GeneratedDocument, actor: User, verb: str) -> GeneratedDocument:
    """The document put into the queue, or the same one that is there already.

    The caller holds the evaluation's lock.
    """
    under_way = GeneratedDocument.objects.filter(
        evaluation=asked.evaluation,
        notice=asked.notice,
        requested_by=actor,
        language=asked.language,
        form=asked.form,
        status__in=UNDER_WAY,
    ).first()
    if under_way is not None:
        return under_way
    asked.save(force_insert=True)
    data = {"language": asked.language}
    record(
        chain=chain_of(asked.evaluation_id),
        verb=verb,
        actor=actor,
        object=asked,
        data=data if asked.notice is None else {**data, "form": asked.form, "notice": asked.notice.pk},
    )
    build_report.defer(document_id=asked.pk)
    return asked
