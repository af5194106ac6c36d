"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from accounts.actions import change_password
from accounts.demonstration import demo_accounts
from accounts.models.sign_in_attempts import note_failure, too_many_failures
from audit_log import origin


class SignIn(LoginView):
    """Name and password; in a demonstration the accounts are listed beside it."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        if settings.DEMO_MODE:
            initial["username"] = self.request.GET.get("username", "")
        return initial

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless too many were wrong of late."""
        if not too_many_failures(*self.tried):
            return super().post(request, *args, **kwargs)
        refusal = _("Too many wrong passwords. Please wait 15 minutes, then try again.")
        context = self.get_context_data(form=AuthenticationForm(request), refusal=refusal)
        return self.render_to_response(context, status=429)

    @property
    def tried(self) -> tuple[str, str]:
        """The user name, as it would be kept, and the address that it comes from."""
        address = origin.address_of(self.request.META, behind_proxy=settings.BEHIND_PROXY)
        return self.request.POST.get("username", "")[:150], address

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if self.request.POST.get("password"):
            note_failure(*self.tried)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO_MODE:
            context["demo_accounts"] = demo_accounts()
            context["demo_password"] = settings.DEMO_PASSWORD
        return context


class ChangePassword(PasswordChangeView):
    """One's own new password, after the old one."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("inbox")

    def form_valid(self, form: Any) -> HttpResponse:
        actor: Any = self.request.user
        change_password(actor=actor, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, actor)
        messages.success(self.request, _("Your password was changed."))
        return redirect(self.get_success_url())


class SignOut(LogoutView):
    """By POST only."""
