"""The life of schemes, frameworks and review policies: what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.errors import InvalidInput, NotFound
from evaluations.access import visible_condition
from evaluations.document_changes import digest_of
from evaluations.models import Framework, ReviewPolicy, Scheme, VersionStatus
from evaluations.template_access import (
    is_maintained_by,
    may_maintain,
    may_read,
    template_for,
    visible_templates,
)
from workflow import versions
from workflow.forms.faults import place
from workflow.forms.versions import CopyForm, RetireForm
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number


@dataclass(frozen=True)
class Life:
    """One kind of template: its model, its addresses and its words."""

    model: Any
    name: str
    title: Any
    many: str
    """The name in the address of the list."""
    compares: bool = True
    """Whether two versions can be put side by side."""
    trying: Any = ""
    """What trying it on an evaluation is called; empty where it cannot be tried."""

    @property
    def addresses(self) -> dict[str, str]:
        """The names of the pages, for templates."""
        of_one = {verb: f"{verb}_{self.name}" for verb in ("copy", "edit", "publish", "retire", "try")}
        return {"list": self.many, "one": self.name, "compare": f"compare_{self.many}", **of_one}


SCHEMES = Life(
    Scheme,
    "scheme",
    gettext_lazy("Schemes"),
    "schemes",
    trying=gettext_lazy("Try it on an evaluation"),
)
FRAMEWORKS = Life(
    Framework,
    "framework",
    gettext_lazy("Frameworks"),
    "frameworks",
    compares=False,
)
POLICIES = Life(
    ReviewPolicy,
    "policy",
    gettext_lazy("Review policies"),
    "policies",
    trying=gettext_lazy("Dry run"),
)


def version_list(request: PersonRequest, life: Life) -> HttpResponse:
    """All versions that the reader may see, those that are offered first."""
    if not may_read(request.user):
        raise NotFound()
    status = request.GET.get("status", "")
    found = visible_templates(request.user, life.model)
    counts = dict(found.values_list("status").annotate(Count("pk")).order_by())
    shown = found.filter(status=status) if status in VersionStatus.values else found
    context = {
        "life": life,
        "versions": shown.annotate(used=used_by(request.user)).order_by("code", "-version"),
        "pills": pills(request.path, status, counts),
        "may_maintain": may_maintain(request.user),
    }
    return render(request, "versions/list.html", context)


def used_by(user: Any) -> Count:
    """How many of the evaluations that the reader may see use a version."""
    visible = visible_condition(user, "evaluations__")
    return Count("evaluations", filter=visible, distinct=True)


def pills(path: str, chosen: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The filter of the list by status."""
    every = [("", _("All"), sum(counts.values()))]
    every += [(value, str(label), counts.get(value, 0)) for value, label in VersionStatus.choices]
    return [
        {
            "label": label,
            "url": f"{path}?status={value}" if value else path,
            "count": count,
            "current": value == chosen,
        }
        for value, label, count in every
    ]


def surroundings(
    request: PersonRequest, life: Life, version: Any, retiring: RetireForm | None
) -> dict[str, Any]:
    """What the page of a version shows beside its content; ``retiring`` is what was typed in vain."""
    visible = visible_templates(request.user, life.model)
    return {
        "life": life,
        "version": version,
        "others": visible.filter(code=version.code).exclude(pk=version.pk),
        "source_version": visible.filter(pk=version.copied_from_id).first(),
        "used": version.evaluations.filter(visible_condition(request.user)).count(),
        "seen": digest_of(version.document),
        "is_mine": is_maintained_by(request.user, version),
        "may_maintain": may_maintain(request.user),
        "retire_form": retiring or RetireForm(),
    }


def copy(request: PersonRequest, life: Life, pk: int) -> HttpResponse:
    """Copy a version to a draft of one's own."""
    source = template_for(request.user, life.model, pk)
    if not may_maintain(request.user):
        raise NotFound()
    form = CopyForm(request.POST if request.method == "POST" else None, user=request.user, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            draft = versions.draft(source=source, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The draft is ready: change it, then publish it."))
            return redirect(f"edit_{life.name}", draft.pk)
    context = {"life": life, "source": source, "form": form}
    return render(request, "versions/copy.html", context, status=422 if form.errors else 200)


Refused = Callable[[PersonRequest, int, InvalidInput], HttpResponse]


def publish(request: PersonRequest, life: Life, pk: int, refused: Refused | None = None) -> HttpResponse:
    """Publish a draft as the page showed it; ``refused`` is the page that says what keeps it from that."""
    version = template_for(request.user, life.model, pk)
    try:
        versions.publish(version=version, actor=request.user, seen=request.POST.get("seen", ""))
    except InvalidInput as error:
        if refused is None:
            raise
        return refused(request, pk, error)
    messages.success(request, _("“%(version)s” is published and offered from now on.") % {"version": version})
    return redirect(life.name, pk)


Page = Callable[[PersonRequest, int, RetireForm], HttpResponse]


def retire(request: PersonRequest, life: Life, pk: int, page: Page) -> HttpResponse:
    """Offer a version no more; without a reason its ``page`` is shown again."""
    version = template_for(request.user, life.model, pk)
    form = RetireForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        versions.retire(version=version, actor=request.user, reason=reason)
    except InvalidInput:
        return page(request, pk, form)
    messages.success(request, _("“%(version)s” is offered no more.") % {"version": version})
    return redirect(life.name, pk)


def compare(
    request: PersonRequest, life: Life, pk: int, comparison: Callable[[Any, Any], Any], *alike: str
) -> HttpResponse:
    """Two versions that are the same in the fields ``alike``, side by side.

    Without a choice the other one is what it was copied from.
    """
    found = template_for(request.user, life.model, pk)
    same = {name: getattr(found, name) for name in alike}
    choices = visible_templates(request.user, life.model).filter(**same).exclude(pk=pk)
    chosen = whole_number(request.GET.get("with", "")) or found.copied_from_id
    other = choices.filter(pk=chosen).first() if chosen else None
    sections = comparison(other, found) if other else []
    context = {
        "life": life,
        "version": found,
        "other": other,
        "choices": choices,
        "sections": sections,
        "differing": sum(row["differs"] for section in sections for row in section["rows"]),
    }
    return render(request, "versions/compare.html", context)
