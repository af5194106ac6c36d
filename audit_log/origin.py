"""From where a change came: a web address, a command, a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("origin", default="")


def address_of(headers: Mapping[str, str], *, behind_proxy: bool) -> str:
    """From which address a request came; behind a proxy it is the last hop that the proxy names."""
    if behind_proxy and headers.get("HTTP_X_FORWARDED_FOR"):
        return headers["HTTP_X_FORWARDED_FOR"].rsplit(",", 1)[-1].strip()[:60]
    return headers.get("REMOTE_ADDR", "")[:60]


def current() -> str:
    """The origin of the change being made, for example ``web 10.1.2.3``."""
    return _origin.get()


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Note ``origin`` on every history row and audit event written inside."""
    token = _origin.set(origin[:100])
    try:
        yield
    finally:
        _origin.reset(token)
