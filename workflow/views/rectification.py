"""The page of one item, with what its reader may do there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.access import item_for
from approvals.models import RectificationItem
from audit_log.errors import InvalidInput
from evaluations.access import visible_to
from workflow import services
from workflow.access import may_act, open_tasks_of, to_take_over
from workflow.forms.faults import place
from workflow.forms.rectification import (
    CancelForm,
    ExtensionAnswerForm,
    ExtensionForm,
    ProgressForm,
    ReopenForm,
)
from workflow.item_page import MayDo, may_do
from workflow.presentation import items as presented
from workflow.presentation.item_course import course_of, extension_row
from workflow.views.items import tell_uncounted
from workflow.views.person_request import PersonRequest


@require_safe
def item(request: PersonRequest, pk: int) -> HttpResponse:
    """One item: what is required, where it stands, what was done in each round."""
    return item_page(request, item_for(request.user, pk))


def item_page(
    request: PersonRequest, found: RectificationItem, status: int = 200, **typed: forms.Form
) -> HttpResponse:
    """The page; ``typed`` are forms that could not be taken, as they were typed."""
    decisions = list(
        found.decisions.select_related("actor", "on_behalf_of", "organization", "evaluation__policy")
    )
    files = list(found.files.select_related("evidence__uploaded_by"))
    task = (
        open_tasks_of(found.evaluation_id).filter(item=found).select_related("owner", "organization").first()
    )
    sees_evaluation = visible_to(request.user).filter(pk=found.evaluation_id).exists()
    may = may_do(request.user, found, task)
    context = {
        "item": found,
        "deadline": presented.deadline_of(found),
        "steps": presented.stepper(found, decisions),
        "facts": presented.facts(found, links_evaluation=sees_evaluation),
        "course": course_of(found, decisions, files),
        "rounds": presented.rounds(found, decisions, files, task),
        "task_url": task_url(request, task),
        "tasks_to_take_over": to_take_over(request.user, [task] if task else []),
        "may": may,
        "may_sample": may.sample,
        "may_reopen": may.reopen,
        "asked": extension_row(may.answer) if may.answer else None,
        **forms_of(may),
        **typed,
    }
    return render(request, "workflow/item.html", context, status=status)


def forms_of(may: MayDo) -> dict[str, forms.Form]:
    """The blank forms of what the reader may do."""
    asked = may.answer.due if may.answer else None
    return {
        "progress_form": ProgressForm(),
        "extension_form": ExtensionForm(prefix="extension"),
        "answer_form": ExtensionAnswerForm(prefix="answer", initial={"due": asked}),
        "cancel_form": CancelForm(prefix="cancel"),
        "reopen_form": ReopenForm(),
    }


def task_url(request: PersonRequest, task: Any) -> str:
    """The open step, when it is the reader's to take."""
    if task is None or not may_act(request.user, task):
        return ""
    return reverse("task", args=[task.process_id, task.pk])


@require_POST
def sample(request: PersonRequest, pk: int) -> HttpResponse:
    """Finance wants to verify this item too."""
    services.sample(item=item_for(request.user, pk), actor=request.user)
    messages.success(request, _("The item is sampled: the finance bureau verifies it as well."))
    return redirect("item", pk=pk)


@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Finance reopens a closed item, with a reason and a new due date."""
    found = item_for(request.user, pk)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            services.reopen(item=found, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The item is open again: measures are planned anew."))
            tell_uncounted(request, form.cleaned_data["due"])
            return redirect("item", pk=pk)
    return item_page(request, found, status=422, reopen_form=form)
