"""A database of its own for a measurement, made afresh and dropped afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.core.management import call_command
from django.db import connections

from config.embedded_database import VAR_FOLDER, EmbeddedServer
from tests.databases import connect_to_server, execute, lock_number, use

# With the settings of `make run`: every commit waits for the disk, as in production.
SERVER = EmbeddedServer(VAR_FOLDER / "bench-postgres")
NAME = "jiheng_bench"
SHOWN_SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """Lead Django to a fresh database with the product's tables; yields the server's settings.

    Raises SystemExit when another measurement runs on the same server: two at once
    would measure each other.
    """
    server = connect_to_server()
    row = server.execute("SELECT pg_try_advisory_lock(%s)", [lock_number(NAME)]).fetchone()
    if row != (True,):
        raise SystemExit("Another measurement is running on this server.")
    execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", NAME)
    execute(server, "CREATE DATABASE {}", NAME)
    use(NAME)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_schemes", verbosity=0, stdout=StringIO())
        yield {name: str(server.execute(f"SHOW {name}").fetchone()[0]) for name in SHOWN_SETTINGS}  # type: ignore[index]
    finally:
        connections.close_all()
        execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", NAME)
        server.close()
