"""Campaigns: prepare one, choose its projects, launch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import AlreadyHandled, InvalidInput, NotFound
from evaluations.models import Campaign, Project
from workflow import launching
from workflow.forms.campaigns import CampaignForm, LaunchForm
from workflow.forms.faults import place
from workflow.launch_models import CampaignLaunch
from workflow.launching.campaigns import departments_of, searched
from workflow.launching.reading import counts_of
from workflow.presentation.links import choice
from workflow.presentation.on_hold import with_holds
from workflow.views.person_request import PersonRequest

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
            place(error, [form])
        else:
            messages.success(request, _("The campaign is ready: choose its projects."))
            return redirect("campaign", campaign.pk)
    found = launching.campaigns_of(request.user).annotate(opened=Count("evaluations"))
    context = {"campaigns": found, "form": form}
    return render(request, "workflow/campaigns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: PersonRequest, pk: int) -> HttpResponse:
    """One campaign with its launches and the projects within its reach; a POST launches some of them."""
    found = launching.campaign_for(request.user, pk)
    departments = list(departments_of(found).values_list("pk", "name"))
    matching = launching.projects_within_reach(found).filter(asked_for(request, departments))
    form = LaunchForm(request.POST if request.method == "POST" else None, projects=matching)
    if request.method == "POST" and form.is_valid():
        launch = launched(request, found, form, matching)
        if launch is not None:
            return redirect("launch", launch.pk)
    page = Paginator(matching, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    with_holds(page.object_list, request.user)
    launches = list(found.launches.select_related("actor"))
    context = {
        "campaign": found,
        "form": form,
        "page_obj": page,
        "search": request.GET.get("q", ""),
        "choices": [choice(request, "department", _("Department"), departments, _("All departments"))]
        if departments
        else [],
        **latest(launches),
        "evaluations": Paginator(
            found.evaluations.select_related("project", "unit").order_by("number"), PER_PAGE
        ).get_page(1),
    }
    return render(request, "workflow/campaign.html", context, status=422 if form.errors else 200)


def asked_for(request: HttpRequest, departments: list[tuple[int, str]]) -> Q:
    """The search and the filter of the address; a department that is not offered is left out."""
    condition = searched(request.GET.get("q", "").strip())
    chosen = request.GET.get("department", "")
    if chosen in {str(pk) for pk, _name in departments}:
        condition &= Q(unit__parent=chosen)
    return condition


def launched(
    request: PersonRequest, campaign: Campaign, form: LaunchForm, matching: QuerySet[Project]
) -> CampaignLaunch | None:
    """The launch of what was chosen; None with the reason in the form.

    Whoever clicks twice gets to the launch that their first click has begun.
    """
    everything = form.cleaned_data["everything"]
    try:
        return launching.request_launch(
            campaign=campaign,
            actor=request.user,
            projects=matching if everything else form.cleaned_data["projects"],
            notice=form.cleaned_data["notice"],
        )
    except InvalidInput as error:
        place(error, [form])
        return None
    except AlreadyHandled as error:
        messages.warning(request, str(error))
        return campaign.launches.first()


def latest(launches: list[CampaignLaunch]) -> dict[str, Any]:
    """How far the last launch is, and the list of all."""
    if not launches:
        return {"launches": []}
    return {"launches": launches, "launch": launches[0], "counts": counts_of(launches[0])}


def person(request: HttpRequest) -> Any:
    """Who acts: signed in, or the page would not have been reached."""
    return request.user
