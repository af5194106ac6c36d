"""Comments on a dossier, and opinions asked of colleagues."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import rights_for_reading
from approvals.access import item_for
from approvals.actions.consult import colleagues_for, side_of
from approvals.audiences import comment_file_for, comment_for, consultation_for, may_comment, offices_of
from approvals.models import Audience, Consultation, RectificationItem
from audit_log.errors import InvalidInput, NotFound
from evaluations.access import get_for
from evaluations.models import Evaluation
from workflow import talk
from workflow.forms.faults import place
from workflow.forms.talk import CommentForm, ConsultationForm, GivenOpinionForm
from workflow.presentation.talk import comment_entry, consultation_entry
from workflow.views.files import as_download
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number


def comments_of(evaluation_id: int, anchor: str = "") -> str:
    """The tab on which comments and opinions stand."""
    url = reverse("dossier_tab", args=[evaluation_id, "comments"])
    return f"{url}#{anchor}" if anchor else url


# --- comments ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_comment(request: PersonRequest, pk: int) -> HttpResponse:
    """Write a comment; faults stand at the field. NotFound for who may not see it or only reads.

    ``list`` asks for the form again, with the people whom the chosen audience includes.
    """
    evaluation = get_for(request.user, pk)
    if not may_comment(request.user, evaluation):
        raise NotFound()
    asks_for_list = "list" in request.POST
    posted: Any = (request.POST, request.FILES) if request.method == "POST" and not asks_for_list else ()
    typed = request.POST if asks_for_list else None
    form = CommentForm(*posted, evaluation=evaluation, author=request.user, typed=typed)
    if form.is_valid():
        try:
            made = talk.add_comment(evaluation=evaluation, actor=request.user, **form.details())
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The comment was added."))
            return redirect(comments_of(pk, f"comment-{made.pk}"))
    context = {"evaluation": evaluation, "form": form, "back_url": comments_of(pk)}
    return render(request, "workflow/comment_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_comment(request: PersonRequest, pk: int) -> HttpResponse:
    """Withdraw one's own comment, once more asked for. Raises NotFound, NotAllowed, WrongStage."""
    comment = comment_for(request.user, pk)
    if comment.withdraws_id:
        raise NotFound()
    back_url = comments_of(comment.evaluation_id, f"comment-{pk}")
    if request.method == "POST":
        talk.withdraw_comment(comment=comment, actor=request.user)
        messages.success(request, _("The comment was withdrawn."))
        return redirect(back_url)
    entry = comment_entry(comment, request.user.pk)
    if not entry["withdraw_url"]:
        raise NotFound()
    context = {"comment": entry, "evaluation": comment.evaluation, "back_url": back_url}
    return render(request, "workflow/comment_withdraw.html", context)


@require_safe
def comment_file(request: PersonRequest, pk: int) -> FileResponse:
    """A comment's file as a download, for the comment's readers. Raises NotFound."""
    return as_download(comment_file_for(request.user, pk))


# --- opinions of colleagues ---------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def consult(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask a colleague at a step that is the reader's; ``?item=12`` at that item's.

    Raises NotFound, AlreadyHandled when the step is the reader's no more.
    """
    evaluation = get_for(request.user, pk)
    item = item_asked_for(request, evaluation)
    shown_id = whole_number(request.POST.get("task", ""))
    task = talk.task_asked_at(evaluation, request.user, item, shown_id)
    if not task.right or not offices_of(rights_for_reading(request.user), evaluation):
        raise NotFound()
    step = talk.step_of_task(task)
    form = ConsultationForm(
        request.POST if request.method == "POST" else None,
        evaluation=evaluation,
        people=colleagues_for(evaluation, request.user, step),
        is_unit=side_of(evaluation, step) == Audience.UNIT,
    )
    if form.is_valid():
        try:
            asked = talk.consult(evaluation=evaluation, actor=request.user, item=item, **form.details())
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("%(person)s was asked.") % {"person": asked.colleague})
            return redirect(comments_of(pk, f"consultation-{asked.pk}"))
    context = {
        "evaluation": evaluation,
        "item": item,
        "task": task,
        "form": form,
        "back_url": comments_of(pk),
    }
    return render(request, "workflow/consult.html", context, status=422 if form.is_bound else 200)


def item_asked_for(request: PersonRequest, evaluation: Evaluation) -> RectificationItem | None:
    """The item that the address names. Raises NotFound for another evaluation's."""
    if "item" not in request.GET:
        return None
    item = item_for(request.user, whole_number(request.GET["item"]) or 0)
    if item.evaluation_id != evaluation.pk:
        raise NotFound()
    return item


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: PersonRequest, pk: int) -> HttpResponse:
    """A question to a colleague with its answer; whoever was asked answers here. Raises NotFound."""
    asked = consultation_for(request.user, pk)
    form = GivenOpinionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and gave_opinion(request, asked, form):
        return redirect("inbox")
    entry = consultation_entry(asked, request.user.pk)
    context = {
        "consultation": entry,
        "evaluation": asked.evaluation,
        "form": form if entry["answer_url"] else None,
        "back_url": comments_of(asked.evaluation_id, f"consultation-{pk}"),
    }
    return render(request, "workflow/consultation.html", context, status=422 if form.is_bound else 200)


def gave_opinion(request: PersonRequest, asked: Consultation, form: GivenOpinionForm) -> bool:
    """Give the opinion; say at the field why it cannot be taken."""
    try:
        talk.answer_consultation(consultation=asked, actor=request.user, answer=form.cleaned_data["answer"])
    except InvalidInput as error:
        place(error, [form])
        return False
    messages.success(request, _("Your opinion was given to %(person)s.") % {"person": asked.asked_by})
    return True


@require_POST
def withdraw_consultation(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for an opinion no longer. Raises NotFound, NotAllowed, WrongStage."""
    asked = consultation_for(request.user, pk)
    talk.withdraw_consultation(consultation=asked, actor=request.user)
    messages.success(request, _("The question was withdrawn."))
    return redirect(comments_of(asked.evaluation_id, f"consultation-{pk}"))
