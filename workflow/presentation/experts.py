"""The register of experts as its pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log import clock
from evaluations.access import visible_to
from evaluations.models import PANEL_STAGES, ExpertConflict, ExpertProfile, Seat
from workflow.forms.experts import EndForm

PER_PAGE = 50
STATES = {"active": gettext_lazy("active"), "suspended": gettext_lazy("suspended")}


def found_in(profiles: QuerySet[ExpertProfile], asked: Mapping[str, str]) -> QuerySet[ExpertProfile]:
    """The experts of a field and state whose name, employer or post holds the words."""
    if asked["field"]:
        profiles = profiles.filter(expertise__contains=[asked["field"]])
    today = clock.today()
    suspended = Q(suspended_from__lte=today) & (Q(suspended_until=None) | Q(suspended_until__gte=today))
    if asked["state"]:
        profiles = profiles.filter(suspended if asked["state"] == "suspended" else ~suspended)
    for word in asked["q"].split():
        profiles = profiles.filter(
            Q(user__display_name__icontains=word)
            | Q(employer__icontains=word)
            | Q(post__icontains=word)
            | Q(expertise__icontains=word)
        )
    return profiles


def page_of(profiles: QuerySet[ExpertProfile], number: str | None) -> Page[Any]:
    """A page of experts with how many seats and conflicts each has now; always two statements."""
    counted = profiles.select_related("user", "bureau").annotate(
        present_seats=counted_in(
            Seat.objects.in_force().filter(
                expert=OuterRef("user"),
                evaluation__bureau=OuterRef("bureau"),
                evaluation__stage__in=PANEL_STAGES,
            ),
            "expert",
        ),
        present_conflicts=counted_in(
            ExpertConflict.objects.in_force().filter(profile=OuterRef("pk")), "profile"
        ),
    )
    return Paginator(counted.order_by("user__display_name", "pk"), PER_PAGE).get_page(number)


def counted_in(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many of the rows there are, as a column."""
    number = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def conflict_rows(profile: ExpertProfile, bound: Mapping[int, Any]) -> list[dict[str, Any]]:
    """The conflicts, those in force first; ``bound`` has the forms that were filled in, by conflict."""
    in_force = set(profile.conflicts.in_force().values_list("pk", flat=True))
    conflicts = profile.conflicts.select_related("organization", "project", "declared_by")
    rows = [
        {
            "conflict": conflict,
            "is_in_force": conflict.pk in in_force,
            "end_form": bound.get(conflict.pk) or EndForm(auto_id=f"end-{conflict.pk}-%s")
            if may_end(conflict)
            else None,
            "is_faulty": conflict.pk in bound,
        }
        for conflict in conflicts
    ]
    return sorted(rows, key=lambda row: not row["is_in_force"])


def may_end(conflict: ExpertConflict) -> bool:
    """Whether there is anything left to end: it holds now or will."""
    return conflict.ended_at is None and (conflict.until is None or conflict.until >= clock.today())


def seat_rows(profile: ExpertProfile, reader: Any) -> list[dict[str, Any]]:
    """The seats on evaluations of the bureau that the reader may see, the latest first."""
    seats = Seat.objects.filter(
        expert=profile.user_id, evaluation__bureau=profile.bureau_id, evaluation__in=visible_to(reader)
    )
    return [
        {"seat": seat, "evaluation": seat.evaluation, "how": how_seated(seat)}
        for seat in seats.select_related("evaluation__project", "draw").order_by("-seated_at", "-pk")
    ]


def how_seated(seat: Seat) -> str:
    """Whether the expert was named or drawn by lot."""
    return _("drawn by lot") if seat.draw_id else _("named")
