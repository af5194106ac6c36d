"""Who acts for whom: what the reader delegated, what they received, and their people's."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import of_managed_people, rights_for_reading, visible_delegations
from accounts.delegation_form import DelegationForm
from accounts.roles import Right
from audit_log import clock

PER_PAGE = 50
SHOWN = 100
"""So many of the reader's own are listed, the latest first."""


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
