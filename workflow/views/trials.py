"""Trying a version on an evaluation: what schemes and review policies have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from audit_log.errors import NotFound
from evaluations.models import Evaluation
from evaluations.template_access import may_maintain, template_for
from workflow.forms.versions import TrialForm
from workflow.views.person_request import PersonRequest
from workflow.views.versions import Life

SUGGESTED = 10


@dataclass(frozen=True)
class Trying:
    """How one kind of template is tried: on which evaluations, with which result, on which page."""

    life: Life
    evaluations: Callable[[Any, Any], QuerySet[Evaluation]]
    """Those that a person may try a version on."""
    result: Callable[[Evaluation, Any], Any]
    template: str
    why_not: Callable[[Any, Any, str], str] = lambda user, version, number: ""
    """Why a number is none of these evaluations, where there is more to say than that."""


def try_version(request: PersonRequest, trying: Trying, pk: int) -> HttpResponse:
    """What a version would mean for an evaluation; nothing is stored. Raises NotFound."""
    found = template_for(request.user, trying.life.model, pk)
    if not may_maintain(request.user):
        raise NotFound()
    form = TrialForm(request.GET if "evaluation" in request.GET else None)
    evaluation = chosen_evaluation(request.user, trying, found, form)
    context = {
        "life": trying.life,
        "version": found,
        "form": form,
        "evaluation": evaluation,
        "suggested": trying.evaluations(request.user, found).order_by("-opened_at")[:SUGGESTED],
        "trial": trying.result(evaluation, found) if evaluation else None,
    }
    # A question was asked, nothing was sent in: what is wrong with it stands at the field.
    return render(request, trying.template, context)


def chosen_evaluation(user: Any, trying: Trying, version: Any, form: TrialForm) -> Evaluation | None:
    """The evaluation with the number that was typed; a fault at the field when there is none."""
    if not form.is_valid():
        return None
    number = form.cleaned_data["evaluation"].strip()
    found = trying.evaluations(user, version).filter(number=number).first()
    if found is None:
        unknown = _("There is no evaluation with this number among yours.")
        form.add_error("evaluation", trying.why_not(user, version, number) or unknown)
    return found
