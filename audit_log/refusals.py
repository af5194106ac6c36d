"""Noting what was refused, whichever door it came in by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from audit_log.errors import JihengError
from audit_log.record import Named, refuse


@contextmanager
def noted(verb: str, actor: Named | None, object_type: str, object_id: int | None) -> Iterator[None]:
    """Note each refusal; the block's own transaction has been rolled back by then."""
    try:
        yield
    except JihengError as error:
        refuse(
            verb=verb,
            actor=actor,
            object_type=object_type,
            object_id=object_id,
            code=error.code,
            message=str(error),
        )
        raise
