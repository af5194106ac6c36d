"""What every page's header shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.access import rights_for_reading
from accounts.models import RoleHolding
from accounts.roles import Right, Role
from notices.models import Notice
from workflow import next_year
from workflow.inbox import number_waiting


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries of the header with their numbers, and in which role the reader is here."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "navigation": SimpleLazyObject(lambda: entries(request)),
        "person_role": SimpleLazyObject(lambda: role_of(user)),
        "rights": rights_for_reading(user),
    }


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Counted only when the header is drawn: a fragment pays nothing for it."""
    place = request.path
    waiting = number_waiting(request.user)
    unread = Notice.objects.filter(recipient=request.user.pk, read_at=None).count()
    found = [
        (_("Inbox"), reverse("inbox"), waiting, place == "/" or place.startswith("/tasks/")),
        (_("Evaluations"), reverse("evaluation_list"), 0, place.startswith("/evaluations/")),
        (_("Rectification ledger"), reverse("ledger"), 0, place.startswith("/rectification/")),
        (_("Notices"), reverse("notices"), unread, place.startswith("/notices/")),
    ]
    rights = rights_for_reading(request.user)
    if next_year.may_read(request.user):
        found.insert(3, (_("Next year"), reverse("next_year"), 0, place.startswith("/next-year/")))
    if rights.anywhere(Right.RUN_EVALUATION):
        found.insert(3, (_("Campaigns"), reverse("campaigns"), 0, place.startswith("/campaigns/")))
    if rights.anywhere(Right.MANAGE_SCHEMES) or rights.anywhere(Right.RUN_EVALUATION):
        here = place.startswith(("/schemes/", "/frameworks/", "/policies/", "/library/", "/calendar/"))
        found.append((_("Schemes"), reverse("schemes"), 0, here))
    if any(rights.anywhere(right) for right in (Right.BE_SEATED, Right.REVIEW_FINANCE, Right.MANAGE_PEOPLE)):
        found.append((_("Experts"), reverse("experts"), 0, place.startswith("/experts/")))
    if rights.anywhere(Right.MANAGE_PEOPLE):
        found.append((_("People"), reverse("people"), 0, place.startswith("/people/")))
    return [
        {"label": label, "url": url, "count": count, "current": here} for label, url, count, here in found
    ]


def role_of(user: Any) -> str:
    """The first role that the person holds, with its organization."""
    holding = RoleHolding.objects.filter(user=user, ended_at=None).select_related("organization").first()
    return f"{Role(holding.role).label} · {holding.organization}" if holding else ""
