"""What is done to an item beside its steps: progress, extensions, the end of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.access import item_for
from approvals.models import Extension, RectificationItem
from audit_log.errors import InvalidInput, NotFound, WrongStage
from workflow import rectifying
from workflow.access import open_tasks_of
from workflow.forms.faults import place
from workflow.forms.rectification import CancelForm, ExtensionAnswerForm, ExtensionForm, ProgressForm
from workflow.models import FlowTask
from workflow.views.items import tell_uncounted
from workflow.views.person_request import PersonRequest
from workflow.views.rectification import item_page


@require_POST
def note_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """The unit enters how far it has come, with the files that show it."""
    item = item_for(request.user, pk)
    task = step_of(item)
    form = ProgressForm(request.POST, request.FILES)

    def act() -> None:
        rectifying.note_progress(
            process_id=task.process_id,
            task_id=task.pk,
            actor=request.user,
            files=form.new_files(),
            **form.entry(),
        )

    return done(request, item, form, "progress_form", act, _("The progress was entered."))


@require_POST
def ask_extension(request: PersonRequest, pk: int) -> HttpResponse:
    """The unit asks for a later due date."""
    item = item_for(request.user, pk)
    form = ExtensionForm(request.POST, prefix="extension")

    def act() -> None:
        rectifying.ask_extension(item=item, actor=request.user, **form.cleaned_data)

    words = _("The extension was asked for: the finance bureau answers it.")
    return done(request, item, form, "extension_form", act, words, is_dated=True)


@require_POST
def answer_extension(request: PersonRequest, pk: int, extension_id: int) -> HttpResponse:
    """Finance grants an extension or refuses it. Raises NotFound for another item's."""
    item = item_for(request.user, pk)
    extension = extension_of(item, extension_id)
    form = ExtensionAnswerForm(request.POST, prefix="answer")
    granted = request.POST.get("answer") == "grant"

    def act() -> None:
        if request.POST.get("answer") not in ("grant", "refuse"):
            raise InvalidInput(_("Choose whether you grant the extension or refuse it."))
        rectifying.answer_extension(
            extension=extension, actor=request.user, granted=granted, **form.cleaned_data
        )

    words = _("The extension was granted.") if granted else _("The extension was refused.")
    return done(request, item, form, "answer_form", act, words, is_dated=granted)


@require_POST
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """The bureau's leader ends an item that need not be put right any more."""
    item = item_for(request.user, pk)
    form = CancelForm(request.POST, prefix="cancel")

    def act() -> None:
        rectifying.cancel(item=item, actor=request.user, **form.cleaned_data)

    return done(request, item, form, "cancel_form", act, _("The item was ended."))


def done(
    request: PersonRequest,
    item: RectificationItem,
    form: forms.Form,
    name: str,
    act: Callable[[], Any],
    words: str,
    is_dated: bool = False,
) -> HttpResponse:
    """Act on a valid form and go to the item, or show the page again with all that was typed.

    ``is_dated``: the form's ``due`` is a new date, of which it is said when its holidays are not known.
    """
    if form.is_valid():
        try:
            act()
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, words)
            if is_dated:
                tell_uncounted(request, form.cleaned_data["due"])
            return redirect("item", pk=item.pk)
    return item_page(request, item, status=422, **{name: form})


def step_of(item: RectificationItem) -> FlowTask:
    """The step that the item waits at. Raises WrongStage for one that does not run."""
    task = open_tasks_of(item.evaluation_id).filter(item=item).first()
    if task is None:
        raise WrongStage(_("Progress is entered while the item is carried out."), found=item.stage)
    return task


def extension_of(item: RectificationItem, pk: int) -> Extension:
    """An extension of this item. Raises NotFound."""
    found = item.extensions.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found
