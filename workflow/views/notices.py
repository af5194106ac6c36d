"""What the reader was told, and what of it is still unread."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from audit_log import clock
from audit_log.errors import NotFound
from notices.models import Notice
from workflow.whole_numbers import whole_number

ROWS_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The notices, the latest first; a POST marks one (``notice``) or all as read."""
    own = Notice.objects.filter(recipient=request.user.pk)
    if request.method == "POST":
        mark_as_read(request)
        return redirect(request.get_full_path())
    page = Paginator(own.order_by("-created_at", "-pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "unread": own.filter(read_at=None).count()}
    return render(request, "workflow/notices.html", context)


def mark_as_read(request: HttpRequest) -> None:
    """Date the unread ones; those read before keep their date. Raises NotFound for somebody else's."""
    posted = request.POST.get("notice", "")
    unread = Notice.objects.filter(recipient=request.user.pk, read_at=None)
    if posted:
        chosen = whole_number(posted)
        if chosen is None or not Notice.objects.filter(recipient=request.user.pk, pk=chosen).exists():
            raise NotFound()
        unread = unread.filter(pk=chosen)
    unread.update(read_at=clock.now())
