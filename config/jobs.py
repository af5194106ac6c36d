"""Jobs that keep the job queue itself in order."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Take up the jobs of workers that were killed in the middle: every job can run twice.

    A worker that dies leaves its job "doing"; its missing heartbeat tells.
    """
    stalled = list(await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30))
    for job in stalled:
        await context.app.job_manager.retry_job(job)
    return len(stalled)
