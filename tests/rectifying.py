"""What the tests of rectification share: a day, a leader, and a database that refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from approvals.models import ItemStage, RectificationItem
from audit_log import clock
from audit_log.models import AuditEvent
from evaluations.models import Evaluation, Stage
from notices.models import Notice
from tests.cast import World, bring, person, propose, walk_self


def on(day: date) -> AbstractContextManager[None]:
    """Noon of a day, as the clock would have it."""
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone()))


def leader_of(world: World, username: str = "he", name: str = "小何") -> User:
    """Somebody who leads the bureau."""
    return person(username, name, Role.BUREAU_LEADER, world.bureau)


def issued_items(world: World, make: Callable[..., Evaluation], *details: dict[str, Any]) -> Any:
    """Finance's items of one self-evaluation, issued with one notice, in their order."""
    evaluation = make(Stage.FINANCE_REVIEW)
    items = [propose(world, evaluation, world.sun, **each) for each in details]
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    for item in items:
        item.refresh_from_db()
        assert item.stage == ItemStage.ISSUED
    return items


def last_event(item: RectificationItem, verb: str) -> AuditEvent:
    """The latest event of a verb in the chain of the item's evaluation."""
    found = AuditEvent.objects.filter(chain=f"evaluation:{item.evaluation_id}", verb=verb)
    return found.order_by("-sequence")[0]


def told(source: str) -> list[User]:
    """Who was told of a cause, by name."""
    rows = Notice.objects.filter(source=source).select_related("recipient").order_by("recipient__username")
    return [row.recipient for row in rows]


@contextmanager
def refused_by_the_database(words: str) -> Iterator[None]:
    """The block is refused by a trigger that says these words."""
    with pytest.raises((ProgrammingError, InternalError), match=words), transaction.atomic():
        yield


def run_sql(statement: str, *parameters: Any) -> None:
    """As somebody with the product's own access to the database would write it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
