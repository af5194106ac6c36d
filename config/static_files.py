"""The front-end files that npm installs: the few that pages use, under ``vendor/``.

Tabler's whole ``dist`` does not collect (its files name others that are not there),
and what is not listed here is not served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

# Served name → file in node_modules.
VENDOR_FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
}
SOURCE_MAP = b"/*# sourceMappingURL="


class NodeModulesStorage(FileSystemStorage):
    """The listed files of node_modules under the names that they are served by."""

    def path(self, name: str) -> str:
        return str(Path(self.location) / VENDOR_FILES[name])

    def open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Content without its pointer to a source map, a file that we do not serve."""
        return ContentFile(Path(self.path(name)).read_bytes().split(SOURCE_MAP)[0])


class NodeModulesFinder(BaseFinder):
    """Finds the files of :data:`VENDOR_FILES`."""

    def __init__(self) -> None:
        self.storage = NodeModulesStorage(location=settings.BASE_DIR / "node_modules")

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing to configure; a server that has collected its files needs no node_modules."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        # Django reads an empty list as "not found", for one file too.
        if path not in VENDOR_FILES or not self.storage.exists(path):
            return []
        return [self.storage.path(path)] if find_all else self.storage.path(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, NodeModulesStorage]]:
        for name in VENDOR_FILES:
            if not self.storage.exists(name):
                raise ImproperlyConfigured(f"{VENDOR_FILES[name]} is missing: run `npm ci --ignore-scripts`.")
            if not matches_patterns(name, ignore_patterns or []):
                yield name, self.storage
