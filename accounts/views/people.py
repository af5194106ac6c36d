"""People and the roles that they hold, for whoever manages them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import managed_by, rights_for_reading
from accounts.forms import GrantForm, OrganizationForm, PersonForm
from accounts.models import Organization, RoleHolding, User
from accounts.roles import Right, Role
from audit_log.errors import InvalidInput, NotFound
from audit_log.refusals import noted

PER_PAGE = 50


def require_managing(request: HttpRequest) -> None:
    """The people pages do not exist for others."""
    if not rights_for_reading(request.user).anywhere(Right.MANAGE_PEOPLE):
        raise NotFound()


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who holds which role where; one form each for a person, a role and an organization."""
    require_managing(request)
    return render(request, "accounts/people.html", page(request))


def page(request: HttpRequest, **bound: Any) -> dict[str, Any]:
    """What the page shows; ``bound`` replaces a form by one that was filled in."""
    manager = request.user
    query = request.GET.get("q", "").strip()
    holdings = (
        RoleHolding.objects.filter(organization__in=managed_by(manager), ended_at=None)
        .filter(
            Q(user__username__icontains=query)
            | Q(user__display_name__icontains=query)
            | Q(organization__name__icontains=query)
        )
        .select_related("user", "organization")
        .order_by("organization__code", "pk")
    )
    return {
        "page_obj": Paginator(holdings, PER_PAGE).get_page(request.GET.get("page")),
        "query": query,
        "person_form": PersonForm(manager=manager),
        "grant_form": GrantForm(manager=manager),
        "organization_form": OrganizationForm(manager=manager),
        **bound,
    }


def decide(
    request: HttpRequest, verb: str, name: str, form: Any, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Act on a valid form, or show it again with the message at its field; refusals are noted."""
    require_managing(request)
    if form.is_valid():
        try:
            with noted(verb, manager(request), "organization", None):
                done = act(form.cleaned_data)
            messages.success(request, done)
            return redirect("people")
        except InvalidInput as error:
            for field, faults in error.fields.items():
                for fault in faults:
                    form.add_error(field if field in form.fields else None, str(fault))
    return render(request, "accounts/people.html", page(request, **{name: form}), status=422)


@require_POST
def add_person(request: HttpRequest) -> HttpResponse:
    """A new person with a first role, both or neither."""

    def act(data: dict[str, Any]) -> str:
        organization, role = data.pop("organization"), data.pop("role")
        with transaction.atomic():
            person = actions.add_person(actor=manager(request), organization=organization, **data)
            actions.grant_role(
                actor=manager(request), user=person, organization=organization, role=Role(role)
            )
        return _("%(person)s was added.") % {"person": person}

    return decide(request, "add_person", "person_form", PersonForm(request.POST, manager=request.user), act)


@require_POST
def grant_role(request: HttpRequest) -> HttpResponse:
    """One more role for somebody."""

    def act(data: dict[str, Any]) -> str:
        holding = actions.grant_role(
            actor=manager(request),
            user=data["username"],
            organization=data["organization"],
            role=Role(data["role"]),
        )
        return _("%(holding)s: the role was granted.") % {"holding": holding}

    return decide(request, "grant_role", "grant_form", GrantForm(request.POST, manager=request.user), act)


@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role that somebody holds."""
    require_managing(request)
    holding = RoleHolding.objects.filter(pk=pk, organization__in=managed_by(request.user)).first()
    if holding is None:
        raise NotFound()
    with noted("end_role", manager(request), "roleholding", pk):
        actions.end_role(actor=manager(request), holding=holding, reason=request.POST.get("reason", ""))
    messages.success(request, _("The role has ended."))
    return redirect("people")


@require_POST
def deactivate_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account of somebody who holds a role at an organization of the manager's."""
    require_managing(request)
    held = RoleHolding.objects.filter(organization__in=managed_by(request.user), ended_at=None)
    person = User.objects.filter(pk=pk, pk__in=held.values("user")).first()
    if person is None:
        raise NotFound()
    with noted("deactivate_person", manager(request), "user", pk):
        actions.deactivate_person(
            actor=manager(request), person=person, reason=request.POST.get("reason", "")
        )
    messages.success(request, _("The account of %(person)s is closed.") % {"person": person})
    return redirect("people")


@require_POST
def add_organization(request: HttpRequest) -> HttpResponse:
    """A department below the bureau, or a unit below a department."""

    def act(data: dict[str, Any]) -> str:
        parent: Organization = data["parent"]
        kind = "department" if parent.kind == Organization.Kind.BUREAU else "unit"
        added = actions.add_organization(actor=manager(request), kind=kind, **data)
        return _("%(organization)s was added.") % {"organization": added}

    form = OrganizationForm(request.POST, manager=request.user)
    return decide(request, "add_organization", "organization_form", form, act)


def manager(request: HttpRequest) -> Any:
    """Who acts: signed in, or the page would not have been reached."""
    return request.user
