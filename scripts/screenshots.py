"""Make the README's pictures from the demonstration: start it with ``make run`` first.

Usage: ``python -m scripts.screenshots [--address http://127.0.0.1:8000]``. Each page is taken in both
languages, at desktop and phone width, and kept under docs/screenshots/.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
SIZES = {1366: 900, 390: 844}
PASSWORD = "jiheng-demo-2026"  # noqa: S105 (the demonstration's, shown on its login page)


@dataclass(frozen=True)
class Picture:
    """A page as one person sees it; ``follow`` is a link to click on it first."""

    name: str
    username: str
    path: str
    follow: str = ""


PICTURES = (
    Picture("inbox", "demo-dongcheng-lead", "/"),
    Picture("review", "demo-guangzhou-officer", "/", follow="main table tbody th a"),
    Picture("scores", "demo-shaoxing-chief", "/evaluations/", follow="main table tbody th a"),
    Picture("ledger", "demo-dongcheng-officer", "/rectification/"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    address = parser.parse_args().address
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=5)  # noqa: S310 (an address of the user's own)
    except (urllib.error.URLError, OSError):
        sys.exit(f"Nothing answers at {address}: start the demonstration with `make run` first.")
    program = shutil.which("chromium") or sys.exit("Chromium is not installed: `make test` installs it.")
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for picture in PICTURES:
            take(browser, address, picture)
        browser.close()


def take(browser: Browser, address: str, picture: Picture) -> None:
    """One page in both languages and widths."""
    for language, code in LANGUAGES.items():
        for width, height in SIZES.items():
            session = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
            session.add_cookies([{"name": "django_language", "value": code, "url": address}])
            page = session.new_page()
            sign_in(page, picture.username)
            page.goto(picture.path)
            if picture.follow:
                page.locator(picture.follow).first.click()
                page.wait_for_load_state()
            page.screenshot(path=FOLDER / f"{picture.name}-{language}-{width}.png")
            session.close()


def sign_in(page: Page, username: str) -> None:
    """Sign in by the form."""
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


if __name__ == "__main__":
    main()
