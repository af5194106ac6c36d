"""A dossier as a file to take along, for whoever may see it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from audit_log.errors import NotFound
from evaluations.access import get_for
from evaluations.exchange.from_rows import dossier_of
from evaluations.exchange.writing import FORMATS
from evaluations.models import Evaluation
from workflow.blind_scoring import blind_scoring
from workflow.presentation.exports import forms_of
from workflow.presentation.files import name_for_people
from workflow.views.person_request import PersonRequest


@require_safe
def export(request: PersonRequest, pk: int, form: str) -> HttpResponse:
    """The dossier with what the unit states.

    Raises NotFound for a form that it is not offered in, and for a dossier of which the
    reader sees a part only.
    """
    evaluation = get_for(request.user, pk)
    if (
        form not in forms_of(evaluation)
        or not blind_scoring(request.user, evaluation).sees_what_the_evaluator_made
    ):
        raise NotFound()
    return download(evaluation, form)


def download(evaluation: Evaluation, form: str) -> HttpResponse:
    """The file under a name that one finds again."""
    chosen = FORMATS[form]
    response = HttpResponse(chosen.write(dossier_of(evaluation)), content_type=chosen.media_type)
    name = name_for_people(evaluation, chosen.suffix)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
