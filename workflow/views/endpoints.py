"""Webhooks: setting them up, trying them, and what could not be sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotFound
from notices.access import endpoint_for, endpoints_of
from notices.models import Adapter, Endpoint
from workflow import notifying
from workflow.forms.faults import faults_of, place
from workflow.forms.notices import EndpointForm, NewEndpointForm
from workflow.presentation.failed import counts_of, failed_rows
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number

CHANGING = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 50


def require_keeper(request: PersonRequest) -> None:
    """Raises NotFound for whoever keeps no webhooks anywhere."""
    if not rights_for_reading(request.user).anywhere(Right.MANAGE_ENDPOINTS):
        raise NotFound()


@require_safe
def endpoints(request: PersonRequest) -> HttpResponse:
    """The webhooks that the reader keeps, with what waits for each and what failed."""
    require_keeper(request)
    page = Paginator(endpoints_of(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": counts_of(page.object_list),
        "hosts": settings.WEBHOOK_HOSTS,
        "failed": failed_rows(request.user).number,
    }
    return render(request, "notices/endpoints.html", context)


@require_http_methods(CHANGING)
def add_endpoint(request: PersonRequest) -> HttpResponse:
    """Set one up; the secret of a signed one is shown once, on the page that answers."""
    require_keeper(request)
    form = NewEndpointForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = notifying.add_endpoint(actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            return settled(request, made)
    context = {"form": form, "faults": list(faults_of([("", form)])), "hosts": settings.WEBHOOK_HOSTS}
    return render(request, "notices/endpoint_form.html", context, status=422 if form.errors else 200)


@require_http_methods(CHANGING)
def edit_endpoint(request: PersonRequest, pk: int) -> HttpResponse:
    """Change one."""
    found = endpoint_for(request.user, pk)
    form = EndpointForm(request.POST if request.method == "POST" else None, endpoint=found)
    if request.method == "POST" and form.is_valid():
        try:
            notifying.change_endpoint(actor=request.user, endpoint=found, **form.cleaned_data)
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("The webhook is saved."))
            return redirect("edit_endpoint", pk)
    context = {
        "form": form,
        "faults": list(faults_of([("", form)])),
        "endpoint": found,
        "is_signed_json": found.adapter == Adapter.JSON,
    }
    return render(request, "notices/endpoint_form.html", context, status=422 if form.errors else 200)


@require_POST
def try_endpoint(request: PersonRequest, pk: int) -> HttpResponse:
    """Post a test at once, and say how that went."""
    found = endpoint_for(request.user, pk)
    wrong = notifying.try_endpoint(actor=request.user, endpoint=found)
    if wrong:
        messages.error(request, _("The test did not arrive: %(error)s") % {"error": wrong})
    else:
        messages.success(request, _("The test has arrived."))
    return redirect("edit_endpoint", pk)


@require_POST
def renew_secret(request: PersonRequest, pk: int) -> HttpResponse:
    """Another secret, shown once."""
    found = endpoint_for(request.user, pk)
    found = notifying.renew_secret(actor=request.user, endpoint=found)
    return settled(request, found)


@require_POST
def switch_endpoint(request: PersonRequest, pk: int) -> HttpResponse:
    """Take it into use (``active=1``), or out of it: what the button said, however often it is pressed."""
    found = endpoint_for(request.user, pk)
    notifying.switch_endpoint(actor=request.user, endpoint=found, is_active=request.POST.get("active") == "1")
    return redirect("endpoints")


def settled(request: PersonRequest, endpoint: Endpoint) -> HttpResponse:
    """The page with a new secret: it is in no address, no cookie and no cache."""
    if endpoint.adapter != Adapter.JSON:
        messages.success(request, _("The webhook is saved."))
        return redirect("edit_endpoint", endpoint.pk)
    return render(request, "notices/endpoint_secret.html", {"endpoint": endpoint, "secret": endpoint.secret})


@require_http_methods(CHANGING)
def failed_notices(request: PersonRequest) -> HttpResponse:
    """What could not be sent; a POST sends the ticked again, or gives them up."""
    require_keeper(request)
    if request.method == "POST":
        deal_with(request)
        return redirect("failed_notices")
    page = Paginator(failed_rows(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/failed.html", {"page_obj": page})


def deal_with(request: PersonRequest) -> None:
    """Send again or give up what is ticked, and say how many that was."""
    ticked: dict[str, list[int]] = {"delivery": [], "digest": []}
    for value in request.POST.getlist("row"):
        kind, _colon, written = value.partition(":")
        pk = whole_number(written)
        if kind in ticked and pk is not None:
            ticked[kind].append(pk)
    rows = {"deliveries": ticked["delivery"], "digests": ticked["digest"]}
    if request.POST.get("verb") == "give_up":
        number = notifying.give_up(actor=request.user, **rows)
        done = ngettext("%(number)s was given up.", "%(number)s were given up.", number)
    else:
        number = notifying.send_again(actor=request.user, **rows)
        done = ngettext("%(number)s is sent again.", "%(number)s are sent again.", number)
    messages.success(request, done % {"number": number})
    if number < sum(map(len, ticked.values())):
        messages.warning(
            request,
            _("The others stay: their webhook is switched off, or somebody else has dealt with them."),
        )
