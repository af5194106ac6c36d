"""The register of experts: finding them, keeping their entries, and their conflicts of interest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit_log.errors import AlreadyHandled, InvalidInput, NotFound
from evaluations.expert_access import (
    bureaus_kept,
    fields_in_use,
    is_keeper,
    kept_conflict,
    kept_profile,
    profile_for,
    reads_registers,
    visible_profiles,
)
from evaluations.models import ExpertProfile
from workflow import experts as register
from workflow.forms.experts import ConflictForm, EndForm, ProfileForm, RegisterForm, SuspensionForm
from workflow.forms.faults import faults_of, place
from workflow.presentation.experts import STATES, conflict_rows, found_in, page_of, seat_rows
from workflow.presentation.links import choice
from workflow.views.person_request import PersonRequest

CHANGING = ["GET", "HEAD", "POST"]


@require_safe
def experts(request: PersonRequest) -> HttpResponse:
    """The register by field, state and words; an expert finds the own entry."""
    if not reads_registers(request.user):
        raise NotFound()
    profiles = visible_profiles(request.user)
    fields = fields_in_use(profiles)
    asked = asked_for(request.GET, fields)
    context = {
        "page_obj": page_of(found_in(profiles, asked), request.GET.get("page")),
        "search": asked["q"],
        "choices": [
            choice(
                request, "field", _("Field of expertise"), zip(fields, fields, strict=True), _("All fields")
            ),
            choice(request, "state", _("Status"), STATES.items(), _("Any status")),
        ],
        "is_filtered": any(asked.values()),
        "may_keep": bureaus_kept(request.user).exists(),
    }
    return render(request, "experts/list.html", context)


def asked_for(query: Mapping[str, str], fields: list[str]) -> dict[str, str]:
    """What a reader asks of the register; what is not known asks nothing."""
    field, state = query.get("field", ""), query.get("state", "")
    return {
        "q": query.get("q", "").strip()[:100],
        "field": field if field in fields else "",
        "state": state if state in STATES else "",
    }


@require_http_methods(CHANGING)
def add_expert(request: PersonRequest) -> HttpResponse:
    """Enter an expert into the register that the reader keeps."""
    bureau = bureaus_kept(request.user).first()
    if bureau is None:
        raise NotFound()
    data = request.POST if request.method == "POST" else None
    form = RegisterForm(data, user=request.user, bureau=bureau)
    if form.is_valid():
        try:
            profile = register.register_expert(bureau=bureau, actor=request.user, **form.values())
        except (InvalidInput, AlreadyHandled) as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(person)s is in the register now.") % {"person": profile})
            return redirect("expert", profile.pk)
    return form_page(request, form, None)


@require_http_methods(CHANGING)
def edit_expert(request: PersonRequest, pk: int) -> HttpResponse:
    """Change what the register says about an expert."""
    profile = kept_profile(request.user, pk)
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, user=request.user, bureau=profile.bureau, profile=profile)
    if form.is_valid():
        try:
            register.change_expert(profile=profile, actor=request.user, values=form.values())
        except InvalidInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The entry was changed."))
            return redirect("expert", pk)
    return form_page(request, form, profile)


def form_page(request: PersonRequest, form: ProfileForm, profile: ExpertProfile | None) -> HttpResponse:
    """The form of an entry, with what is wrong with it on top."""
    faults = list(faults_of([("", form)]))
    context = {"profile": profile, "form": form, "faults": faults}
    return render(request, "experts/form.html", context, status=422 if faults else 200)


def refuse(form: forms.Form, error: InvalidInput | AlreadyHandled) -> None:
    """Put what an action says at its fields."""
    if isinstance(error, InvalidInput):
        place(error, [form])
    else:
        form.add_error(None, str(error))


@require_safe
def expert(request: PersonRequest, pk: int) -> HttpResponse:
    """An expert with conflicts and seats."""
    return expert_page(request, profile_for(request.user, pk))


def expert_page(
    request: PersonRequest,
    profile: ExpertProfile,
    *,
    ending: dict[int, EndForm] | None = None,
    **bound: Any,
) -> HttpResponse:
    """The page; ``bound`` are forms that were filled in wrongly, ``ending`` those of conflicts."""
    keeps = is_keeper(request.user, profile)
    context = {
        "profile": profile,
        "is_suspended": profile.is_suspended(),
        "keeps": keeps,
        "is_own": profile.user_id == request.user.pk,
        "conflicts": conflict_rows(profile, ending or {}),
        "seats": seat_rows(profile, request.user),
        "conflict_form": ConflictForm(None, user=request.user, profile=profile),
        "suspension_form": SuspensionForm(prefix="suspend"),
        **bound,
    }
    return render(request, "experts/expert.html", context, status=422 if bound or ending else 200)


@require_POST
def suspend(request: PersonRequest, pk: int) -> HttpResponse:
    """Seat the expert on nothing more for a time."""
    profile = kept_profile(request.user, pk)
    form = SuspensionForm(request.POST, prefix="suspend")
    if form.is_valid():
        try:
            register.suspend_expert(profile=profile, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("%(person)s is suspended.") % {"person": profile})
            return redirect("expert", pk)
    return expert_page(request, profile, suspension_form=form)


@require_POST
def resume(request: PersonRequest, pk: int) -> HttpResponse:
    """End a suspension."""
    profile = kept_profile(request.user, pk)
    register.resume_expert(profile=profile, actor=request.user)
    messages.success(request, _("%(person)s may be seated again.") % {"person": profile})
    return redirect("expert", pk)


@require_POST
def declare(request: PersonRequest, pk: int) -> HttpResponse:
    """Declare a conflict of interest: one's own, or that of an expert in the register that one keeps."""
    profile = profile_for(request.user, pk)
    if profile.user_id != request.user.pk and not is_keeper(request.user, profile):
        raise NotFound()
    form = ConflictForm(request.POST, user=request.user, profile=profile)
    if form.is_valid():
        try:
            register.declare_conflict(profile=profile, actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The conflict of interest was declared."))
            return redirect("expert", pk)
    return expert_page(request, profile, conflict_form=form)


@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End a conflict of interest."""
    conflict = kept_conflict(request.user, pk)
    profile = profile_for(request.user, conflict.profile_id)
    form = EndForm(request.POST)
    if form.is_valid():
        register.end_conflict(conflict=conflict, actor=request.user, reason=form.cleaned_data["end_reason"])
        messages.success(request, _("The conflict of interest has ended."))
        return redirect("expert", profile.pk)
    return expert_page(request, profile, ending={conflict.pk: form})
