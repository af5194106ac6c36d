"""What the renderer may open while it makes a document: its fonts, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse


class ForbiddenAddress(ValueError):
    """The document asked for something that it does not need."""


class FontFetcher(URLFetcher):
    """Opens the named font files only.

    WeasyPrint's own fetcher would embed ``file:///etc/passwd`` or call any
    address that a text smuggles in; this one never passes an address on.
    """

    def __init__(self, fonts: Iterable[Path]) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self.fonts = frozenset(font.resolve() for font in fonts)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of an allowed font.

        :raises ForbiddenAddress: for every other address.
        """
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or path not in self.fonts:
            raise ForbiddenAddress(f"a document may not open {url}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": f"font/{path.suffix[1:].lower()}"})
