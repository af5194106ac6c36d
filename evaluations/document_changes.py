"""What differs between two JSON documents, place by place: for the record and for comparisons."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def changes_between(before: Any, after: Any) -> list[dict[str, str]]:
    """Each place that differs, with what stood there: ``{path, before, after}``; "" where nothing did."""
    old, new = dict(places_of(before)), dict(places_of(after))
    return [
        {"path": path, "before": old.get(path, ""), "after": new.get(path, "")}
        for path in dict.fromkeys([*old, *new])
        if not are_same(old.get(path, ""), new.get(path, ""))
    ]


def are_same(before: str, after: str) -> bool:
    """Whether two values mean the same: 0.80 is 0.8."""
    if before == after:
        return True
    try:
        return Decimal(before) == Decimal(after)
    except InvalidOperation:
        return False


def places_of(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every single value of a document with its path, as "caps[0].most"."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            yield from places_of(value, f"{path}.{key}" if path else str(key))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from places_of(value, f"{path}[{place}]")
    else:
        yield path, "" if document is None else str(document)


def digest_of(document: Any) -> str:
    """A short name of the content: the same for the same content."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
