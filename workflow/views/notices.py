"""What the reader was told, what of it is still unread, and how they want to be told."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log import clock
from audit_log.errors import InvalidInput, NotFound
from notices.kinds import KINDS
from notices.models import Notice
from workflow.forms.faults import faults_of, place
from workflow.forms.notices import NoticeChoiceForm
from workflow.notifying import choose
from workflow.presentation.links import address, known
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number

ROWS_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: PersonRequest) -> HttpResponse:
    """The notices, the latest first, of one kind if asked for; a POST marks one or all as read."""
    if request.method == "POST":
        mark_as_read(request)
        return redirect(request.get_full_path())
    kind = known(request, "kind", KINDS)
    own = Notice.objects.filter(recipient=request.user.pk)
    shown = own.filter(kind=kind) if kind else own
    page = Paginator(shown.order_by("-created_at", "-pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "unread": own.filter(read_at=None).count(),
        "pills": [
            {"label": label, "url": address(request, kind=key), "count": None, "current": key == kind}
            for key, label in [("", _("All")), *((key, each.label) for key, each in KINDS.items())]
        ],
        "keeps_webhooks": rights_for_reading(request.user).anywhere(Right.MANAGE_ENDPOINTS),
        "is_filtered": bool(kind),
    }
    return render(request, "workflow/notices.html", context)


def mark_as_read(request: PersonRequest) -> None:
    """Date the unread ones; those read before keep their date. Raises NotFound for somebody else's."""
    posted = request.POST.get("notice", "")
    unread = Notice.objects.filter(recipient=request.user.pk, read_at=None)
    if posted:
        chosen = whole_number(posted)
        if chosen is None or not Notice.objects.filter(recipient=request.user.pk, pk=chosen).exists():
            raise NotFound()
        unread = unread.filter(pk=chosen)
    unread.update(read_at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: PersonRequest) -> HttpResponse:
    """By which way the reader is told, kind by kind."""
    form = NoticeChoiceForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            choose(actor=request.user, **form.wanted())
        except InvalidInput as error:
            place(error, [form])
        else:
            messages.success(request, _("Your choices are saved."))
            return redirect("notice_choices")
    context = {"form": form, "faults": list(faults_of([("", form)])), "mail_is_on": settings.MAIL_IS_ON}
    return render(request, "notices/choices.html", context, status=422 if form.errors else 200)
