"""Pages that belong to no app: health, language, errors."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.i18n import set_language as django_set_language

from audit_log.errors import JihengError, NotAllowed, NotFound
from config.context_processors import product
from config.middleware import referring_page, too_large

set_language = django_set_language


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the web server and its database do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):  # found out while the form's token was looked for
        context = {"error": too_large(), "back_url": referring_page(request)}
        return render(request, "errors/413.html", context, status=413)
    return render(request, "errors/400.html", {"error": JihengError("")}, status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/403.html", {"error": NotAllowed("")}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", {"error": NotFound()}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the reader: a database that has gone away is what this page is most often for."""
    return HttpResponse(render_to_string("errors/500.html", product(request)), status=500)
