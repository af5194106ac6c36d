"""The foreground process of ``make run``: database, web server and job worker, started and stopped together.

It prints the address and the demonstration's accounts, waits, and stops everything
that it started on Ctrl-C, SIGTERM or when one of the parts ends by itself.
"""

from __future__ import annotations

import argparse
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType

from config import demonstration, embedded_database, preconditions
from config.embedded_database import EmbeddedDatabaseError
from config.preconditions import CannotStart

ACCOUNTS_FILE = preconditions.VAR_FOLDER / "demo_accounts.txt"
READY_SECONDS = 60
# Longer than the ten seconds that a job in hand gets.
STOP_SECONDS = 15
POLL_SECONDS = 0.1
WEB_WORKERS = 2
WEB_THREADS = 4
PR_SET_PDEATHSIG = 1


class PartEnded(Exception):
    """A part of the program ended by itself."""


@dataclass
class Part:
    """A process that runs as long as the program does."""

    name: str
    process: subprocess.Popen[bytes]


class Supervisor:
    """Starts the parts, watches them and stops them."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.parts: list[Part] = []
        self.stopping = False

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the program."""
        host = {"0.0.0.0": "localhost", "::": "localhost"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def run(self) -> None:
        """Run until somebody stops it.

        Raises :class:`CannotStart`, :class:`EmbeddedDatabaseError` or :class:`PartEnded`.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        preconditions.check_folders_writable()
        lock = preconditions.hold_run_lock(self.address)
        preconditions.check_port_free(self.host, self.port)
        try:
            self._set_environment()
            self._prepare()
            self._start_parts()
            self._wait_until_ready()
            self._greet()
            while not self.stopping:
                self._check_parts()
                time.sleep(POLL_SECONDS)
        finally:
            self._stop_parts()
            lock.close()

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _set_environment(self) -> None:
        demonstration.create_secret_key()
        demonstration.adopt()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        if not os.environ.get("DATABASE_URL"):
            tell("Starting the database …")
        embedded_database.provide()

    def _prepare(self) -> None:
        part = self._start("preparation", "-m", "config.preparation", str(ACCOUNTS_FILE))
        while part.process.poll() is None and not self.stopping:
            time.sleep(POLL_SECONDS)
        if self.stopping:
            return
        self.parts.remove(part)
        if part.process.returncode:
            raise PartEnded("The data could not be prepared: see above.")

    def _start_parts(self) -> None:
        if self.stopping:
            return
        host = f"[{self.host}]" if ":" in self.host else self.host
        self._start(
            "web server", "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{self.port}",
            "--worker-class", "gthread", "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS),
            "--graceful-timeout", str(STOP_SECONDS // 3), "--log-level", "warning", "--no-control-socket",
        )  # fmt: skip
        self._start("job worker", "manage.py", "worker")

    def _start(self, name: str, *arguments: str) -> Part:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=preconditions.PROJECT_FOLDER,
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches this process alone, and this process stops the parts in order.
            start_new_session=True,
            preexec_fn=stop_with_parent,
        )
        part = Part(name, process)
        self.parts.append(part)
        return part

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and not self._answers():
            self._check_parts()
            if time.monotonic() > deadline:
                raise PartEnded(f"The web server did not become ready in {READY_SECONDS} seconds.")
            time.sleep(POLL_SECONDS)

    def _answers(self) -> bool:
        # Straight to the server: a proxy of the shell has no business here.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _greet(self) -> None:
        if not self.stopping:
            accounts = ACCOUNTS_FILE.read_text().rstrip()
            tell(f"\n{accounts}\n\nJiheng is ready: {self.address}\nStop it with Ctrl-C.")

    def _check_parts(self) -> None:
        for part in self.parts:
            code = part.process.poll()
            if code is not None and not self.stopping:
                raise PartEnded(f"The {part.name} ended unexpectedly ({describe(code)}).")
        if not embedded_database.is_alive():
            raise PartEnded("The database server ended unexpectedly.")

    def _stop_parts(self) -> None:
        if self.parts:
            tell("Stopping …")
        for part in self.parts:
            with suppress(ProcessLookupError):
                part.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for part in self.parts:
            with suppress(subprocess.TimeoutExpired):
                part.process.wait(max(0.0, deadline - time.monotonic()))
            # The whole session: also what the part has left behind.
            with suppress(ProcessLookupError):
                os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()


def stop_with_parent() -> None:
    """Let Linux stop this process when the supervisor is killed without a chance to do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def describe(code: int) -> str:
    """Say how a process ended."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def tell(text: str) -> None:
    """Print a line for the user at once."""
    print(text, flush=True)


def main() -> None:
    """Run the program; exit 1 with one line when it cannot start or a part fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", default="8000")
    options = parser.parse_args()
    try:
        Supervisor(options.bind, preconditions.port_number(options.port)).run()
    except (CannotStart, EmbeddedDatabaseError, PartEnded) as error:
        sys.exit(str(error))
    finally:
        embedded_database.leave()


if __name__ == "__main__":
    main()
