"""Databases for one run of the tests: migrated once, then cloned, and never in another run's way.

A run has one template, ``jiheng_test_<run>``, and one clone of it for each worker. What the
migrations make is kept as ``jiheng_migrated_<digest of them>``, so that the next run copies it.
Every process of a run holds a shared advisory lock named after the run; databases of
a run whose lock is free belong to nobody any more, and the next run drops them.
"""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

PREFIX = "jiheng_test_"
KEPT = "jiheng_migrated_"
ROOT = Path(__file__).resolve().parent.parent
# Whatever decides what a migrated database holds.
MAKING = (
    "*/migrations/*.py",
    "*/models/*.py",
    "*/models.py",
    "*/*_models.py",
    "audit_log/append_only.py",
    "evaluations/**/*.json",
    "*/roles.py",
    "requirements.lock",
)


def digest_of_migrations() -> str:
    """A digest of everything that decides what a migrated database holds."""
    digest = hashlib.sha256()
    for pattern in MAKING:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def lock_number(name: str) -> int:
    """Number of the advisory lock called ``name``."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


class RunDatabases:
    """The template of a run and this process's own clone."""

    def __init__(self, run: str, worker: str) -> None:
        self.template = f"{PREFIX}{run}"
        self.own = f"{PREFIX}{run}_{worker}"
        self._server = connect_to_server()
        self._guard = threading.Lock()

    def prepare(self) -> None:
        """Join the run, make its template if it is the first to come, and clone it."""
        self._ask("SELECT pg_advisory_lock_shared(%s)", lock_number(self.template))
        drop_abandoned_databases(self._server)
        self._ask("SELECT pg_advisory_lock(%s)", lock_number(f"{self.template} is being made"))
        if not self._ask("SELECT count(*) FROM pg_database WHERE datname = %s", self.template):
            self._make_template()
        self._ask("SELECT pg_advisory_unlock(%s)", lock_number(f"{self.template} is being made"))
        self.restore()

    def _make_template(self) -> None:
        kept = f"{KEPT}{digest_of_migrations()}"
        self._ask("SELECT pg_advisory_lock(%s)", lock_number(KEPT))
        if not self._ask("SELECT count(*) FROM pg_database WHERE datname = %s", kept):
            self._migrate(kept)
        execute(self._server, "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", self.template, kept)
        self._ask("SELECT pg_advisory_unlock(%s)", lock_number(KEPT))

    def _migrate(self, kept: str) -> None:
        """Make the migrated database under a draft's name first: a killed run leaves nothing half made."""
        draft = f"{self.template}_draft"
        execute(self._server, "CREATE DATABASE {}", draft)
        use(draft)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_schemes", stdout=io.StringIO())
        connection.close()
        older = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in self._server.execute(older, [KEPT]).fetchall():
            execute(self._server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        execute(self._server, "ALTER DATABASE {} RENAME TO {}", draft, kept)

    def restore(self) -> None:
        """Give this process a fresh clone: what a test committed is gone, triggers or not."""
        connections.close_all()
        with self._guard:
            execute(self._server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.own)
            execute(
                self._server, "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", self.own, self.template
            )
        use(self.own)

    def leave(self) -> None:
        """Leave the run; the last process to leave drops its databases."""
        connections.close_all()
        execute(self._server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.own)
        self._ask("SELECT pg_advisory_unlock_shared(%s)", lock_number(self.template))
        drop_abandoned_databases(self._server)
        self._server.close()

    def _ask(self, question: str, value: object) -> object:
        row = self._server.execute(question, [value]).fetchone()
        return row and row[0]


def connect_to_server() -> psycopg.Connection:
    """Connect to the server's own database, where databases are made and dropped."""
    parameters = connection.get_connection_params()
    # Without the product's lock_timeout: the first worker's migrations may take longer.
    parameters.update(dbname="postgres", options="")
    return psycopg.connect(**parameters, autocommit=True)


def execute(server: psycopg.Connection, statement: str, *names: str) -> None:
    """Run ``statement`` with database ``names`` in its gaps."""
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def use(database: str) -> None:
    """Let Django's default connection lead to ``database`` from now on, in every thread."""
    connections["default"].close()
    connections.databases["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database


def drop_abandoned_databases(server: psycopg.Connection) -> None:
    """Drop the databases of runs that no process takes part in any more."""
    rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    databases = [name for (name,) in rows]
    for run in {name.removeprefix(PREFIX).split("_")[0] for name in databases}:
        number = lock_number(PREFIX + run)
        free = server.execute("SELECT pg_try_advisory_lock(%s)", [number]).fetchone()
        if free and free[0]:
            for name in databases:
                if name.removeprefix(PREFIX).split("_")[0] == run:
                    execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            server.execute("SELECT pg_advisory_unlock(%s)", [number])
