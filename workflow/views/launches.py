"""One launch of a campaign: how far it is, what became of each project, pause, go on, try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from audit_log.errors import AlreadyHandled, InvalidInput
from workflow import launching
from workflow.launch_models import LaunchedProject
from workflow.launching.reading import Counts, counts_of, launch_for, result_order, results
from workflow.presentation.links import address, known
from workflow.views.person_request import PersonRequest

PER_PAGE = 50
State = LaunchedProject.State
TONES = {State.OPENED: "green", State.REFUSED: "red", State.WAITING: "blue"}


@require_safe
def show_launch(request: PersonRequest, pk: int) -> HttpResponse:
    """The whole page; for htmx only how far it is, and the page afresh once nothing moves any more."""
    launch = launch_for(request.user, pk)
    if request.htmx and not launch.at_work:
        return HttpResponseClientRefresh()
    counts = counts_of(launch)
    context: dict[str, Any] = {"launch": launch, "campaign": launch.campaign, "counts": counts}
    if request.htmx:
        return render(request, "workflow/_launch_progress.html", context)
    state = known(request, "state", dict(State.choices))
    page = Paginator(result_order(launch, state), PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "page_obj": page,
        "rows": [{"launched": row, "tone": TONES[State(row.state)]} for row in results(page)],
        "pills": pills(request, counts, state),
    }
    return render(request, "workflow/launch.html", context)


def pills(request: HttpRequest, counts: Counts, chosen: str) -> list[dict[str, Any]]:
    """All of them, or those of one state."""
    choices: list[tuple[str, Any, int]] = [("", _("All"), counts.total)]
    for state in (State.REFUSED, State.OPENED, State.WAITING):
        choices.append((state.value, capfirst(state.label), getattr(counts, state.value)))
    return [
        {"label": label, "count": count, "url": address(request, state=value), "current": value == chosen}
        for value, label, count in choices
    ]


@require_POST
def pause_launch(request: PersonRequest, pk: int) -> HttpResponse:
    """Stop after the project at hand."""
    return done(request, pk, launching.pause_launch)


@require_POST
def resume_launch(request: PersonRequest, pk: int) -> HttpResponse:
    """Go on after a pause."""
    return done(request, pk, launching.resume_launch)


@require_POST
def retry_launch(request: PersonRequest, pk: int) -> HttpResponse:
    """Try again what was refused or left over."""
    return done(request, pk, launching.retry_launch)


def done(request: PersonRequest, pk: int, verb: Callable[..., Any]) -> HttpResponse:
    """Do it and show the launch; what came too late is said there."""
    launch = launch_for(request.user, pk)
    try:
        verb(launch=launch, actor=request.user)
    except (AlreadyHandled, InvalidInput) as error:
        messages.warning(request, str(error))
    return redirect("launch", launch.pk)
