"""Changing what a concluded result is used for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.uses import may_change_use
from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from workflow import uses
from workflow.forms.faults import place
from workflow.forms.review import UseForm
from workflow.presentation.uses import named_words, use_card
from workflow.views.person_request import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def change_use(request: PersonRequest, pk: int) -> HttpResponse:
    """Decide anew, with the table before one's eyes. Raises NotFound for whoever does not conclude it."""
    evaluation = get_for(request.user, pk)
    card = use_card(evaluation, request.user)
    if card is None or not may_change_use(request.user, evaluation):
        raise NotFound()
    form = UseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            uses.change_use(evaluation=evaluation, actor=request.user, **form.given())
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The use of the result was changed."))
            return redirect("dossier", pk)
    context = {
        "evaluation": evaluation,
        "card": card,
        "form": form,
        "named_use": named_words(evaluation, evaluation.concluded_grade),
    }
    return render(request, "workflow/use_change.html", context, status=422 if form.is_bound else 200)
