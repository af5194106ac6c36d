"""What of the notices is done in the job queue: sending what waits to go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app

from audit_log import clock
from notices.announcing import announce

__all__ = ["announce", "tell"]


@app.task(queue="notices", retry=5)
def tell(*, moment: str, **told: Any) -> None:
    """Write a notice that a version from before has left in the queue, dated ``moment`` (ISO 8601)."""
    with clock.at(datetime.fromisoformat(moment)):
        announce(**told)
