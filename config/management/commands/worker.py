from __future__ import annotations

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from audit_log import origin


class Command(BaseCommand):
    help = "Work off the job queue: documents, notices, upkeep."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="stop when no job is left")
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        with origin.coming_from("job worker"), app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            asyncio.run(work(wait=not options["until_empty"], concurrency=options["concurrency"]))


async def work(*, wait: bool, concurrency: int) -> None:
    """Run until told to stop (or until no job is left); a job gets ten seconds to end."""
    async with app.open_async():
        await app.run_worker_async(
            wait=wait,
            concurrency=concurrency,
            shutdown_graceful_timeout=10,
            stalled_worker_timeout=30,
            update_heartbeat_interval=10,
            delete_jobs="successful",
            listen_notify=wait,
        )
