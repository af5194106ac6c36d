"""Schemes: the list, a scheme in words, its draft, a comparison and a trial."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit_log.errors import NotFound
from evaluations.access import visible_to
from evaluations.actions import change_scheme
from evaluations.models import Scheme
from evaluations.template_access import may_maintain, template_for, visible_templates
from workflow.forms.schemes import GROWING, SchemeForm
from workflow.forms.versions import RetireForm, TrialForm
from workflow.presentation.schemes import comparison, sections_of
from workflow.presentation.trial import trial
from workflow.views import drafts, versions
from workflow.views.person_request import PersonRequest
from workflow.views.versions import SCHEMES
from workflow.whole_numbers import whole_number

CHANGING = ["GET", "HEAD", "POST"]
SUGGESTED = 10
DRAFTING = drafts.Drafting(SCHEMES, SchemeForm, GROWING, change_scheme, "versions/scheme_form.html")


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
    """Two versions side by side; without a choice, the one that it was copied from."""
    found = template_for(request.user, Scheme, pk)
    choices = visible_templates(request.user, Scheme).exclude(pk=pk)
    chosen = whole_number(request.GET.get("with", "")) or found.copied_from_id
    other = choices.filter(pk=chosen).first() if chosen else None
    sections = comparison(other.as_parameters(), found.as_parameters()) if other else []
    context = {
        "life": SCHEMES,
        "version": found,
        "other": other,
        "choices": choices,
        "sections": sections,
        "differing": sum(row["differs"] for section in sections for row in section["rows"]),
    }
    return render(request, "versions/compare.html", context)


@require_safe
def try_scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """What a scheme would give for an evaluation, beside what it has now; nothing is stored."""
    found = template_for(request.user, Scheme, pk)
    if not may_maintain(request.user):
        raise NotFound()
    evaluations = visible_to(request.user).select_related("project", "scheme", "budget")
    form = TrialForm(request.GET if "evaluation" in request.GET else None)
    evaluation = versions.chosen_evaluation(form, evaluations)
    context = {
        "version": found,
        "form": form,
        "evaluation": evaluation,
        "suggested": evaluations.order_by("-opened_at")[:SUGGESTED],
        "trial": trial(evaluation, found.as_parameters()) if evaluation else None,
    }
    # A question was asked, nothing was sent in: what is wrong with it stands at the field.
    return render(request, "versions/trial.html", context)
