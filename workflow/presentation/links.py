"""Pills, selects and the query string that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst


def address(request: HttpRequest, **changes: Any) -> str:
    """The present page's address with other parameters; None drops one, and the page begins anew."""
    query: QueryDict = request.GET.copy()
    for name, value in {"page": None, **changes}.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def choice(
    request: HttpRequest, name: str, label: str, options: Iterable[tuple[Any, Any]], everything: str | Promise
) -> dict[str, Any]:
    """A select of the filter bar; the first option chooses nothing."""
    chosen = request.GET.get(name, "")
    listed = [{"value": "", "label": everything, "selected": not chosen}]
    listed += [
        {"value": value, "label": capfirst(words), "selected": str(value) == chosen}
        for value, words in options
    ]
    return {"name": name, "label": label, "options": listed}


def kept(request: HttpRequest, *names: str) -> list[dict[str, str]]:
    """Parameters that a search keeps, as hidden fields."""
    return [{"name": name, "value": request.GET[name]} for name in names if request.GET.get(name)]


def known(request: HttpRequest, name: str, values: Mapping[str, Any]) -> str:
    """The parameter's value when it is one of those known; else empty."""
    value = request.GET.get(name, "")
    return value if value in values else ""
