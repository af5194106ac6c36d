"""Approving several of one kind: look them over, then agree to those that are ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit_log.errors import NotFound
from workflow import bulk
from workflow import inbox as boxes
from workflow.forms.review import OpinionForm
from workflow.presentation.bulk import of_one_kind, preview_row, result_row, words_of
from workflow.views.inbox import asked_for
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number

SEEN = "seen-"


@require_safe
def look_over(request: PersonRequest) -> HttpResponse:
    """What would happen to each chosen step, and what to know of it; nothing is decided.

    ``all`` takes the first 200 that the inbox's filters find. Raises NotFound when none
    of them is the reader's, InvalidInput for more than 200.
    """
    task_ids = filtered(request) if "all" in request.GET else numbers(request.GET.getlist("task"))
    if not task_ids:
        messages.info(request, _("Tick what you want to agree to first."))
        return redirect("inbox")
    return show(request, task_ids)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: PersonRequest) -> HttpResponse:
    """Agree to each ticked step by itself, and tell what became of it.

    Raises NotFound when none of them is the reader's, InvalidInput for steps of several
    kinds or for more than 200.
    """
    if request.method != "POST":
        return redirect("inbox")
    form = OpinionForm(request.POST)
    chosen = [
        bulk.Chosen(number, request.POST.get(f"{SEEN}{number}", ""))
        for number in numbers(request.POST.getlist("task"))
    ]
    if not chosen:
        return show_again(request, form)
    results = bulk.bulk_approve(request.user, chosen, str(form["opinion"].value() or ""))
    require_any(results)
    done = sum(result.has_passed for result in results)
    context = {
        "heading": heading_of(done, len(results)),
        "rows": [result_row(result) for result in results],
    }
    return render(request, "workflow/several_done.html", context)


def filtered(request: HttpRequest) -> list[int]:
    """The steps of the inbox's filters that can be approved together, the most urgent first."""
    rows = boxes.waiting(request.user).filter(asked_for(request, "waiting"))
    return [task.pk for task in rows[: bulk.MOST] if bulk.passing_verb(task)]


def numbers(texts: Iterable[str]) -> list[int]:
    """The ids that were sent; what is none belongs to nobody."""
    return [whole_number(text) or 0 for text in texts]


def show(
    request: PersonRequest, task_ids: Sequence[int], form: OpinionForm | None = None, fault: str = ""
) -> HttpResponse:
    """The page that asks, with the rows of one kind."""
    tasks = bulk.tasks_for(request.user, task_ids)
    shown, others = of_one_kind(task_ids, tasks)
    previews = bulk.dry_run(request.user, [bulk.Chosen(task_id) for task_id in shown])
    require_any([preview.result for preview in previews])
    first = tasks[next(task_id for task_id in shown if task_id in tasks)]
    context: dict[str, Any] = {
        **words_of(first.stage, bulk.kind_of(first)),
        "rows": [preview_row(preview) for preview in previews],
        "others": others,
        "may_approve": any(preview.result.has_passed for preview in previews),
        "form": form or OpinionForm(),
        "fault": fault,
    }
    return render(request, "workflow/several_look_over.html", context, status=422 if fault else 200)


def show_again(request: PersonRequest, form: OpinionForm) -> HttpResponse:
    """The same rows when nothing was ticked, with the opinion that was typed. Raises NotFound without any."""
    shown = numbers(name.removeprefix(SEEN) for name in request.POST if name.startswith(SEEN))
    if not shown:
        raise NotFound()
    return show(request, shown, form, _("Tick at least one row."))


def require_any(results: Iterable[bulk.BulkResult]) -> None:
    """Raises NotFound when no row at all is the reader's."""
    if all(result.task is None for result in results):
        raise NotFound()


def heading_of(done: int, all: int) -> str:
    """The answer first: how many of how many."""
    words = ngettext("%(done)s of %(all)s matter done", "%(done)s of %(all)s matters done", all)
    return words % {"done": done, "all": all}
