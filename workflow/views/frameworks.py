"""Frameworks: the list, one with its indicators, its draft."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.frameworks.content import FrameworkContent
from evaluations.models import Framework
from evaluations.template_access import template_for
from workflow.forms.frameworks import GROWING, FrameworkForm
from workflow.forms.versions import RetireForm
from workflow.views import drafts, versions
from workflow.views.person_request import PersonRequest
from workflow.views.versions import FRAMEWORKS

CHANGING = ["GET", "HEAD", "POST"]
DRAFTING = drafts.Drafting(FRAMEWORKS, FrameworkForm, GROWING, "versions/framework_form.html")


@require_safe
def frameworks(request: PersonRequest) -> HttpResponse:
    """The frameworks that the reader may see."""
    return versions.version_list(request, FRAMEWORKS)


@require_safe
def framework(request: PersonRequest, pk: int) -> HttpResponse:
    """One version with its indicators."""
    return framework_page(request, pk)


def framework_page(request: PersonRequest, pk: int, retiring: RetireForm | None = None) -> HttpResponse:
    """The page of a version; ``retiring`` is what was typed to retire it and could not be taken."""
    found = template_for(request.user, Framework, pk)
    content = found.as_content()
    context = {
        **versions.surroundings(request, FRAMEWORKS, found, retiring),
        "levels": levels_of(content),
        "source": content.source,
    }
    return render(request, "versions/framework.html", context, status=422 if retiring else 200)


def levels_of(content: FrameworkContent) -> list[dict[str, object]]:
    """The indicators with their weights, by level 1."""
    weighted = list(zip(content.items, content.weights(), strict=True))
    return [
        {
            "level": level,
            "weight": content.level_weights[level],
            "rows": [{"item": item, "weight": weight} for item, weight in rows],
        }
        for level, rows in groupby(weighted, key=lambda pair: pair[0].level1)
    ]


@require_http_methods(CHANGING)
def copy_framework(request: PersonRequest, pk: int) -> HttpResponse:
    """Copy a framework to a draft."""
    return versions.copy(request, FRAMEWORKS, pk)


@require_http_methods(CHANGING)
def edit_framework(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    return drafts.edit(request, DRAFTING, pk)


@require_POST
def publish_framework(request: PersonRequest, pk: int) -> HttpResponse:
    """Publish a draft."""
    return versions.publish(request, FRAMEWORKS, pk)


@require_POST
def retire_framework(request: PersonRequest, pk: int) -> HttpResponse:
    """Offer a framework no more."""
    return versions.retire(request, FRAMEWORKS, pk, framework_page)
