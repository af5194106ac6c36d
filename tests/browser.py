"""A real browser for tests: the system's Chromium, speaking Chinese, on the live server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SECONDS = 15


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests of this process."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, "No Chromium found: run the tests with `make test`, which installs it."
    # Playwright keeps an event loop in this thread; Django would refuse its database calls there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def live_browser(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser session of its own for each person: ``live_browser(java_script_enabled=False)``."""
    contexts = []

    def open_session(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"locale": "zh-CN", "base_url": live_server.url, **options})
        context.set_default_timeout(SECONDS * 1000)
        contexts.append(context)
        return context

    yield open_session
    for context in contexts:
        context.close()


@pytest.fixture
def page(live_browser: Callable[..., BrowserContext]) -> Page:
    """A page of a fresh session, with JavaScript."""
    return live_browser().new_page()


@pytest.fixture
def page_without_javascript(live_browser: Callable[..., BrowserContext]) -> Page:
    """A page of a fresh session whose browser runs no JavaScript."""
    return live_browser(java_script_enabled=False).new_page()
