"""Around every request: the policy of the page, who is signed in, errors for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from audit_log import origin
from audit_log.errors import InvalidInput, JihengError

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
NOT_TYPED = {"csrfmiddlewaretoken", "verb", "password"}
MOST_KEPT = 300
OPEN_TO_ALL = ("login", "set_language", "healthz")


def content_security_policy(get_response: Handler) -> Handler:
    """No script and no style but our own files; nothing is stored on the way.

    Asks nothing of the database: it may be what is missing. Static files are served before.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class login_required:
    """Every page asks who you are, unless it is open to all."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        assert request.resolver_match is not None
        if request.user.is_authenticated or request.resolver_match.view_name in OPEN_TO_ALL:
            return None
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


class errors_for_people:
    """The one place where an error becomes a page, a fragment or a JSON problem."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return self.without_its_form(request, response)
        return response

    def without_its_form(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """An address that only takes a form was opened by itself, as a change of language does."""
        error = JihengError(_("This address only takes a form: go back to the page where it is filled in."))
        error.status = response.status_code
        page = self.process_exception(request, error) or response
        page["Allow"] = response["Allow"]
        return page

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse the one character that the database cannot store, before any page meets it."""
        try:
            damaged = has_nul(request)
        except RequestDataTooBig as error:
            return self.process_exception(request, error)
        if not damaged:
            return None
        message = _("The request contains a character that cannot be stored (NUL).")
        return self.process_exception(request, JihengError(message))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            error = too_large()
            error.status = 413
        if not isinstance(error, JihengError):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(problem(error), status=error.status, content_type="application/problem+json")
        context = {
            "error": error,
            "fields": getattr(error, "fields", {}),
            "kept": error.data.get("kept") or typed(request),
            "back_url": error.data.get("back_url") or referring_page(request),
        }
        return render(request, template_for(error.status), context, status=error.status)


def has_nul(request: HttpRequest) -> bool:
    """Whether a parameter or a field, or the name of one, holds a NUL."""
    return any(
        "\0" in text
        for data in (request.GET, request.POST)
        for name, values in data.lists()
        for text in (name, *values)
    )


def too_large() -> JihengError:
    limit = settings.EVIDENCE_MAX_BYTES // 1024**2
    return InvalidInput.at("file", _("The file is larger than %(limit)s MB.") % {"limit": limit})


def template_for(status: int) -> str:
    return f"errors/{status}.html" if status in (403, 404, 409, 413, 422) else "errors/400.html"


def typed(request: HttpRequest) -> list[dict[str, str]]:
    """What the reader had typed into the refused form: nothing of it is lost."""
    kept = [
        {"label": name, "value": value.replace("\0", "")}
        for name, values in request.POST.lists()
        for value in values
        if value.strip() and name not in NOT_TYPED
    ]
    return kept[:MOST_KEPT]


def referring_page(request: HttpRequest) -> str:
    """The page of this product that the reader came from; empty for any other."""
    page = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if own else ""


def problem(error: JihengError) -> dict[str, Any]:
    """The error as a JSON problem (RFC 9457)."""
    fields = {
        name: [str(message) for message in messages]
        for name, messages in getattr(error, "fields", {}).items()
    }
    return {
        "type": f"about:blank#{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error),
        "fields": fields,
    }


def history_origin(get_response: Handler) -> Handler:
    """Note on every history row and event that it came from the web, and from which address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with origin.coming_from(f"web {origin.address_of(request.META, behind_proxy=settings.BEHIND_PROXY)}"):
            return get_response(request)

    return middleware
