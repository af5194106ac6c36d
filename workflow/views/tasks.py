"""The page of a step: what waits there, and the verbs that it takes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit_log.errors import AlreadyHandled, NotFound
from workflow import services
from workflow.access import may_act, require_own, task_for
from workflow.models import FlowTask
from workflow.screens import screen_for
from workflow.screens.base import Screen
from workflow.views.person_request import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Show a step that is the reader's, or decide at it.

    Raises NotFound, AlreadyHandled, and the errors of the verb.
    """
    step = task_for(request.user, process_id, task_id)
    if request.method == "POST":
        return own_screen(request, step).answer()
    if not step.is_open:
        messages.info(request, _("This task is done already."))
        return redirect(matter_of(step))
    if not may_act(request.user, step):
        raise NotFound()
    return screen_for(request, step).show()


def own_screen(request: PersonRequest, step: FlowTask) -> Screen:
    """The screen of a step that the reader may act at.

    Raises AlreadyHandled, with what was typed, when somebody was faster; NotFound
    for a step that was never the reader's.
    """
    try:
        require_own(request.user, step)
    except AlreadyHandled as error:
        raise screen_for(request, step).refused(error) from error
    return screen_for(request, step)


def matter_of(step: FlowTask) -> str:
    """The page of what a step was about."""
    if step.item_id:
        return reverse("item", args=[step.item_id])
    return reverse("dossier", args=[step.evaluation_id])


@require_POST
def claim(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Take a step that a role was asked for."""
    task_for(request.user, process_id, task_id)
    services.claim(process_id=process_id, task_id=task_id, actor=request.user)
    messages.success(request, _("You have taken this task."))
    return redirect("task", process_id, task_id)


@require_POST
def take_over(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Take a step whose owner may not do it any more."""
    task_for(request.user, process_id, task_id)
    services.take_over(process_id=process_id, task_id=task_id, actor=request.user)
    messages.success(request, _("You have taken this task."))
    return redirect("task", process_id, task_id)


@require_POST
def release(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """Give a claimed step back to the role."""
    task_for(request.user, process_id, task_id)
    services.release(process_id=process_id, task_id=task_id, actor=request.user)
    messages.success(request, _("The task is open to its role again."))
    return redirect("inbox")


@require_POST
def totals(request: PersonRequest, process_id: int, task_id: int) -> HttpResponse:
    """The figures of what is typed at this moment; nothing is stored. Raises NotFound."""
    screen: Any = own_screen(request, task_for(request.user, process_id, task_id))
    if not hasattr(screen, "totals"):
        raise NotFound()
    return screen.totals()
