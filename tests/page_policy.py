"""What every answer of the product keeps to: its headers, and nothing inline in its pages."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from config.middleware import POLICY

# These show nothing but data to a script; browsers never run them.
DATA = {"application/json"}
LOADING = {"src", "href"}


class Page(HTMLParser):
    """Reads a page and notes what a browser would refuse under the policy."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.elements: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        given = {name: value or "" for name, value in attributes}
        self.faults += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.faults += [f"<{tag}> leads to {url}" for url in given.values() if url.startswith("javascript:")]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA):
            self.faults.append(f"<{tag}> in the page")
        if tag in {"script", "link", "img", "iframe"}:
            self.faults += [
                f"<{tag}> from {given[name]}"
                for name in LOADING & given.keys()
                if given[name].startswith(("http:", "https:", "//"))
            ]


def read(content: str) -> Page:
    page = Page()
    page.feed(content)
    return page


def policy_faults(response: Any) -> list[str]:
    """What is wrong with an answer, whatever it says; empty when nothing is."""
    return [*header_faults(response), *content_faults(response)]


def header_faults(response: Any) -> Iterator[str]:
    """Headers that every answer carries, error pages and files too."""
    policy = response.get("Content-Security-Policy", "")
    if policy != POLICY and "default-src 'none'" not in policy:
        yield f"Content-Security-Policy: {policy or 'missing'}"
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
    }
    for name, value in expected.items():
        if response.get(name) != value:
            yield f"{name}: {response.get(name, 'missing')}"


def content_faults(response: Any) -> list[str]:
    """Inline parts and words of an unfinished page."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return []
    return read(response.content.decode()).faults
