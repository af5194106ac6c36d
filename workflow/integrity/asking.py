"""What every check is, and how it asks: one line per fault, over the whole database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

Check = Callable[[], Iterator[str]]


def rows(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
