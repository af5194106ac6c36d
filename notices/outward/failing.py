"""What went wrong on the way out, and when to try again."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# What a receiver asks for by Retry-After is honoured up to here.
LONGEST_ASKED = timedelta(days=1)
MOST_ATTEMPTS = 14
"""After so many it has failed for good: somewhat more than a day after the first."""


class NotDelivered(Exception):
    """It did not arrive; the message is for the list of what failed.

    ``final``: trying again is no use. ``of_the_receiver``: not this message was refused, the server or
    endpoint did not take part at all, so that nothing else goes there for now. ``retry_after``: how
    long the receiver asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        final: bool = False,
        of_the_receiver: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.final = final
        self.of_the_receiver = of_the_receiver
        self.retry_after = retry_after


def wait_after(attempts: int, share: float, asked: timedelta | None = None) -> timedelta:
    """How long to wait after so many attempts (1 or more): twice as long each time.

    ``share`` (0 to 1, drawn by lot) spreads it between half and the whole, so that what failed together
    does not come back together. Never shorter than the receiver asked for.
    """
    whole = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    wait = whole * (0.5 + share / 2)
    return max(wait, min(asked, LONGEST_ASKED)) if asked else wait


def asked_wait(header: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After says (RFC 9110: seconds, or a date); None when it says nothing."""
    if not header:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header), LONGEST_ASKED.total_seconds()))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(until - now, timedelta(0)) if until.tzinfo else None
