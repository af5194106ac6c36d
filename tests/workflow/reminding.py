"""Reminders of rectification items, played on a day: shared by their tests."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from audit_log import clock
from notices import messages
from tests.cast import open_task
from workflow.rectification_deadlines import remind_of_items

DAY = timedelta(days=1)
ITEM_MESSAGES = (
    messages.ITEM_DUE_SOON,
    messages.ITEM_DUE_TODAY,
    messages.ITEM_OVERDUE,
    messages.ITEM_ESCALATED,
)


def on(day, hour=9):
    """At an hour of a day."""
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour))))


def run_on(day):
    """The job as it runs in the morning of a day."""
    with on(day, hour=7):
        return remind_of_items(0)


def at_the_unit(world, item):
    """Whom an item asks at the unit: whoever has it in hand, else everybody with the right."""
    owner = open_task(item).owner
    return [owner] if owner else [world.lin, world.wang]
