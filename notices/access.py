"""The gateway to endpoints and to what could not be sent: whoever may set webhooks up, and for whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import below, rights_for_reading, rights_of
from accounts.models import Organization, RoleHolding
from accounts.roles import Right
from audit_log.errors import NotAllowed, NotFound
from notices.models import Delivery, Digest, Endpoint, State


def places_of(user: Any) -> QuerySet[Organization]:
    """The bureaus and departments for which ``user`` may set up webhooks: the own ones and those below."""
    places = below(rights_for_reading(user).at(Right.MANAGE_ENDPOINTS))
    return places.exclude(kind=Organization.Kind.UNIT).order_by("code")


def require_keeper(actor: Any, organization: Organization) -> None:
    """Raises NotAllowed unless the actor may set up webhooks for the organization now."""
    places = below(rights_of(actor).at(Right.MANAGE_ENDPOINTS)).exclude(kind=Organization.Kind.UNIT)
    if not places.filter(pk=organization.pk).exists():
        raise NotAllowed(str(Right.MANAGE_ENDPOINTS.label), right=Right.MANAGE_ENDPOINTS)


def endpoints_of(user: Any) -> QuerySet[Endpoint]:
    """The endpoints that ``user`` keeps."""
    return Endpoint.objects.filter(organization__in=places_of(user)).select_related("organization")


def endpoint_for(user: Any, pk: int) -> Endpoint:
    """One of them. Raises NotFound."""
    found = endpoints_of(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def dead_deliveries(user: Any) -> QuerySet[Delivery]:
    """What could not be sent, by e-mail to the people below or to the endpoints that ``user`` keeps."""
    concerned = Q(endpoint__in=endpoints_of(user)) | Q(
        endpoint=None, notice__recipient__in=people_below(user)
    )
    return Delivery.objects.filter(concerned, state=State.DEAD)


def dead_digests(user: Any) -> QuerySet[Digest]:
    """The daily e-mails to the people below that could not be sent."""
    return Digest.objects.filter(recipient__in=people_below(user), state=State.DEAD)


def people_below(user: Any) -> QuerySet[RoleHolding, Any]:
    """Ids of those who hold, or held, a role at the organizations that ``user`` keeps webhooks for."""
    places = below(rights_for_reading(user).at(Right.MANAGE_ENDPOINTS))
    return RoleHolding.objects.filter(organization__in=places).values("user")
