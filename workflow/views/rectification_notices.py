"""The notices by which an evaluation's items go out: preparing, looking at, issuing, receipts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from approvals.access import visible_items
from approvals.actions.issuing import in_preparation, usual_notice
from approvals.models import ItemStage, RectificationItem, RectificationNotice
from audit_log.errors import InvalidInput
from evaluations.access import get_for
from evaluations.models import Evaluation, Stage
from workflow import rectifying
from workflow.access import may_act, open_tasks_of
from workflow.forms.faults import place
from workflow.forms.rectification_notices import ParticularsForm
from workflow.presentation import rectification_notices as presented
from workflow.presentation.calendar import uncounted_words
from workflow.views.items import runs
from workflow.views.person_request import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: PersonRequest, pk: int) -> HttpResponse:
    """The notices of an evaluation; the office that runs it writes the next one's particulars here."""
    evaluation = get_for(request.user, pk)
    if request.method != "POST":
        return notices_page(request, evaluation)
    form = ParticularsForm(request.POST)
    if form.is_valid():
        try:
            rectifying.prepare_notice(evaluation=evaluation, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The particulars of the notice were saved."))
            return redirect("rectification_notices", pk)
    return notices_page(request, evaluation, form, status=422)


@require_POST
def issue(request: PersonRequest, pk: int) -> HttpResponse:
    """Issue with a notice what was proposed after the conclusion."""
    evaluation = get_for(request.user, pk)
    try:
        items = rectifying.issue_notice(evaluation=evaluation, actor=request.user)
    except InvalidInput as error:
        return notices_page(request, evaluation, refused=said(error), status=422)
    words = ngettext("%(number)s item was issued.", "%(number)s items were issued.", len(items))
    messages.success(request, words % {"number": len(items)})
    return redirect("rectification_notices", pk)


def said(error: InvalidInput) -> list[str]:
    """Each message of a refusal."""
    return [str(message) for found in error.fields.values() for message in found] or [str(error)]


def notices_page(
    request: PersonRequest,
    evaluation: Evaluation,
    form: ParticularsForm | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """What went out, with its receipts; for those who decide on the next one how it will read."""
    related = ("responsible_unit", "responsible_person", "problem", "finding")
    issued = evaluation.rectification_notices.exclude(issued_at=None).select_related(
        "issuer", "addressee", "evaluation__project", "evaluation__policy"
    )
    rows = issued.prefetch_related("items__responsible_unit", "receipts__actor", "receipts__on_behalf_of")
    context: dict[str, Any] = {
        "evaluation": evaluation,
        "issued": [presented.issued_row(row, request.user) for row in rows.order_by("-issued_at")],
        "refused": refused or [],
    }
    if previews(request, evaluation):
        proposed = visible_items(request.user).filter(evaluation=evaluation, stage=ItemStage.DRAFT)
        drafts = list(
            proposed.select_related(*related).prefetch_related("assisting__unit").order_by("number")
        )
        context |= preparing(request, evaluation, drafts, form)
    return render(request, "workflow/rectification_notices.html", context, status=status)


def previews(request: PersonRequest, evaluation: Evaluation) -> bool:
    """Whether the reader sees what will go out: whoever runs the evaluation, and whoever concludes it."""
    if evaluation.stage == Stage.CLOSED:
        return False
    if runs(request, evaluation):
        return True
    concluding = open_tasks_of(evaluation.pk).filter(item=None, stage=Stage.CONCLUSION)
    return any(may_act(request.user, task) for task in concluding)


def preparing(
    request: PersonRequest,
    evaluation: Evaluation,
    drafts: list[RectificationItem],
    form: ParticularsForm | None,
) -> dict[str, Any]:
    """The next notice: its particulars to be typed, its items, how it will read."""
    notice = in_preparation(evaluation) or usual_notice(evaluation, request.user, drafts)
    notice.evaluation = evaluation
    prepares = runs(request, evaluation)
    in_rectification = evaluation.stage == Stage.RECTIFICATION
    shows = bool(drafts) or not in_rectification
    return {
        "form": (form or ParticularsForm(initial=particulars(notice))) if prepares else None,
        "letter": presented.preview_of(notice, drafts) if shows else None,
        "uncounted": uncounted_words([notice.report_due, *(item.due for item in drafts)]),
        "drafts": drafts,
        "may_propose": prepares and in_rectification,
        "may_issue": prepares and in_rectification and bool(drafts),
    }


def particulars(notice: RectificationNotice) -> dict[str, Any]:
    """What stands in the form's fields."""
    return {name: getattr(notice, name) for name in ParticularsForm.base_fields}
