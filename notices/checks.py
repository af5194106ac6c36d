"""Notices that go out need all of their settings, or none."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

MAIL = ("EMAIL_URL", "MAIL_FROM", "SITE_URL")
HOURS = 24


@register("notices")
def check_ways_out(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Mail that is half set up would leave people untold without anybody noticing: it does not start."""
    if settings.DEMO_MODE:
        return []
    return [*mail_faults(), *webhook_faults(), *other_faults()]


def mail_faults() -> list[CheckMessage]:
    missing = [name for name in MAIL if not getattr(settings, name)]
    is_wanted = settings.EMAIL_URL or settings.MAIL_FROM
    if not is_wanted or not missing:
        return []
    names = ", ".join(missing)
    return [Error(f"Mail is set up by half: set {names} as well, or none of it.", id="notices.E001")]


def webhook_faults() -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    if settings.WEBHOOK_HOSTS and not settings.SITE_URL:
        faults.append(Error("WEBHOOK_HOSTS needs SITE_URL, for the links.", id="notices.E002"))
    for network in settings.WEBHOOK_NETWORKS:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            faults.append(Error(f"WEBHOOK_NETWORKS: {network} is no network.", id="notices.E003"))
    return faults


def other_faults() -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    parts = urlsplit(settings.SITE_URL)
    if settings.SITE_URL and not (parts.scheme in ("https", "http") and parts.hostname and not parts.path):
        faults.append(Error("SITE_URL has to be like https://jiheng.example.", id="notices.E004"))
    if settings.EMAIL_URL and not settings.EMAIL_HOST:
        faults.append(Error("EMAIL_URL has to be like smtp+tls://user:password@host:587.", id="notices.E005"))
    if not 0 <= settings.DIGEST_HOUR < HOURS:
        faults.append(Error("DIGEST_HOUR is an hour of the day, 0 to 23.", id="notices.E006"))
    return faults
