"""What must hold before the program starts here: a folder to write in, a free port, no second instance.

Only the standard library is used, so that the bootstrap can ask before anything is installed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
VAR_FOLDER = PROJECT_FOLDER / "var"
RUN_LOCK = VAR_FOLDER / "run.lock"
HIGHEST_PORT = 65535


class CannotStart(Exception):
    """The program cannot start here; the message is one line that says what to do."""


def check_folders_writable() -> None:
    """Raise :class:`CannotStart` unless the project's folder and ``var/`` can be written to."""
    for folder in (PROJECT_FOLDER, VAR_FOLDER):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise CannotStart(
                f"Cannot write to {folder}: work in a copy of the project that belongs to you, "
                "or ask its owner for the right to write there."
            )


def port_number(text: str) -> int:
    """Read a port's number; raises :class:`CannotStart` for anything else."""
    if not text.isdecimal() or not 1 <= int(text) <= HIGHEST_PORT:
        raise CannotStart(f"PORT={text} is not a port: give a number from 1 to {HIGHEST_PORT}.")
    return int(text)


def check_port_free(host: str, port: int) -> None:
    """Raise :class:`CannotStart` if nothing can listen on ``host`` and ``port`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotStart(
                f"Port {port} is reserved for root: choose another, make run PORT=8000"
            ) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = port + 1 if port < HIGHEST_PORT else 8000
                raise CannotStart(
                    f"Port {port} is in use by another program: choose another, make run PORT={other}"
                ) from error
            raise CannotStart(f"Cannot listen on {host}: {error.strerror or error}.") from error


def hold_run_lock(address: str = "") -> IO[str]:
    """Be the only instance of this folder for as long as the returned file stays open.

    ``address`` is what a second instance tells its user. Raises :class:`CannotStart`
    when another instance runs.
    """
    VAR_FOLDER.mkdir(exist_ok=True)
    lock = open(RUN_LOCK, "a+")  # noqa: SIM115 - held for as long as the program runs
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        process, _, where = lock.read().partition(" ")
        lock.close()
        raise CannotStart(
            f"Jiheng already runs from this folder, {where or 'starting up'} (process {process}): "
            "stop it there with Ctrl-C first."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()} {address}")
    lock.flush()
    return lock
