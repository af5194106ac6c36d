"""Do stage, open tasks, decisions and audit agree, for every evaluation?

One module for each subject. A check is a generator of one line per fault, mostly of one statement.
"""

from __future__ import annotations

from workflow.integrity import (
    course,
    decisions,
    delegation,
    exchange,
    findings,
    ladder,
    launch,
    recheck,
    rectification,
    rectification_course,
    returns,
    roles,
    scores,
    seats,
    talk,
    tasks,
    uses,
)
from workflow.integrity.asking import Check

__all__ = ["CHECKS", "faults"]

CHECKS: tuple[Check, ...] = (
    *tasks.CHECKS,
    *decisions.CHECKS,
    *rectification.CHECKS,
    *rectification_course.CHECKS,
    *scores.CHECKS,
    *roles.CHECKS,
    *course.CHECKS,
    *findings.CHECKS,
    *delegation.CHECKS,
    *exchange.CHECKS,
    *ladder.CHECKS,
    *launch.CHECKS,
    *recheck.CHECKS,
    *returns.CHECKS,
    *talk.CHECKS,
    *seats.CHECKS,
    *uses.CHECKS,
)


def faults() -> list[str]:
    """One line for each fault; an empty list when everything agrees."""
    return [line for check in CHECKS for line in check()]
