from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PersonRequest(HttpRequest):
    """What a view gets: the middleware lets nobody in who has not signed in."""

    user: User
    htmx: HtmxDetails
