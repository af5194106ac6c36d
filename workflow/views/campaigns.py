"""Campaigns: prepare one, choose its projects, launch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotFound
from workflow import launching
from workflow.forms.campaigns import CampaignForm, LaunchForm

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns of mine, and the form for a new one."""
    if not rights_for_reading(request.user).anywhere(Right.RUN_EVALUATION):
        raise NotFound()
    form = CampaignForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = launching.prepare(actor=person(request), **form.cleaned_data)
        except InvalidInput as error:
            for field, faults in error.fields.items():
                form.add_error(field if field in form.fields else None, [str(fault) for fault in faults])
        else:
            messages.success(request, _("The campaign is ready: choose its projects."))
            return redirect("campaign", campaign.pk)
    found = launching.campaigns_of(request.user).annotate(opened=Count("evaluations"))
    context = {"campaigns": found, "form": form}
    return render(request, "workflow/campaigns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign with the projects that it can reach; launching opens their evaluations."""
    found = launching.campaign_for(request.user, pk)
    within_reach = launching.projects_within_reach(found)
    form = LaunchForm(request.POST if request.method == "POST" else None, projects=within_reach)
    if request.method == "POST" and form.is_valid():
        results = launching.launch(
            campaign=found,
            actor=person(request),
            projects=list(form.cleaned_data["projects"]),
            notice=form.cleaned_data["notice"],
        )
        for refused in (result for result in results if result.refusal):
            messages.error(request, f"{refused.project}: {refused.refusal}")
        opened = sum(result.evaluation is not None for result in results)
        messages.success(request, _("%(count)s evaluations were opened.") % {"count": opened})
        return redirect("campaign", found.pk)
    context = {
        "campaign": found,
        "form": form,
        "page_obj": Paginator(within_reach, PER_PAGE).get_page(request.GET.get("page")),
        "evaluations": found.evaluations.select_related("project", "unit").order_by("number")[:PER_PAGE],
    }
    return render(request, "workflow/campaign.html", context, status=422 if form.errors else 200)


def person(request: HttpRequest) -> Any:
    """Who acts: signed in, or the page would not have been reached."""
    return request.user
