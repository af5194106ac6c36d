"""The indicator library: searching it, maintaining it, and picking from it at one's own step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit_log.errors import InvalidInput, NotFound
from evaluations.models import LibraryIndicator
from evaluations.template_access import (
    is_maintained_by,
    library_of,
    maintained_by,
    may_maintain,
    may_read,
)
from workflow import services
from workflow.access import task_for
from workflow.forms.faults import faults_of
from workflow.forms.library import LibraryForm, asked_for, sector_choice
from workflow.library import (
    add_library_indicator,
    change_library_indicator,
    retire_library_indicator,
)
from workflow.presentation.library import found_in, page_of, sectors_of
from workflow.views.person_request import PersonRequest
from workflow.views.tasks import own_screen
from workflow.whole_numbers import whole_number

CHANGING = ["GET", "HEAD", "POST"]


def search(request: PersonRequest) -> dict[str, Any]:
    """What was asked for and what was found."""
    asked, offered = asked_for(request.GET), library_of(request.user)
    return {
        "page_obj": page_of(found_in(offered, asked), request.GET.get("page")),
        "search": asked["q"],
        "choices": [sector_choice(sectors_of(offered), asked["sector"])],
        "is_filtered": any(asked.values()),
    }


@require_safe
def library(request: PersonRequest) -> HttpResponse:
    """The entries by sector and words, with how many evaluations use each."""
    if not may_read(request.user):
        raise NotFound()
    context = {
        **search(request),
        "may_maintain": may_maintain(request.user),
        "mine": set(maintained_by(request.user).values_list("pk", flat=True)),
    }
    return render(request, "library/list.html", context)


@require_http_methods(CHANGING)
def add_entry(request: PersonRequest) -> HttpResponse:
    """A new entry of the reader's bureau."""
    bureau = maintained_by(request.user).first()
    if bureau is None:
        raise NotFound()
    form = LibraryForm(None, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_library_indicator(bureau=bureau, actor=request.user, values=form.values())
        except InvalidInput as error:
            form.place(error)
        else:
            messages.success(request, _("The indicator is in the library."))
            return redirect("library")
    return entry_page(request, None, form)


@require_http_methods(CHANGING)
def edit_entry(request: PersonRequest, pk: int) -> HttpResponse:
    """Change an entry of the reader's bureau."""
    entry = own_entry(request, pk)
    form = LibraryForm(entry, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_library_indicator(entry=entry, actor=request.user, values=form.values())
        except InvalidInput as error:
            form.place(error)
        else:
            messages.success(request, _("The indicator was changed."))
            return redirect("library")
    return entry_page(request, entry, form)


def entry_page(request: PersonRequest, entry: LibraryIndicator | None, form: LibraryForm) -> HttpResponse:
    """The form of an entry, with what is wrong with it on top."""
    faults = list(faults_of(("", part) for part in form.forms))
    context = {"entry": entry, "form": form, "faults": faults}
    return render(request, "library/entry.html", context, status=422 if faults else 200)


@require_POST
def retire_entry(request: PersonRequest, pk: int) -> HttpResponse:
    """Offer an entry no more."""
    entry = own_entry(request, pk)
    retire_library_indicator(entry=entry, actor=request.user)
    messages.success(request, _("“%(name)s” is offered no more.") % {"name": entry.name})
    return redirect("library")


def own_entry(request: PersonRequest, pk: int) -> LibraryIndicator:
    """An offered entry that the reader maintains. Raises NotFound."""
    entry = library_of(request.user).filter(pk=pk).first()
    if entry is None or not is_maintained_by(request.user, entry):
        raise NotFound()
    return entry


@require_http_methods(CHANGING)
def pick(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Tick entries and add them to the indicators of one's own step. Raises NotFound elsewhere."""
    step = task_for(request.user, process_id, task_id)
    screen: Any = own_screen(request, step)
    if not getattr(screen, "picks_indicators", False):
        raise NotFound()
    if request.method == "POST":
        return add_picked(request, screen)
    present = set(screen.evaluation.indicators.values_list("level1", "name"))
    context = {**search(request), "screen": screen, "evaluation": screen.evaluation}
    for row in context["page_obj"].object_list:
        row["present"] = (row["entry"].level1, row["entry"].name) in present
    return render(request, "library/pick.html", context)


def add_picked(request: PersonRequest, screen: Any) -> HttpResponse:
    """Put the ticked entries behind the dossier's indicators."""
    numbers = map(whole_number, request.POST.getlist("pick"))
    ticked = {number for number in numbers if number is not None}
    entries = library_of(request.user).filter(pk__in=ticked)
    count = services.pick_indicators(**screen.key, entries=entries) if ticked else 0
    if not count:
        messages.info(request, _("Nothing new was ticked."))
        return redirect(request.get_full_path())
    added = ngettext("%(count)s indicator was added.", "%(count)s indicators were added.", count)
    messages.success(request, added % {"count": count})
    return redirect(reverse("task", args=[screen.task.process_id, screen.task.pk]) + "#indicators")
