"""A worker on the launch ``LAUNCH`` that stops in the middle of the third project until it is killed."""

from __future__ import annotations

import sys
from typing import Any

if __name__ == "__main__":
    import os

    import django

    django.setup()
    from django.db import connection

    from tests.databases import use
    from workflow.launching import jobs

    marked = 0

    def stop_at_the_third(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Its evaluation, task and notice are written, its own row is not: nothing is committed."""
        global marked
        if sql.startswith('UPDATE "workflow_launchedproject"'):
            marked += 1
            if marked == 3:
                print("in the middle of the third project", flush=True)
                sys.stdin.read()
        return execute(sql, params, many, context)

    use(os.environ["LAUNCH_DATABASE"])
    with connection.execute_wrapper(stop_at_the_third):
        jobs.go_on(int(os.environ["LAUNCH"]))
