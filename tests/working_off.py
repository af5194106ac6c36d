"""Working off the job queue in a test."""

from __future__ import annotations

import threading

from django.core.management import call_command
from django.db import connections


def work_off() -> None:
    """Run the worker until no job is left; in a thread, since a browser's loop may run in this one."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            call_command("worker", until_empty=True)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    if failures:
        raise failures[0]
