"""The indicator library as its pages show it: found entries with how often each is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from evaluations.models import Indicator, LibraryIndicator
from workflow.presentation.rules import rule_words

PER_PAGE = 50


def found_in(entries: QuerySet[LibraryIndicator], asked: Mapping[str, str]) -> QuerySet[LibraryIndicator]:
    """The entries of a sector whose name, level 2 or explanation holds the words."""
    if asked["sector"]:
        entries = entries.filter(sector=asked["sector"])
    for word in asked["q"].split():
        entries = entries.filter(
            Q(name__icontains=word) | Q(level2__icontains=word) | Q(explanation__icontains=word)
        )
    return entries


def sectors_of(entries: QuerySet[LibraryIndicator]) -> list[str]:
    return list(entries.order_by("sector").values_list("sector", flat=True).distinct())


def page_of(entries: QuerySet[LibraryIndicator], number: str | None) -> Page[Any]:
    """A page of rows ``{entry, used, target, rule}``; two statements, however many entries."""
    page: Page[Any] = Paginator(entries.select_related("bureau"), PER_PAGE).get_page(number)  # type: ignore[assignment]
    page.object_list = rows_of(list(page.object_list))
    return page


def rows_of(entries: list[LibraryIndicator]) -> list[dict[str, Any]]:
    used = usage_of(entry.name for entry in entries)
    return [
        {
            "entry": entry,
            "used": used.get(entry.name, 0),
            "rule": rule_words(entry.rule) if entry.rule else "",
        }
        for entry in entries
    ]


def usage_of(names: Iterable[str]) -> dict[str, int]:
    """How many evaluations have an indicator with each of these names."""
    rows = Indicator.objects.filter(name__in=set(names)).order_by().values_list("name")
    return dict(rows.annotate(Count("evaluation", distinct=True)))
