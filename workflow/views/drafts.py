"""Changing a draft: what schemes, frameworks and review policies have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit_log.errors import InvalidInput, JihengError, NotFound
from evaluations.document_changes import digest_of
from evaluations.template_access import is_maintained_by, template_for
from workflow import versions
from workflow.forms.faults import faults_of, typed_in
from workflow.forms.rows import RowForm, with_one_more
from workflow.views.person_request import PersonRequest
from workflow.views.versions import Life


@dataclass(frozen=True)
class Drafting:
    """How one kind of draft is changed: its form, its tables that grow, its page."""

    life: Life
    form: type[Any]
    growing: dict[str, type[RowForm]]
    template: str
    arrange: Callable[[Any, Any, str], Any] = lambda draft, data, verb: None
    """What was posted, after a button that only changes the form; None for any other button."""
    beside: Callable[[Any, Any], dict[str, Any]] = lambda draft, form: {}
    """What the page shows beside the form."""


def edit(request: PersonRequest, drafting: Drafting, pk: int) -> HttpResponse:
    """Show a draft's form, add a row to it, or save it. Raises NotFound for what is not the reader's."""
    life = drafting.life
    draft = template_for(request.user, life.model, pk)
    if not is_maintained_by(request.user, draft):
        raise NotFound()
    document = draft.read(draft.document).to_json()
    if request.method != "POST":
        if not draft.is_draft:
            messages.info(request, _("This version was published: copy it to change it."))
            return redirect(life.name, pk)
        form = drafting.form(document)
        # Of what is stored: a draft from before a part was there is shown with the part's default.
        form.seen = digest_of(draft.document)
        return form_page(request, drafting, draft, form)
    verb = request.POST.get("verb", "")
    data = drafting.arrange(draft, request.POST, verb)
    if data is None and verb.startswith("add:"):
        data = grown(drafting, request.POST, verb.removeprefix("add:"))
    if data is not None:
        return form_page(request, drafting, draft, drafting.form(document, data))
    return save(request, drafting, draft, drafting.form(document, request.POST))


def grown(drafting: Drafting, data: Any, table: str) -> Any:
    """The posted data with one more row in the table, if there is such a table."""
    return with_one_more(data, table, drafting.growing[table]) if table in drafting.growing else data


def save(request: PersonRequest, drafting: Drafting, draft: Any, form: Any) -> HttpResponse:
    """Write what was typed, or show it again with every fault at its field."""
    if not form.is_valid():
        return form_page(request, drafting, draft, form, status=422)
    name = drafting.life.name
    try:
        versions.change(version=draft, actor=request.user, document=form.changed(), seen=form.seen)
    except InvalidInput as error:
        form.place(error)
        return form_page(request, drafting, draft, form, status=422)
    except JihengError as error:
        kept = list(typed_in(form.named_forms()))
        error.data.update(kept=kept, back_url=reverse(name, args=[draft.pk]))
        raise
    messages.success(request, _("The draft was saved."))
    return redirect(name, draft.pk)


def form_page(
    request: PersonRequest, drafting: Drafting, draft: Any, form: Any, status: int = 200
) -> HttpResponse:
    """The draft's form, with what is wrong with it on top."""
    faults = list(faults_of(form.named_forms())) if status != 200 else []
    beside = drafting.beside(draft, form)
    context = {"life": drafting.life, "version": draft, "form": form, "faults": faults, "url": request.path}
    return render(request, drafting.template, {**context, **beside}, status=status)
