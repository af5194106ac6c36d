"""Verbs on endpoints; neither the address nor the secret is written into history or audit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from audit_log.errors import InvalidInput
from audit_log.record import record
from notices.access import require_keeper
from notices.kinds import KINDS
from notices.models import Adapter, Delivery, Endpoint, State
from notices.outward.failing import NotDelivered
from notices.outward.posting import allowed_parts
from notices.outward.webhooks import send_test

SECRET_BYTES = 32


@transaction.atomic
def add_endpoint(
    *, actor: User, organization: Organization, adapter: str, url: str, secret: str = "", **words: Any
) -> Endpoint:
    """Set up a webhook for a bureau or a department; for signed JSON its secret is made here.

    Raises NotAllowed, InvalidInput (address, kinds, a secret that DingTalk needs).
    """
    require_keeper(actor, organization)
    made = Endpoint(organization=organization, adapter=adapter, url=url.strip())
    made.secret = secrets.token_urlsafe(SECRET_BYTES) if adapter == Adapter.JSON else secret.strip()
    take_words(made, **words)
    require_sound(made)
    made.save_as(actor, "add_endpoint")
    note(made, "add_endpoint", actor)
    return made


@transaction.atomic
def change_endpoint(
    *, actor: User, endpoint: Endpoint, url: str = "", secret: str = "", **words: Any
) -> Endpoint:
    """Change name, kinds or reach; an address or a secret that is left empty stays. Raises as above."""
    found = locked(endpoint.pk, actor)
    take_words(found, **words)
    found.url = url.strip() or found.url
    if found.adapter == Adapter.DINGTALK:
        found.secret = secret.strip() or found.secret
    require_sound(found)
    changed = found.changed_fields()
    if changed:
        found.save_as(actor, "change_endpoint")
        note(found, "change_endpoint", actor, {"fields": changed})
    return found


@transaction.atomic
def renew_secret(*, actor: User, endpoint: Endpoint) -> Endpoint:
    """Give signed JSON another secret; the one from before signs no more. Raises NotAllowed, InvalidInput."""
    found = locked(endpoint.pk, actor)
    if found.adapter != Adapter.JSON:
        raise InvalidInput(_("A robot's secret is made by the robot: type it in."))
    found.secret = secrets.token_urlsafe(SECRET_BYTES)
    found.save_as(actor, "renew_secret")
    note(found, "renew_secret", actor)
    return found


@transaction.atomic
def switch_endpoint(*, actor: User, endpoint: Endpoint, is_active: bool) -> Endpoint:
    """Take it into use, or out of it; what waited for it is then given up, not sent months later."""
    found = locked(endpoint.pk, actor)
    if found.is_active != is_active:
        found.is_active = is_active
        found.save_as(actor, "switch_endpoint")
        note(found, "switch_endpoint", actor, {"is_active": is_active})
    if not is_active:
        Delivery.objects.filter(endpoint=found, state=State.WAITING).update(
            state=State.GIVEN_UP, next_attempt_at=None
        )
    return found


def try_endpoint(*, actor: User, endpoint: Endpoint) -> str:
    """Post a test at once; returns what went wrong, or nothing. Raises NotAllowed."""
    require_keeper(actor, endpoint.organization)
    try:
        send_test(endpoint)
        wrong = ""
    except NotDelivered as failure:
        wrong = str(failure)
    with transaction.atomic():
        note(locked(endpoint.pk, actor), "try_endpoint", actor, {"error": wrong})
    return wrong


def locked(pk: int, actor: User) -> Endpoint:
    """The endpoint, for the actor to change. Raises NotAllowed."""
    found = Endpoint.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)
    require_keeper(actor, found.organization)
    return found


def take_words(endpoint: Endpoint, *, name: str, kinds: Sequence[str], with_those_below: bool) -> None:
    endpoint.name = name.strip()
    endpoint.kinds = [key for key in KINDS if key in kinds]
    endpoint.with_those_below = with_those_below


def require_sound(endpoint: Endpoint) -> None:
    """Raises InvalidInput at the field that cannot be taken."""
    if not endpoint.name:
        raise InvalidInput.at("name", _("Give it a name."))
    if endpoint.adapter not in Adapter:
        raise InvalidInput.at("adapter", _("This cannot be chosen here."))
    if not endpoint.kinds:
        raise InvalidInput.at("kinds", _("Choose one kind at least."))
    if endpoint.adapter == Adapter.DINGTALK and not endpoint.secret:
        raise InvalidInput.at(
            "secret", _("Type in the robot's secret: without a signature anybody could post.")
        )
    allowed_parts(endpoint.url)


def note(endpoint: Endpoint, verb: str, actor: User, data: Mapping[str, Any] | None = None) -> None:
    """One event in the endpoint's chain, whose row the caller has locked or just made."""
    particulars = {
        "organization": endpoint.organization_id,
        "adapter": endpoint.adapter,
        "host": endpoint.host,
        "kinds": endpoint.kinds,
        "with_those_below": endpoint.with_those_below,
    }
    record(
        chain=f"endpoint:{endpoint.pk}",
        verb=verb,
        actor=actor,
        object=endpoint,
        data={**particulars, **(data or {})},
    )
