"""Schemes: the list, a scheme in words, its draft, a comparison and a trial."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.access import visible_to
from evaluations.models import Evaluation, Scheme
from evaluations.template_access import template_for
from workflow.forms.schemes import GROWING, SchemeForm
from workflow.forms.versions import RetireForm
from workflow.presentation.schemes import Section, comparison, sections_of
from workflow.presentation.trial import trial
from workflow.views import drafts, trials, versions
from workflow.views.person_request import PersonRequest
from workflow.views.versions import SCHEMES

CHANGING = ["GET", "HEAD", "POST"]
DRAFTING = drafts.Drafting(SCHEMES, SchemeForm, GROWING, "versions/scheme_form.html")


@require_safe
def schemes(request: PersonRequest) -> HttpResponse:
    """The schemes that the reader may see."""
    return versions.version_list(request, SCHEMES)


@require_safe
def scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """One version, every parameter in words."""
    return scheme_page(request, pk)


def scheme_page(request: PersonRequest, pk: int, retiring: RetireForm | None = None) -> HttpResponse:
    """The page of a version; ``retiring`` is what was typed to retire it and could not be taken."""
    found = template_for(request.user, Scheme, pk)
    context = {
        **versions.surroundings(request, SCHEMES, found, retiring),
        "sections": sections_of(found.as_parameters()),
        "source": found.parameters["source"],
    }
    return render(request, "versions/scheme.html", context, status=422 if retiring else 200)


@require_http_methods(CHANGING)
def copy_scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """Copy a scheme to a draft."""
    return versions.copy(request, SCHEMES, pk)


@require_POST
def publish_scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """Publish a draft."""
    return versions.publish(request, SCHEMES, pk)


@require_POST
def retire_scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """Offer a scheme no more."""
    return versions.retire(request, SCHEMES, pk, scheme_page)


@require_http_methods(CHANGING)
def edit_scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    return drafts.edit(request, DRAFTING, pk)


@require_safe
def compare_schemes(request: PersonRequest, pk: int) -> HttpResponse:
    """Two schemes side by side."""
    return versions.compare(request, SCHEMES, pk, side_by_side)


def side_by_side(other: Scheme, found: Scheme) -> list[Section]:
    return comparison(other.as_parameters(), found.as_parameters())


@require_safe
def try_scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """What a scheme would give for an evaluation, beside what it has now."""
    return trials.try_version(request, TRYING, pk)


def tried_on(user: Any, found: Scheme) -> QuerySet[Evaluation]:
    return visible_to(user).select_related("project", "scheme", "budget")


def result(evaluation: Evaluation, found: Scheme) -> dict[str, Any]:
    return trial(evaluation, found.as_parameters())


TRYING = trials.Trying(SCHEMES, tried_on, result, "versions/scheme_trial.html")
