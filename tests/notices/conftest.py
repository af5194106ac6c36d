"""Notices that go out, to receivers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from notices.kinds import KINDS
from notices.models import Adapter, Endpoint
from tests.notices.receivers import Mailbox, Site, mail_server, web_server

SITE = "https://jiheng.example"


@pytest.fixture
def mail_is_on(settings: Any) -> None:
    """Mail is set up, whether a server is there or not."""
    settings.MAIL_IS_ON = True
    settings.EMAIL_URL, settings.MAIL_FROM, settings.SITE_URL = (
        "smtp://127.0.0.1",
        "jiheng@office.example",
        SITE,
    )


@pytest.fixture
def mailbox(settings: Any, mail_is_on: None) -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mail_server() as found:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        yield found


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """A web server that takes everything, and that the operator has allowed."""
    with web_server() as found:
        settings.SITE_URL = SITE
        settings.WEBHOOK_HOSTS = [found.host]
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
        yield found


@pytest.fixture
def addresses(world: Any) -> None:
    """Everybody of the cast has an e-mail address."""
    for name, person in world.people.items():
        person.email = f"{name}@office.example"
        person.save_as(None, "test")


def endpoint(organization: Any, site: Site, adapter: str = Adapter.JSON, **details: Any) -> Endpoint:
    """A webhook of all kinds, unless the test says otherwise."""
    given = {
        "name": "测试",
        "secret": "a secret of this test",
        "kinds": list(KINDS),
        "url": site.url,
        **details,
    }
    made = Endpoint(organization=organization, adapter=adapter, **given)
    made.save_as(None, "test")
    return made
