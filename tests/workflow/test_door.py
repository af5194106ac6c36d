"""Only a lock that could not be had is "busy"; any other fault of the database stays a fault."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, OperationalError
from psycopg import errors as driver
from viewflow.workflow.exceptions import FlowLockFailed

from audit_log.errors import Busy
from workflow.door import refusals_noted


def wrapped(cause: Exception, in_engine: bool) -> Exception:
    """The driver's error as Django raises it, or as the engine's lock raises that."""
    try:
        try:
            raise OperationalError(str(cause)) from cause
        except DatabaseError:
            if not in_engine:
                raise
            raise FlowLockFailed("Lock failed")  # noqa: B904 - as the engine does it
    except Exception as error:
        return error


@pytest.mark.parametrize("in_engine", [True, False])
@pytest.mark.parametrize(
    "kind", [driver.LockNotAvailable, driver.DeadlockDetected, driver.SerializationFailure]
)
def test_a_lock_that_could_not_be_had_is_busy(world, kind, in_engine):
    with pytest.raises(Busy), refusals_noted("approve", world.zhao, "evaluation", 1):
        raise wrapped(kind("no lock"), in_engine)


@pytest.mark.parametrize("in_engine", [True, False])
@pytest.mark.parametrize("kind", [driver.DiskFull, driver.AdminShutdown, driver.QueryCanceled])
def test_another_fault_of_the_database_is_not_taken_for_a_lock(world, kind, in_engine):
    fault = wrapped(kind("no lock"), in_engine)
    with pytest.raises(type(fault)) as raised, refusals_noted("approve", world.zhao, "evaluation", 1):
        raise fault
    assert raised.value is fault
