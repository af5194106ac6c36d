from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import locked
from approvals.documents.jobs import build_report
from approvals.models import GeneratedDocument
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
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput.at("language", _("Documents are not printed in this language."), found=language)
    evaluation = locked(get_for(actor, evaluation.pk).pk)
    mine = GeneratedDocument.objects.filter(evaluation=evaluation, requested_by=actor, language=language)
    under_way = mine.filter(status__in=UNDER_WAY).first()
    if under_way is not None:
        return under_way
    document = GeneratedDocument(evaluation=evaluation, requested_by=actor, language=language)
    document.save(force_insert=True)
    record(
        chain=chain_of(evaluation.pk),
        verb="request_document",
        actor=actor,
        object=document,
        data={"language": language},
    )
    build_report.defer(document_id=document.pk)
    return document
