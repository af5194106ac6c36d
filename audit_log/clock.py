"""The time that rows are written with.

One function, so that the demonstration can load a case with the dates that it
would have had; everything else gets the present moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment (aware), or the one that :func:`at` has set."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The local date of :func:`now`."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Write as if it were ``moment`` (for loading cases with their history)."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
