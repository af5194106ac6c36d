"""Working off the launches in the job queue, for the tests of launching."""

from __future__ import annotations

from procrastinate.contrib.django.models import ProcrastinateJob

from tests.working_off import work_off

MOST_TURNS = 50


def work() -> None:
    """Run the worker until no launch waits for one.

    A job that makes room for others puts the next one into the queue when a worker that
    stops at an empty queue may have stopped already.
    """
    launches = ProcrastinateJob.objects.filter(queue_name="launches", status="todo", scheduled_at=None)
    for _turn in range(MOST_TURNS):
        if not launches.exists():
            return
        work_off()
    raise AssertionError(f"launches still wait after {MOST_TURNS} turns of the worker")
