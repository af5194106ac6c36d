"""Delegating and revoking from the page of delegations (``accounts.views.delegations``)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import delegation_for
from accounts.delegation_form import DelegationForm
from accounts.views.delegations import page
from audit_log.errors import InvalidInput
from workflow import delegating
from workflow.forms.faults import place

AT_FIELD = {"role": "scope", "organization": "scope"}


@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """Let somebody act for the reader, or show the form again with the message at its field."""
    user: Any = request.user
    query = request.POST.get("q", "").strip()
    form = DelegationForm(request.POST, delegator=user, query=query)
    if form.is_valid():
        try:
            made = delegating.delegate(actor=user, **form.wanted())
            done = _("%(person)s acts for you from %(starts)s to %(ends)s.")
            starts, ends = date_format(made.starts), date_format(made.ends)
            messages.success(request, done % {"person": made.delegate, "starts": starts, "ends": ends})
            return redirect("delegations")
        except InvalidInput as error:
            fields = {AT_FIELD.get(key, key): found for key, found in error.fields.items()}
            place(InvalidInput(error.message, fields=fields), [form])
    return render(request, "accounts/delegations.html", page(request, query, form), status=422)


@require_POST
def revoke_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation at once."""
    user: Any = request.user
    found = delegation_for(user, pk)
    reason = request.POST.get("reason", "")
    delegating.revoke_delegation(actor=user, delegation=found, reason=reason)
    messages.success(request, _("The delegation was revoked."))
    return redirect("delegations")
