"""People at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from config.embedded_database import VAR_FOLDER
from tests.browsing.person import Person
from tests.conftest import PASSED

PICTURES = VAR_FOLDER / "browsing"


@pytest.fixture
def sits_down(
    live_browser: Callable[..., Any], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Person]]:
    """Somebody opens a browser of their own and signs in: ``sits_down(world.lin)``.

    Fails at the end when any browser complained: scripts that failed, parts that
    the page's policy refused, files that were missing. When the test fails, pictures
    of what everybody saw last are left in ``var/browsing``.
    """
    people: list[Person] = []

    def sit_down(user: User, **options: Any) -> Person:
        person = Person(live_browser(**options).new_page())
        people.append(person)
        person.sign_in(user.username)
        return person

    yield sit_down
    if not request.node.stash.get(PASSED, False):
        for number, person in enumerate(people):
            person.page.screenshot(path=PICTURES / f"{request.node.name}-{number}.png", full_page=True)
    assert [complaint for person in people for complaint in person.complaints] == []
