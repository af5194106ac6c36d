"""Which part of an approval a statement or a millisecond belongs to."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from simple_history.models import HistoricalRecords

from approvals.actions import entering, moving, shape
from evaluations.models import Evaluation
from workflow import nodes, services

REST = "lock and transaction"
# Each part is a function; what another part does inside of it is that part's.
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("task read again", services, "task_under_lock"),
    ("dossier locked and read", entering, "locked"),
    ("permission check", entering, "standing_of"),
    ("separation of duties", entering, "require_independence"),
    ("stage moved on", Evaluation, "save_as"),
    ("history row", HistoricalRecords, "create_historical_record"),
    ("decision", moving, "decide"),
    ("audit event", shape, "record"),
    ("notice", moving, "tell_next"),
    ("task completed", services, "go_on"),
    ("next task", nodes.StepActivation, "asking"),
    ("commit", DatabaseWrapper, "_commit"),
)


@dataclass
class Account:
    """Seconds and statements of each part, exclusive of the parts inside of it."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    statements: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _open: list[str] = field(default_factory=lambda: [REST])
    _since: tuple[float, int] = (0.0, 0)

    def start(self) -> None:
        """From now on everything belongs to some part."""
        self._since = mark()

    def settle(self) -> None:
        """Book what has passed since the last mark on the part that is open."""
        moment, statements = mark()
        self.seconds[self._open[-1]] += moment - self._since[0]
        self.statements[self._open[-1]] += statements - self._since[1]
        self._since = (moment, statements)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What happens inside belongs to ``name``."""
        self.settle()
        self._open.append(name)
        try:
            yield
        finally:
            self.settle()
            self._open.pop()


def mark() -> tuple[float, int]:
    """The moment, and how many statements Django has noted (none unless it was asked to)."""
    return time.perf_counter(), len(connection.queries_log)


def account_for(approval: Callable[[], Any]) -> Account:
    """Do the approval, and tell what each part of it took."""
    account = Account()
    with ExitStack() as patches:
        for name, owner, attribute in PARTS:
            patches.enter_context(
                mock.patch.object(owner, attribute, inside(account, name, getattr(owner, attribute)))
            )
        account.start()
        approval()
        account.settle()
    return account


def inside(account: Account, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, booked on a part."""

    @functools.wraps(function)
    def booked(*args: Any, **kwargs: Any) -> Any:
        with account.part(name):
            return function(*args, **kwargs)

    return booked
