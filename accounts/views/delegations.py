"""Who acts for whom: what the reader delegated, what they received, and their people's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import delegation_for, of_managed_people, rights_for_reading, visible_delegations
from accounts.delegation_form import DelegationForm
from accounts.roles import Right
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.refusals import noted

PER_PAGE = 50
SHOWN = 100
"""So many of the reader's own are listed, the latest first."""
AT_FIELD = {"role": "scope", "organization": "scope"}


@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """The reader's own, given and received, with a form to delegate; a manager's people's beside them."""
    query = request.GET.get("q", "").strip()
    return render(request, "accounts/delegations.html", page(request, query))


def page(request: HttpRequest, query: str, form: DelegationForm | None = None) -> dict[str, Any]:
    """What the page shows; ``form`` is one that was filled in."""
    user: Any = request.user
    seen = visible_delegations(user)
    manages = rights_for_reading(user).anywhere(Right.MANAGE_PEOPLE)
    return {
        "form": form or DelegationForm(delegator=user, query=query),
        "query": query,
        "given": seen.filter(delegator=user)[:SHOWN],
        "received": seen.filter(delegate=user)[:SHOWN],
        "page_obj": people_of_mine(request) if manages else None,
        "manages": manages,
    }


def people_of_mine(request: HttpRequest) -> Any:
    """The delegations of the manager's people that are in force or to come."""
    user: Any = request.user
    present = visible_delegations(user).standing().filter(of_managed_people(user), ends__gte=clock.today())
    others = present.filter(delegator__is_active=True).exclude(delegator=user.pk)
    return Paginator(others, PER_PAGE).get_page(request.GET.get("page"))


@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """Let somebody act for the reader, or show the form again with the message at its field."""
    user: Any = request.user
    query = request.POST.get("q", "").strip()
    form = DelegationForm(request.POST, delegator=user, query=query)
    if form.is_valid():
        try:
            with noted("delegate", user, "user", form.cleaned_data["delegate"].pk):
                made = actions.delegate(actor=user, **form.wanted())
            done = _("%(person)s acts for you from %(starts)s to %(ends)s.")
            starts, ends = date_format(made.starts), date_format(made.ends)
            messages.success(request, done % {"person": made.delegate, "starts": starts, "ends": ends})
            return redirect("delegations")
        except InvalidInput as error:
            for field, faults in error.fields.items():
                for fault in faults:
                    form.add_error(AT_FIELD.get(field, field), str(fault))
    return render(request, "accounts/delegations.html", page(request, query, form), status=422)


@require_POST
def revoke_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation at once."""
    user: Any = request.user
    found = delegation_for(user, pk)
    with noted("revoke_delegation", user, "delegation", pk):
        actions.revoke_delegation(actor=user, delegation=found, reason=request.POST.get("reason", ""))
    messages.success(request, _("The delegation was revoked."))
    return redirect("delegations")
