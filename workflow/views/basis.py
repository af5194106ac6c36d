"""Moving a running evaluation to another scheme or framework, with a preview of everything before it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from evaluations.actions import last_filled
from evaluations.actions.migrate import OPEN_TO_MIGRATION
from evaluations.migration_plan import framework_plan
from evaluations.models import Evaluation, Framework, Scheme
from workflow import migrating
from workflow.forms.basis import ChoiceForm, ReasonForm
from workflow.forms.faults import place
from workflow.presentation.migration import framework_preview, scheme_preview
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number

NO_PREVIEW = -1
"""What no state of a dossier is numbered: whoever saw no preview is refused as if it were an old one."""


@require_http_methods(["GET", "HEAD", "POST"])
def change_basis(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose, look at the list of what changes, give a reason, move. Raises NotFound for whoever may not."""
    evaluation = get_for(request.user, pk)
    if not rights_for_reading(request.user).holds(Right.RUN_EVALUATION, evaluation.bureau_id):
        raise NotFound()
    asked = "scheme" in request.GET or "framework" in request.GET
    choice = ChoiceForm(request.GET if asked else None, user=request.user, evaluation=evaluation)
    to = chosen(choice)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and to is None:
        raise NotFound()
    if request.method == "POST" and to is not None and form.is_valid():
        seen = whole_number(request.POST.get("seen", ""))
        if seen is None:
            seen = NO_PREVIEW
        try:
            migrating.move(actor=request.user, evaluation=evaluation, to=to, seen=seen, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The evaluation now has “%(version)s”.") % {"version": to})
            return redirect("dossier_tab", pk, "history")
    context = {
        "evaluation": evaluation,
        "choice": choice,
        "form": form,
        "to": to,
        "is_open": evaluation.stage in OPEN_TO_MIGRATION,
        "seen": last_filled(evaluation),
        "preview": preview_of(evaluation, to) if to else None,
    }
    return render(
        request, "versions/basis.html", context, status=422 if choice.errors or form.errors else 200
    )


def chosen(choice: ChoiceForm) -> Scheme | Framework | None:
    """What the preview is of; None before anything was chosen."""
    if not choice.is_valid():
        return None
    values = choice.cleaned_data
    return values.get("scheme") or values.get("framework")


def preview_of(evaluation: Evaluation, to: Scheme | Framework) -> dict[str, Any]:
    if isinstance(to, Scheme):
        return scheme_preview(evaluation, to)
    return framework_preview(evaluation, to, framework_plan(evaluation, to.as_content()))
