"""People who let others act for them, and steps done for somebody."""

from __future__ import annotations

from typing import Any

from accounts.models import Delegation, User
from approvals.models import Decision
from audit_log import clock
from tests.cast import soon
from workflow import delegating, services
from workflow.models import FlowTask


def let(delegator: User, stand_in: User, **options: Any) -> Delegation:
    """From today for a week, everything, unless the test says otherwise."""
    given = {"starts": clock.today(), "ends": soon(7), "reason": "出差", **options}
    return delegating.delegate(actor=delegator, delegate=stand_in, **given)


def at(task: FlowTask, verb: str, actor: User, **details: Any) -> Decision:
    """Decide at this very task."""
    return services.perform(verb, process_id=task.process_id, task_id=task.pk, actor=actor, **details)
